/** Attention: each token mixes the values of those that it may see. */
import { ndarray } from '../ndarray.ts';
import { ONNX_TYPES } from '../onnx/lowering.ts';
import { axisOf, type Dim, product } from '../shape.ts';
import { node, type Tensor } from '../tensor.ts';
import { add, mul } from './arithmetic.ts';
import { and, equal, lessOrEqual, where } from './compare.ts';
import { matmul } from './matmul.ts';
import { expandDims, reshape } from './reshape.ts';
import { softmax } from './softmax.ts';

/** The most negative float32, which softmax turns into 0. */
const MINUS_INFINITY = -3.4028234663852886e38;

/** The index along an axis of x: int32 [size], 0, 1, …. */
export function iota(x: Tensor, axis: number): Tensor {
  const size = x.shape[axisOf('iota', axis, x.shape)]!;
  return node('iota', [x], {
    shape: [size],
    dtype: 'int32',
    evaluate: (_, resolve) => {
      const [count] = resolve([size]);
      return ndarray(
        [count!],
        Array.from({ length: count! }, (_, i) => i),
      );
    },
    lower: onnx => {
      const count = onnx.emit('Squeeze', [onnx.emit('Cast', [onnx.shape([size])], { to: ONNX_TYPES.int32 })]);
      return onnx.emit('Range', [onnx.constant('int32', [0]), count, onnx.constant('int32', [1])]);
    },
  });
}

/**
 * What to add to attention scores so that a token sees itself and what comes before it in its own segment.
 *
 * A segment is a run of equal numbers: with 1 for tokens and 0 for padding this is the usual padding mask, and rows that
 * are packed one after another are numbered 1, 2, 3, ….
 *
 * @param segments [batch, seq] int32
 * @returns [batch, 1, seq, seq]: 0 where the second sees the last, else the most negative float32
 */
export function causalBias(segments: Tensor): Tensor {
  const positions = iota(segments, 1);
  const earlier = lessOrEqual(expandDims(positions, 0), expandDims(positions, 1));
  const related = equal(expandDims(segments, 1), expandDims(segments, 2));
  return expandDims(where(and(earlier, related), 0, MINUS_INFINITY), 1);
}

/**
 * Scaled dot-product attention; several query heads may share one head of keys and values.
 *
 * @param query [batch, heads, seq, size]
 * @param key [batch, groups, keys, size], where groups divides heads
 * @param value [batch, groups, keys, size]
 * @param bias [batch, 1, seq, keys], added to the scores
 * @returns [batch, heads, seq, size]
 * @see Vaswani et al., 2017, https://arxiv.org/abs/1706.03762; Ainslie et al., 2023, https://arxiv.org/abs/2305.13245
 */
export function attention(query: Tensor, key: Tensor, value: Tensor, bias: Tensor): Tensor {
  const [batch, heads, seq, size] = query.shape as [Dim, number, Dim, number];
  const [, groups, keys] = key.shape as [Dim, number, Dim];
  const sharing = heads / groups;
  // The queries that share keys stand below each other as rows of one matrix.
  const rows = [batch, groups, product([sharing, seq])];
  const queries = reshape(mul(query, 1 / Math.sqrt(size)), [...rows, size]);
  const scores = reshape(matmul(queries, key, { transposeB: true }), [batch, heads, seq, keys]);
  const shares = reshape(softmax(add(scores, bias)), [...rows, keys]);
  return reshape(matmul(shares, value), query.shape);
}
