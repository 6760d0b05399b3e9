/** Prompts that ask a model to choose one of several labels. */
import { fewShot } from './fewShot.ts';
import { escapeBraces } from './slots.ts';
import { type Hydrator, PromptTemplate } from './template.ts';

/** A text whose label is known. */
export interface LabelledText {
  readonly text: string;
  readonly label: string;
}

export interface ClassificationOptions {
  /** The names to choose from, at least two. */
  readonly labels: readonly string[];
  /** Whether the model answers with the bare label or with `{"label": "…"}`. */
  readonly output: 'label' | 'json';
  /** Solved examples for a few-shot prompt, taken from the training split; none makes it zero-shot. */
  readonly examples?: readonly LabelledText[];
}

/**
 * A prompt with the slot `text` that asks for one of the labels.
 *
 * @throws if there are fewer than two labels or one twice, the output is none of the two, or naming an example whose label is not among them
 * @example
 * const prompt = classificationTemplate({ labels: ['World', 'Sports'], output: 'label' });
 * prompt.format({ text: 'The cup final went to penalties.' });
 */
export function classificationTemplate({
  labels,
  output,
  examples = [],
}: ClassificationOptions): PromptTemplate<string, 'text'> {
  if (!Array.isArray(labels)) {
    throw new TypeError(
      "classificationTemplate needs labels and an output: { labels: ['a', 'b'], output: 'label' }.",
    );
  }
  checkLabels(labels);
  checkExamples(examples, labels);
  if (!Object.hasOwn(STYLES, output))
    throw new TypeError(`output must be 'label' or 'json', not ${JSON.stringify(output)}.`);
  const style = STYLES[output];
  const task = `Choose the label that fits the text: ${labels.join(', ')}.\n${style.instruction}`;
  const prompt: PromptTemplate<string, 'text'> = new PromptTemplate(`Text: {text}\n${style.cue}`, {
    stop: style.stop,
  });
  const solved: Hydrator<LabelledText> = {
    hydrate: ({ text, label }) => `${prompt.format({ text })} ${style.answer(label)}`,
  };
  const shots = fewShot(solved, examples, prompt);
  return new PromptTemplate(`${escapeBraces(task)}\n\n${shots.text}`, { stop: shots.stop });
}

const STYLES = {
  label: {
    instruction: 'Answer with the label alone.',
    cue: 'Label:',
    answer: (label: string) => label,
    stop: ['\n'],
  },
  json: {
    instruction: 'Answer with JSON of the form {"label": "…"} and nothing else.',
    cue: 'JSON:',
    answer: (label: string) => `{"label": ${JSON.stringify(label)}}`,
    stop: ['\n\n'],
  },
} as const;

function checkLabels(labels: readonly string[]): void {
  if (labels.length < 2)
    throw new RangeError(`A choice needs at least two labels; there are ${labels.length}.`);
  const repeated = labels.find((label, index) => labels.indexOf(label) !== index);
  if (repeated !== undefined) throw new RangeError(`The label "${repeated}" is there twice; name each once.`);
}

function checkExamples(examples: readonly LabelledText[], labels: readonly string[]): void {
  const index = examples.findIndex(({ label }) => !labels.includes(label));
  if (index >= 0) {
    throw new RangeError(
      `Example ${index} has the label ${JSON.stringify(examples[index]!.label)}; the labels are: ${labels.join(', ')}.`,
    );
  }
}
