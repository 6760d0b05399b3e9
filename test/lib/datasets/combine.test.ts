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

  it('refuses columns of different types, and nothing at all', () => {
    expect(() => concatenateDatasets<object>([a, Dataset.fromColumns({ n: ['x'] })])).toThrow(
      'Column "n" is int64 in one data set and string in another; make them the same first',
    );
    expect(() => concatenateDatasets([])).toThrow('needs at least one data set');
    expect(() => concatenateDatasets([a, streams[0]] as never)).toThrow('not a mixture');
  });

  it('reads streams one after another', async () => {
    expect((await concatenateDatasets(streams).toRows()).map(row => row.n)).toEqual([
      0, 1, 2, 100, 101, 102, 103, 104,
    ]);
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
    expect(() => interleaveDatasets([])).toThrow('needs at least one data set');
  });
});
