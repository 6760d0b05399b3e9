import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClassLabel, Dataset, DatasetDict, type Feature, loadFromDisk } from '../../../lib/datasets/index.ts';

/** Made by `Dataset.save_to_disk` of datasets 5.0.1 with pyarrow 25.0.1. */
const PYTHONS = fileURLToPath(new URL('./fixtures/saved-by-python', import.meta.url));

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunelab-disk-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const value = (dtype: string): Feature => ({ type: 'value', dtype }) as Feature;
const json = (...path: string[]): Record<string, unknown> =>
  JSON.parse(readFileSync(join(folder, ...path), 'utf8'));

const all = Dataset.fromRows([
  {
    text: 'hé😀',
    integer: 1,
    great: 2n ** 62n,
    unsigned: 2n ** 63n,
    number: Number.NaN,
    truth: true,
    date: new Date(1577934245678),
    bytes: Uint8Array.of(0, 255),
    ids: [1, 2],
    messages: [{ role: 'user', content: 'hi' }],
    mixed: [1, 'x', { y: null }],
    mixtures: [[1, 'x']],
    nothing: null,
  },
  {},
]).addColumn('label', ['yes', 'no'], new ClassLabel(['no', 'yes']));

describe('loadFromDisk', () => {
  it('reads what Python saved, of every type', async () => {
    const dataset = await Dataset.loadFromDisk(PYTHONS);
    expect(dataset.at(0)).toEqual({
      t: 'hé😀',
      i: 1,
      x: 1.5,
      b: true,
      l: 1,
      ids: [1, 2],
      s: { a: 1, q: 'z' },
      ts: new Date('2020-01-02T03:04:05.678Z'),
      d: new Date('2020-01-02'),
      j: { k: [1, 'x', null] },
      n: null,
      bin: Uint8Array.of(0, 255),
      tz: new Date('2020-01-02'),
      f4: Math.fround(0.1),
      u8: 255,
      big: 2n ** 60n,
      m: [{ role: 'user', content: 'hi' }],
      ls: 'large',
      fs: [1, 2],
    });
    expect(new Set(Object.values(dataset.at(1)))).toEqual(new Set([null]));
    expect(dataset.features.get('l')).toEqual(new ClassLabel(['no', 'yes']));
    expect(dataset.features.get('j')).toEqual(value('json'));
    expect(dataset.features.get('ids')).toEqual({ type: 'list', feature: value('int32') });
  });

  it('reads what saveToDisk saved, with the same types', async () => {
    await all.saveToDisk(join(folder, 'all'));
    const again = await Dataset.loadFromDisk(join(folder, 'all'));
    expect(again.features).toEqual(all.features);
    const plain = (rows: object[]): unknown[] =>
      rows.map(row => ({ ...row, bytes: (row as { bytes: unknown }).bytes && 'bytes' }));
    expect(plain(again.toRows())).toEqual(plain(all.toRows()));
    expect([...(again.at(0).bytes as Uint8Array)]).toEqual([0, 255]);
  });

  // Reference: pyarrow 25.0.1 reads these types from what is saved: list<item: null>, struct<b: null>, null.
  it('reads lists and structs of nothing but null, however deep', async () => {
    const nulls = Dataset.fromRows([
      { empty: [], struct: { b: null, c: 1 }, deep: [{ x: [null, null] }], nothing: null },
      { empty: [null], struct: null, deep: [{ x: [] }, {}], nothing: null },
    ]);
    await nulls.saveToDisk(join(folder, 'nulls'));
    const again = await Dataset.loadFromDisk(join(folder, 'nulls'));
    expect(again.features).toEqual(nulls.features);
    expect(again.toRows()).toEqual(nulls.toRows());
  });

  it('reads many batches in their order, and none', async () => {
    const many = Dataset.fromColumns({ i: Int32Array.from({ length: 25_001 }, (_, i) => i) }).shuffle({
      seed: 1,
    });
    await many.saveToDisk(join(folder, 'many'));
    expect((await Dataset.loadFromDisk(join(folder, 'many'))).column('i')).toEqual(many.column('i'));
    await many.take(0).saveToDisk(join(folder, 'none'));
    const none = await Dataset.loadFromDisk(join(folder, 'none'));
    expect([none.numRows, none.features.get('i')]).toEqual([0, value('int32')]);
  });

  it('tells one data set from splits', async () => {
    const splits = all.trainTestSplit({ testSize: 1, seed: 1 });
    await splits.saveToDisk(join(folder, 'splits'));
    expect(json('splits', 'dataset_dict.json')).toEqual({ splits: ['train', 'test'] });
    const again = await DatasetDict.loadFromDisk(join(folder, 'splits'));
    expect(again.numRows).toEqual({ train: 1, test: 1 });
    expect(await loadFromDisk(join(folder, 'splits'))).toBeInstanceOf(DatasetDict);
    expect(await loadFromDisk(PYTHONS)).toBeInstanceOf(Dataset);
    await expect(Dataset.loadFromDisk(join(folder, 'splits'))).rejects.toThrow(
      'holds several splits; load it with DatasetDict.loadFromDisk.',
    );
    await expect(DatasetDict.loadFromDisk(PYTHONS)).rejects.toThrow('load it with Dataset.loadFromDisk');
  });

  it('says what is wrong with a folder', async () => {
    await expect(loadFromDisk(join(folder, 'nowhere'))).rejects.toThrow(
      'holds no saved data set: it has no state.json.',
    );
    const bad = join(folder, 'bad');
    mkdirSync(bad);
    const state = (text: string): void => writeFileSync(join(bad, 'state.json'), text);
    state('{');
    await expect(loadFromDisk(bad)).rejects.toThrow(/state\.json is not JSON/);
    state('{"_data_files": []}');
    await expect(loadFromDisk(bad)).rejects.toThrow('without any data file');
    state('{"_data_files": [{"filename": "../all/data-00000-of-00001.arrow"}]}');
    await expect(loadFromDisk(bad)).rejects.toThrow('names a data file outside the folder: ../all/');
    state('{"_data_files": [], "_indices_data_files": [{"filename": "i.arrow"}]}');
    await expect(loadFromDisk(bad)).rejects.toThrow('save it again with a newer one');
    state('{"_data_files": [{"filename": "data.arrow"}]}');
    await expect(loadFromDisk(bad)).rejects.toThrow(/data\.arrow: there is no such file/);
    writeFileSync(join(bad, 'data.arrow'), 'no Arrow');
    await expect(loadFromDisk(bad)).rejects.toThrow(/data\.arrow/);
    writeFileSync(join(bad, 'dataset_dict.json'), '{"splits": [".."]}');
    await expect(loadFromDisk(bad)).rejects.toThrow('names a split outside the folder: ..');
  });
});

