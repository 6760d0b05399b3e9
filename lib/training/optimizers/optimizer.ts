/** What an optimizer is: how a parameter and what is remembered of it follow from a gradient. */
import type { Tensor } from '../../graph/index.ts';

export interface Optimizer {
  /**
   * Whether a step leaves rows without a gradient as they are and looks at no others, so that of an embedding only the
   * rows of the batch's tokens need to be there.
   */
  readonly byRow: boolean;

  /** The shapes of what is remembered of a parameter of the given shape, by name; all of it begins as zeros. */
  state(shape: readonly number[]): Readonly<Record<string, readonly number[]>>;

  /** The numbers that a step depends on, by name; steps count from 1. */
  scalars(step: number, learningRate: number): Readonly<Record<string, number>>;

  /** The parameter and its state after a step, as graph. */
  update(before: Before): After;
}

export interface Before {
  readonly parameter: Tensor;
  /** The gradient is `scale · gradient`: clipping needs no pass over it of its own. */
  readonly gradient: Tensor;
  readonly scale: Tensor;
  readonly state: Readonly<Record<string, Tensor>>;
  readonly scalars: Readonly<Record<string, Tensor>>;
  /** If parameter and gradient are rows of a larger matrix: which ones, and how many that has. The state is of all. */
  readonly rows?: { readonly indices: Tensor; readonly count: number };
}

export interface After {
  readonly parameter: Tensor;
  readonly state: Readonly<Record<string, Tensor>>;
}
