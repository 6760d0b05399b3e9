/** Leaving numbers out at random, so that training does not lean on a few. */
import type { Shape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { mul } from './arithmetic.ts';
import { cast } from './cast.ts';

/**
 * Zeroes the numbers that a mask leaves out, and scales the rest so that the expected sum stays.
 *
 * @param share how much the mask leaves out
 * @example const y = dropout(x, 0.1, dropMask(x.shape, 0.1, 42));
 * @see Srivastava et al., 2014, https://jmlr.org/papers/v15/srivastava14a.html
 */
export function dropout(x: Tensor, share: number, mask: Tensor): Tensor {
  return mul(x, mul(cast(mask, 'float32'), 1 / (1 - share)));
}

/**
 * 0 for a share of the numbers and 1 for the others: an input that each run draws for itself, so that a run of the same
 * number leaves out the same ones, on every device.
 *
 * @param share from 0 to below 1
 * @param seed a whole number, another one for each mask of a graph
 * @returns uint8
 */
export function dropMask(shape: Shape, share: number, seed: number): Tensor {
  const least = share * 2 ** 32;
  const draw = (data: Uint8Array, run: number): void => {
    const [first, second] = [mix(run), mix(seed ^ mix(~run))];
    // A plain loop over millions of numbers.
    for (let i = 0; i < data.length; i++) data[i] = mix(mix(i + first) ^ second) >>> 0 < least ? 0 : 1;
  };
  return { operator: 'input', inputs: [], dtype: 'uint8', shape, rule: { input: `mask ${seed}`, draw } };
}

/** Spreads each bit of a number over all 32: the last step of MurmurHash3. */
function mix(bits: number): number {
  let mixed = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
