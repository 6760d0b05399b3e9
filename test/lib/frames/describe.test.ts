import { expect, it, describe as suite } from 'vitest';
import { describe, frame } from '../../../lib/frames/index.ts';

async function summaryOf(values: readonly unknown[]): Promise<object> {
  return describe(await frame(values.map(x => ({ x })))).object() as object;
}

suite('describe', () => {
  it('gives numbers their range and mean, and counts what is missing', async () => {
    expect(await summaryOf([1, 2, 2, null, Number.NaN])).toEqual({
      column: 'x',
      type: 'integer',
      count: 3,
      nulls: 2,
      unique: 2,
      of: 'values',
      min: 1,
      mean: 5 / 3,
      max: 2,
    });
  });

  it('gives texts the range of their lengths, counted in characters as Python counts them', async () => {
    expect(await summaryOf(['a', 'h😀', 'a'])).toMatchObject({
      type: 'text',
      unique: 2,
      of: 'characters',
      min: 1,
      mean: 4 / 3,
      max: 2,
    });
  });

  it('tells whole numbers, fractions, booleans, dates, lists and mixtures apart', async () => {
    const [early, late] = [new Date('2024-01-01'), new Date('2025-01-01')];
    expect(await summaryOf([1, 0.5])).toMatchObject({ type: 'number', min: 0.5, max: 1 });
    expect(await summaryOf([true, true, false, false])).toMatchObject({
      type: 'boolean',
      min: null,
      mean: 0.5,
    });
    expect(await summaryOf([late, early, early])).toMatchObject({
      type: 'date',
      unique: 2,
      min: early,
      mean: null,
      max: late,
    });
    expect(await summaryOf([[1], [1], [1, 2, 3]])).toMatchObject({
      type: 'list',
      unique: 2,
      of: 'items',
      min: 1,
      max: 3,
    });
    expect(await summaryOf([{ a: 1 }])).toMatchObject({ type: 'object', of: null, min: null });
    expect(await summaryOf([1, 'one'])).toMatchObject({ type: 'mixed', unique: 2, mean: null });
    expect(await summaryOf([null])).toMatchObject({ type: 'empty', count: 0, nulls: 1, min: null });
  });

  it('has one row for each column and sees only the rows that a filter leaves', async () => {
    const df = await frame([
      { a: 1, b: 'x' },
      { a: 9, b: 'y' },
    ]);
    const summary = describe(df.filter((d: { a: number }) => d.a < 5));
    expect(summary.array('column')).toEqual(['a', 'b']);
    expect(summary.array('max')).toEqual([1, 1]);
  });

  it('asks for a frame when given something else', () => {
    expect(() => describe([{ a: 1 }] as never)).toThrow('describe needs a data frame');
  });
});
