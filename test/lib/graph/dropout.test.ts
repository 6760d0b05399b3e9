import { describe, expect, it } from 'vitest';
import {
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

describe.each(devices)('dropout on %s', device => {
  const x = input('x', ['n']);
  const ones = float32(new Float32Array(10_000).fill(1), [10_000]);

  it('zeroes about its share, other numbers in each run, and scales the rest', async () => {
    const session = await Session.create(graph({ y: dropout(x, 0.2, 7) }), { device });
    const [first, second] = [await session.run({ x: ones }), await session.run({ x: ones })];
    const numbers = first.y!.data as Float32Array;
    const zeros = numbers.filter(value => value === 0).length;
    // Five standard deviations of 10,000 draws are 0.02.
    expect(zeros / 10_000).toBeCloseTo(0.2, 1);
    expect(new Set(numbers)).toEqual(new Set([0, 1.25]));
    expect(second.y!.data).not.toEqual(numbers);
    await session.release();

    const again = await Session.create(graph({ y: dropout(x, 0.2, 7) }), { device });
    expect((await again.run({ x: ones })).y!.data).toEqual(numbers);
    await again.release();
    const other = await Session.create(graph({ y: dropout(x, 0.2, 8) }), { device });
    expect((await other.run({ x: ones })).y!.data).not.toEqual(numbers);
    await other.release();
  });

  it('lets the gradient through where it lets numbers through', async () => {
    const y = dropout(x, 0.5, 3);
    const [dx] = grad(sum(y), [x]);
    const session = await Session.create(graph({ y, dx: dx! }), { device });
    const found = await session.run({ x: ones });
    expect(found.dx!.data).toEqual(found.y!.data);
    await session.release();
  });
});

describe('dropout', () => {
  it('is nothing with a share of 0', () => {
    const x = input('x', [3]);
    expect(dropout(x, 0, 1)).toBe(x);
  });

  it('keeps its share in the interpreter too', () => {
    const x = input('x', [1000]);
    const feeds = { x: ndarray([1000], new Array(1000).fill(1)) };
    const { y } = interpret(graph({ y: dropout(x, 0.2, 7) }), feeds);
    expect(y!.data.filter(value => value === 0).length / 1000).toBeCloseTo(0.2, 1);
  });
});
