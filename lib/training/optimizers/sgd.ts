/** Stochastic gradient descent with momentum. */
import { add, mul, sub } from '../../graph/index.ts';
import type { Optimizer } from './optimizer.ts';

export interface SgdOptions {
  /** How much of the last step's direction is kept. */
  readonly momentum?: number;
}

/** @see Sutskever et al., 2013, https://proceedings.mlr.press/v28/sutskever13.html, in PyTorch's form */
export function sgd({ momentum = 0 }: SgdOptions = {}): Optimizer {
  return {
    byRow: momentum === 0,

    state: shape => (momentum === 0 ? {} : { momentum: shape }),

    scalars: (_, learningRate) => ({ learningRate }),

    update({ parameter, gradient, scale, state, scalars }) {
      const slope = mul(gradient, scale);
      const direction = momentum === 0 ? slope : add(mul(state.momentum!, momentum), slope);
      return {
        parameter: sub(parameter, mul(direction, scalars.learningRate!)),
        state: momentum === 0 ? {} : { momentum: direction },
      };
    },
  };
}
