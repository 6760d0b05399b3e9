import { afterEach, describe, expect, it, vi } from 'vitest';
import { Dataset, interleaveDatasets, loadDataset } from '../../../lib/datasets/index.ts';
import { openNotebook } from '../host/fakeNotebook.ts';

const ds = Dataset.fromRows(Array.from({ length: 20 }, (_, id) => ({ id })));
const wrong = (options: unknown) => options as never;

describe('an option that there is not', () => {
  it('is named, with the one that was meant', () => {
    expect(() => ds.trainTestSplit(wrong({ test_size: 0.1 }))).toThrow(
      'trainTestSplit has no option "test_size"; the nearest is testSize;',
    );
    expect(() => ds.map(row => row, wrong({ remove_columns: ['id'] }))).toThrow(
      'the nearest is removeColumns;',
    );
    expect(() => ds.filter(() => true, wrong({ batchsize: 2 }))).toThrow(
      'filter has no option "batchsize"; the nearest is batchSize; there are batched, batchSize, withIndices, desc.',
    );
    expect(() => ds.sort('id', wrong({ reversed: true }))).toThrow('there are reverse.');
    expect(() => ds.batch(4, wrong({ drop_last_batch: true }))).toThrow('the nearest is dropLastBatch;');
    expect(() => interleaveDatasets([ds, ds], wrong({ stopping_strategy: 'all_exhausted' }))).toThrow(
      'the nearest is stoppingStrategy;',
    );
    const stream = ds.toIterableDataset();
    expect(() => stream.map(row => row, wrong({ desc: 'x' }))).toThrow('map has no option "desc"');
    expect(() => stream.shuffle(wrong({ buffer_size: 2 }))).toThrow('the nearest is bufferSize;');
  });

  it('is named before a file is looked for or anything is sent', async () => {
    await expect(loadDataset('no such set', wrong({ data_files: 'a.csv' }))).rejects.toThrow(
      'loadDataset has no option "data_files"; the nearest is dataFiles;',
    );
    await expect(ds.pushToHub('me/answers', wrong({ Private: true }))).rejects.toThrow(
      'pushToHub has no option "Private"; the nearest is private; there are',
    );
  });

  it('is told from options that are no object, and from rows that are no list', () => {
    expect(() => ds.shuffle(wrong(42))).toThrow(
      "shuffle's options are an object, such as { seed: … }, not 42.",
    );
    expect(() => ds.select(wrong(3))).toThrow(
      'select needs a list of rows, such as [0, 1] or range(100), not 3.',
    );
  });
});

describe('the bar of map and filter', () => {
  afterEach(() => {
    vi.restoreAllMocks();
    delete (globalThis as Record<symbol, unknown>)[Symbol.for('tunelab.host')];
  });

  it('is not there for work of a moment, and is for work that lasts', async () => {
    let now = 1000;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    const { shown } = openNotebook();
    ds.map(({ id }) => ({ twice: 2 * id })).filter(({ twice }) => twice > 4);
    expect(shown).toEqual([]);
    await ds.take(12).map(async () => {
      now += 60;
      return {};
    });
    expect(shown.at(-1)?.bundle.data['text/plain']).toContain('12/12 rows');
  });
});

describe('onBadLine', () => {
  it('of a word that is none of the three is refused, not taken for skip', async () => {
    await expect(loadDataset('tunelab_docs', wrong({ onBadLine: 'ignore' }))).rejects.toThrow(
      `onBadLine must be 'throw', 'skip' or 'warn', not "ignore".`,
    );
  });
});
