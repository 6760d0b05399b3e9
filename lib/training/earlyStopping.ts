/** Ending a training that no longer gets better. */
import { checkOptions } from '../host.ts';
import { evaluationName, isBetter } from './metric.ts';
import type { TrainableModel } from './task.ts';
import type { CallbackEvent, TrainerCallback } from './trainer.ts';
import type { TrainingArguments } from './trainingArguments.ts';

export interface EarlyStoppingOptions {
  /** After how many evaluations in a row without a better metric training ends; 1 if not given. */
  readonly earlyStoppingPatience?: number;
  /** By how much more than this the metric must be better to count; 0 if not given. */
  readonly earlyStoppingThreshold?: number;
}

/**
 * Ends training when `metricForBestModel` has not become better for some evaluations. What it goes by is the log, so that a
 * resumed run ends where the whole one does.
 *
 * @example
 * const callbacks = [new EarlyStoppingCallback({ earlyStoppingPatience: 3 })];
 * await new Trainer({ model, args, trainDataset, evalDataset, callbacks }).train();
 * @see https://huggingface.co/docs/transformers/main_classes/callback#transformers.EarlyStoppingCallback
 */
export class EarlyStoppingCallback implements TrainerCallback<TrainableModel> {
  readonly earlyStoppingPatience: number;
  readonly earlyStoppingThreshold: number;

  /** @throws if an option is not known or cannot be */
  constructor(options: EarlyStoppingOptions = {}) {
    checkOptions('EarlyStoppingCallback', options, ['earlyStoppingPatience', 'earlyStoppingThreshold']);
    const { earlyStoppingPatience: patience = 1, earlyStoppingThreshold: threshold = 0 } = options;
    if (!Number.isSafeInteger(patience) || patience < 1) {
      throw new RangeError(`earlyStoppingPatience must be a whole number from 1 on, not ${patience}.`);
    }
    if (!Number.isFinite(threshold) || threshold < 0) {
      throw new RangeError(`earlyStoppingThreshold must be a number from 0 on, not ${threshold}.`);
    }
    this.earlyStoppingPatience = patience;
    this.earlyStoppingThreshold = threshold;
  }

  /** @throws if nothing is evaluated */
  onTrainBegin({ args }: CallbackEvent<TrainableModel>): void {
    if (args.evalStrategy === 'no') {
      throw new TypeError("EarlyStoppingCallback needs an evalStrategy, 'steps' or 'epoch'.");
    }
  }

  onEvaluate({ args, state, control }: CallbackEvent<TrainableModel>): void {
    const name = evaluationName(args.metricForBestModel);
    // The evaluation before the first step is not compared with others.
    const values = state.logHistory.flatMap(line => (line.step > 0 ? (line[name] ?? []) : []));
    if (this.#inVain(args, values) >= this.earlyStoppingPatience) control.shouldTrainingStop = true;
  }

  /** How many evaluations there were since the last that was better than all before it. */
  #inVain(args: TrainingArguments, values: readonly number[]): number {
    let best: number | undefined;
    let count = 0;
    for (const value of values) {
      const better = isBetter(args, value, best);
      const counts = better && Math.abs(value - (best ?? -Infinity)) > this.earlyStoppingThreshold;
      count = counts ? 0 : count + 1;
      if (better) best = value;
    }
    return count;
  }
}
