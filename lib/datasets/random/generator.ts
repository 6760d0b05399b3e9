/** The draws of `numpy.random.default_rng(seed)` that Python's `datasets` makes, bit for bit. */
import { randomBytes } from 'node:crypto';
import { Pcg64 } from './pcg64.ts';

const POOL_FOR_TAIL_SHUFFLE = 10_000;
const TAIL_SHUFFLE_SHARE = 50;

/** Random numbers; from a seed the same as NumPy's (checked against NumPy 2.4), without one different each time. */
export class RandomGenerator {
  readonly #bits: Pcg64;

  /** @throws if the seed is not an integer from 0 */
  constructor(seed?: number | bigint) {
    this.#bits = new Pcg64(seed ?? BigInt(`0x${randomBytes(16).toString('hex')}`));
  }

  /** A number from 0 (inclusive) to 1 (exclusive). */
  random(): number {
    return this.#bits.nextDouble();
  }

  /** An integer from 0 to `count - 1`. */
  integer(count: number): number {
    return this.#bounded(count - 1);
  }

  /** The integers from 0 to `count - 1` in random order. */
  permutation(count: number): Uint32Array {
    const order = Uint32Array.from({ length: count }, (_, i) => i);
    this.shuffle(order);
    return order;
  }

  /** Puts values in random order, in place. */
  shuffle(values: { length: number; [index: number]: unknown }): void {
    for (let i = values.length - 1; i > 0; i--) swap(values, i, this.#interval(i));
  }

  /** `size` different integers from 0 to `count - 1`, in random order. */
  sample(count: number, size: number): number[] {
    if (count > POOL_FOR_TAIL_SHUFFLE && size > Math.floor(count / TAIL_SHUFFLE_SHARE)) {
      const all = Array.from({ length: count }, (_, i) => i);
      for (let i = count - 1; i >= Math.max(count - size, 1); i--) swap(all, i, this.#bounded(i));
      return all.slice(count - size);
    }
    // Floyd's algorithm: a number drawn before stands for the greatest of its round.
    const drawn = new Set<number>();
    for (let greatest = count - size; greatest < count; greatest++) {
      const value = this.#bounded(greatest);
      drawn.add(drawn.has(value) ? greatest : value);
    }
    const sample = [...drawn];
    for (let i = sample.length - 1; i > 0; i--) swap(sample, i, this.#bounded(i));
    return sample;
  }

  /**
   * An index drawn with given probabilities.
   *
   * @param cumulative the probabilities summed up, as `cumulate` gives them
   */
  choice(cumulative: readonly number[]): number {
    const drawn = this.random();
    return cumulative.findIndex(sum => drawn < sum);
  }

  /** 0 to `max`, by drawing as many bits as it takes until they fit. */
  #interval(max: number): number {
    const mask = 0xffffffff >>> Math.clz32(max);
    for (;;) {
      const value = (this.#bits.next32() & mask) >>> 0;
      if (value <= max) return value;
    }
  }

  /** 0 to `max`, by Lemire's multiplication. */
  #bounded(max: number): number {
    if (max === 0) return 0;
    const count = max + 1;
    // The product has up to 64 bits, which a double does not hold: its two halves are taken apart.
    for (;;) {
      const bits = this.#bits.next32();
      const rest = Math.imul(bits, count) >>> 0;
      if (rest >= count || rest >= (0xffffffff - max) % count) return productHigh(bits, count);
    }
  }
}

/** Running sums of probabilities, the last exactly 1. */
export function cumulate(probabilities: readonly number[]): number[] {
  let sum = 0;
  const sums = probabilities.map(probability => (sum += probability));
  return sums.map(partial => partial / sum);
}

function productHigh(a: number, b: number): number {
  const low = (a & 0xffff) * b;
  return Math.floor(((a >>> 16) * b + Math.floor(low / 2 ** 16)) / 2 ** 16);
}

function swap(values: { [index: number]: unknown }, i: number, j: number): void {
  const value = values[i];
  values[i] = values[j];
  values[j] = value;
}
