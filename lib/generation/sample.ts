/** Drawing tokens by their probability. */
import type { Random } from './random.ts';
import { argMax, topIndices } from './top.ts';

/** A token, drawn with the probabilities of the softmax of the scores. */
export function sampleToken(scores: Float32Array, random: Random): number {
  const largest = scores[argMax(scores)]!;
  let total = 0;
  for (let i = 0; i < scores.length; i++) total += Math.exp(scores[i]! - largest);
  let rest = random() * total;
  let last = 0;
  for (let i = 0; i < scores.length; i++) {
    const weight = Math.exp(scores[i]! - largest);
    if (weight === 0) continue;
    last = i;
    rest -= weight;
    if (rest < 0) return i;
  }
  // Rounding may leave a trace of the total after the last one.
  return last;
}

/**
 * Different indices, drawn one after another with the probabilities of the softmax of the scores.
 *
 * The largest sums of score and Gumbel noise are such draws.
 *
 * @see Kool et al., 2019, https://arxiv.org/abs/1903.06059
 */
export function sampleIndices(scores: Float32Array, count: number, random: Random): number[] {
  const noisy = scores.map(score =>
    score === -Infinity ? score : score - Math.log(-Math.log(random() || Number.MIN_VALUE)),
  );
  return topIndices(noisy, count);
}

/** Scores as logarithms of probabilities, in place. */
export function logSoftmax(scores: Float32Array): void {
  const largest = scores[argMax(scores)]!;
  let total = 0;
  for (let i = 0; i < scores.length; i++) total += Math.exp(scores[i]! - largest);
  const shift = largest + Math.log(total);
  for (let i = 0; i < scores.length; i++) scores[i]! -= shift;
}
