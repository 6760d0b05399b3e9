import { expect, it } from 'vitest';
import { baselines } from '../../../scripts/pretrain/baselines.ts';

// Five tokens, of which 0 stands three times, 1 twice and 2 never; the pairs are 01, 10, 00 and 01.
const train = Uint16Array.of(0, 1, 0, 0, 1);
const log = (...shares: number[]): number =>
  -shares.reduce((sum, share) => sum + Math.log(share), 0) / shares.length;

it('counts tokens, one more of each', () => {
  const test = Uint16Array.of(0, 1, 2, 0);
  expect(baselines(train, test, 3, 4).unigram).toBeCloseTo(log(3 / 8, 1 / 8, 4 / 8));
});

it('takes a part of the count of each pair for those that it has not seen', () => {
  const [zero, one, two] = [4 / 8, 3 / 8, 1 / 8];
  // After 0 come 1 twice and 0 once; after 1 comes 0 once; nothing was seen after 2.
  const test = Uint16Array.of(0, 1, 2, 0);
  const seen = (2 - 0.75 + 0.75 * 2 * one) / 3;
  const unseen = (0.75 * two) / 1;
  expect(baselines(train, test, 3, 4).bigram).toBeCloseTo(log(seen, unseen, zero));
});

it('predicts nothing across rows, and leaves out what fills none', () => {
  const rows = Uint16Array.of(0, 1, 2, 1, 0);
  expect(baselines(train, rows, 3, 2).unigram).toBeCloseTo(log(3 / 8, 3 / 8));
});
