import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  ClassLabel,
  Dataset,
  IterableDataset,
  IterableDatasetDict,
  inferFeatures,
  loadDataset,
} from '../../../lib/datasets/index.ts';

/** A source that counts what is read of it and how often it is closed. */
function source(length = Infinity): {
  stream: IterableDataset<{ i: number; text: string }>;
  read: number;
  closed: number;
} {
  const counts = { read: 0, closed: 0 };
  const stream = new IterableDataset(async function* () {
    try {
      for (let i = 0; i < length; i++) {
        counts.read++;
        yield { i, text: `row ${i}` };
      }
    } finally {
      counts.closed++;
    }
  });
  return Object.assign(counts, { stream });
}

describe('an iterable data set', () => {
  it('is written and made a frame as a data set of its rows is', async () => {
    const { stream } = source(3);
    const folder = mkdtempSync(join(tmpdir(), 'tunelab-iterable-'));
    const path = (name: string): string => join(folder, name);
    await stream.toJsonl(path('rows.jsonl'));
    await stream.toCsv(path('rows.csv'));
    await stream.toParquet(path('rows.parquet'));
    await stream.saveToDisk(path('saved'));
    const rows = await stream.toRows();
    for (const name of ['rows.jsonl', 'rows.csv', 'rows.parquet']) {
      const format = name.slice(5).replace('jsonl', 'json');
      const read = await loadDataset(format as 'json', { dataFiles: path(name), split: 'train' });
      expect(read.toRows()).toEqual(rows);
    }
    expect((await Dataset.loadFromDisk(path('saved'))).toRows()).toEqual(rows);
    expect((await stream.toFrame()).objects()).toEqual(rows);
    rmSync(folder, { recursive: true });
  });

  it('has the different values of a column, and one more column, begun anew for each loop', async () => {
    const { stream } = source(4);
    expect(await stream.map(({ i }) => ({ odd: i % 2 === 1 })).unique('odd')).toEqual([false, true]);
    const more = stream.addColumn('id', new Set(['a', 'b', 'c', 'd']));
    for (const _ of [1, 2]) expect((await more.toRows()).map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
    expect(
      (
        await stream
          .addColumn('n', Int32Array.of(4, 3, 2, 1))
          .take(2)
          .toRows()
      )[1],
    ).toEqual({
      i: 1,
      text: 'row 1',
      n: 3,
    });
    await expect(stream.addColumn('id', ['a']).toRows()).rejects.toThrow(
      'Column "id" has 1 values and there are more rows.',
    );
    await expect(stream.addColumn('id', [1, 2, 3, 4, 5]).toRows()).rejects.toThrow(
      'Column "id" has more values than the 4 rows.',
    );
    await expect(stream.addColumn('text', [1, 2, 3, 4]).toRows()).rejects.toThrow(
      'There is a column "text" already',
    );
    expect(() => stream.addColumn('id', source(4).stream as never)).toThrow(
      'Column "id" must be an array, a typed array or another iterable, not a value of type IterableDataset.',
    );
    expect(await source(1).stream.addColumn('constructor', [5]).toRows()).toEqual([
      { i: 0, text: 'row 0', constructor: 5 },
    ]);
    const classes = Dataset.fromRows([{ a: 1 }])
      .toIterableDataset()
      .addColumn('c', ['dog'], new ClassLabel(['cat', 'dog']));
    expect(await classes.toRows()).toEqual([{ a: 1, c: 1 }]);
    expect(classes.columnNames).toEqual(['a', 'c']);
  });

  it('reads no more than is asked for, and closes what it read from', async () => {
    const counts = source();
    expect((await counts.stream.take(5).toRows()).map(row => row.i)).toEqual([0, 1, 2, 3, 4]);
    expect([counts.read, counts.closed]).toEqual([5, 1]);
    for await (const row of counts.stream.map(row => row).filter(() => true)) if (row.i === 2) break;
    expect([counts.read, counts.closed]).toEqual([8, 2]);
    expect(await counts.stream.take(0).toRows()).toEqual([]);
    expect(counts.read).toBe(8);
  });

  it('closes its source when a function throws', async () => {
    const counts = source();
    const failing = counts.stream.map(row => {
      if (row.i === 3) throw new Error('row 3 is bad');
      return {};
    });
    await expect(failing.toRows()).rejects.toThrow('row 3 is bad');
    expect([counts.read, counts.closed]).toEqual([4, 1]);
  });

  it('can be read again and again', async () => {
    const { stream } = source(3);
    expect(await stream.toRows()).toEqual(await stream.toRows());
  });

  it('maps, filters, skips and renames row by row', async () => {
    const rows = await source()
      .stream.skip(2)
      .filter(row => row.i % 2 === 0)
      .map(async (row, index) => ({ length: row.text.length, index }), {
        withIndices: true,
        removeColumns: 'text',
      })
      .renameColumn('i', 'id')
      .take(2)
      .toRows();
    expect(rows).toEqual([
      { id: 2, length: 5, index: 0 },
      { id: 4, length: 5, index: 1 },
    ]);
  });

  it('maps and filters in batches', async () => {
    const { stream } = source(5);
    const doubled = stream.map(batch => ({ n: batch.i.flatMap(i => [i, i]) }), {
      batched: true,
      batchSize: 2,
      removeColumns: ['i', 'text'],
    });
    expect((await doubled.toRows()).map(row => row.n)).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4]);
    const full = stream.map(batch => ({ n: batch.i }), { batched: true, batchSize: 2, dropLastBatch: true });
    expect((await full.toRows()).length).toBe(4);
    const even = stream.filter(batch => batch.i.map(i => i % 2 === 0), { batched: true, batchSize: 2 });
    expect((await even.toRows()).map(row => row.i)).toEqual([0, 2, 4]);
    await expect(stream.map(() => ({ n: [1] }), { batched: true }).toRows()).rejects.toThrow(
      'name them in removeColumns: i, text.',
    );
    await expect(stream.map(() => undefined as never).toRows()).rejects.toThrow(
      /returned undefined for row 0/,
    );
  });

  // Reference: datasets 5.0.1, IterableDataset.shuffle(seed=42, buffer_size=4) of 12 rows; exact.
  it('shuffles within a buffer as Python does', async () => {
    const shuffled = source(12).stream.shuffle({ seed: 42, bufferSize: 4 });
    expect((await shuffled.toRows()).map(row => row.i)).toEqual([0, 3, 2, 1, 7, 5, 4, 6, 8, 10, 9, 11]);
    const counts = source();
    await counts.stream.shuffle({ seed: 42, bufferSize: 4 }).take(2).toRows();
    expect(counts.read).toBeLessThan(8);
    expect(() => counts.stream.shuffle({ bufferSize: 0 })).toThrow(
      'bufferSize must be an integer of at least 1',
    );
  });

  it('gives batches, rows and data sets', async () => {
    const { stream } = source(3);
    expect(await stream.batch(2).toRows()).toEqual([
      { i: [0, 1], text: ['row 0', 'row 1'] },
      { i: [2], text: ['row 2'] },
    ]);
    const sizes: number[] = [];
    for await (const batch of stream.iter(2, { dropLastBatch: true })) sizes.push(batch.i.length);
    expect(sizes).toEqual([2]);
    expect((await stream.toDataset()).column('text')).toEqual(['row 0', 'row 1', 'row 2']);
  });

  it('changes columns, and says which there are for those that are not there', async () => {
    const { stream } = source(2);
    expect(await stream.selectColumns('text').toRows()).toEqual([{ text: 'row 0' }, { text: 'row 1' }]);
    expect(await stream.removeColumns('text').castColumn('i', 'string').toRows()).toEqual([
      { i: '0' },
      { i: '1' },
    ]);
    expect(await stream.renameColumns({ i: 'text', text: 'i' }).take(1).toRows()).toEqual([
      { text: 0, i: 'row 0' },
    ]);
    const label = stream.castColumn('i', new ClassLabel(['no', 'yes']));
    expect((await label.toRows()).map(row => row.i)).toEqual([0, 1]);
    const missing = 'There is no column "id"; the columns are: i, text.';
    await expect(stream.removeColumns('id').toRows()).rejects.toThrow(missing);
    await expect(stream.castColumn('id', 'string').toRows()).rejects.toThrow(missing);
    await expect(stream.map(row => row, { removeColumns: 'id' }).toRows()).rejects.toThrow(missing);
    await expect(stream.renameColumn('i', 'text').toRows()).rejects.toThrow('cannot both be called "text"');
    await expect(stream.castColumn('text', 'int8').toRows()).rejects.toThrow(
      'row 0: "row 0" cannot become int8.',
    );
  });

  it('knows its columns where they are known before', async () => {
    const features = inferFeatures([{ i: 1, text: 'x' }]);
    const known = new IterableDataset(() => source(1).stream, features);
    expect(known.columnNames).toEqual(['i', 'text']);
    expect(known.take(1).renameColumn('i', 'id').removeColumns('text').columnNames).toEqual(['id']);
    expect(known.castColumn('i', 'float32').features?.get('i')).toEqual({ type: 'value', dtype: 'float32' });
    expect(known.batch(2).features?.get('text')).toEqual({
      type: 'list',
      feature: { type: 'value', dtype: 'string' },
    });
    expect(known.map(row => ({ j: row.i })).features).toBeUndefined();
    expect(() => known.removeColumns('id')).toThrow('There is no column "id"; the columns are: i, text.');
    expect(inspect(known)).toBe("IterableDataset({\n    features: ['i', 'text'],\n    num_shards: 1\n})");
  });

  it('keeps the types of single columns where not all columns are known', async () => {
    const label = new ClassLabel(['no', 'yes']);
    const typed = Dataset.fromRows([{ i: 1, text: 'x' }]).castColumn('i', label);
    const mapped = typed.toIterableDataset().map(row => ({ n: row.text.length }));
    expect((await mapped.toDataset()).features.get('i')).toEqual(label);
    const kept = mapped
      .renameColumn('i', 'label')
      .removeColumns('n')
      .filter(() => true)
      .take(1);
    expect((await kept.toDataset()).features).toEqual(
      new Map([['label', label], ...inferFeatures([{ text: 'x' }])]),
    );
    const selected = await mapped.selectColumns(['n', 'i']).batch(1).toDataset();
    expect(selected.features.get('i')).toEqual({ type: 'list', feature: label });
    const without = await mapped.removeColumns('i').toDataset();
    expect(without.columnNames).toEqual(['text', 'n']);
    const replaced = typed.toIterableDataset().map(() => ({ i: 'maybe' }));
    expect((await replaced.toDataset()).features.get('i')).toEqual({ type: 'value', dtype: 'string' });
    const cast = await source(2).stream.castColumn('i', label).toDataset();
    expect(cast.features.get('i')).toEqual(label);
    const added = source(2).stream.addColumn('c', ['yes', 'no'], label);
    expect((await added.toDataset()).features.get('c')).toEqual(label);
  });

  it('takes rows of anything that can be iterated', async () => {
    expect(await new IterableDataset(() => [{ a: 1 }]).toRows()).toEqual([{ a: 1 }]);
    expect(() => new IterableDataset([{ a: 1 }] as never)).toThrow(
      'needs a function that begins to read the rows',
    );
    await expect(new IterableDataset((() => 5) as never).toRows()).rejects.toThrow(
      "IterableDataset's function returned 5, not rows to iterate over; give a generator function, or one that returns an array.",
    );
    expect(() => source(1).stream.addColumn('a', null as never)).toThrow(
      'must be an array, a typed array or another iterable, not null',
    );
  });
});

