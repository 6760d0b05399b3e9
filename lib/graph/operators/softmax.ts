/** Scores to probabilities. */
import { type NdArray, ndarray } from '../ndarray.ts';
import { node, type Tensor } from '../tensor.ts';
import { mul, sub } from './arithmetic.ts';
import { sum } from './reduce.ts';

/**
 * Positive numbers that sum to 1 along the last axis: e^x over the sum of e^x.
 *
 * With p the result and g its gradient, that of x is p·(g − Σ p·g).
 */
export function softmax(x: Tensor): Tensor {
  return node('softmax', [x], {
    shape: x.shape,
    dtype: x.dtype,
    gradient: (g, p) => {
      const weighted = mul(g, p);
      return [sub(weighted, mul(p, sum(weighted, { axes: [-1], keepDims: true })))];
    },
    evaluate: ([a]) => normalize(a!),
    lower: (onnx, inputs) => onnx.emit('Softmax', inputs, { axis: -1 }),
  });
}

function normalize({ shape, data }: NdArray): NdArray {
  const result = ndarray(shape);
  const size = shape.at(-1)!;
  for (let at = 0; at < data.length; at += size) {
    const row = data.subarray(at, at + size);
    const largest = row.reduce((a, b) => Math.max(a, b));
    const powers = row.map(x => Math.exp(x - largest));
    const total = powers.reduce((a, b) => a + b);
    result.data.set(
      powers.map(power => power / total),
      at,
    );
  }
  return result;
}
