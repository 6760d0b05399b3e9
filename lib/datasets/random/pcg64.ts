/**
 * NumPy's default stream of random bits: a seed sequence and PCG64, so that one seed gives the rows it gives in Python.
 *
 * Sources: M. E. O'Neill, "PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms for Random Number
 * Generation" (2014), variant XSL RR 128/64, and her `seed_seq` alternative as `numpy.random.SeedSequence` has it.
 */

const POOL_WORDS = 4;
/** The multiplier 0x2360ed051fc65da44385df649fccf645, lowest word first. */
const [M0, M1, M2, M3] = [0x9fccf645, 0x4385df64, 0x1fc65da4, 0x2360ed05] as const;

/** Random bits in the order in which `numpy.random.PCG64(seed)` gives them. */
export class Pcg64 {
  /** 128 bits each, lowest word first. */
  readonly #state: Uint32Array;
  readonly #increment: Uint32Array;
  #high = 0;
  #hasHigh = false;

  /** @throws if the seed is not an integer from 0 */
  constructor(seed: number | bigint) {
    const words = seedWords(seed);
    // The seed sequence gives 64-bit numbers with the low word first, and PCG64 takes the high number first.
    const initial = Uint32Array.of(words[2]!, words[3]!, words[0]!, words[1]!);
    const sequence = Uint32Array.of(words[6]!, words[7]!, words[4]!, words[5]!);
    this.#increment = sequence.map((word, i) => (word << 1) | (i === 0 ? 1 : sequence[i - 1]! >>> 31));
    this.#state = this.#increment.slice();
    add(this.#state, initial);
    this.#step();
  }

  /** The next 64 bits, as their low and high words. */
  next64(): [low: number, high: number] {
    this.#step();
    const [s0, s1, s2, s3] = this.#state as unknown as [number, number, number, number];
    const low = s0 ^ s2;
    const high = s1 ^ s3;
    const rotation = s3 >>> 26;
    const shift = rotation & 31;
    const [a, b] = rotation < 32 ? [low, high] : [high, low];
    if (shift === 0) return [a >>> 0, b >>> 0];
    return [((a >>> shift) | (b << (32 - shift))) >>> 0, ((b >>> shift) | (a << (32 - shift))) >>> 0];
  }

  /** The next 32 bits; every second call gives the high half of 64 bits drawn before. */
  next32(): number {
    if (this.#hasHigh) {
      this.#hasHigh = false;
      return this.#high;
    }
    const [low, high] = this.next64();
    this.#high = high;
    this.#hasHigh = true;
    return low;
  }

  /** A number from 0 (inclusive) to 1 (exclusive), with 53 random bits. */
  nextDouble(): number {
    const [low, high] = this.next64();
    return (high * 2 ** 21 + (low >>> 11)) * 2 ** -53;
  }

  /** The state times the multiplier plus the increment, modulo 2^128. Written out, since this is the hot loop. */
  #step(): void {
    const state = this.#state;
    const s0 = state[0]!;
    const s1 = state[1]!;
    const s2 = state[2]!;
    const s3 = state[3]!;
    const increment = this.#increment;
    // Columns of the long multiplication; each sum stays far below 2^53, so that a double holds it exactly.
    const c0 = low(s0, M0) + increment[0]!;
    state[0] = c0;
    const c1 = carry(c0) + high(s0, M0) + low(s1, M0) + low(s0, M1) + increment[1]!;
    state[1] = c1;
    const c2 =
      carry(c1) + high(s1, M0) + high(s0, M1) + low(s2, M0) + low(s1, M1) + low(s0, M2) + increment[2]!;
    state[2] = c2;
    state[3] =
      carry(c2) +
      high(s2, M0) +
      high(s1, M1) +
      high(s0, M2) +
      low(s3, M0) +
      low(s2, M1) +
      low(s1, M2) +
      low(s0, M3) +
      increment[3]!;
  }
}

function low(a: number, b: number): number {
  return Math.imul(a, b) >>> 0;
}

/** The high 32 bits of a product of two 32-bit words. */
function high(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const cross = aHigh * bLow + ((aLow * bLow) >>> 16);
  return aHigh * bHigh + carry16(cross) + carry16(aLow * bHigh + (cross & 0xffff));
}

function carry(sum: number): number {
  return Math.floor(sum / 2 ** 32);
}

function carry16(sum: number): number {
  return Math.floor(sum / 2 ** 16);
}

function add(target: Uint32Array, words: Uint32Array): void {
  let sum = 0;
  for (let i = 0; i < target.length; i++) {
    sum = carry(sum) + target[i]! + words[i]!;
    target[i] = sum;
  }
}

/** The eight words that a seed is stretched to: `SeedSequence(seed).generate_state(8)`. */
function seedWords(seed: number | bigint): Uint32Array {
  const pool = new Uint32Array(POOL_WORDS);
  const entropy = entropyWords(seed);
  let factor = 0x43b0d7e5;
  const hash = (word: number): number => {
    const mixed = word ^ factor;
    factor = Math.imul(factor, 0x931e8875);
    const value = Math.imul(mixed, factor);
    return value ^ (value >>> 16);
  };
  const mix = (a: number, b: number): number => {
    const value = Math.imul(0xca01f9dd, a) - Math.imul(0x4973f715, b);
    return value ^ (value >>> 16);
  };
  for (let i = 0; i < POOL_WORDS; i++) pool[i] = hash(entropy[i] ?? 0);
  for (let from = 0; from < POOL_WORDS; from++) {
    for (let to = 0; to < POOL_WORDS; to++) {
      if (from !== to) pool[to] = mix(pool[to]!, hash(pool[from]!));
    }
  }
  for (const word of entropy.slice(POOL_WORDS)) {
    for (let to = 0; to < POOL_WORDS; to++) pool[to] = mix(pool[to]!, hash(word));
  }
  let outFactor = 0x8b51f9dd;
  return Uint32Array.from({ length: 8 }, (_, i) => {
    const mixed = pool[i % POOL_WORDS]! ^ outFactor;
    outFactor = Math.imul(outFactor, 0x58f38ded);
    const value = Math.imul(mixed, outFactor);
    return value ^ (value >>> 16);
  });
}

/** A seed as 32-bit words, the lowest first. */
function entropyWords(seed: number | bigint): number[] {
  if (typeof seed !== 'bigint' && !Number.isSafeInteger(seed)) {
    throw new TypeError(`seed must be an integer, not ${String(seed)}.`);
  }
  if (seed < 0) throw new RangeError(`seed must be 0 or greater, not ${seed}.`);
  const words: number[] = [];
  for (let rest = BigInt(seed); rest > 0n; rest >>= 32n) words.push(Number(rest & 0xffffffffn));
  return words.length > 0 ? words : [0];
}
