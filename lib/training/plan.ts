/** What a training run will do: how many steps, with which rows and at which learning rates. */
import { type BatchOptions, stepsPerEpoch } from './batches.ts';
import { packRows } from './packing.ts';
import { schedule } from './schedule.ts';
import type { TrainingArguments } from './trainingArguments.ts';

export interface Plan {
  readonly maxSteps: number;
  readonly epochs: number;
  readonly batches: BatchOptions;
  /** The data set's rows that are in each packed row, if rows are packed. */
  readonly packed?: readonly (readonly number[])[];
}

/**
 * @param rows how many rows the data set has
 * @param lengthOf the number of a row's tokens
 */
export function planOf(args: TrainingArguments, rows: number, lengthOf: (row: number) => number): Plan {
  const { packing, groupByLength, maxLength } = args;
  const lengths =
    packing || groupByLength ? Array.from({ length: rows }, (_, row) => lengthOf(row)) : undefined;
  const packed = packing ? packRows(lengths!, maxLength!) : undefined;
  const batches = {
    rows: packed?.length ?? rows,
    batchSize: args.perDeviceTrainBatchSize,
    accumulation: args.gradientAccumulationSteps,
    seed: args.seed,
    ...(groupByLength && { lengths: lengths! }),
  };
  const perEpoch = stepsPerEpoch(batches);
  const maxSteps = args.maxSteps > 0 ? args.maxSteps : Math.ceil(args.numTrainEpochs * perEpoch);
  return {
    maxSteps,
    epochs: args.maxSteps > 0 ? Math.ceil(maxSteps / perEpoch) : args.numTrainEpochs,
    batches,
    ...(packed && { packed }),
  };
}

/** The factor of the learning rate after a number of steps. */
export function factorOf(args: TrainingArguments, steps: number): (taken: number) => number {
  const { lrSchedulerType: type, lrSchedulerKwargs, warmupSteps, warmupRatio, learningRate } = args;
  const { lrEnd = 1e-7, ...rest } = lrSchedulerKwargs;
  return schedule(type === 'constant' ? 'constant_with_warmup' : type, {
    ...rest,
    endShare: lrEnd / learningRate,
    steps,
    warmupSteps: warmupSteps > 0 ? warmupSteps : Math.ceil(steps * warmupRatio),
  });
}
