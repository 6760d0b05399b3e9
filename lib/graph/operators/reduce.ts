/** Sums, means and maxima over axes, and their opposite: repeating a value along axes. */
import { forEachIndex, mapElements, type NdArray, ndarray, stridesOf } from '../ndarray.ts';
import { type Lowering, ONNX_TYPES } from '../onnx/lowering.ts';
import {
  axisOf,
  broadcast,
  type Dim,
  product,
  repeatedAxes,
  type Shape,
  sameShape,
  showShape,
} from '../shape.ts';
import { node, type Tensor } from '../tensor.ts';
import { div, mul } from './arithmetic.ts';
import { cast } from './cast.ts';
import { equal } from './compare.ts';
import { constant } from './constant.ts';
import { reshape } from './reshape.ts';

export interface ReduceOptions {
  /** The axes that disappear; all of them if not given. */
  readonly axes?: readonly number[];
  /** Keeps them, with size 1. */
  readonly keepDims?: boolean;
}

/**
 * Several threads get in each other's way over the columns of a large matrix: on the CPU, the sums of its parts and the
 * sum of these take a quarter of the time.
 */
const PARTS = 16;

/** The sum over axes. */
export function sum(x: Tensor, options: ReduceOptions = {}): Tensor {
  const { axes, kept, rule } = reduction('sum', x, options, 'ReduceSum', (a, b) => a + b, 0);
  return node('sum', [x], {
    ...rule,
    gradient: g => [broadcastTo(reshape(g, kept), x.shape, x)],
    lower: (onnx, inputs) => {
      const [rows, columns] = x.shape as [number, number];
      if (
        x.shape.length !== 2 ||
        axes.join() !== '0' ||
        !onnx.overflowsCaches(x.shape) ||
        rows % PARTS !== 0
      ) {
        return rule.lower(onnx, inputs);
      }
      const parts = onnx.emit('Reshape', [inputs[0]!, onnx.integers([PARTS, rows / PARTS, columns])]);
      return rule.lower(onnx, [onnx.emit('ReduceSum', [parts, onnx.integers([1])], { keepdims: 0 })]);
    },
  });
}

/** The mean over axes. */
export function mean(x: Tensor, options: ReduceOptions = {}): Tensor {
  const { axes, kept, rule } = reduction('mean', x, options, 'ReduceMean', (a, b) => a + b, 0);
  const size = product(axes.map(axis => x.shape[axis]!));
  return node('mean', [x], {
    ...rule,
    gradient: g => [broadcastTo(div(reshape(g, kept), count(size, x)), x.shape, x)],
    evaluate: (inputs, resolve) => {
      const [divisor] = resolve([size]);
      return mapElements(total => total / divisor!, rule.evaluate(inputs));
    },
  });
}

/** The largest value along axes; equal ones share the gradient. */
export function max(x: Tensor, options: ReduceOptions = {}): Tensor {
  const { axes, kept, rule } = reduction('max', x, options, 'ReduceMax', Math.max, -Infinity);
  return node('max', [x], {
    ...rule,
    gradient: (g, y) => {
      const hits = cast(equal(x, reshape(y, kept)), 'float32');
      return [mul(hits, div(reshape(g, kept), sum(hits, { axes, keepDims: true })))];
    },
  });
}

/**
 * Repeats a value along axes of size 1 and new leading ones until it has the given shape.
 *
 * @param sized a tensor that has the shape's named sizes, if x has not
 */
export function broadcastTo(x: Tensor, shape: Shape, sized: Tensor = x): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const result = broadcast(x.shape, shape);
  if (result === undefined || !sameShape(result, shape)) {
    throw new RangeError(`broadcastTo: ${showShape(x.shape)} does not fit ${showShape(shape)}.`);
  }
  return node('broadcastTo', [x, sized], {
    shape,
    dtype: x.dtype,
    gradient: g => [sumTo(g, x.shape), undefined],
    evaluate: ([a], resolve) => mapElements(v => v, a!, ndarray(resolve(shape))),
    lower: (onnx, [a]) => onnx.emit('Expand', [a!, onnx.shape(shape)]),
  });
}

/** The opposite of broadcasting: sums what was repeated to reach the shape of `x`, so that the result has `shape`. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  const axes = repeatedAxes(shape, x.shape);
  return axes.length === 0 ? x : reshape(sum(x, { axes }), shape);
}

/** A size as a float32 number; x has it. */
function count(size: Dim, x: Tensor): Tensor {
  if (typeof size === 'number') return constant(size);
  return node('count', [x], {
    shape: [],
    dtype: 'float32',
    evaluate: (_, resolve) => ndarray([], resolve([size])),
    lower: onnx =>
      onnx.emit('Squeeze', [onnx.emit('Cast', [onnx.shape([size])], { to: ONNX_TYPES.float32 })]),
  });
}

/** What reductions share: which axes go, the shape with these as 1, and all of the rule but the gradient. */
function reduction(
  name: string,
  x: Tensor,
  { axes: given, keepDims = false }: ReduceOptions,
  onnxType: string,
  combine: (a: number, b: number) => number,
  start: number,
) {
  const axes = given?.map(axis => axisOf(name, axis, x.shape)) ?? x.shape.map((_, axis) => axis);
  const shrink = <T>(shape: readonly T[]): (T | 1)[] =>
    shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
  const drop = <T>(shape: readonly T[]): T[] => shape.filter((_, axis) => keepDims || !axes.includes(axis));
  const kept = shrink(x.shape);
  const rule = {
    shape: drop(kept),
    dtype: x.dtype,
    evaluate: ([a]: NdArray[]): NdArray => {
      const result = ndarray(shrink(a!.shape));
      result.data.fill(start);
      const strides = stridesOf(result.shape).map((stride, axis) => (axes.includes(axis) ? 0 : stride));
      forEachIndex(a!.shape, (index, at) => {
        const to = index.reduce((sum, i, axis) => sum + i * strides[axis]!, 0);
        result.data[to] = combine(result.data[to]!, a!.data[at]!);
      });
      return { shape: drop(result.shape), data: result.data };
    },
    lower: (onnx: Lowering, [a]: string[]): string =>
      onnx.emit(onnxType, [a!, onnx.integers(axes)], { keepdims: Number(keepDims) }),
  };
  return { axes, kept, rule };
}
