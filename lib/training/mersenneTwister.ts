/** The random numbers of PyTorch's CPU generator. */

const SIZE = 624;
const SHIFT = 397;

/** @see Matsumoto and Nishimura, 1998, https://dl.acm.org/doi/10.1145/272991.272995 (MT19937) */
export class MersenneTwister {
  readonly #state = new Uint32Array(SIZE);
  #used = SIZE;

  /** @param seed of which the lower 32 bits count */
  constructor(seed: number) {
    this.#state[0] = seed;
    for (let i = 1; i < SIZE; i++) {
      const before = this.#state[i - 1]!;
      this.#state[i] = Math.imul(1812433253, before ^ (before >>> 30)) + i;
    }
  }

  /** A whole number from 0 to before 2³². */
  next(): number {
    if (this.#used === SIZE) this.#refill();
    let bits = this.#state[this.#used++]!;
    bits ^= bits >>> 11;
    bits ^= (bits << 7) & 0x9d2c5680;
    bits ^= (bits << 15) & 0xefc60000;
    return (bits ^ (bits >>> 18)) >>> 0;
  }

  /** A whole number from 0 to before 2⁶⁴: two draws, the upper half first. */
  next64(): bigint {
    const upper = BigInt(this.next());
    return (upper << 32n) | BigInt(this.next());
  }

  #refill(): void {
    const state = this.#state;
    for (let i = 0; i < SIZE; i++) {
      const bits = (state[i]! & 0x80000000) | (state[(i + 1) % SIZE]! & 0x7fffffff);
      state[i] = state[(i + SHIFT) % SIZE]! ^ (bits >>> 1) ^ (bits & 1 ? 0x9908b0df : 0);
    }
    this.#used = 0;
  }
}
