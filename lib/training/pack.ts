/** Gradient accumulation without accumulating: the micro-batches of a step as one row. */
import { IGNORED, type Value } from '../graph/index.ts';
import { feedBatch, feedLabels, labelledPositions } from '../models/index.ts';
import { joinTexts } from './joinTexts.ts';

/** One text as a model is trained on it. */
export interface Example {
  readonly inputIds: readonly number[];
  /** -100 where no loss is taken; the token ids themselves if not given. */
  readonly labels?: readonly number[];
}

/**
 * How the losses of several micro-batches become one: `tokens` is the mean of all tokens, as transformers has it from 4.46
 * on, and `microBatches` the mean of the micro-batches' means, as it was before.
 */
export type LossAverage = 'tokens' | 'microBatches';

/**
 * The feeds of a training step over several micro-batches.
 *
 * All texts lie one after another in one row, without padding. Their numbers in the attention mask keep them from seeing
 * each other, positions begin at 0 in each, and a weight for each token makes the loss, and so the gradient, what
 * accumulating over the micro-batches would give.
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
  const row = joinTexts(microBatches);
  // Nothing predicts the first token of a text.
  const labels = microBatches
    .flat()
    .flatMap(({ inputIds, labels = inputIds }) => inputIds.map((_, i) => (i === 0 ? IGNORED : labels[i]!)));
  const labelled = labelledPositions([labels], row.inputIds, vocabularySize);
  const counts = new Array<number>(microBatches.length).fill(0);
  for (const { position } of labelled) counts[row.microBatchOf[position]!]!++;
  const weights = labelled.map(({ position }) =>
    average === 'tokens'
      ? 1 / labelled.length
      : 1 / (microBatches.length * counts[row.microBatchOf[position]!]!),
  );
  return { ...feedBatch(row, vocabularySize), ...feedLabels(labelled, weights) };
}
