/** Weights of 4 or 8 bits: blocks of whole numbers that share a scale. */
import { ndarray } from '../ndarray.ts';
import { showShape } from '../shape.ts';
import { node, showTensor, type Tensor } from '../tensor.ts';

export interface Quantization {
  readonly bits: 4 | 8;
  /** How many neighbouring weights of a row share a scale. */
  readonly blockSize: number;
}

interface Quantized extends Quantization {
  readonly blocks: Tensor;
  readonly scales: Tensor;
}

const quantizations = new WeakMap<Tensor, Quantized>();

/**
 * The weight that blocks of whole numbers stand for: (number − 2^(bits−1)) · scale. A linear layer whose weight it is
 * multiplies with the whole numbers themselves.
 *
 * @param blocks [outputs, blocks, bytes] uint8; of 4 bits, the even weights are the lower halves of the bytes
 * @param scales [outputs, blocks]
 * @param inputs how many weights a row has; the last block may have more room
 * @returns [outputs, inputs]
 * @see Frantar et al., 2022, https://arxiv.org/abs/2210.17323, of grouping by blocks
 */
export function dequantize(
  blocks: Tensor,
  scales: Tensor,
  inputs: number,
  { bits, blockSize }: Quantization,
): Tensor {
  const [outputs, count, bytes] = blocks.shape as [number, number, number];
  if (blocks.dtype !== 'uint8' || bytes * 8 !== blockSize * bits || count !== Math.ceil(inputs / blockSize)) {
    throw new RangeError(
      `dequantize: ${showTensor(blocks)} does not hold rows of ${inputs} weights of ${bits} bits in blocks of ${blockSize}.`,
    );
  }
  if (showShape(scales.shape) !== showShape([outputs, count])) {
    throw new RangeError(`dequantize: ${showTensor(blocks)} needs scales of ${showShape([outputs, count])}.`);
  }
  const middle = 2 ** (bits - 1);
  const perByte = 8 / bits;
  const weight = node('dequantize', [blocks, scales], {
    shape: [outputs, inputs],
    dtype: 'float32',
    evaluate: ([b, s]) => {
      const result = ndarray([outputs, inputs]);
      for (let row = 0; row < outputs; row++) {
        for (let column = 0; column < inputs; column++) {
          const byte = b!.data[row * count * bytes + Math.floor(column / perByte)]!;
          const number = bits === 8 ? byte : column % 2 === 0 ? byte & 15 : byte >> 4;
          const scale = s!.data[row * count + Math.floor(column / blockSize)]!;
          result.data[row * inputs + column] = (number - middle) * scale;
        }
      }
      return result;
    },
    lower: (onnx, [b, s]) => {
      const bytesAsNumbers = (name: string): string => onnx.emit('Cast', [name], { to: 1 });
      const last = onnx.integers([-1]);
      let numbers: string;
      if (bits === 8) numbers = bytesAsNumbers(b!);
      else {
        const [low, high] = [
          onnx.emit('BitwiseAnd', [b!, onnx.constant('uint8', [15])]),
          onnx.emit('BitShift', [b!, onnx.constant('uint8', [4])], { direction: 'RIGHT' }),
        ].map(half => onnx.emit('Unsqueeze', [bytesAsNumbers(half), last]));
        const pairs = onnx.emit('Concat', [low!, high!], { axis: -1 });
        numbers = onnx.emit('Reshape', [pairs, onnx.integers([outputs, count, blockSize])]);
      }
      const centred = onnx.emit('Sub', [numbers, onnx.constant('float32', [middle])]);
      const scaled = onnx.emit('Mul', [centred, onnx.emit('Unsqueeze', [s!, last])]);
      const rows = onnx.emit('Reshape', [scaled, onnx.integers([outputs, count * blockSize])]);
      return onnx.emit('Slice', [rows, onnx.integers([0]), onnx.integers([inputs]), last]);
    },
  });
  quantizations.set(weight, { blocks, scales, bits, blockSize });
  return weight;
}

/** A linear layer, `body`, over a weight from `dequantize`, or undefined for any other weight. */
export function quantizedLinear(body: Tensor, x: Tensor, weight: Tensor, bias?: Tensor): Tensor | undefined {
  const quantized = quantizations.get(weight);
  if (quantized === undefined) return undefined;
  const { blocks, scales, bits, blockSize } = quantized;
  const [outputs, inputs] = weight.shape as [number, number];
  return node('quantizedLinear', [x, blocks, scales, ...(bias === undefined ? [] : [bias])], {
    body,
    lower: (onnx, [a, b, s, c]) =>
      onnx.emit('com.microsoft.MatMulNBits', [a!, b!, s!, ...(c === undefined ? [] : ['', '', c])], {
        K: inputs,
        N: outputs,
        bits,
        block_size: blockSize,
        // 4 lets it round x to 8 bits, block by block, and multiply whole numbers.
        accuracy_level: 4,
      }),
  });
}
