/** What changes the scores of the next token before one is chosen, in the order in which transformers does it. */
import type { Settings } from './options.ts';
import { topIndices } from './top.ts';

/**
 * Changes the scores of a row in place.
 *
 * @param tokens the row so far, prompt included
 * @param scores [vocabulary] logits, or for beams their log-softmax
 */
export type Processor = (tokens: readonly number[], scores: Float32Array) => void;

/**
 * The processors that some settings ask for.
 *
 * @param promptLength how many tokens a row has before the first new one
 * @see https://github.com/huggingface/transformers/blob/main/src/transformers/generation/utils.py for the order
 */
export function processorsFor(settings: Settings, promptLength: number): Processor[] {
  const { repetitionPenalty, noRepeatNgramSize, minNewTokens, eosTokenIds, suppressTokens } = settings;
  const processors: Processor[] = [];
  if (repetitionPenalty !== 1) processors.push(penalizeRepetition(repetitionPenalty));
  if (noRepeatNgramSize > 0) processors.push(forbidRepeatedNgrams(noRepeatNgramSize));
  if (minNewTokens > 0 && eosTokenIds.length > 0) {
    const forbid = forbidTokens(eosTokenIds);
    processors.push((tokens, scores) => {
      if (tokens.length - promptLength < minNewTokens) forbid(tokens, scores);
    });
  }
  if (suppressTokens.length > 0) processors.push(forbidTokens(suppressTokens));
  if (!settings.doSample) return processors;

  const { temperature, topK, topP, minP, numBeams } = settings;
  // Beams need one that goes on beside those that end.
  const keep = numBeams === 1 ? 1 : Math.max(eosTokenIds.length + 1, 2);
  if (temperature !== 1) processors.push(scaleByTemperature(temperature));
  if (topK > 0) processors.push(keepTopK(Math.max(topK, keep)));
  if (topP < 1) processors.push(keepTopP(topP, keep));
  if (minP > 0) processors.push(keepMinP(minP, keep));
  return processors;
}

/**
 * Makes tokens that the row has already less likely.
 *
 * @see Keskar et al., 2019, https://arxiv.org/abs/1909.05858
 */
export function penalizeRepetition(penalty: number): Processor {
  return (tokens, scores) => {
    for (const id of new Set(tokens)) {
      const score = scores[id]!;
      scores[id] = score < 0 ? score * penalty : score / penalty;
    }
  };
}

/** Forbids a token that would repeat a run of `size` tokens of the row. */
export function forbidRepeatedNgrams(size: number): Processor {
  return (tokens, scores) => {
    const prefix = tokens.length + 1 - size;
    for (let start = 0; start < prefix; start++) {
      let same = true;
      for (let i = 0; same && i < size - 1; i++) same = tokens[start + i] === tokens[prefix + i];
      if (same) scores[tokens[start + size - 1]!] = -Infinity;
    }
  };
}

export function forbidTokens(ids: readonly number[]): Processor {
  return (_, scores) => {
    for (const id of ids) scores[id] = -Infinity;
  };
}

export function scaleByTemperature(temperature: number): Processor {
  return (_, scores) => {
    for (let i = 0; i < scores.length; i++) scores[i]! /= temperature;
  };
}

/** Keeps the k likeliest tokens, and those that are as likely as the last of them. */
export function keepTopK(k: number): Processor {
  return (_, scores) => {
    const last = scores[topIndices(scores, k).at(-1)!]!;
    for (let i = 0; i < scores.length; i++) if (scores[i]! < last) scores[i] = -Infinity;
  };
}

/**
 * Keeps the likeliest tokens that together have a probability of p.
 *
 * @param keep how many are kept in any case
 * @see Holtzman et al., 2019, https://arxiv.org/abs/1904.09751
 */
export function keepTopP(p: number, keep: number): Processor {
  return (_, scores) => {
    const largest = scores.reduce((a, b) => Math.max(a, b), -Infinity);
    let total = 0;
    for (let i = 0; i < scores.length; i++) total += Math.exp(scores[i]! - largest);
    // The likeliest tokens nearly always have the mass, and sorting all is slow: more are taken until they have it.
    for (let margin = 4; ; margin *= 2) {
      const near = scores.filter(score => score >= largest - margin).sort();
      let mass = 0;
      let count = 0;
      while (count < near.length && (mass < p * total || count < keep)) {
        mass += Math.exp(near[near.length - ++count]! - largest);
      }
      if ((mass < p * total || count < keep) && margin < WIDEST_MARGIN) continue;
      keepLargest(scores, near[near.length - count]!, count);
      return;
    }
  };
}

/** Beyond it a token's probability is 0 in float64. */
const WIDEST_MARGIN = 1000;

/** Keeps `count` scores, of which `last` is the smallest; of those that equal it, the first. */
function keepLargest(scores: Float32Array, last: number, count: number): void {
  let equal = count;
  for (let i = 0; i < scores.length; i++) if (scores[i]! > last) equal--;
  for (let i = 0; i < scores.length; i++) {
    if (scores[i]! < last || (scores[i] === last && equal-- <= 0)) scores[i] = -Infinity;
  }
}

/**
 * Keeps tokens that are at least p times as likely as the likeliest.
 *
 * @see Nguyen et al., 2024, https://arxiv.org/abs/2407.01082
 */
export function keepMinP(p: number, keep: number): Processor {
  return (_, scores) => {
    const top = topIndices(scores, keep);
    const least = Math.min(scores[top[0]!]! + Math.log(p), scores[top.at(-1)!]!);
    for (let i = 0; i < scores.length; i++) if (scores[i]! < least) scores[i] = -Infinity;
  };
}
