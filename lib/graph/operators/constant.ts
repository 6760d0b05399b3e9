/** Values that are part of the graph. */
import { ndarray } from '../ndarray.ts';
import { type DataType, node, type Tensor } from '../tensor.ts';

/**
 * A number, or an array of them with its shape.
 *
 * @example const table = constant([1, 2, 3, 4], [2, 2]);
 */
export function constant(
  values: number | readonly number[],
  shape: readonly number[] = [],
  dtype: DataType = 'float32',
): Tensor {
  const list = typeof values === 'number' ? [values] : values;
  return node('constant', [], {
    shape,
    dtype,
    evaluate: () => ndarray(shape, list),
    lower: onnx => onnx.constant(dtype, list, shape),
  });
}

/** What elementwise operators take: a tensor, or a number, which becomes a constant of the other operand's dtype. */
export type Operand = Tensor | number;

export function toTensor(operand: Operand, dtype: DataType): Tensor {
  return typeof operand === 'number' ? constant(operand, [], dtype) : operand;
}
