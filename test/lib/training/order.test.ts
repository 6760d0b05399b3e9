import { describe, expect, it } from 'vitest';
import { schedule, trainerOrder } from '../../../lib/training/index.ts';

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

describe('schedules', () => {
  const factors = (name: Parameters<typeof schedule>[0], warmupSteps: number): number[] => {
    const factor = schedule(name, { steps: 6, warmupSteps });
    return Array.from({ length: 7 }, (_, taken) => Number(factor(taken).toFixed(4)));
  };

  it('rise over the warm-up, then fall in a line, in half a wave, or stay', () => {
    expect(factors('linear', 2)).toEqual([0, 0.5, 1, 0.75, 0.5, 0.25, 0]);
    expect(factors('cosine', 2)).toEqual([0, 0.5, 1, 0.8536, 0.5, 0.1464, 0]);
    expect(factors('constant_with_warmup', 2)).toEqual([0, 0.5, 1, 1, 1, 1, 1]);
    expect(factors('linear', 0)).toEqual([1, 0.8333, 0.6667, 0.5, 0.3333, 0.1667, 0]);
  });
});
