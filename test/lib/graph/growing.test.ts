import { describe, expect, it } from 'vitest';
import {
  append,
  float32,
  graph,
  input,
  interpret,
  last,
  mul,
  ndarray,
  Session,
} from '../../../lib/graph/index.ts';

describe('tensors that grow', () => {
  const [past, added] = [input('past', ['batch', 'past', 2]), input('added', ['batch', 'new', 2])];
  const all = input('all', ['total']);
  const joined = append(past, added, 1, 'total');
  const built = graph({ joined: mul(joined, 1), end: last(joined, 1, 'new', added), same: mul(all, 1) });

  it.each([0, 1, 3])('are joined with what was before (%i), and the end is cut off again', async before => {
    const shapes = { past: [2, before, 2], added: [2, 2, 2], all: [before + 2] };
    const numbers = (count: number, from: number) => Array.from({ length: count }, (_, i) => from + i);
    const values = {
      past: numbers(4 * before, 0),
      added: numbers(8, 100),
      all: numbers(before + 2, 0),
    };
    const names = ['past', 'added', 'all'] as const;
    const exact = interpret(
      built,
      Object.fromEntries(names.map(name => [name, ndarray(shapes[name], values[name])])),
    );
    const session = await Session.create(built);
    const found = await session.run(
      Object.fromEntries(names.map(name => [name, float32(values[name], shapes[name])])),
    );
    await session.release();
    expect([...(found.end!.data as Float32Array)]).toEqual(values.added);
    expect([...exact.end!.data]).toEqual(values.added);
    expect([...(found.joined!.data as Float32Array)]).toEqual([...exact.joined!.data]);
    expect(exact.joined!.shape).toEqual([2, before + 2, 2]);
    expect([...exact.joined!.data].slice(-4)).toEqual([104, 105, 106, 107]);
  });

  it('must fit', () => {
    expect(() => append(past, input('x', [3, 'n', 2]), 1, 'total')).toThrow(
      'append: [3, n, 2] does not continue [batch, past, 2] along axis 1.',
    );
  });
});
