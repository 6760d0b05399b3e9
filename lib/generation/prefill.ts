/** Reading the prompt. */
import type { CausalLM, KeyValueCache } from '../models/index.ts';
import type { Prompt } from './prompt.ts';

/** Tokens in one run of the model: while it runs nothing else does, so that a long prompt is read in pieces. */
const TOKENS_A_RUN = 256;

export interface Read {
  readonly cache: KeyValueCache;
  /** [batch, vocabulary], for the first new token. */
  readonly logits: Float32Array;
}

export async function readTokens(
  model: CausalLM,
  { inputIds, attentionMask }: Prompt,
  signal: AbortSignal | undefined,
): Promise<Read> {
  const cache = model.createCache(inputIds.length);
  const length = inputIds[0]!.length;
  const width = Math.max(Math.floor(TOKENS_A_RUN / inputIds.length), 1);
  let logits = new Float32Array(0);
  for (let from = 0; from < length; from += width) {
    signal?.throwIfAborted();
    const part = (rows: Prompt['inputIds']): number[][] => rows.map(row => row.slice(from, from + width));
    const result = await model.step({ inputIds: part(inputIds), attentionMask: part(attentionMask) }, cache);
    logits = result.data as Float32Array<ArrayBuffer>;
  }
  return { cache, logits };
}

/** Row i of a matrix of scores, as a view. */
export function rowOf(scores: Float32Array, row: number, width: number): Float32Array {
  return scores.subarray(row * width, (row + 1) * width);
}
