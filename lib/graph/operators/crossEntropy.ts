/** The loss of language models. */
import { node, type Tensor } from '../tensor.ts';
import { div, mul, neg, sub } from './arithmetic.ts';
import { cast } from './cast.ts';
import { equal, where } from './compare.ts';
import { addAt, pick } from './gather.ts';
import { max, sum } from './reduce.ts';
import { expandDims } from './reshape.ts';
import { softmax } from './softmax.ts';
import { log } from './transcendental.ts';

/** The label of positions that no loss is taken of. */
export const IGNORED = -100;

export interface CrossEntropyOptions {
  /** `none` gives each token's loss, 0 where the label is ignored. */
  readonly reduction?: 'mean' | 'sum' | 'none';
  /** [n] factors of the tokens' losses; the mean divides by their sum over what is not ignored. */
  readonly weights?: Tensor;
}

/**
 * Cross-entropy: minus the logarithm of the probability that softmax gives to the label.
 *
 * @param logits [n, vocabulary]
 * @param labels [n] int32; -100 is ignored
 * @example const loss = crossEntropy(logits, labels, { reduction: 'mean' });
 */
export function crossEntropy(logits: Tensor, labels: Tensor, options: CrossEntropyOptions = {}): Tensor {
  const { reduction = 'mean', weights } = options;
  const losses = tokenLosses(logits, labels);
  if (reduction === 'none') return weights === undefined ? losses : mul(losses, weights);
  const total = sum(weights === undefined ? losses : mul(losses, weights));
  if (reduction === 'sum') return total;
  const counted = isCounted(labels);
  return div(total, sum(weights === undefined ? counted : mul(counted, weights)));
}

/**
 * log Σ eˣ − x[label]. The sum is never formed: the largest logit m has probability p = eᵐ / Σ eˣ, so that
 * log Σ eˣ = m − log p, and p is at least 1 / vocabulary.
 *
 * The gradient of the logits is softmax minus 1 at the label.
 */
function tokenLosses(logits: Tensor, labels: Tensor): Tensor {
  const counted = isCounted(labels);
  const safe = where(equal(labels, IGNORED), 0, labels);
  const probabilities = softmax(logits);
  const last = { axes: [-1] };
  const logSumExp = sub(max(logits, last), log(max(probabilities, last)));
  return node('crossEntropy', [logits, labels], {
    body: mul(counted, sub(logSumExp, pick(logits, safe))),
    gradient: g => {
      const scale = mul(g, counted);
      return [addAt(mul(probabilities, expandDims(scale, -1)), safe, neg(scale)), undefined];
    },
  });
}

/** 1 where a label counts, 0 where it is ignored. */
function isCounted(labels: Tensor): Tensor {
  return sub(1, cast(equal(labels, IGNORED), 'float32'));
}
