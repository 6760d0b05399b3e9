/** Adam with weight decay that does not go through the gradient. */
import { add, div, mul, sqrt, square, sub } from '../../graph/index.ts';
import type { Optimizer } from './optimizer.ts';

export interface AdamWOptions {
  /** How slowly the means of the gradient and of its square forget. */
  readonly betas?: readonly [number, number];
  readonly epsilon?: number;
  readonly weightDecay?: number;
  /** Which parameters decay: all, as in PyTorch, or matrices alone, as transformers' Trainer leaves out biases and norms. */
  readonly decays?: 'all' | 'matrices';
}

/** @see Loshchilov and Hutter, 2019, https://arxiv.org/abs/1711.05101 */
export function adamW({
  betas = [0.9, 0.999],
  epsilon = 1e-8,
  weightDecay = 0.01,
  decays = 'all',
}: AdamWOptions = {}): Optimizer {
  const [beta1, beta2] = betas;
  return {
    byRow: false,

    state: shape => ({ mean: shape, meanSquare: shape }),

    // The means begin at 0 and are too small at first by these factors.
    scalars: (step, learningRate) => ({
      rate: learningRate / (1 - beta1 ** step),
      correction: 1 / Math.sqrt(1 - beta2 ** step),
      keep: 1 - learningRate * weightDecay,
    }),

    update({ parameter, gradient, scale, state, scalars }) {
      const mean = add(mul(state.mean!, beta1), mul(gradient, mul(scale, 1 - beta1)));
      const squares = mul(square(gradient), mul(square(scale), 1 - beta2));
      const meanSquare = add(mul(state.meanSquare!, beta2), squares);
      const deviation = add(mul(sqrt(meanSquare), scalars.correction!), epsilon);
      const step = mul(div(mean, deviation), scalars.rate!);
      const kept = decays === 'all' || parameter.shape.length > 1 ? mul(parameter, scalars.keep!) : parameter;
      return { parameter: sub(kept, step), state: { mean, meanSquare } };
    },
  };
}
