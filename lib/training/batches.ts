/** Which rows each training step takes. */
import { lengthGroupedOrder, trainerOrder } from './order.ts';

export interface BatchOptions {
  readonly rows: number;
  /** Rows in a micro-batch. */
  readonly batchSize: number;
  /** Micro-batches in a step. */
  readonly accumulation: number;
  readonly seed: number;
  /** The rows' lengths, if rows of about equal length go together. */
  readonly lengths?: readonly number[];
}

export interface StepRows {
  /** Numbers of rows. */
  readonly microBatches: readonly (readonly number[])[];
  /** Epochs done after the step, with fractions. */
  readonly epoch: number;
  readonly endsEpoch: boolean;
}

export function stepsPerEpoch({ rows, batchSize, accumulation }: BatchOptions): number {
  return Math.ceil(Math.ceil(rows / batchSize) / accumulation);
}

/**
 * The rows of one step after another, without end; the last step of an epoch takes what is left.
 *
 * @param taken how many steps were taken before
 */
export function* stepRows(options: BatchOptions, taken = 0): Generator<StepRows, never, undefined> {
  const { rows, batchSize, accumulation, seed, lengths } = options;
  const steps = stepsPerEpoch(options);
  const orders = lengths
    ? lengthGroupedOrder(lengths, batchSize * accumulation, seed)
    : trainerOrder(rows, seed);
  const batches = Math.ceil(rows / batchSize);
  for (let epoch = 0; ; epoch++) {
    const order = orders.next().value;
    const first = Math.max(0, Math.min(steps, taken - epoch * steps));
    for (let step = first; step < steps; step++) {
      const microBatches: number[][] = [];
      const end = Math.min(batches, (step + 1) * accumulation);
      for (let batch = step * accumulation; batch < end; batch++) {
        microBatches.push([...order.subarray(batch * batchSize, (batch + 1) * batchSize)]);
      }
      yield { microBatches, epoch: epoch + end / batches, endsEpoch: step === steps - 1 };
    }
  }
}
