import { expect, it, describe as suite } from 'vitest';
import { describe, frame, toDanfo } from '../../../lib/frames/index.ts';

async function summaryOf(values: readonly unknown[]): Promise<object> {
  return describe(await frame(values.map(x => ({ x })))).object() as object;
}

suite('describe', () => {
  it('gives numbers what pandas 3.0.6 gives, and counts what is missing', async () => {
    const summary = await summaryOf([3.5, -1, null, 7, 2, 2, 10.25, 0, Number.NaN, 4]);
    expect(summary).toEqual({
      column: 'x',
      type: 'number',
      count: 8,
      nulls: 2,
      unique: 7,
      top: [2],
      frequency: [2],
      of: 'values',
      mean: 3.46875,
      std: expect.closeTo(3.6850021807, 10),
      min: -1,
      q25: 1.5,
      median: 2.75,
      q75: 4.75,
      max: 10.25,
    });
  });

  it('gives texts the statistics of their lengths, as pandas of str.len(), and the commonest', async () => {
    expect(await summaryOf(['aa', 'b', 'ccc', 'b', null, 'h😀'])).toMatchObject({
      unique: 4,
      top: ['b'],
      frequency: [2],
      of: 'characters',
      mean: 1.8,
      std: expect.closeTo(0.8366600265, 10),
      q25: 1,
      median: 2,
      q75: 2,
      max: 3,
    });
  });

  it('gives great integers a mean and a deviation with all their digits', async () => {
    const ids = Array.from({ length: 501 }, (_, i) => 2n ** 53n + 2n * BigInt(i));
    expect(await summaryOf(ids)).toMatchObject({
      mean: 2 ** 53 + 500,
      std: expect.closeTo(Math.sqrt((((501 ** 2 - 1) / 12) * 4 * 501) / 500), 6),
    });
  });

  it('gives dates the quartiles of pandas', async () => {
    const days = ['2024-01-01', '2024-01-02', '2024-01-05', '2024-02-01'].map(day => new Date(day));
    expect(await summaryOf(days)).toMatchObject({
      mean: new Date('2024-01-10'),
      std: null,
      q25: new Date('2024-01-01T18:00:00Z'),
      median: new Date('2024-01-03T12:00:00Z'),
      q75: new Date('2024-01-11T18:00:00Z'),
    });
    expect(await summaryOf([new Date(1), new Date(0), new Date(1), new Date(Number.NaN)])).toMatchObject({
      count: 3,
      nulls: 1,
      unique: 2,
      top: [new Date(1)],
      frequency: [2],
      max: new Date(1),
    });
  });

  it('names the three commonest values with their counts, of equals the first', async () => {
    const topics = ['b', 'a', 'd', 'a', 'c', 'a', 'c', 'b', 'd', 'd'];
    expect(await summaryOf(topics)).toMatchObject({ unique: 4, top: ['a', 'd', 'b'], frequency: [3, 3, 2] });
    const numbers = [4, 3, 3, 2, 2, 2, 1, 1, 9];
    expect(await summaryOf(numbers)).toMatchObject({ unique: 5, top: [2, 1, 3], frequency: [3, 2, 2] });
  });

  it('names no commonest value where none comes twice, and finds alike lists', async () => {
    expect(await summaryOf([1, 2])).toMatchObject({ top: [], frequency: [] });
    expect(await summaryOf([[1], [2], [1]])).toMatchObject({ top: [[1]], frequency: [2], unique: 2 });
    expect(await summaryOf([7])).toMatchObject({ std: null, q25: 7, max: 7 });
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
      top: [early],
      min: early,
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

  it('takes frames of danfo with nulls, at which its own describe throws, data sets and rows', async () => {
    const rows = [
      { a: 1.5, b: 'x' },
      { a: null, b: null },
    ];
    const data = { columnNames: ['a', 'b'], numRows: 2, [Symbol.iterator]: () => rows.values() };
    for (const table of [await toDanfo(rows), data, rows]) {
      expect(describe(table).array('nulls')).toEqual([1, 1]);
    }
  });

  it('asks for a table when given something else', () => {
    expect(() => describe([1, 2] as never)).toThrow('describe needs a table');
    expect(() => describe('a.csv' as never)).toThrow('not string');
  });
});
