/** Adafactor: Adam's scaling by the size of past gradients, remembered as one number a row and one a column. */
import {
  add,
  div,
  expandDims,
  gather,
  matmul,
  maximum,
  mean,
  mul,
  scatterAdd,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
} from '../../graph/index.ts';
import type { After, Before, Optimizer } from './optimizer.ts';

export interface AdafactorOptions {
  /** Multiplies each step by the root mean square of the parameter itself. */
  readonly scaleParameter?: boolean;
  /** Takes the learning rate from the number of the step instead of the given one. */
  readonly relativeStep?: boolean;
}

/** Added to squared gradients, and the least that a parameter counts as. */
const EPSILON = [1e-30, 1e-3] as const;
/** The largest root mean square that a step may have before the learning rate. */
const CLIP_THRESHOLD = 1;
/** How slowly the means forget at step t: 1 − t^−0.8. */
const DECAY_RATE = -0.8;

/**
 * @see Shazeer and Stern, 2018, https://arxiv.org/abs/1804.04235, without first moment, as transformers' Adafactor
 */
export function adafactor({ scaleParameter = true, relativeStep = true }: AdafactorOptions = {}): Optimizer {
  return {
    byRow: !scaleParameter,

    state: shape => (shape.length === 2 ? { rows: [shape[0]!], columns: [shape[1]!] } : { squares: shape }),

    scalars: (step, learningRate) => ({
      rate: relativeStep ? Math.min(1e-2, 1 / Math.sqrt(step)) : learningRate,
      decay: 1 - step ** DECAY_RATE,
    }),

    update(before) {
      const { parameter, scalars } = before;
      const least = (size: Tensor): Tensor => maximum(size, EPSILON[1]);
      const rate = scaleParameter ? mul(scalars.rate!, least(sqrt(mean(square(parameter))))) : scalars.rate!;
      return parameter.shape.length === 2 ? updateMatrix(before, rate) : updateVector(before, rate);
    },
  };
}

/**
 * The mean square of element (i, j) is estimated as row i's times column j's over the mean of all. The step is never
 * formed before it is known how much to clip it: with r and c the factors of rows and columns, its square sums to
 * Σᵢ r²ᵢ (G² c²)ᵢ, a matrix-vector product.
 */
function updateMatrix(
  { parameter, gradient, scale, state, scalars, rows: part }: Before,
  rate: Tensor,
): After {
  const width = parameter.shape[1] as number;
  const height = part?.count ?? (parameter.shape[0] as number);
  const ofAll = (values: Tensor): Tensor => (part ? scatterAdd(height, part.indices, values) : values);
  const ofPart = (values: Tensor): Tensor => (part ? gather(values, part.indices) : values);

  const squares = square(gradient);
  const remember = (old: Tensor, means: Tensor): Tensor =>
    forget(old, add(mul(means, square(scale)), EPSILON[0]), scalars.decay!);
  const rows = remember(state.rows!, ofAll(mean(squares, { axes: [1] })));
  const columns = remember(state.columns!, mul(sum(squares, { axes: [0] }), 1 / height));

  const rowFactors = ofPart(sqrt(div(mean(rows), rows)));
  const columnFactors = div(1, sqrt(columns));
  // Squares of gradients do not fit into float16.
  const rowSums = matmul(squares, expandDims(square(columnFactors), 1), { exact: true });
  const stepSquares = sum(mul(rowSums, expandDims(square(rowFactors), 1)));
  const stepSize = mul(scale, sqrt(mul(stepSquares, 1 / (height * width))));
  const factor = div(mul(rate, scale), maximum(div(stepSize, CLIP_THRESHOLD), 1));

  const step = mul(mul(gradient, expandDims(mul(rowFactors, factor), 1)), columnFactors);
  return { parameter: sub(parameter, step), state: { rows, columns } };
}

function updateVector({ parameter, gradient, scale, state, scalars }: Before, rate: Tensor): After {
  const slope = mul(gradient, scale);
  const squares = forget(state.squares!, add(square(slope), EPSILON[0]), scalars.decay!);
  const step = div(slope, sqrt(squares));
  const stepSize = sqrt(mean(square(step)));
  const factor = div(rate, maximum(div(stepSize, CLIP_THRESHOLD), 1));
  return { parameter: sub(parameter, mul(step, factor)), state: { squares } };
}

/** A moving average. */
function forget(old: Tensor, value: Tensor, decay: Tensor): Tensor {
  return add(mul(old, decay), mul(value, sub(1, decay)));
}