describe('an iterable data set dictionary', () => {
  it('applies verbs to every split', async () => {
    const splits = new IterableDatasetDict({ train: source(4).stream, test: source(2).stream });
    const mapped = splits
      .map(row => ({ n: row.i + 1 }), { removeColumns: ['i', 'text'] })
      .filter(row => row.n > 1);
    expect(await mapped.train.toRows()).toEqual([{ n: 2 }, { n: 3 }, { n: 4 }]);
    expect(await mapped.get('test').toRows()).toEqual([{ n: 2 }]);
    expect((await splits.shuffle({ seed: 1 }).selectColumns('i').train.toRows()).length).toBe(4);
    expect(await splits.renameColumn('i', 'id').removeColumns('text').test.take(1).toRows()).toEqual([
      { id: 0 },
    ]);
    expect(await splits.castColumn('i', 'string').test.take(1).toRows()).toEqual([{ i: '0', text: 'row 0' }]);
    expect(await splits.renameColumns({ i: 'id' }).test.take(1).toRows()).toEqual([{ id: 0, text: 'row 0' }]);
    expect(() => splits.get('dev' as never)).toThrow('There is no split "dev"; the splits are: train, test.');
    expect(inspect(splits)).toContain(
      'IterableDatasetDict({\n    train: IterableDataset({\n        features: Unknown,',
    );
    expect(() => new IterableDatasetDict({ train: [] } as never)).toThrow(
      'split "train" is no IterableDataset',
    );
  });
});
