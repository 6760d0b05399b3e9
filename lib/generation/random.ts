/** Random numbers that a seed determines. */

/** A number from 0 to below 1, each time another. */
export type Random = () => number;

/**
 * The generator xoshiro128**, which passes the usual tests of randomness.
 *
 * @param seed a whole number; equal seeds give equal numbers
 * @see Blackman and Vigna, 2018, https://prng.di.unimi.it
 */
export function randomNumbers(seed: number): Random {
  let mixed = seed | 0;
  // splitmix32 spreads the seed over the state.
  const next = (): number => {
    mixed = (mixed + 0x9e3779b9) | 0;
    let bits = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
    return bits ^ (bits >>> 16);
  };
  let [a, b, c, d] = [next(), next(), next(), next()];
  const bits32 = (): number => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return result >>> 0;
  };
  return () => ((bits32() >>> 5) * 2 ** 26 + (bits32() >>> 6)) / 2 ** 53;
}

const rotate = (x: number, by: number): number => (x << by) | (x >>> (32 - by));
