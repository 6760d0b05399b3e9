/** The activation functions of transformers. */
import type { Lowering } from '../onnx/lowering.ts';
import { node, type Tensor } from '../tensor.ts';
import { add, mul, square, sub } from './arithmetic.ts';
import { erf, exp, sigmoid, tanh } from './transcendental.ts';

/**
 * GELU: x times the probability that a standard normal variable is below x.
 *
 * @param approximate `tanh` for the approximation that GPT-2 uses
 * @see Hendrycks and Gimpel, 2016, https://arxiv.org/abs/1606.08415
 */
export function gelu(x: Tensor, approximate: 'none' | 'tanh' = 'none'): Tensor {
  const lower = (onnx: Lowering, inputs: string[]) => onnx.emit('Gelu', inputs, { approximate });
  if (approximate === 'tanh') {
    const argument = mul(Math.sqrt(2 / Math.PI), mul(x, add(1, mul(0.044715, square(x)))));
    return node('gelu', [x], { body: mul(mul(0.5, x), add(1, tanh(argument))), lower });
  }
  const below = mul(0.5, add(1, erf(mul(x, Math.SQRT1_2))));
  return node('gelu', [x], {
    body: mul(x, below),
    gradient: g => {
      const density = mul(1 / Math.sqrt(2 * Math.PI), exp(mul(-0.5, square(x))));
      return [mul(g, add(below, mul(x, density)))];
    },
    lower,
  });
}

/** SiLU, also called swish: x times its sigmoid. */
export function silu(x: Tensor): Tensor {
  const share = sigmoid(x);
  const body = mul(x, share);
  return node('silu', [x], {
    body,
    gradient: g => [mul(g, add(share, mul(body, sub(1, share))))],
  });
}
