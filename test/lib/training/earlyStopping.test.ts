import { describe, expect, it } from 'vitest';
import type { CallbackEvent } from '../../../lib/training/index.ts';
import {
  EarlyStoppingCallback,
  type EarlyStoppingOptions,
  TrainingArguments,
} from '../../../lib/training/index.ts';

/** After how many of the evaluations the callback ends training; undefined if it does not. */
function endsAfter(
  evaluations: readonly number[],
  options: EarlyStoppingOptions,
  more: Partial<TrainingArguments> = {},
): number | undefined {
  const args = new TrainingArguments({ evalStrategy: 'steps', ...more });
  const callback = new EarlyStoppingCallback(options);
  const logHistory: object[] = [{ step: 0, epoch: 0, evalLoss: 0, evalAccuracy: 9 }];
  const control = { shouldTrainingStop: false };
  for (const [i, value] of evaluations.entries()) {
    logHistory.push({ step: i + 1, epoch: 0, loss: 1 });
    logHistory.push({ step: i + 1, epoch: 0, evalLoss: value, evalAccuracy: value });
    callback.onEvaluate({ args, control, state: { logHistory } } as unknown as CallbackEvent);
    if (control.shouldTrainingStop) return i + 1;
  }
  return undefined;
}

describe('early stopping', () => {
  it('comes after as many evaluations in a row as its patience, none of them better', () => {
    expect(endsAfter([3, 2, 2.5], {})).toBe(3);
    expect(endsAfter([3, 2, 2.5, 1, 1, 1, 1], { earlyStoppingPatience: 3 })).toBe(7);
    expect(endsAfter([3, 2, 1, 0.5], {})).toBeUndefined();
  });

  it('takes what is better by less than the threshold for no better, but compares with it', () => {
    expect(endsAfter([3, 2.95, 2.9, 2.85], { earlyStoppingThreshold: 0.1 })).toBe(2);
    expect(endsAfter([3, 2.95, 2.7, 2.65], { earlyStoppingThreshold: 0.1, earlyStoppingPatience: 2 })).toBe(
      undefined,
    );
  });

  it('goes by the metric that is named, and by its direction', () => {
    const accuracy = { metricForBestModel: 'accuracy' };
    expect(endsAfter([0.1, 0.3, 0.2], {}, accuracy)).toBe(3);
    expect(endsAfter([0.1, 0.3, 0.2], {}, { ...accuracy, greaterIsBetter: false })).toBe(2);
  });

  it('refuses what it cannot follow', () => {
    expect(() => new EarlyStoppingCallback({ earlyStoppingPatience: 0 })).toThrow(
      'earlyStoppingPatience must be a whole number from 1 on, not 0.',
    );
    expect(() => new EarlyStoppingCallback({ earlyStoppingThreshold: -1 })).toThrow(
      'earlyStoppingThreshold must be a number from 0 on, not -1.',
    );
    expect(() => new EarlyStoppingCallback({ patience: 2 } as EarlyStoppingOptions)).toThrow(
      'EarlyStoppingCallback has no option "patience"',
    );
    const args = new TrainingArguments();
    expect(() => new EarlyStoppingCallback().onTrainBegin({ args } as CallbackEvent)).toThrow(
      "EarlyStoppingCallback needs an evalStrategy, 'steps' or 'epoch'.",
    );
  });
});
