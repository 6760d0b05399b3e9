import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localSource, readTable } from '../../../lib/datasets/formats/index.ts';
import { ClassLabel, Dataset, type Feature, readJsonl } from '../../../lib/datasets/index.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunelab-files-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

const parquetRows = async (name: string): Promise<object[]> =>
  new Dataset(await readTable(await localSource(join(folder, name)), 'parquet')).toRows();

describe('toJsonl', () => {
  it('writes a row a line', async () => {
    await Dataset.fromRows([{ a: 1, b: 'é\n"' }, { c: [null, { d: true }] }]).toJsonl(
      join(folder, 'a.jsonl'),
    );
    expect(read('a.jsonl')).toBe(
      '{"a":1,"b":"é\\n\\"","c":null}\n{"a":null,"b":null,"c":[null,{"d":true}]}\n',
    );
  });

  it('writes great integers as they are, as Python does', async () => {
    const rows = [
      { id: 1, more: [2n ** 60n] },
      { id: -(2n ** 60n), more: { text: '5', id: 2n ** 63n } },
    ];
    await Dataset.fromRows<object>(rows).toJsonl(join(folder, 'great.jsonl'));
    expect(read('great.jsonl')).toBe(
      '{"id":1,"more":[1152921504606846976]}\n{"id":-1152921504606846976,"more":{"text":"5","id":9223372036854775808}}\n',
    );
    expect(await readJsonl(join(folder, 'great.jsonl'))).toEqual(rows);
    await Dataset.fromRows<object>(rows).saveToDisk(join(folder, 'great'));
    expect((await Dataset.loadFromDisk(join(folder, 'great'))).toRows()).toEqual(rows);
    await Dataset.fromRows<object>(rows).toParquet(join(folder, 'great.parquet'));
    expect(await parquetRows('great.parquet')).toEqual(rows);
    await Dataset.fromRows<object>(rows).toCsv(join(folder, 'great.csv'));
    expect(read('great.csv')).toContain('1,[1152921504606846976]\n');
  });

  it('writes dates without a time, as toCsv does', async () => {
    const days = Dataset.fromRows([
      { d: '2024-01-05', at: new Date(0) },
      { d: null, at: null },
    ]).castColumn('d', 'date');
    await days.toJsonl(join(folder, 'days.jsonl'));
    expect(read('days.jsonl')).toBe(
      '{"d":"2024-01-05","at":"1970-01-01T00:00:00.000Z"}\n{"d":null,"at":null}\n',
    );
    await days.toCsv(join(folder, 'days.csv'));
    expect(read('days.csv')).toBe('d,at\n2024-01-05,1970-01-01T00:00:00.000Z\n,\n');
  });

  it('refuses what JSON cannot hold, and leaves nothing behind', async () => {
    const bytes = Dataset.fromRows([{ image: [{ bytes: Uint8Array.of(1) }] }]);
    await expect(bytes.toJsonl(join(folder, 'b.jsonl'))).rejects.toThrow(
      'Column "image" is list<struct<bytes: binary>>, and JSON Lines cannot hold bytes',
    );
    expect(readdirSync(folder).filter(name => name.startsWith('b'))).toEqual([]);
  });
});

describe('toCsv', () => {
  it('quotes what must be, and tells null from empty text', async () => {
    const rows = [
      { 'a,b': 'x,y', text: 'say "hi"', n: 1.5, flag: true },
      { 'a,b': '', text: 'two\nlines', n: null, flag: false },
      { 'a,b': null, text: ' plain ', n: -0.25, flag: null },
    ];
    await Dataset.fromRows(rows).toCsv(join(folder, 'a.csv'));
    expect(read('a.csv')).toBe(
      '"a,b",text,n,flag\n"x,y","say ""hi""",1.5,true\n"","two\nlines",,false\n, plain ,-0.25,\n',
    );
  });

  it('writes lists and objects as JSON, dates as ISO text, and tabs for .tsv', async () => {
    const rows = [{ list: [1, 2], object: { x: 'y' }, date: new Date(0), text: 'a,b' }];
    await Dataset.fromRows(rows).toCsv(join(folder, 'a.tsv'));
    expect(read('a.tsv')).toBe(
      'list\tobject\tdate\ttext\n[1,2]\t"{""x"":""y""}"\t1970-01-01T00:00:00.000Z\ta,b\n',
    );
  });

  it('says why it cannot write', async () => {
    const bytes = Dataset.fromRows([{ b: Uint8Array.of(1) }]);
    await expect(bytes.toCsv(join(folder, 'c.csv'))).rejects.toThrow('CSV cannot hold bytes');
    await expect(Dataset.fromRows([{ a: 1 }]).toCsv(join(folder, 'no', 'c.csv'))).rejects.toThrow(
      /Cannot write .*c\.csv: its folder does not exist\./,
    );
    expect(readdirSync(folder).filter(name => name.startsWith('c'))).toEqual([]);
  });
});

