/** The same elements in another shape or order. */
import { forEachIndex, ndarray, stridesOf } from '../ndarray.ts';
import { axisOf, product, type Shape, sameShape, showShape } from '../shape.ts';
import { node, type Tensor } from '../tensor.ts';

/**
 * The same elements in row-major order under another shape.
 *
 * @throws if the new shape has another number of elements
 * @example const rows = reshape(hidden, ['batch*seq', 512]);
 */
export function reshape(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  if (product(x.shape) !== product(shape)) {
    throw new RangeError(
      `reshape: ${showShape(x.shape)} and ${showShape(shape)} differ in their number of elements.`,
    );
  }
  return node('reshape', [x], {
    shape,
    dtype: x.dtype,
    gradient: g => [reshape(g, x.shape)],
    evaluate: ([a], resolve) => ndarray(resolve(shape), a!.data),
    lower: (onnx, [a]) => {
      // One unknown size follows from the others.
      const named = shape.filter(dim => typeof dim === 'string').length;
      const sizes = shape.map(dim => (typeof dim === 'string' ? -1 : dim));
      return onnx.emit('Reshape', [a!, named === 1 ? onnx.integers(sizes) : onnx.shape(shape)]);
    },
  });
}

/**
 * The axes in another order: axis `i` of the result is axis `axes[i]` of x.
 *
 * @throws if `axes` does not name each axis once
 */
export function transpose(x: Tensor, axes: readonly number[]): Tensor {
  if (axes.length !== x.shape.length || x.shape.some((_, axis) => !axes.includes(axis))) {
    throw new RangeError(`transpose: [${axes.join(', ')}] is no order of the axes of ${showShape(x.shape)}.`);
  }
  const inverse = axes.map((_, axis) => axes.indexOf(axis));
  return node('transpose', [x], {
    shape: axes.map(axis => x.shape[axis]!),
    dtype: x.dtype,
    gradient: g => [transpose(g, inverse)],
    evaluate: ([a]) => {
      const strides = stridesOf(a!.shape);
      const result = ndarray(axes.map(axis => a!.shape[axis]!));
      forEachIndex(result.shape, (index, at) => {
        result.data[at] = a!.data[index.reduce((sum, i, axis) => sum + i * strides[axes[axis]!]!, 0)]!;
      });
      return result;
    },
    lower: (onnx, inputs) => onnx.emit('Transpose', inputs, { perm: axes }),
  });
}

/** A new axis of size 1 in front of the given one, which counts in the result. */
export function expandDims(x: Tensor, axis: number): Tensor {
  const at = axisOf('expandDims', axis, [...x.shape, 1]);
  return reshape(x, x.shape.toSpliced(at, 0, 1));
}
