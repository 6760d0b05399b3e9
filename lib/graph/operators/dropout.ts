/** Leaving numbers out at random, so that training does not lean on a few. */
import { mapElements, type NdArray } from '../ndarray.ts';
import { node, type Tensor } from '../tensor.ts';
import { mul } from './arithmetic.ts';

/**
 * Zeroes a share of the numbers, others in each run, and scales the rest so that the expected sum stays.
 *
 * @param share from 0 to below 1
 * @param seed a whole number from 0 to before 2^24; a new session draws the same numbers again
 * @see Srivastava et al., 2014, https://jmlr.org/papers/v15/srivastava14a.html
 */
export function dropout(x: Tensor, share: number, seed: number): Tensor {
  if (share === 0) return x;
  const kept = node('kept', [x], {
    shape: x.shape,
    dtype: 'float32',
    evaluate: ([a]) => drawn(a!, share, seed),
    lower: (onnx, inputs) => {
      const numbers = onnx.emit('RandomUniformLike', inputs, { dtype: 1, seed: { float: seed } });
      const passes = onnx.emit('GreaterOrEqual', [numbers, onnx.constant('float32', [share])]);
      const ones = onnx.emit('Cast', [passes], { to: 1 });
      return onnx.emit('Mul', [ones, onnx.constant('float32', [1 / (1 - share)])]);
    },
  });
  return mul(x, kept);
}

/** The interpreter draws by a recurrence of its own (Park and Miller's). */
function drawn(x: NdArray, share: number, seed: number): NdArray {
  let state = seed + 1;
  return mapElements(() => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647 < share ? 0 : 1 / (1 - share);
  }, x);
}