describe('saveToDisk', () => {
  it("lays the folder out as Python's save_to_disk", async () => {
    await all.saveToDisk(join(folder, 'layout'));
    expect(readdirSync(join(folder, 'layout')).sort()).toEqual([
      'data-00000-of-00001.arrow',
      'dataset_info.json',
      'state.json',
    ]);
    const pythons = JSON.parse(readFileSync(join(PYTHONS, 'state.json'), 'utf8')) as object;
    const state = json('layout', 'state.json');
    expect(Object.keys(state).sort()).toEqual(Object.keys(pythons).sort());
    expect(state._data_files).toEqual([{ filename: 'data-00000-of-00001.arrow' }]);
    const { features } = json('layout', 'dataset_info.json') as { features: Record<string, unknown> };
    expect(features.label).toEqual({ names: ['no', 'yes'], _type: 'ClassLabel' });
    expect(features.ids).toEqual({ feature: { dtype: 'int64', _type: 'Value' }, _type: 'List' });
    expect(features.messages).toEqual({
      feature: { role: { dtype: 'string', _type: 'Value' }, content: { dtype: 'string', _type: 'Value' } },
      _type: 'List',
    });
    expect([features.date, features.mixed]).toEqual([
      { dtype: 'timestamp[ms]', _type: 'Value' },
      { feature: { _type: 'Json' }, _type: 'List' },
    ]);
  });

  it('gives each data set a fingerprint of its own, since Python keeps results under it', async () => {
    await all.saveToDisk(join(folder, 'one'));
    await all.take(1).saveToDisk(join(folder, 'two'));
    expect(json('one', 'state.json')._fingerprint).not.toBe(json('two', 'state.json')._fingerprint);
  });

  it('saves a data set over the folder that it was loaded from', async () => {
    const path = join(folder, 'over');
    await all.saveToDisk(path);
    await (await Dataset.loadFromDisk(path)).select([1]).saveToDisk(path);
    expect((await Dataset.loadFromDisk(path)).numRows).toBe(1);
  });

  it('says why it cannot save, and leaves nothing behind', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(all.saveToDisk(join(folder, 'file'))).rejects.toThrow(/EEXIST|ENOTDIR/);
    const bad = Dataset.fromColumns({ a: ['\ud800'] });
    await expect(bad.saveToDisk(join(folder, 'half'))).rejects.toThrow('half a character');
    expect(readdirSync(join(folder, 'half'))).toEqual([]);
    await expect(new DatasetDict({ '../up': all }).saveToDisk(join(folder, 'up'))).rejects.toThrow(
      'Split "../up" cannot be a folder\'s name',
    );
  });
});
