/** Gradient accumulation without accumulating: the micro-batches of a step as one batch. */
import type { Value } from '../graph/index.ts';
import { feedBatch, feedLabels, labelledPositions } from '../models/index.ts';
import { joinTexts } from './joinTexts.ts';

/** One text as a model is trained on it. */
export interface Example {
  readonly inputIds: readonly number[];
  /** -100 where no loss is taken; the token ids themselves if not given. */
  readonly labels?: readonly number[];
  /** The class of the text, for a classifier. */
  readonly label?: number;
}

/**
 * How the losses of several micro-batches become one: `tokens` is the mean of all tokens, as transformers has it from 4.46
 * on, and `microBatches` the mean of the micro-batches' means, as it was before.
 */
export type LossAverage = 'tokens' | 'microBatches';

/**
 * The feeds of a training step over several micro-batches.
 *
 * The texts are joined in a few rows, and a weight for each token makes the loss, and so the gradient, what accumulating
 * over the micro-batches would give.
 *
 * @param vocabularySize token ids are below this
 * @throws if no token has a label to predict
 * @example await step.run(packMicroBatches([[first], [second]], 'tokens', 50304), 1e-5);
 */
export function packMicroBatches(
  microBatches: readonly (readonly Example[])[],
  average: LossAverage,
  vocabularySize: number,
): Record<string, Value> {
  const texts = microBatches.flat();
  const joined = joinTexts(texts.map(({ inputIds }) => inputIds));
  const microBatchOf = microBatches.flatMap((batch, number) => batch.map(() => number));
  const counts = new Array<number>(microBatches.length).fill(0);
  const labelled = texts.flatMap(({ inputIds, labels = inputIds }, text) => {
    // Nothing predicts the first token of a text.
    const own = labelledPositions([labels], [inputIds], vocabularySize);
    const microBatch = microBatchOf[text]!;
    counts[microBatch]! += own.length;
    return own.map(({ position, label }) => ({
      position: joined.starts[text]! + position,
      label,
      microBatch,
    }));
  });
  const weights = labelled.map(({ microBatch }) =>
    average === 'tokens' ? 1 / labelled.length : 1 / (microBatches.length * counts[microBatch]!),
  );
  return { ...feedBatch(joined, vocabularySize), ...feedLabels(labelled, weights) };
}
