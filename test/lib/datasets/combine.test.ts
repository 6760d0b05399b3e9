import { describe, expect, it } from 'vitest';
import {
  concatenateDatasets,
  Dataset,
  type InterleaveOptions,
  IterableDataset,
  interleaveDatasets,
} from '../../../lib/datasets/index.ts';

const a = Dataset.fromColumns({ n: [0, 1, 2] });
const b = Dataset.fromColumns({ n: [100, 101, 102, 103, 104] });
const streams = [a, b].map(dataset => new IterableDataset(() => dataset));
const drawn = { probabilities: [0.3, 0.7], seed: 42 };

describe('concatenateDatasets', () => {
  it('puts rows one after another, null where a data set lacks a column', () => {
    const more = Dataset.fromRows([{ n: 7, extra: 'x' }]);
    const all = concatenateDatasets<object>([a, more, b.take(0), a.select([2])]);
    expect(all.toRows()).toEqual([
      { n: 0, extra: null },
      { n: 1, extra: null },
      { n: 2, extra: null },
      { n: 7, extra: 'x' },
      { n: 2, extra: null },
    ]);
    expect(concatenateDatasets([a.take(0), b.take(0)]).numRows).toBe(0);
  });

  it('lets a column of nothing but null take the type of the other', () => {
    const nothing = Dataset.fromColumns({ n: [null] });
    expect(concatenateDatasets<object>([nothing, a]).features.get('n')).toEqual({
      type: 'value',
      dtype: 'int64',
    });
  });

  // Reference: the features of datasets 5.0.1.
  it.each<[string, unknown, unknown, unknown[]]>([
    ['an empty list and one of text', [], ['x'], [[], ['x']]],
    ['a field without a value and one of numbers', { x: null }, { x: 1 }, [{ x: null }, { x: 1 }]],
    [
      'objects of different fields',
      { x: 1 },
      { y: 'a' },
      [
        { x: 1, y: null },
        { x: null, y: 'a' },
      ],
    ],
    ['nulls in lists of objects', [{ x: [] }, null], [{ x: [1] }], [[{ x: [] }, null], [{ x: [1] }]]],
  ])('joins %s', async (_, one, other, joined) => {
    const parts = [Dataset.fromColumns({ a: [one] }), Dataset.fromColumns({ a: [other] })];
    const whole = Dataset.fromColumns({ a: [one, other] });
    for (const order of [parts, parts.toReversed()]) {
      const { features } = concatenateDatasets<object>(order);
      expect(features).toEqual(whole.features);
      const streamed = concatenateDatasets<object>(order.map(part => part.toIterableDataset()));
      expect(streamed.features).toEqual(features);
    }
    expect(concatenateDatasets<object>(parts).toRows()).toEqual(joined.map(a => ({ a })));
    const streamed = concatenateDatasets<object>(parts.map(part => part.toIterableDataset()));
    expect((await streamed.toDataset()).toRows()).toEqual(joined.map(a => ({ a })));
  });

  it('refuses columns of different types, and nothing at all', () => {
    expect(() => concatenateDatasets<object>([a, Dataset.fromColumns({ n: ['x'] })])).toThrow(
      'Column "n" is int64 in one data set and string in another; make them the same first',
    );
    expect(() =>
      concatenateDatasets<object>(
        [a, Dataset.fromColumns({ n: [0.5] })].map(part => part.toIterableDataset()),
      ),
    ).toThrow('Column "n" is int64 in one data set and float64 in another; make them the same first');
    expect(() => concatenateDatasets([])).toThrow('needs at least one data set');
    expect(() => concatenateDatasets(a as never)).toThrow(
      'concatenateDatasets takes the data sets as one array: concatenateDatasets([one, another]).',
    );
    expect(() => concatenateDatasets([a, streams[0]] as never)).toThrow('not a mixture');
  });

  it('reads streams one after another', async () => {
    expect((await concatenateDatasets(streams).toRows()).map(row => row.n)).toEqual([
      0, 1, 2, 100, 101, 102, 103, 104,
    ]);
  });
});

describe('what streams are read from', () => {
  /** Streams of unknown columns, and how many of them are open. */
  function counted(
    count: number,
    fails?: number,
  ): { streams: IterableDataset[]; open: number; most: number } {
    const counts = { open: 0, most: 0 };
    const streams = Array.from(
      { length: count },
      (_, i) =>
        new IterableDataset(async function* () {
          counts.most = Math.max(counts.most, ++counts.open);
          try {
            for (let row = 0; row < 3; row++) yield { i, row };
          } finally {
            counts.open--;
            // biome-ignore lint/correctness/noUnsafeFinally: what closing throws
            if (i === fails) throw new Error(`stream ${i} cannot be closed`);
          }
        }),
    );
    return Object.assign(counts, { streams });
  }

  it('is open all at once only where rows are taken in turns', async () => {
    const joined = counted(20);
    expect(await concatenateDatasets(joined.streams).toRows()).toHaveLength(60);
    expect(joined).toMatchObject({ open: 0, most: 2 });
    const turns = counted(20);
    expect(await interleaveDatasets(turns.streams).take(30).toRows()).toHaveLength(30);
    expect(turns).toMatchObject({ open: 0, most: 20 });
  });

  it('is closed, all of it, when one cannot be closed, which is told', async () => {
    const counts = counted(4, 1);
    await expect(interleaveDatasets(counts.streams).take(4).toRows()).rejects.toThrow(
      'stream 1 cannot be closed',
    );
    expect(counts.open).toBe(0);
  });
});

