/** The layer that most of a model's arithmetic is in. */
import { node, type Tensor } from '../tensor.ts';
import { add } from './arithmetic.ts';
import { type MatmulOptions, matmul } from './matmul.ts';
import { quantizedLinear } from './quantize.ts';

/**
 * A linear layer, x·Wᵀ + b, with the weight as PyTorch lays it out.
 *
 * @param x [rows, inputs]
 * @param weight [outputs, inputs]
 * @param bias [outputs]
 * @param options as `matmul` has them
 */
export function linear(
  x: Tensor,
  weight: Tensor,
  bias?: Tensor,
  options: Pick<MatmulOptions, 'exactGradient'> = {},
): Tensor {
  const product = matmul(x, weight, { transposeB: true, ...options });
  const body = bias === undefined ? product : add(product, bias);
  const quantized = quantizedLinear(body, x, weight, bias);
  if (quantized !== undefined) return quantized;
  if (bias === undefined) return product;
  return node('linear', [x, weight, bias], {
    body,
    lower: (onnx, inputs) =>
      onnx.widen(
        onnx.emit(
          'Gemm',
          inputs.map(name => onnx.narrow(name)),
          { transB: 1 },
        ),
      ),
  });
}
