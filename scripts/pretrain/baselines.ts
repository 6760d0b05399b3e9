/** What models that only count say of a text: the yardsticks for a perplexity. */

/** How much is taken off each count of a pair, for the pairs that were never seen. */
const DISCOUNT = 0.75;

export interface Baselines {
  /** The mean loss in nats a token when each token is as likely as it is frequent. */
  readonly unigram: number;
  /** When it is as likely as it is frequent after the token before it; rare pairs are mixed with single tokens. */
  readonly bigram: number;
}

/**
 * The mean losses on a text of models that count a training text.
 *
 * The unigram counts begin at 1. The bigram model is one of absolute discounting: 0.75 is taken off each count and given
 * to the tokens in the proportion of their unigram counts.
 *
 * @param row predictions are made within rows of so many tokens, as the model makes them
 */
export function baselines(train: Uint16Array, test: Uint16Array, vocabulary: number, row: number): Baselines {
  const single = new Float64Array(vocabulary).fill(1);
  const pairs = new Uint32Array(vocabulary * vocabulary);
  for (let i = 0; i < train.length; i++) {
    single[train[i]!]!++;
    if (i > 0) pairs[train[i - 1]! * vocabulary + train[i]!]!++;
  }
  const total = single.reduce((a, b) => a + b);
  const share = single.map(count => count / total);
  const after = Array.from({ length: vocabulary }, (_, first) => {
    const counts = pairs.subarray(first * vocabulary, (first + 1) * vocabulary);
    let [sum, kinds] = [0, 0];
    for (const count of counts) {
      sum += count;
      kinds += count > 0 ? 1 : 0;
    }
    return { sum, kinds };
  });
  let [unigram, bigram, tokens] = [0, 0, 0];
  for (let i = 0; i < Math.floor(test.length / row) * row; i++) {
    if (i % row === 0) continue;
    const [first, second] = [test[i - 1]!, test[i]!];
    const { sum, kinds } = after[first]!;
    const count = pairs[first * vocabulary + second]!;
    const mixed =
      sum === 0 ? share[second]! : (Math.max(count - DISCOUNT, 0) + DISCOUNT * kinds * share[second]!) / sum;
    unigram -= Math.log(share[second]!);
    bigram -= Math.log(mixed);
    tokens++;
  }
  return { unigram: unigram / tokens, bigram: bigram / tokens };
}
