import { describe, expect, it } from 'vitest';
import { cumulate, RandomGenerator } from '../../../lib/datasets/random/generator.ts';
import { Pcg64 } from '../../../lib/datasets/random/pcg64.ts';

// Reference values: NumPy 2.4.6, numpy.random.PCG64(seed).random_raw and numpy.random.default_rng(seed); exact.
const RAW: readonly [number, readonly bigint[]][] = [
  [0, [0xa30febcfd9c2825fn, 0x4510bdf882d9d721n, 0x0a7d3da94ecde8b8n]],
  [42, [0xc621fbcd16d92688n, 0x705a5661a791ffc1n, 0xdbcd12c26eda1624n]],
  [123, [0xaeae9c9903f3e9cdn, 0x0dc736db97cb6d23n, 0x3869812ee8b9ea96n]],
  [2 ** 53 - 1, [0xc948dddc0fcf0895n, 0x9b36b064d3d8a891n, 0x89a0c668d784663bn]],
];

describe('the random numbers of NumPy', () => {
  it.each(RAW)('has the bits of PCG64(%d)', (seed, expected) => {
    const bits = new Pcg64(seed);
    const drawn = expected.map(() => {
      const [low, high] = bits.next64();
      return (BigInt(high) << 32n) | BigInt(low);
    });
    expect(drawn).toEqual(expected);
  });

  it('permutes as default_rng(seed).permutation', () => {
    expect([...new RandomGenerator(0).permutation(10)]).toEqual([4, 6, 2, 7, 3, 5, 9, 0, 8, 1]);
    expect([...new RandomGenerator(42).permutation(10)]).toEqual([5, 6, 0, 7, 3, 2, 4, 9, 1, 8]);
    expect([...new RandomGenerator(123).permutation(10)]).toEqual([7, 4, 0, 2, 1, 5, 6, 8, 3, 9]);
    expect([...new RandomGenerator(2n ** 200n + 12345n).permutation(10)]).toEqual([
      4, 8, 0, 3, 1, 9, 2, 7, 5, 6,
    ]);
  });

  it('permutes 100,000 rows as NumPy does', () => {
    const order = new RandomGenerator(7).permutation(100_000);
    expect([...order.slice(0, 5)]).toEqual([45070, 71435, 99538, 45453, 95412]);
    expect([...order.slice(-5)]).toEqual([87647, 63842, 27285, 16809, 84619]);
    expect(order.reduce((sum, value, i) => sum + value * (i % 1009), 0)).toBe(2513910828632);
  });

  it('draws numbers, integers, choices and samples as NumPy does', () => {
    const numbers = new RandomGenerator(42);
    expect([numbers.random(), numbers.random(), numbers.random()]).toEqual([
      0.7739560485559633, 0.4388784397520523, 0.8585979199113825,
    ]);
    const small = new RandomGenerator(42);
    expect(Array.from({ length: 8 }, () => small.integer(1000))).toEqual([
      89, 773, 654, 438, 433, 858, 85, 697,
    ]);
    const great = new RandomGenerator(42);
    expect(Array.from({ length: 4 }, () => great.integer(3 * 2 ** 30))).toEqual([
      2493086937, 2108522448, 1413726408, 2765737489,
    ]);
    const choices = new RandomGenerator(42);
    const cumulative = cumulate([0.5, 0.3, 0.2]);
    expect(Array.from({ length: 20 }, () => choices.choice(cumulative))).toEqual([
      1, 0, 2, 1, 0, 2, 1, 1, 0, 0, 0, 2, 1, 2, 0, 0, 1, 0, 2, 1,
    ]);
    expect(new RandomGenerator(42).sample(1000, 5)).toEqual([771, 438, 653, 88, 433]);
    expect(new RandomGenerator(42).sample(20_000, 500).slice(0, 5)).toEqual([8305, 18068, 7297, 2318, 8047]);
  });

  it('differs each time without a seed', () => {
    const orders = [new RandomGenerator(), new RandomGenerator()].map(random => [...random.permutation(100)]);
    expect(orders[0]).not.toEqual(orders[1]);
  });

  it.each([-1, 1.5, Number.NaN, '7'])('refuses the seed %s', seed => {
    expect(() => new RandomGenerator(seed as number)).toThrow(/seed must be/);
  });
});
