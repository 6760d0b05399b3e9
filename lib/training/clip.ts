/** Keeping one bad batch from throwing a model off. */
import {
  add,
  constant,
  div,
  maximum,
  mean,
  mul,
  neg,
  sqrt,
  square,
  sum,
  type Tensor,
} from '../graph/index.ts';

export interface Clipped {
  /** The length of all gradients as one vector. */
  readonly norm: Tensor;
  /** What each gradient is multiplied by. */
  readonly scale: Tensor;
}

/**
 * Scales gradients down so that all of them as one vector are no longer than `maxNorm`; 0 leaves them as they are.
 *
 * @param lossScale what the loss was multiplied by, which is taken out of the gradients again
 * @see Pascanu, Mikolov and Bengio, 2013, https://arxiv.org/abs/1211.5063, as PyTorch's clip_grad_norm_
 */
export function clipByGlobalNorm(gradients: readonly Tensor[], maxNorm: number, lossScale?: Tensor): Clipped {
  // Row by row: Adafactor needs the means of the rows too, and equal nodes are computed once.
  const squares = gradients.map(gradient =>
    mul(sum(mean(square(gradient), { axes: [-1] })), gradient.shape.at(-1) as number),
  );
  const unscaled = (x: Tensor): Tensor => (lossScale === undefined ? x : div(x, lossScale));
  const norm = unscaled(sqrt(squares.reduce((a, b) => add(a, b))));
  if (maxNorm === 0) return { norm, scale: unscaled(constant(1)) };
  return { norm, scale: unscaled(neg(maximum(neg(div(maxNorm, add(norm, 1e-6))), -1))) };
}
