/** Runners: a model, its data, training and answers behind a few calls; and hosted models beside it. */
export type { AnswerRow, AnswerTable } from './answerTable.ts';
export {
  BasicModelRunner,
  type EvaluateOptions,
  type LoadDataOptions,
  type RunnerOptions,
  type RunnerTrainOptions,
} from './basicModelRunner.ts';
export { OpenAIRunner, type OpenAIRunnerOptions } from './openAIRunner.ts';
