import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { featureName } from '../../../../lib/datasets/features.ts';
import {
  ClassLabel,
  Dataset,
  type DatasetDict,
  type IterableDataset,
  loadDataset,
  type Row,
  writeJsonl,
} from '../../../../lib/datasets/index.ts';
import { Files } from '../formats/files.ts';

const files = new Files();
const rowsIn = (name: string, from: number, to: number): string =>
  files.write(name, Array.from({ length: to - from }, (_, i) => `{"i":${from + i}}\n`).join(''));
const numbers = (dataset: Dataset): unknown[] => [...dataset].map(row => row.i);

describe('loadDataset', () => {
  it('finds the sets of this course by name', async () => {
    const dict = await loadDataset<{ question: string; answer: string }>('tunelab_docs');
    const train = dict.get('train');
    const lines = readFileSync(new URL('../../../../datasets/tunelab_docs.jsonl', import.meta.url), 'utf8');
    expect(train.length).toBe(lines.trimEnd().split('\n').length);
    expect(train.columnNames).toEqual(['question', 'answer']);
    const some = await loadDataset('tunelab_docs', { split: 'train[:10%]' });
    expect(some.length).toBe(Math.round(train.length / 10));
  });

  it('returns what its options say', () => {
    expectTypeOf(() => loadDataset('x')).returns.resolves.toEqualTypeOf<DatasetDict>();
    expectTypeOf(() => loadDataset('x', { split: 'train' })).returns.resolves.toEqualTypeOf<Dataset>();
    const streamed = () => loadDataset('x', { split: 'train', streaming: true });
    expectTypeOf(streamed).returns.resolves.toEqualTypeOf<IterableDataset>();
    const named = () => loadDataset('json', { dataFiles: { train: 'a', test: 'b' } });
    expectTypeOf(named).returns.resolves.toEqualTypeOf<DatasetDict<Row, 'train' | 'test'>>();
  });

  it('takes a file for the split train', async () => {
    const dict = await loadDataset(rowsIn('one/rows.jsonl', 0, 3));
    expect(dict.keys()).toEqual(['train']);
    expect(numbers(dict.get('train'))).toEqual([0, 1, 2]);
  });

  it('tells the splits of a folder from the names in it, links to files included', async () => {
    rowsIn('folder/train-0.jsonl', 0, 2);
    rowsIn('folder/train-1.jsonl', 2, 4);
    symlinkSync(rowsIn('elsewhere/rows.jsonl', 10, 12), join(files.folder, 'folder', 'test.jsonl'));
    const dict = await loadDataset(join(files.folder, 'folder'));
    expect(numbers(dict.get('train'))).toEqual([0, 1, 2, 3]);
    expect(numbers(dict.get('test'))).toEqual([10, 11]);
    expect(dict.keys()).toEqual(['train', 'test']);
  });

  it('takes parts and sums of splits', async () => {
    rowsIn('sum/train.jsonl', 0, 10);
    rowsIn('sum/test.jsonl', 10, 14);
    const load = (split: string) => loadDataset(join(files.folder, 'sum'), { split });
    expect(numbers(await load('train[-20%:]+test[:1]'))).toEqual([8, 9, 10]);
    expect(numbers(await load('train[2:4]+train[:1]'))).toEqual([2, 3, 0]);
    expect(numbers(await load('all'))).toEqual(Array.from({ length: 14 }, (_, i) => i));
    const stream = await loadDataset(join(files.folder, 'sum'), { split: 'all', streaming: true });
    expect((await stream.toRows()).length).toBe(14);
    expect(stream.numShards).toBe(2);
    await expect(load(5 as never)).rejects.toThrow(
      'split must be a text, such as "train", "train[:10%]" or "train+test", not 5.',
    );
    await expect(load('dev')).rejects.toThrow('There is no split "dev"; the splits are: train, test.');
  });

  it('reads dataFiles with the reader that is named', async () => {
    const odd = files.write('odd/lines.dat', '{"i":1}\n');
    expect(numbers(await loadDataset('json', { dataFiles: odd, split: 'train' }))).toEqual([1]);
    const text = await loadDataset('text', { dataFiles: odd, split: 'train' });
    expect([...text]).toEqual([{ text: '{"i":1}' }]);
    const csv = files.write('odd/table.csv', 'i\n5\n');
    expect(numbers(await loadDataset('csv', { dataFiles: [csv], split: 'train' }))).toEqual([5]);
    await expect(loadDataset(odd)).rejects.toThrow(
      /lines\.dat ends in none of \.jsonl, .*; say what it is: loadDataset\('json', \{ dataFiles: 'lines\.dat' \}\)/,
    );
  });

  it('takes files by split, and patterns', async () => {
    const folder = join(files.folder, 'many');
    rowsIn('many/a1.jsonl', 0, 1);
    rowsIn('many/a2.jsonl', 1, 2);
    rowsIn('many/deep/er/a3.jsonl', 2, 3);
    rowsIn('many/b.jsonl', 9, 10);
    const dict = await loadDataset('json', {
      dataFiles: { train: join(folder, 'a*.jsonl'), test: [join(folder, 'b.jsonl')] },
    });
    expect([numbers(dict.get('train')), numbers(dict.get('test'))]).toEqual([[0, 1], [9]]);
    expect(numbers(await loadDataset(folder, { dataFiles: '**/a?.jsonl', split: 'train' }))).toEqual([
      0, 1, 2,
    ]);
    expect(numbers(await loadDataset(join(folder, '{a1,b}.jsonl'), { split: 'train' }))).toEqual([0, 9]);
    expect(numbers(await loadDataset(folder, { dataDir: 'deep', split: 'train' }))).toEqual([2]);
    await expect(loadDataset(folder, { dataFiles: 'c*.jsonl' })).rejects.toThrow(
      'No file matches c*.jsonl in',
    );
    await expect(loadDataset(folder, { dataFiles: 'c.jsonl' })).rejects.toThrow('there is no such file');
    await expect(loadDataset(folder, { dataFiles: {} })).rejects.toThrow('dataFiles names no file');
    for (const dataFiles of [{ train: { a: 'b.jsonl' } }, ['b.jsonl', 5]]) {
      await expect(loadDataset(folder, { dataFiles: dataFiles as never })).rejects.toThrow(
        /^dataFiles takes a path, a list of paths or { train: …, test: … } of these, and (5|a value of type Object) is no path\.$/,
      );
    }
  });

  // Reference: the same patterns in datasets 5.0.1.
  it('leaves hidden files out, but where a pattern asks for them', async () => {
    const folder = join(files.folder, 'hidden');
    for (const [i, name] of ['a', '.b', 'in/c', '.in/d', '__in/e'].entries()) {
      rowsIn(`hidden/${name}.jsonl`, i, i + 1);
    }
    const read = async (dataFiles: string) =>
      numbers(await loadDataset('json', { dataFiles: join(folder, dataFiles), split: 'train' }));
    expect(await read('*.jsonl')).toEqual([0]);
    expect(await read('**/*.jsonl')).toEqual([0, 2]);
    expect(await read('.*.jsonl')).toEqual([1]);
    expect(await read('.in/*.jsonl')).toEqual([3]);
    expect(await read('__in/*.jsonl')).toEqual([4]);
    expect(numbers(await loadDataset('json', { dataDir: folder, split: 'train' }))).toEqual([0, 2]);
  });

  it('unites the columns of several files', async () => {
    files.write('mixed/0.jsonl', '{"a":1}\n');
    files.write('mixed/1.jsonl', '{"a":2,"b":"x"}\n');
    const dataset = await loadDataset(join(files.folder, 'mixed'), { split: 'train' });
    expect([...dataset]).toEqual([
      { a: 1, b: null },
      { a: 2, b: 'x' },
    ]);
  });

  it.each<[string, unknown, unknown, string]>([
    ['null and text', null, 'x', 'string'],
    ['an empty list and one of text', [], ['x'], 'list<string>'],
    ['objects of different fields', { x: null }, { x: 1, y: 'a' }, 'struct<x: int64, y: string>'],
    ['integers and fractions', 1, 0.5, 'float64'],
    ['fractions in lists', [[1]], [[0.5]], 'list<list<float64>>'],
    ['integers beyond 2^53 and others', 2n ** 60n, -1, 'int64'],
  ])('joins columns of several files, whichever comes first: %s', async (_, one, other, type) => {
    const folder = join(files.folder, 'joined');
    mkdirSync(folder, { recursive: true });
    for (const [first, second] of [
      [one, other],
      [other, one],
    ]) {
      await writeJsonl(join(folder, '0.jsonl'), [{ a: first }]);
      await writeJsonl(join(folder, '1.jsonl'), [{ a: second }]);
      const dataset = await loadDataset(folder, { split: 'train' });
      expect(featureName(dataset.features.get('a')!)).toMatch(
        type.startsWith('struct') ? /^struct<(x: int64, y: string|y: string, x: int64)>$/ : type,
      );
      const streamed = await (await loadDataset(folder, { split: 'train', streaming: true })).toDataset();
      expect(streamed.toRows()).toEqual(dataset.toRows());
      expect(streamed.features).toEqual(dataset.features);
    }
  });

  it('joins numbers of several types, and a column without any value, in Parquet files', async () => {
    const folder = join(files.folder, 'parquet');
    const small = Dataset.fromColumns({ a: Uint8Array.of(1), b: Float32Array.of(0.5), c: [null] });
    const great = Dataset.fromColumns({ a: Int16Array.of(-2), b: Float64Array.of(0.1), c: ['x'] });
    mkdirSync(folder);
    await small.toParquet(join(folder, '0.parquet'));
    await great.toParquet(join(folder, '1.parquet'));
    const alone = await loadDataset(join(folder, '0.parquet'), { split: 'train' });
    expect(featureName(alone.features.get('c')!)).toBe('null');
    const dataset = await loadDataset(folder, { split: 'train' });
    expect([...dataset.features.values()].map(featureName)).toEqual(['int16', 'float64', 'string']);
    expect(dataset.toRows()).toEqual([
      { a: 1, b: 0.5, c: null },
      { a: -2, b: 0.1, c: 'x' },
    ]);
  });

  it('knows the columns of a Parquet file that is streamed, its classes too', async () => {
    const label = new ClassLabel(['no', 'yes']);
    const path = join(files.folder, 'labels.parquet');
    const labelled = Dataset.fromColumns({ text: ['a'], label: ['yes'] }).castColumn('label', label);
    await labelled.toParquet(path);
    const stream = await loadDataset(path, { split: 'train', streaming: true });
    expect(stream.features).toEqual(labelled.features);
    const mapped = await stream.map(() => ({ n: 1 })).toDataset();
    expect(mapped.features.get('label')).toEqual(label);
  });

  it('joins no columns where a value would be lost, and says what to do', async () => {
    files.write('apart/0.jsonl', '{"a":1}\n{"a":9007199254740993}\n');
    files.write('apart/1.jsonl', '{"a":0.5}\n');
    const folder = join(files.folder, 'apart');
    await expect(loadDataset(folder)).rejects.toThrow(
      'Column "a" is int64 in one file, with integers beyond 2^53, and float64 in another, which would round them;',
    );
    files.write('apart/1.jsonl', '{"a":"x"}\n');
    await expect(loadDataset(folder)).rejects.toThrow(
      'Column "a" is int64 in one file and string in another; load them apart, make the columns the same with castColumn("a", …), and use concatenateDatasets.',
    );
  });

  it('joins numbers beside great integers that stay what they are', async () => {
    files.write('beside/0.jsonl', '{"s":{"a":1,"b":9223372036854775809},"l":[{"a":2}]}\n');
    files.write('beside/1.jsonl', '{"s":{"a":0.5,"b":9223372036854775809},"l":[{"a":0.5},null]}\n');
    const folder = join(files.folder, 'beside');
    const dataset = await loadDataset(folder, { split: 'train' });
    expect(dataset.toRows()).toEqual([
      { s: { a: 1, b: 9223372036854775809n }, l: [{ a: 2 }] },
      { s: { a: 0.5, b: 9223372036854775809n }, l: [{ a: 0.5 }, null] },
    ]);
    files.write('beside/0.jsonl', '{"s":null,"l":[{"a":1},{"a":9007199254740993}]}\n');
    await expect(loadDataset(folder)).rejects.toThrow('Column "l" is list<struct<a: int64>> in one file');
  });

  it('streams splits one after another', async () => {
    rowsIn('streamed/train.jsonl', 0, 2);
    rowsIn('streamed/test.jsonl', 5, 6);
    const folder = join(files.folder, 'streamed');
    const rows = [];
    for await (const row of await loadDataset(folder, { split: 'train+test', streaming: true }))
      rows.push(row.i);
    expect(rows).toEqual([0, 1, 5]);
    expect((await loadDataset(folder, { streaming: true })).keys()).toEqual(['train', 'test']);
    await expect(loadDataset(folder, { split: 'train[:5]', streaming: true })).rejects.toThrow(
      '"train[:5]" cannot be streamed, since nobody knows how many rows there are; stream "train" and use take and skip.',
    );
  });

  it('leaves what saveToDisk wrote to loadFromDisk', async () => {
    files.write('saved/dataset_dict.json', '{"splits":["train"]}');
    files.write('saved/train/state.json', '{}');
    for (const path of ['saved', 'saved/train']) {
      await expect(loadDataset(join(files.folder, path))).rejects.toThrow('read it with loadFromDisk');
    }
  });

  it('says what was tried where nothing is found', async () => {
    const nothing = loadDataset('tunelab_doc');
    await expect(nothing).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(nothing).rejects.toThrow(
      /There is no data set "tunelab_doc": no file or folder .*tunelab_doc, and none of this course's sets \(.*tunelab_docs.*\); one on the hub is named "organisation\/name"/,
    );
    await expect(loadDataset('./no/rows.jsonl')).rejects.toThrow('no file or folder');
    await expect(loadDataset('data/rows.jsonl')).rejects.toThrow('no file or folder');
    await expect(loadDataset('json')).rejects.toThrow("loadDataset('json', { dataFiles: 'path' })");
    await expect(loadDataset('')).rejects.toThrow('loadDataset needs a path, a name or a hub id');
    mkdirSync(join(files.folder, 'empty'));
    await expect(loadDataset(join(files.folder, 'empty'))).rejects.toThrow('holds no data files');
  });
});