// Reference: the rows of datasets 5.0.1.
describe('streams of different columns', () => {
  const parts = [Dataset.fromRows([{ a: 1 }, { a: 2 }]), Dataset.fromRows([{ b: 'x' }])];
  const known = parts.map(part => part.toIterableDataset()) as IterableDataset[];
  const unknown = parts.map(part => new IterableDataset<object>(() => part)) as IterableDataset[];

  it.each([
    ['known', known],
    ['unknown', unknown],
  ])('have all of them, null where a stream has none: %s', async (_, streams) => {
    const one = concatenateDatasets(streams);
    const rows = [
      { a: 1, b: null },
      { a: 2, b: null },
      { a: null, b: 'x' },
    ];
    expect(await one.toRows()).toEqual(rows);
    expect((await one.toDataset()).toRows()).toEqual(rows);
    expect(await one.selectColumns('b').toRows()).toEqual(rows.map(({ b }) => ({ b })));
    const turns = interleaveDatasets(streams, { stoppingStrategy: 'all_exhausted_without_replacement' });
    expect(await turns.toRows()).toEqual([rows[0], rows[2], rows[1]]);
    expect((await turns.toDataset()).columnNames).toEqual(['a', 'b']);
  });

  it('know their columns where each stream knows its own', () => {
    expect(concatenateDatasets(known).columnNames).toEqual(['a', 'b']);
    expect(concatenateDatasets([known[0]!, unknown[1]!]).features).toBeUndefined();
  });
});

// Reference: datasets 5.0.1 with NumPy 2.4.6, interleave_datasets; exact. Streams stop within a round, data sets after it.
describe('interleaveDatasets takes the rows that Python takes', () => {
  it.each<[InterleaveOptions, number[], number[]]>([
    [{}, [0, 100, 1, 101, 2, 102], [0, 100, 1, 101, 2]],
    [drawn, [100, 101, 102, 103, 0, 104], [100, 101, 102, 103, 0, 104]],
    [
      { stoppingStrategy: 'all_exhausted' },
      [0, 100, 1, 101, 2, 102, 0, 103, 1, 104],
      [0, 100, 1, 101, 2, 102, 0, 103, 1, 104],
    ],
    [
      { ...drawn, stoppingStrategy: 'all_exhausted' },
      [100, 101, 102, 103, 0, 104, 100, 101, 1, 102, 103, 104, 100, 101, 102, 2],
      [100, 101, 102, 103, 0, 104, 100, 101, 1, 102, 103, 104, 100, 101, 102, 2],
    ],
    [
      { stoppingStrategy: 'all_exhausted_without_replacement' },
      [0, 100, 1, 101, 2, 102, 103, 104],
      [0, 100, 1, 101, 2, 102, 103, 104],
    ],
    [
      { ...drawn, stoppingStrategy: 'all_exhausted_without_replacement' },
      [100, 101, 102, 103, 0, 104, 1, 2],
      [100, 101, 102, 103, 0, 104, 1, 2],
    ],
  ])('%o', async (options, rows, streamed) => {
    expect(interleaveDatasets([a, b], options).column('n')).toEqual(rows);
    expect((await interleaveDatasets(streams, options).toRows()).map(row => row.n)).toEqual(streamed);
  });

  it('ends at once, or goes on, where a data set has no rows', async () => {
    const none = a.take(0);
    expect(interleaveDatasets([none, a]).numRows).toBe(0);
    const all = { stoppingStrategy: 'all_exhausted' } as const;
    expect(interleaveDatasets([none, a], all).column('n')).toEqual([0, 1, 2]);
    expect(
      (await interleaveDatasets([new IterableDataset(() => none), streams[0]!], all).toRows()).length,
    ).toBe(3);
  });

  it('refuses probabilities that do not fit', () => {
    expect(() => interleaveDatasets([a, b], { probabilities: [0.5] })).toThrow(
      'probabilities must be 2 numbers from 0 that add up to 1, one for each data set; got 0.5.',
    );
    expect(() => interleaveDatasets([a, b], { probabilities: [0.5, 0.6] })).toThrow('add up to 1');
    expect(() => interleaveDatasets([a, b], { probabilities: [1.5, -0.5] })).toThrow('from 0');
    expect(() =>
      interleaveDatasets([a, b], { probabilities: [1, 0], stoppingStrategy: 'all_exhausted' }),
    ).toThrow('no probability can be 0: it would never end');
    expect(() => interleaveDatasets([a, b], { stoppingStrategy: 'never' as never })).toThrow(
      'stoppingStrategy must be one of first_exhausted, all_exhausted, all_exhausted_without_replacement, not "never".',
    );
    expect(() => interleaveDatasets([a, b], { probabilities: 0.5 as never })).toThrow(
      'probabilities must be an array with a number for each data set.',
    );
    expect(() => interleaveDatasets(a as never)).toThrow(
      'interleaveDatasets takes the data sets as one array',
    );
    expect(() => interleaveDatasets([])).toThrow('needs at least one data set');
  });
});
