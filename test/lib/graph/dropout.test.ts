import { describe, expect, it } from 'vitest';
import {
  dropMask,
  dropout,
  float32,
  grad,
  graph,
  input,
  interpret,
  ndarray,
  Session,
  sum,
} from '../../../lib/graph/index.ts';
import { devices } from '../devices.ts';

const COUNT = 10_000;
const x = input('x', ['n']);
const ones = float32(new Float32Array(COUNT).fill(1), [COUNT]);
const dropped = (share: number, seed: number) => dropout(x, share, dropMask(x.shape, share, seed));

describe.each(devices)('dropout on %s', device => {
  it('zeroes about its share and scales the rest, as the interpreter does', async () => {
    const y = graph({ y: dropped(0.2, 7) });
    const session = await Session.create(y, { device });
    const numbers = (await session.run({ x: ones })).y!.data as Float32Array;
    // Four standard deviations of 10,000 draws are 0.016.
    expect(Math.abs(numbers.filter(value => value === 0).length / COUNT - 0.2)).toBeLessThan(0.016);
    expect(new Set(numbers)).toEqual(new Set([0, 1.25]));
    const exact = interpret(y, { x: ndarray([COUNT], new Array(COUNT).fill(1)) });
    expect([...numbers]).toEqual([...exact.y!.data]);
    await session.release();
  });

  it('zeroes others in each run and with each seed, and the same in a run of the same number', async () => {
    const runs = async (seed: number, ...numbers: (number | undefined)[]): Promise<Float32Array[]> => {
      const session = await Session.create(graph({ y: dropped(0.5, seed) }), { device });
      const results: Float32Array[] = [];
      for (const run of numbers) results.push((await session.run({ x: ones }, run)).y!.data as Float32Array);
      await session.release();
      return results;
    };
    const [first, second, third] = await runs(3, undefined, undefined, undefined);
    expect(await runs(3, 2, undefined, 1)).toEqual([second, third, first]);
    const [other] = await runs(4, 1);
    const agreement = (a: Float32Array, b: Float32Array): number =>
      a.filter((value, i) => value === b[i]).length / COUNT;
    for (const masks of [
      [first, second],
      [first, third],
      [first, other],
      [first!.subarray(1), second],
    ] as [Float32Array, Float32Array][]) {
      expect(Math.abs(agreement(...masks) - 0.5)).toBeLessThan(0.02);
    }
  });

  it('lets the gradient through where it lets numbers through', async () => {
    const y = dropped(0.5, 3);
    const [dx] = grad(sum(y), [x]);
    const session = await Session.create(graph({ y, dx: dx! }), { device });
    const found = await session.run({ x: ones });
    expect(found.dx!.data).toEqual(found.y!.data);
    await session.release();
  });
});
