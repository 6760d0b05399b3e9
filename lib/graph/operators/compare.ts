/** Comparisons and logic, element by element; no gradient flows through them. */
import { mapElements } from '../ndarray.ts';
import { broadcast, showShape } from '../shape.ts';
import { node, type Tensor } from '../tensor.ts';
import { mul, sub } from './arithmetic.ts';
import { cast } from './cast.ts';
import { type Operand, toTensor } from './constant.ts';
import { binary } from './elementwise.ts';
import { sumTo } from './reduce.ts';

export const equal = binary('equal', { onnx: 'Equal', dtype: 'bool', evaluate: (a, b) => Number(a === b) });

export const lessOrEqual = binary('lessOrEqual', {
  onnx: 'LessOrEqual',
  dtype: 'bool',
  evaluate: (a, b) => Number(a <= b),
});

export const and = binary('and', { onnx: 'And', dtype: 'bool', evaluate: (a, b) => a * b });

/** `a` where the condition holds, else `b`; numbers stand for themselves everywhere. */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  const dtype = typeof a !== 'number' ? a.dtype : typeof b !== 'number' ? b.dtype : 'float32';
  const [x, y] = [toTensor(a, dtype), toTensor(b, dtype)];
  const shape = [x.shape, y.shape].reduce((all, one) => {
    const next = broadcast(all, one);
    if (next !== undefined) return next;
    throw new RangeError(`where: the shapes ${showShape(all)} and ${showShape(one)} do not fit.`);
  }, condition.shape);
  return node('where', [condition, x, y], {
    shape,
    dtype,
    gradient: g => {
      const first = cast(condition, 'float32');
      return [undefined, sumTo(mul(g, first), x.shape), sumTo(mul(g, sub(1, first)), y.shape)];
    },
    evaluate: ([test, p, q]) => mapElements((t, u, v) => (t ? u : v), test!, p!, q!),
    lower: (onnx, inputs) => onnx.emit('Where', inputs),
  });
}
