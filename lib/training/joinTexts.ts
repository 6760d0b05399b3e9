/** Texts one after another in one row, without padding. */
import type { Batch } from '../models/index.ts';

export interface JoinedTexts extends Required<Omit<Batch, 'labels'>> {
  /** The number of each token's micro-batch. */
  readonly microBatchOf: readonly number[];
}

/**
 * Joins the texts of several micro-batches. Their numbers in the attention mask keep them from seeing each other, and
 * positions begin at 0 in each.
 */
export function joinTexts(
  microBatches: readonly (readonly { readonly inputIds: readonly number[] }[])[],
): JoinedTexts {
  const inputIds: number[] = [];
  const attentionMask: number[] = [];
  const positionIds: number[] = [];
  const microBatchOf: number[] = [];
  let count = 0;
  for (const [number, texts] of microBatches.entries()) {
    for (const text of texts) {
      count++;
      text.inputIds.forEach((id, i) => {
        inputIds.push(id);
        attentionMask.push(count);
        positionIds.push(i);
        microBatchOf.push(number);
      });
    }
  }
  return { inputIds: [inputIds], attentionMask: [attentionMask], positionIds: [positionIds], microBatchOf };
}
