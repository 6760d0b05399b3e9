/** An adapter as part of the weight that it belongs to. */
import type { Value } from '../../graph/index.ts';

/**
 * W + scale · B · A, computed in float64.
 *
 * @param weight [outputs, inputs]
 * @param a [rank, inputs]
 * @param b [outputs, rank]
 */
export function merge(
  weight: Value<'float32'>,
  a: Value<'float32'>,
  b: Value<'float32'>,
  scale: number,
): Value<'float32'> {
  const [outputs, inputs] = weight.shape as [number, number];
  const rank = a.shape[0]!;
  const data = new Float32Array(weight.data.length);
  const row = new Float64Array(inputs);
  // A plain loop: rank times as many steps as the weight has numbers.
  for (let i = 0; i < outputs; i++) {
    row.fill(0);
    for (let k = 0; k < rank; k++) {
      const factor = scale * b.data[i * rank + k]!;
      const from = k * inputs;
      for (let j = 0; j < inputs; j++) row[j]! += factor * a.data[from + j]!;
    }
    const from = i * inputs;
    for (let j = 0; j < inputs; j++) data[from + j] = weight.data[from + j]! + row[j]!;
  }
  return { dtype: 'float32', shape: weight.shape, data };
}