describe('toParquet', () => {
  const value = (dtype: string): Feature => ({ type: 'value', dtype }) as Feature;
  const again = async (dataset: Dataset): Promise<Dataset> => {
    await dataset.toParquet(join(folder, 'a.parquet'));
    return new Dataset(await readTable(await localSource(join(folder, 'a.parquet')), 'parquet'));
  };

  it('keeps values and types', async () => {
    const dataset = Dataset.fromRows([
      {
        text: 'hé😀',
        i: 1,
        great: 2n ** 62n,
        x: Number.NaN,
        b: true,
        ids: [1, null],
        o: { k: 'v' },
        d: new Date(5),
      },
      {},
      { text: '', i: -1, great: 3, x: -0.5, b: false, ids: [], o: { k: null }, d: new Date(-5) },
    ]);
    const read = await again(dataset);
    expect(read.toRows()).toEqual(dataset.toRows());
    expect(read.features).toEqual(dataset.features);
  });

  it.each([
    'int8',
    'int16',
    'int32',
    'int64',
    'uint8',
    'uint16',
    'uint32',
    'uint64',
    'float32',
    'float64',
  ] as const)('keeps %s, its limits and nulls', async dtype => {
    const bits = Number(/\d+/.exec(dtype)![0]);
    const limits = dtype.startsWith('u')
      ? [0, 2n ** BigInt(bits) - 1n]
      : dtype.startsWith('f')
        ? [-1.5, 1e30]
        : [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n];
    const dataset = Dataset.fromRows<object>(
      [{ a: limits[0] }, {}, { a: limits[1] }],
      new Map([['a', value(dtype)]]),
    );
    const read = await again(dataset as Dataset);
    expect(read.features.get('a')).toEqual(value(dtype));
    expect(read.toRows()).toEqual(dataset.toRows());
  });

  it('keeps class labels, JSON, columns of nothing and data sets without rows', async () => {
    const label = new ClassLabel(['no', 'yes']);
    const dataset = Dataset.fromRows<object>([
      { mixed: [1, 'x'], m: 1 },
      { m: 'x' },
      { nothing: null },
    ]).addColumn('label', [1, 0, null], label);
    const read = await again(dataset as Dataset);
    expect(read.features.get('label')).toEqual(label);
    expect(read.column('label')).toEqual([1, 0, null]);
    expect(read.column('m')).toEqual([1, 'x', null]);
    expect(read.column('nothing')).toEqual([null, null, null]);
    expect((await again(dataset.take(0) as Dataset)).numRows).toBe(0);
    await expect(Dataset.fromRows([{}]).toParquet(join(folder, 'p.parquet'))).rejects.toThrow(
      'at least one column',
    );
  });

  it('keeps class labels in lists and structs, as saveToDisk does', async () => {
    const tags: Feature = { type: 'list', feature: new ClassLabel(['O', 'PER']) };
    const part: Feature = { type: 'struct', fields: new Map([['k', new ClassLabel(['a', 'b'])]]) };
    const dataset = Dataset.fromRows([
      { tags: [0, 1], part: { k: 1 } },
      { tags: [], part: null },
    ])
      .castColumn('tags', tags)
      .castColumn('part', part);
    await dataset.saveToDisk(join(folder, 'nested'));
    for (const read of [await again(dataset), await Dataset.loadFromDisk(join(folder, 'nested'))]) {
      expect([...read.features.values()]).toEqual([tags, part]);
      expect(read.toRows()).toEqual(dataset.toRows());
    }
  });
});

describe('half a character', () => {
  const writers: [string, (dataset: Dataset, path: string) => Promise<void>][] = [
    ['toJsonl', (dataset, path) => dataset.toJsonl(path)],
    ['toCsv', (dataset, path) => dataset.toCsv(path)],
    ['toParquet', (dataset, path) => dataset.toParquet(path)],
    ['saveToDisk', (dataset, path) => dataset.saveToDisk(path)],
  ];

  it.each(writers)('is refused by %s, which names column and row', async (name, write) => {
    const path = join(folder, `half-${name}`);
    for (const [column, bad] of [
      ['text', 'x\ud800y'],
      ['list', ['fine', '\udc00']],
      ['object', { key: '\ud83d' }],
      ['mixed', { 'key \ud800': 1 }],
    ] as const) {
      const good = column === 'mixed' ? 1 : structuredClone(bad);
      const mended = JSON.parse(JSON.stringify(good).replace(/\\ud[0-9a-f]{3}/g, '😀'));
      const dataset = Dataset.fromRows<object>([{ [column]: mended }, { [column]: bad }]) as Dataset;
      await expect(write(dataset, path)).rejects.toThrow(`Column "${column}", row 1 has half a character`);
      expect(existsSync(path) && readdirSync(path).length > 0).toBe(false);
    }
  });

  it.each(writers)('is not seen by %s in whole characters and in text about halves', async (name, write) => {
    const dataset = Dataset.fromRows([{ text: '😀 \\ud800' }, { text: null }]) as Dataset;
    const path = join(folder, `whole-${name}`);
    await write(dataset, path);
    expect(existsSync(path)).toBe(true);
  });
});
