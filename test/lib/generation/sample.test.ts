import { describe, expect, it } from 'vitest';
import {
  forbidRepeatedNgrams,
  keepMinP,
  keepTopK,
  keepTopP,
  penalizeRepetition,
} from '../../../lib/generation/processors.ts';
import { randomNumbers } from '../../../lib/generation/random.ts';
import { sampleIndices, sampleToken } from '../../../lib/generation/sample.ts';
import { topIndices } from '../../../lib/generation/top.ts';

const SCORES = [0.5, -1, 2, -Infinity, 1.5, 0, -3, 1];
const weights = SCORES.map(Math.exp);
const total = weights.reduce((a, b) => a + b);
/** The 0.999 quantile of chi-square with 6 degrees of freedom: seven tokens can be drawn. */
const CRITICAL = 22.46;

describe('draws', () => {
  it.each([1, 2, 3])('follow the softmax of the scores (chi-square, seed %d)', seed => {
    const random = randomNumbers(seed);
    const counts = SCORES.map(() => 0);
    for (let i = 0; i < 20000; i++) counts[sampleToken(Float32Array.from(SCORES), random)]!++;
    expect(chiSquare(counts, 20000)).toBeLessThan(CRITICAL);
    expect(counts[3]).toBe(0);
  });

  it('without putting back: the first follows the softmax, and none comes twice', () => {
    const random = randomNumbers(4);
    const counts = SCORES.map(() => 0);
    for (let i = 0; i < 20000; i++) {
      const drawn = sampleIndices(Float32Array.from(SCORES), 3, random);
      expect(new Set(drawn).size).toBe(3);
      counts[drawn[0]!]!++;
    }
    expect(chiSquare(counts, 20000)).toBeLessThan(CRITICAL);
  });

  it('of uniform numbers fill 50 bins evenly (chi-square below its 0.999 quantile, 85.4)', () => {
    const random = randomNumbers(42);
    const bins = new Array<number>(50).fill(0);
    for (let i = 0; i < 100000; i++) bins[Math.floor(random() * 50)]!++;
    expect(bins.reduce((sum, n) => sum + (n - 2000) ** 2 / 2000, 0)).toBeLessThan(85.4);
  });
});

describe('what is drawn from', () => {
  const keptBy = (process: (tokens: number[], scores: Float32Array) => void, tokens: number[] = []) => {
    const scores = Float32Array.from(SCORES);
    process(tokens, scores);
    return [...scores.keys()].filter(id => scores[id]! > -Infinity);
  };

  it('topK keeps the likeliest, and ties with the last of them', () => {
    expect(keptBy(keepTopK(3))).toEqual([2, 4, 7]);
    const tied = Float32Array.from([1, 2, 1, 0]);
    keepTopK(2)([], tied);
    expect([...tied]).toEqual([1, 2, 1, -Infinity]);
  });

  it('topP keeps as few as have the probability', () => {
    for (const p of [0.1, 0.5, 0.8, 0.95, 0.9999]) {
      const order = topIndices(Float32Array.from(SCORES), 7);
      let mass = 0;
      const expected = order.filter(id => {
        const before = mass;
        mass += weights[id]! / total;
        return before < p;
      });
      expect(keptBy(keepTopP(p, 1)), `p = ${p}`).toEqual(expected.toSorted((a, b) => a - b));
    }
    expect(keptBy(keepTopP(0.1, 2))).toEqual([2, 4]);
    const equal = new Float32Array(8);
    keepTopP(0.5, 1)([], equal);
    expect(equal.filter(score => score === 0)).toHaveLength(4);
  });

  it('minP keeps what is near the likeliest', () => {
    expect(keptBy(keepMinP(0.3, 1))).toEqual([2, 4, 7]);
    expect(keptBy(keepMinP(1, 2))).toEqual([2, 4]);
  });

  it('repetitions are made less likely once, whichever sign their score has', () => {
    const scores = Float32Array.from([4, -4, 4]);
    penalizeRepetition(2)([0, 0, 1], scores);
    expect([...scores]).toEqual([2, -8, 4]);
  });

  it('no run of tokens comes twice', () => {
    expect(keptBy(forbidRepeatedNgrams(2), [1, 2, 4, 1])).not.toContain(2);
    expect(keptBy(forbidRepeatedNgrams(3), [1, 2, 4, 1])).toContain(2);
    expect(keptBy(forbidRepeatedNgrams(3), [1, 2, 4, 1, 2])).not.toContain(4);
    expect(keptBy(forbidRepeatedNgrams(1), [1, 2])).toEqual([0, 4, 5, 6, 7]);
  });

  it('the largest come in order, of equal ones the first', () => {
    const scores = Float32Array.from({ length: 1000 }, (_, i) => (i * 7919) % 101);
    const expected = [...scores.keys()].sort((i, j) => scores[j]! - scores[i]! || i - j).slice(0, 37);
    expect(topIndices(scores, 37)).toEqual(expected);
  });
});

function chiSquare(counts: readonly number[], draws: number): number {
  return counts.reduce((sum, count, id) => {
    const expected = (draws * weights[id]!) / total;
    return expected === 0 ? sum : sum + (count - expected) ** 2 / expected;
  }, 0);
}
