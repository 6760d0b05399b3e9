/** Exponentials, logarithms and waves. */
import { div, mul, neg, square, sub } from './arithmetic.ts';
import { unary } from './elementwise.ts';

export const exp = unary('exp', {
  onnx: 'Exp',
  evaluate: Math.exp,
  gradient: (g, y) => mul(g, y),
});

export const log = unary('log', {
  onnx: 'Log',
  evaluate: Math.log,
  gradient: (g, _y, x) => div(g, x),
});

export const tanh = unary('tanh', {
  onnx: 'Tanh',
  evaluate: Math.tanh,
  gradient: (g, y) => mul(g, sub(1, square(y))),
});

export const sigmoid = unary('sigmoid', {
  onnx: 'Sigmoid',
  evaluate: x => 1 / (1 + Math.exp(-x)),
  gradient: (g, y) => mul(g, mul(y, sub(1, y))),
});

export const sin = unary('sin', {
  onnx: 'Sin',
  evaluate: Math.sin,
  gradient: (g, _y, x) => mul(g, cos(x)),
});

export const cos = unary('cos', {
  onnx: 'Cos',
  evaluate: Math.cos,
  gradient: (g, _y, x) => neg(mul(g, sin(x))),
});

/** The error function, 2/√π ∫₀ˣ e^(−t²) dt. */
export const erf = unary('erf', {
  onnx: 'Erf',
  evaluate: evaluateErf,
  gradient: (g, _y, x) => mul(g, mul(2 / Math.sqrt(Math.PI), exp(neg(square(x))))),
});

/** Maclaurin's series near zero, and further out the continued fraction of 1 − erf (Abramowitz and Stegun 7.1.14). */
function evaluateErf(x: number): number {
  const z = Math.abs(x);
  if (z > 6) return Math.sign(x);
  if (z < 2.5) {
    let term = z;
    let sum = z;
    for (let n = 1; Math.abs(term) > 1e-17 * sum; n++) {
      term *= (-z * z) / n;
      sum += term / (2 * n + 1);
    }
    return (Math.sign(x) * 2 * sum) / Math.sqrt(Math.PI);
  }
  let fraction = z;
  for (let n = 60; n > 0; n--) fraction = z + n / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-z * z) / Math.sqrt(Math.PI) / fraction);
}
