/** Training: the Trainer, and beneath it optimizers and the step that they take. */
export { type TokenizedCompletion, tokenizeCompletion } from './completion.ts';
export { EarlyStoppingCallback, type EarlyStoppingOptions } from './earlyStopping.ts';
export type { EvalPrediction } from './evaluation.ts';
export { type ModelStepOptions, trainingStep } from './modelStep.ts';
export { type AdafactorOptions, adafactor } from './optimizers/adafactor.ts';
export { type AdamWOptions, adamW } from './optimizers/adamW.ts';
export type { Optimizer } from './optimizers/optimizer.ts';
export { type SgdOptions, sgd } from './optimizers/sgd.ts';
export { lengthGroupedOrder, trainerOrder } from './order.ts';
export { type Example, type LossAverage, packMicroBatches } from './pack.ts';
export { type ClassifiedText, packClassified } from './packClassified.ts';
export { type ScheduleName, type ScheduleOptions, schedule } from './schedule.ts';
export { type OptimizerState, type StepResult, TrainingStep, type TrainingStepOptions } from './step.ts';
export type { TrainableModel } from './task.ts';
export {
  type CallbackEvent,
  type EvaluationMetrics,
  Trainer,
  type TrainerCallback,
  type TrainerControl,
  type TrainerOptions,
  type TrainMetrics,
  type TrainOptions,
  type TrainOutput,
} from './trainer.ts';
export type { LogLine, TrainerState } from './trainerState.ts';
export {
  type IntervalStrategy,
  type Report,
  type ScheduleSettings,
  TrainingArguments,
} from './trainingArguments.ts';
export type { DataCollator, TrainingRow, TrainingRows } from './trainingRows.ts';
