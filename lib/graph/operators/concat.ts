/** Joining tensors along an axis, and cutting them apart again. */
import { forEachIndex, type NdArray, ndarray, stridesOf } from '../ndarray.ts';
import { axisOf, type Dim, sameShape, showShape } from '../shape.ts';
import { node, type Tensor } from '../tensor.ts';
import { add } from './arithmetic.ts';

/**
 * Tensors one after another along an axis whose sizes are numbers.
 *
 * @throws if the shapes differ in another axis
 */
export function concat(tensors: readonly Tensor[], axis: number): Tensor {
  const [first] = tensors;
  if (first === undefined) throw new RangeError('concat needs at least one tensor.');
  const at = axisOf('concat', axis, first.shape);
  const sizes = tensors.map(({ shape }) => {
    const size = shape[at];
    if (typeof size !== 'number' || !sameShape(shape.toSpliced(at, 1), first.shape.toSpliced(at, 1))) {
      throw new RangeError(
        `concat: ${showShape(shape)} does not continue ${showShape(first.shape)} along axis ${at}.`,
      );
    }
    return size;
  });
  const ends = sizes.map((_, i) => sizes.slice(0, i + 1).reduce((a, b) => a + b));
  return node('concat', tensors, {
    shape: first.shape.with(at, ends.at(-1)!),
    dtype: first.dtype,
    gradient: g => tensors.map((_, i) => slice(g, at, ends[i]! - sizes[i]!, ends[i]!)),
    evaluate: arrays => {
      const result = ndarray(arrays[0]!.shape.with(at, ends.at(-1)!));
      for (const [i, array] of arrays.entries()) copyBetween(array, result, at, 0, ends[i]! - sizes[i]!);
      return result;
    },
    lower: (onnx, inputs) => onnx.emit('Concat', inputs, { axis: at }),
  });
}

/**
 * The part of a tensor from `start` to before `end` along an axis whose size is a number.
 *
 * @throws if the axis does not reach that far
 */
export function slice(x: Tensor, axis: number, start: number, end: number): Tensor {
  const at = axisOf('slice', axis, x.shape);
  const size = x.shape[at]!;
  if (typeof size !== 'number' || !(0 <= start && start < end && end <= size)) {
    throw new RangeError(`slice: ${start} to ${end} is not inside axis ${at} of ${showShape(x.shape)}.`);
  }
  if (end - start === size) return x;
  return node('slice', [x], {
    shape: x.shape.with(at, end - start),
    dtype: x.dtype,
    gradient: g => [pad(g, at, start, size)],
    evaluate: ([a]) => {
      const result = ndarray(a!.shape.with(at, end - start));
      copyBetween(a!, result, at, start, 0);
      return result;
    },
    lower: (onnx, [a]) =>
      onnx.emit('Slice', [a!, onnx.integers([start]), onnx.integers([end]), onnx.integers([at])]),
  });
}

/** The opposite of slice: zeros of another size along an axis, in which x begins at `start`. */
export function pad(x: Tensor, axis: number, start: number, size: number): Tensor {
  const length = x.shape[axis] as number;
  if (length === size) return x;
  const padded = node('pad', [x], {
    shape: x.shape.with(axis, size),
    dtype: x.dtype,
    gradient: g => [slice(g, axis, start, start + length)],
    evaluate: ([a]) => {
      const result = ndarray(a!.shape.with(axis, size));
      copyBetween(a!, result, axis, 0, start);
      return result;
    },
    lower: (onnx, [a]) => {
      const widths = [start, size - start - length];
      return onnx.emit('Pad', [
        a!,
        onnx.integers(widths),
        onnx.constant(x.dtype, [0]),
        onnx.integers([axis]),
      ]);
    },
  });
  placements.set(padded, { x, axis, start, end: start + length });
  return padded;
}

/** Two tensors one after another along an axis of any sizes; `dim` is what their sum is called. */
export function append(a: Tensor, b: Tensor, axis: number, dim: Dim): Tensor {
  const at = axisOf('append', axis, a.shape);
  if (!sameShape(a.shape.toSpliced(at, 1), b.shape.toSpliced(at, 1))) {
    throw new RangeError(
      `append: ${showShape(b.shape)} does not continue ${showShape(a.shape)} along axis ${at}.`,
    );
  }
  return node('append', [a, b], {
    shape: a.shape.with(at, dim),
    dtype: a.dtype,
    evaluate: ([x, y], resolve) => {
      const result = ndarray(resolve(a.shape.with(at, dim)));
      copyBetween(x!, result, at, 0, 0);
      copyBetween(y!, result, at, 0, x!.shape[at]!);
      return result;
    },
    lower: (onnx, inputs) => onnx.emit('Concat', inputs, { axis: at }),
  });
}

/** The end of a tensor along an axis: as many as `dim` says, a size that `sized` has. */
export function last(x: Tensor, axis: number, dim: Dim, sized: Tensor): Tensor {
  const at = axisOf('last', axis, x.shape);
  return node('last', [x, sized], {
    shape: x.shape.with(at, dim),
    dtype: x.dtype,
    evaluate: ([a], resolve) => {
      const [size] = resolve([dim]);
      const result = ndarray(a!.shape.with(at, size!));
      copyBetween(a!, result, at, a!.shape[at]! - size!, 0);
      return result;
    },
    lower: (onnx, [a]) => {
      const start = onnx.emit('Neg', [onnx.shape([dim])]);
      return onnx.emit('Slice', [a!, start, onnx.integers([2 ** 31 - 1]), onnx.integers([at])]);
    },
  });
}

/** What a padded tensor has beside zeros, and where. */
interface Placement {
  readonly x: Tensor;
  readonly axis: number;
  readonly start: number;
  readonly end: number;
}

const placements = new WeakMap<Tensor, Placement>();

/** The sum of two gradients; those of neighbouring slices are put side by side, which costs no zeros and no additions. */
export function accumulate(a: Tensor, b: Tensor): Tensor {
  const [p, q] = [placements.get(a), placements.get(b)];
  if (p !== undefined && q !== undefined && p.axis === q.axis) {
    const size = a.shape[p.axis] as number;
    if (p.end === q.start) return pad(concat([p.x, q.x], p.axis), p.axis, p.start, size);
    if (q.end === p.start) return pad(concat([q.x, p.x], p.axis), p.axis, q.start, size);
  }
  return add(a, b);
}

/** Copies what both arrays have when `from` is read from index `start` on and `to` is written from index `at` on. */
function copyBetween(from: NdArray, to: NdArray, axis: number, start: number, at: number): void {
  const size = Math.min(from.shape[axis]! - start, to.shape[axis]! - at);
  const [fromStrides, toStrides] = [stridesOf(from.shape), stridesOf(to.shape)];
  forEachIndex(from.shape.with(axis, size), index => {
    const offset = (strides: number[]): number => index.reduce((sum, i, k) => sum + i * strides[k]!, 0);
    to.data[offset(toStrides) + at * toStrides[axis]!] =
      from.data[offset(fromStrides) + start * fromStrides[axis]!]!;
  });
}
