/** Another dtype for the same values. */
import { mapElements } from '../ndarray.ts';
import { ONNX_TYPES } from '../onnx/lowering.ts';
import { type DataType, node, type Tensor } from '../tensor.ts';

/** The same values as another dtype: fractions are cut off for integers, and what is not 0 is true. */
export function cast(x: Tensor, dtype: DataType): Tensor {
  if (x.dtype === dtype) return x;
  const convert =
    dtype === 'bool' ? (v: number) => Number(v !== 0) : dtype === 'float32' ? (v: number) => v : Math.trunc;
  return node('cast', [x], {
    shape: x.shape,
    dtype,
    evaluate: ([a]) => mapElements(convert, a!),
    lower: (onnx, inputs) => onnx.emit('Cast', inputs, { to: ONNX_TYPES[dtype] }),
  });
}
