/** Prompts: templates, hydration, few-shot examples and chat. */
export { type ChatTokenizer, type FormatChatOptions, formatChat, formatTurns, type Turn } from './chat.ts';
export { chooseTemplate, type TemplateChoice } from './choose.ts';
export { type ClassificationOptions, classificationTemplate, type LabelledText } from './classification.ts';
export { templates } from './course.ts';
export { fewShot, formatExamples } from './fewShot.ts';
export { type Hydrated, type HydrateOptions, hydrate, type Mappable } from './hydrate.ts';
export { type TrainingText, trainingText } from './pair.ts';
export type { SlotsOf } from './slots.ts';
export { type Hydrator, PromptTemplate, type PromptTemplateOptions, type SlotValue } from './template.ts';
