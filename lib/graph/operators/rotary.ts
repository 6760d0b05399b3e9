/** Positions as rotations. */
import { type Dim, product, sameShape } from '../shape.ts';
import { node, type Primitive, type Tensor } from '../tensor.ts';
import { add, mul, neg, sub } from './arithmetic.ts';
import { concat, slice } from './concat.ts';

/**
 * Rotary position embedding: turns the feature pairs (i, i + n) of each head by the angle of their position.
 *
 * A rotation's gradient is the rotation back.
 *
 * @param x [batch, heads, seq, size]; features from 2n on stay as they are
 * @param cosines [batch, 1, seq, n] of the angles
 * @param sines [batch, 1, seq, n]
 * @see Su et al., 2021, https://arxiv.org/abs/2104.09864
 */
export function rotaryEmbedding(x: Tensor, cosines: Tensor, sines: Tensor): Tensor {
  const [batch, heads, seq, size] = x.shape as [Dim, number, Dim, number];
  const half = cosines.shape.at(-1) as number;
  const first = slice(x, -1, 0, half);
  const second = slice(x, -1, half, 2 * half);
  const rotated = [
    sub(mul(first, cosines), mul(second, sines)),
    add(mul(second, cosines), mul(first, sines)),
  ];
  const rest = size > 2 * half ? [slice(x, -1, 2 * half, size)] : [];
  const lower: Primitive['lower'] = (onnx, [a, c, s]) => {
    // The operator looks angles up by position; each token of the batch has a row of its own here.
    const rows = onnx.integers([-1, half]);
    const count = onnx.emit('Squeeze', [onnx.shape([product([batch, seq])])]);
    const numbers = onnx.emit('Range', [onnx.constant('int64', [0]), count, onnx.constant('int64', [1])]);
    const tables = [c!, s!].map(name => onnx.emit('Reshape', [name, rows]));
    return onnx.emit(
      'com.microsoft.RotaryEmbedding',
      [a!, onnx.emit('Reshape', [numbers, onnx.shape([batch, seq])]), ...tables],
      { num_heads: heads, ...(size > 2 * half && { rotary_embedding_dim: 2 * half }) },
    );
  };
  return node('rotaryEmbedding', [x, cosines, sines], {
    body: concat([...rotated, ...rest], -1),
    ...(sameShape(cosines.shape, [batch, 1, seq, half]) && { lower }),
    gradient: g => [rotaryEmbedding(g, cosines, neg(sines)), undefined, undefined],
  });
}
