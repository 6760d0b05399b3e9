/** Attention of new tokens to those whose keys and values were computed before. */
import { type Dim, product } from '../shape.ts';
import { node, type Tensor } from '../tensor.ts';
import { add, div, maximum, mul, sub } from './arithmetic.ts';
import { matmul } from './matmul.ts';
import { max, sum } from './reduce.ts';
import { reshape } from './reshape.ts';
import { exp } from './transcendental.ts';

/** What earlier tokens left behind. */
export interface Past {
  /** [batch, groups, past, size] */
  readonly key: Tensor;
  /** [batch, groups, past, size] */
  readonly value: Tensor;
  /** [batch, 1, 1, past], added to the scores: the most negative float32 where there is no token. */
  readonly bias: Tensor;
}

/**
 * Scaled dot-product attention to the past and to the new tokens themselves, without joining the two in memory.
 *
 * @param query [batch, heads, seq, size]
 * @param key [batch, groups, seq, size], where groups divides heads
 * @param value [batch, groups, seq, size]
 * @param bias [batch, 1, seq, seq], added to the scores of the new tokens
 * @returns [batch, heads, seq, size]
 */
export function cachedAttention(query: Tensor, key: Tensor, value: Tensor, bias: Tensor, past: Past): Tensor {
  const [batch, heads, seq, size] = query.shape as [Dim, number, Dim, number];
  const groups = key.shape[1] as number;
  // The queries that share keys stand below each other as rows of one matrix.
  const rows = [batch, groups, product([heads / groups, seq])];
  const queries = reshape(mul(query, 1 / Math.sqrt(size)), [...rows, size]);
  const scores = (keys: Tensor, added: Tensor): Tensor => {
    const count = keys.shape[2]!;
    // In float16 all earlier keys would have to be rounded for each new token.
    const products = matmul(queries, keys, { transposeB: true, exact: true });
    return reshape(add(reshape(products, [batch, heads, seq, count]), added), [...rows, count]);
  };
  const mixed = mixOfBoth(scores(past.key, past.bias), scores(key, bias), past.value, value);
  return reshape(mixed, query.shape);
}

/**
 * The mean of two lists of values, weighted by the softmax over the scores of both.
 *
 * @param first [..., rows, n] scores of the first list
 * @param second [..., rows, m]
 * @param firstValues [..., n, size]
 * @param secondValues [..., m, size]
 * @returns [..., rows, size]
 */
function mixOfBoth(first: Tensor, second: Tensor, firstValues: Tensor, secondValues: Tensor): Tensor {
  const last = { axes: [-1], keepDims: true } as const;
  const largest = maximum(max(first, last), max(second, last));
  const [a, b] = [exp(sub(first, largest)), exp(sub(second, largest))];
  const total = add(sum(a, last), sum(b, last));
  return node('mixOfBoth', [first, second, firstValues, secondValues], {
    body: div(add(matmul(a, firstValues), matmul(b, secondValues)), total),
    lower: (onnx, [p, q, v, w]) => {
      const shares = onnx.emit('Softmax', [onnx.emit('Concat', [p!, q!], { axis: -1 })], { axis: -1 });
      const [start, border, end, axis] = [
        onnx.integers([0]),
        onnx.shape(first.shape.slice(-1)),
        onnx.integers([2 ** 31 - 1]),
        onnx.integers([-1]),
      ];
      return onnx.emit('Add', [
        onnx.emit('MatMul', [onnx.emit('Slice', [shares, start, border, axis]), v!]),
        onnx.emit('MatMul', [onnx.emit('Slice', [shares, border, end, axis]), w!]),
      ]);
    },
  });
}
