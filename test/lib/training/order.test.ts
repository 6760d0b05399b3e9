import { describe, expect, it } from 'vitest';
import {
  lengthGroupedOrder,
  type ScheduleOptions,
  schedule,
  trainerOrder,
} from '../../../lib/training/index.ts';

describe('the order of the examples', () => {
  it("is the course's: 1260 rows, seed 42", () => {
    const first = trainerOrder(1260, 42).next().value;
    expect([...first.slice(0, 12)]).toEqual([568, 980, 137, 85, 238, 920, 1038, 756, 599, 946, 324, 344]);
  });

  it('has each example once in each epoch, in another order', () => {
    const epochs = trainerOrder(50, 7);
    const [first, second] = [epochs.next().value, epochs.next().value];
    const all = Array.from({ length: 50 }, (_, i) => i);
    expect([...first].sort((a, b) => a - b)).toEqual(all);
    expect([...second].sort((a, b) => a - b)).toEqual(all);
    expect(first).not.toEqual(second);
    expect([...trainerOrder(1, 7).next().value]).toEqual([0]);
  });
});

describe("the order of transformers' LengthGroupedSampler", () => {
  const epochs = (lengths: readonly number[], size: number, seed: number): number[][] => {
    const orders = lengthGroupedOrder(lengths, size, seed);
    return [[...orders.next().value], [...orders.next().value]];
  };

  it('is that of two epochs of the Hugging Face Trainer (transformers 5.18, seed 42)', () => {
    const lengths = Array.from({ length: 30 }, (_, i) => 2 + ((i * i) % 11));
    expect(epochs(lengths, 4, 42)).toEqual([
      [
        19, 16, 5, 22, 20, 26, 29, 28, 8, 14, 2, 6, 25, 17, 21, 0, 15, 7, 27, 23, 4, 13, 9, 11, 3, 24, 1, 10,
        18, 12,
      ],
      [
        19, 29, 2, 5, 4, 24, 9, 12, 6, 28, 1, 21, 7, 18, 27, 10, 15, 13, 16, 11, 3, 14, 25, 20, 8, 26, 17, 23,
        22, 0,
      ],
    ]);
  });

  it('begins with the longest, and goes down within groups', () => {
    const lengths = Array.from({ length: 1000 }, (_, i) => (i * 7919) % 1000);
    const [first] = epochs(lengths, 4, 7);
    const ordered = first!.map(row => lengths[row]!);
    expect(ordered[0]).toBe(999);
    expect([...first!].sort((a, b) => a - b)).toEqual(lengths.map((_, i) => i));
    // 50 steps of 4 rows are a group; its first row may have been exchanged for the longest of all.
    for (const from of [0, 200, 400, 600, 800]) {
      const group = ordered.slice(from + 1, from + 200);
      expect(group).toEqual(group.toSorted((a, b) => b - a));
    }
  });
});

describe('schedules', () => {
  const factors = (
    name: Parameters<typeof schedule>[0],
    warmupSteps: number,
    more: Partial<ScheduleOptions> = {},
  ): number[] => {
    const factor = schedule(name, { steps: 6, warmupSteps, ...more });
    return Array.from({ length: 7 }, (_, taken) => Number(factor(taken).toFixed(4)));
  };

  it('rise over the warm-up, then fall in a line, in half a wave, or stay', () => {
    expect(factors('linear', 2)).toEqual([0, 0.5, 1, 0.75, 0.5, 0.25, 0]);
    expect(factors('cosine', 2)).toEqual([0, 0.5, 1, 0.8536, 0.5, 0.1464, 0]);
    expect(factors('constant_with_warmup', 2)).toEqual([0, 0.5, 1, 1, 1, 1, 1]);
    expect(factors('linear', 0)).toEqual([1, 0.8333, 0.6667, 0.5, 0.3333, 0.1667, 0]);
  });

  it("fall in waves, by a power or as one over the root, with the numbers of transformers' get_scheduler", () => {
    expect(factors('cosine_with_restarts', 2, { numCycles: 2 })).toEqual([0, 0.5, 1, 0.5, 1, 0.5, 0]);
    expect(factors('cosine_with_restarts', 0, { numCycles: 2 })).toEqual([1, 0.75, 0.25, 1, 0.75, 0.25, 0]);
    expect(factors('polynomial', 2, { power: 2, endShare: 0.2 })).toEqual([0, 0.5, 1, 0.65, 0.4, 0.25, 0.2]);
    expect(factors('polynomial', 2)).toEqual([0, 0.5, 1, 0.75, 0.5, 0.25, 0]);
    expect(factors('inverse_sqrt', 4)).toEqual([0, 0.25, 0.5, 0.75, 1, 0.8944, 0.8165]);
    expect(factors('inverse_sqrt', 0)).toEqual([1, 1, 0.9999, 0.9999, 0.9998, 0.9998, 0.9997]);
  });
});
