/** Sums, products and powers of numbers, element by element. */
import type { Tensor } from '../tensor.ts';
import { cast } from './cast.ts';
import { lessOrEqual } from './compare.ts';
import { binary, unary } from './elementwise.ts';

export const add = binary('add', {
  onnx: 'Add',
  evaluate: (a, b) => a + b,
  gradient: g => [g, g],
});

export const sub = binary('sub', {
  onnx: 'Sub',
  evaluate: (a, b) => a - b,
  gradient: g => [g, neg(g)],
});

export const mul = binary('mul', {
  onnx: 'Mul',
  evaluate: (a, b) => a * b,
  gradient: (g, a, b) => [mul(g, b), mul(g, a)],
});

export const div = binary('div', {
  onnx: 'Div',
  evaluate: (a, b) => a / b,
  gradient: (g, a, b) => [div(g, b), neg(div(mul(g, a), mul(b, b)))],
});

/** The larger of two; where they are equal the second counts as the larger. */
export const maximum = binary('maximum', {
  onnx: 'Max',
  evaluate: Math.max,
  gradient: (g, a, b) => {
    const second = cast(lessOrEqual(a, b), 'float32');
    return [mul(g, sub(1, second)), mul(g, second)];
  },
});

export const neg = unary('neg', {
  onnx: 'Neg',
  evaluate: x => -x,
  gradient: g => neg(g),
});

export const sqrt = unary('sqrt', {
  onnx: 'Sqrt',
  evaluate: Math.sqrt,
  gradient: (g, y) => div(g, mul(2, y)),
});

export const square = (x: Tensor): Tensor => mul(x, x);
