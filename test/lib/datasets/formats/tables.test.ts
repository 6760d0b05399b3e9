import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Files, fixture, load, openFiles, stream } from './files.ts';

const files = new Files();
const csv = (content: string | Uint8Array, name = 'table.csv'): string => files.write(name, content);
const dtypes = async (path: string) =>
  [...(await load(path)).features.values()].map(feature =>
    feature.type === 'value' ? feature.dtype : feature.type,
  );
afterEach(() => vi.restoreAllMocks());

describe('JSON documents', () => {
  const rows = [{ a: 1, b: 'x' }, { a: 2 }];
  const filled = [
    { a: 1, b: 'x' },
    { a: 2, b: null },
  ];

  it.each([
    ['an array of rows', JSON.stringify(rows), {}],
    ['one printed over several lines, with a byte order mark', `\ufeff${JSON.stringify(rows, null, 2)}`, {}],
    ['a field of an object', JSON.stringify({ version: 1, data: rows }), { field: 'data' }],
    ['columns in a field', '{"data":{"a":[1,2],"b":["x",null]}}', { field: 'data' }],
    ['JSON Lines under the name of JSON', '{"a":1,"b":"x"}\n{"a":2}\n', {}],
  ])('are %s', async (_, content, options) => {
    const path = files.write('data.json', content);
    expect([...(await load(path, options))]).toEqual(filled);
    const streamed = await stream(path, options);
    expect(streamed.map(row => ({ b: null, ...row }))).toEqual(filled);
    const zipped = files.write('data.json.gz', gzipSync(content));
    expect([...(await load(zipped, options))]).toEqual(filled);
  });

  it.skipIf(process.platform !== 'linux')('leave no file open when they are streamed', async () => {
    for (const name of ['open.json', 'open.json.gz']) {
      const content = JSON.stringify(rows, null, 2);
      await stream(files.write(name, name.endsWith('.gz') ? gzipSync(content) : content), {}, 1);
    }
    expect(openFiles(files.folder)).toEqual([]);
  });

  it.each(['{"a":[1,2],"b":["x",null]}', '{\n "a": [1,2],\n "b": ["x",null]\n}\n'])(
    'that are one object are one row, as in Python, also of lists: %j',
    async content => {
      const path = files.write('row.json', content);
      const row = { a: [1, 2], b: ['x', null] };
      expect([...(await load(path))]).toEqual([row]);
      expect(await stream(path)).toEqual([row]);
    },
  );

  it('take one object for a row, and an array of texts for the column text', async () => {
    expect([...(await load(files.write('one.json', '{"a":1}')))]).toEqual([{ a: 1 }]);
    expect([...(await load(files.write('texts.json', '["x","y"]')))]).toEqual([{ text: 'x' }, { text: 'y' }]);
  });

  it('keep great integers', async () => {
    expect([...(await load(files.write('big.json', '[{"a":9007199254740993}]')))]).toEqual([
      { a: 9007199254740993n },
    ]);
  });

  it.each([
    ['[{"a":1}', {}, 'data.json is not JSON'],
    ['', {}, 'data.json is not JSON'],
    ['3', {}, 'data.json must hold an array of rows, [{…}, {…}], or a row, {…}.'],
    [
      '{"data":{"a":[1],"b":[1,2]}}',
      { field: 'data' },
      'The field "data" of data.json holds neither rows nor columns.',
    ],
    ['{"data":[{"a":1}]}', { field: 'rows' }, 'data.json has no field "rows"; it has data.'],
    ['[{"a":1},3]', {}, 'data.json: Row 1 is 3, not an object'],
    ['[{"a":"\\ud800"}]', {}, 'data.json has half a character'],
  ])('that are none are refused: %s', async (content, options, message) => {
    const path = files.write('data.json', content);
    await expect(load(path, options)).rejects.toThrow(message);
    await expect(stream(path, options)).rejects.toThrow(message);
  });
});

describe('CSV', () => {
  it('finds types as pandas does', async () => {
    const path = csv(
      'int,float,bool,text,late,missing,big,id\n1,1,True,a,1,,9007199254740993,123456789012345678901\n-2,2.5,false,"b, ""c""\nd",,NA,1,2\n,1e3,TRUE,None,x,nan,2,3\n',
    );
    expect(await dtypes(path)).toEqual([
      'int64',
      'float64',
      'bool',
      'string',
      'string',
      'null',
      'int64',
      'string',
    ]);
    expect([...(await load(path))]).toEqual([
      {
        int: 1,
        float: 1,
        bool: true,
        text: 'a',
        late: '1',
        missing: null,
        big: 9007199254740993n,
        id: '123456789012345678901',
      },
      { int: -2, float: 2.5, bool: false, text: 'b, "c"\nd', late: null, missing: null, big: 1, id: '2' },
      { int: null, float: 1000, bool: true, text: null, late: 'x', missing: null, big: 2, id: '3' },
    ]);
  });

  it('takes tabs, other delimiters and quotes, CRLF, blank lines and a byte order mark', async () => {
    expect([...(await load(csv('\ufeffa\tb\r\n1\tx,y\r\n\r\n2\tz', 'table.tsv')))]).toEqual([
      { a: 1, b: 'x,y' },
      { a: 2, b: 'z' },
    ]);
    expect([...(await load(csv("a;b\n1;'x;y'\n"), { delimiter: ';', quote: "'" }))]).toEqual([
      { a: 1, b: 'x;y' },
    ]);
  });

  it('takes each line break for one, also where a file has several', async () => {
    const rows = [
      { a: 1, b: 'x' },
      { a: 2, b: 'y' },
      { a: 3, b: 'z' },
    ];
    for (const text of ['a,b\n1,x\r\n2,y\n3,z\r\n', 'a,b\r\n1,x\n2,y\r3,z', 'a,b\r1,x\r\n2,y\n\n3,z\r']) {
      expect([...(await load(csv(text)))]).toEqual(rows);
      expect(await stream(csv(text))).toEqual(rows);
    }
  });

  it('calls columns without a name as pandas does', async () => {
    expect([...(await load(csv(',a,,\n0,1,,\n1,2,,x\n')))]).toEqual([
      { 'Unnamed: 0': 0, a: 1, 'Unnamed: 2': null, 'Unnamed: 3': null },
      { 'Unnamed: 0': 1, a: 2, 'Unnamed: 2': null, 'Unnamed: 3': 'x' },
    ]);
  });

  it('says what to do where another character parts the columns', async () => {
    const path = csv('a;b\n1;x\n2,5;z\n');
    await expect(load(path)).rejects.toThrow(
      `line 3 has 2 fields, but there is 1 column; if "," does not part the columns, name what does: loadDataset('csv', { dataFiles, delimiter: ';' }). It starts: 2,5;z`,
    );
    expect((await load(path, { delimiter: ';' })).columnNames).toEqual(['a', 'b']);
  });

  it('reads files without a header', async () => {
    expect([...(await load(csv('1,x\n2,y\n'), { header: false }))]).toEqual([
      { 0: 1, 1: 'x' },
      { 0: 2, 1: 'y' },
    ]);
    expect([...(await load(csv('1,x\n'), { columnNames: ['n', 's'] }))]).toEqual([{ n: 1, s: 'x' }]);
  });

  it('fills rows that are too short, and names those that are too long', async () => {
    const path = csv('a,b\n1\n1,2,3\n4,5\n');
    await expect(load(path)).rejects.toThrow(
      'table.csv, line 3 has 3 fields, but there are 2 columns. It starts: 1,2,3',
    );
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const rows = [
      { a: 1, b: null },
      { a: 4, b: 5 },
    ];
    expect([...(await load(path, { onBadLine: 'warn' }))]).toEqual(rows);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(await stream(path, { onBadLine: 'skip' })).toEqual(rows);
  });

  it.each([
    ['', 'table.csv is empty: a CSV file begins with column names'],
    ['a,a\n1,2\n', 'two columns called "a"'],
    ['a,b\n1,"x\n2,y\n', 'line 2 opens a quote that nothing closes'],
    [Buffer.from('a\nx\ncaf\xe9\n', 'latin1'), 'table.csv, line 3 is not UTF-8'],
  ])('refuses %j', async (content, message) => {
    await expect(load(csv(content))).rejects.toThrow(message);
    await expect(stream(csv(content))).rejects.toThrow(message);
  });

  it('leaves out lines that are not UTF-8 where asked to', async () => {
    const text = 'a,b\r\n1,x\r\n2,caf\xe9\r\n3,"y\r\nz"\r\n4,"p\r\nq\xe9\r\nr\xe9"\r\n5,\xc3\xa9';
    for (const breaks of ['\r\n', '\n', '\r']) {
      const path = csv(Buffer.from(text.replaceAll('\r\n', breaks), 'latin1'));
      await expect(load(path)).rejects.toThrow(
        'table.csv, line 3 is not UTF-8; save the file as UTF-8. It starts: 2,caf',
      );
      const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
      const rows = [
        { a: 1, b: 'x' },
        { a: 3, b: `y${breaks}z` },
        { a: 5, b: 'é' },
      ];
      expect([...(await load(path, { onBadLine: 'warn' }))]).toEqual(rows);
      expect(warn.mock.calls.map(([line]) => /line \d+/.exec(line)?.[0])).toEqual(['line 3', 'line 7']);
      vi.restoreAllMocks();
      expect(await stream(path, { onBadLine: 'skip' })).toEqual(rows);
    }
    const header = csv(Buffer.from('caf\xe9\n1\n', 'latin1'));
    await expect(load(header, { onBadLine: 'skip' })).rejects.toThrow('line 1 is not UTF-8');
  });

  it('takes a line of blanks for an empty line', async () => {
    expect([...(await load(csv('a,b\n1,2\n  \n3,4\n \t\n')))]).toEqual([
      { a: 1, b: 2 },
      { a: 3, b: 4 },
    ]);
  });

  it.each([
    [['1', '18446744073709551615'], 'uint64'],
    [['-1', '18446744073709551615'], 'string'],
    [['1', '18446744073709551616'], 'string'],
    [['-1', '18446744073709551615', '0.5'], 'float64'],
    [['0.5', '18446744073709551616'], 'float64'],
    [['-9223372036854775808'], 'int64'],
    [['-9223372036854775809'], 'string'],
  ])('has for %j the type %s, as pandas', async (values, dtype) => {
    expect(await dtypes(csv(`a\n${values.join('\n')}\n`))).toEqual([dtype]);
  });

  it('counts the lines that an editor shows', async () => {
    const path = csv('a,b\r\n1,"x\r\ny"\r\n\r\n1,2,3\r\n');
    await expect(load(path)).rejects.toThrow('line 5 has 3 fields');
  });

  it('keeps a column called __proto__ and NULs in text', async () => {
    const [row] = [...(await load(csv('__proto__,b\n1,x\0y\n')))];
    expect(Object.entries(row!)).toEqual([
      ['__proto__', 1],
      ['b', 'x\0y'],
    ]);
  });

  it('streams with the types of the first rows, and names a later value that does not fit', async () => {
    const lines = Array.from({ length: 100_000 }, (_, i) => `${i},${i / 2}`);
    const path = csv(`a,b\n${lines.join('\n')}\nx,1\n`);
    expect(await stream(path, {}, 2)).toEqual([
      { a: 0, b: 0 },
      { a: 1, b: 0.5 },
    ]);
    await expect(stream(path)).rejects.toThrow(
      'table.csv, line 100002: "x" in the column "a" is no int64, as the values before it are; read the file without streaming',
    );
    expect((await load(path)).features.get('a')).toEqual({ type: 'value', dtype: 'string' });
  });
});

const COLUMNAR = [
  'all.snappy.parquet',
  'all.zstd.parquet',
  'all.stream.arrow',
  'all.file.arrow',
  'all.lz4.feather',
  'all.zstd.feather',
];

describe('Parquet with LZ4', () => {
  it('may have blocks without a byte', async () => {
    expect([...(await load(fixture('nothing.lz4.parquet')))]).toEqual([
      { x: null, y: [] },
      { x: null, y: null },
    ]);
  });
});

describe.each(COLUMNAR)('%s, written by Python', name => {
  it('has the values that Python wrote', async () => {
    const dataset = await load(fixture(name));
    expect(dataset.length).toBe(300);
    const row = dataset.table.row(7);
    expect(Object.keys(row)).toContain('__proto__');
    expect(Object.getOwnPropertyDescriptor(row, '__proto__')?.value).toBe(7);
    const { ['__proto__']: _, ...others } = row;
    expect(others).toEqual({
      id: 9007199254740993n,
      unsigned: 7,
      text: 'row 7 é😀',
      score: 7 / 3,
      ok: false,
      price: 2.1,
      day: new Date('2024-03-07'),
      moment: new Date('2024-02-29T12:30:45.123Z'),
      kind: 'b',
      tags: ['x', null],
      numbers: [9007199254740993n, 7],
      nested: { a: 7, b: [{ c: '7' }] },
      bytes: Uint8Array.of(0, 255),
      label: 1,
    });
    expect(dataset.table.row(0)).toMatchObject({ id: 0, unsigned: 18446744073709551615n, price: 0 });
    expect(dataset.table.row(1).text).toBeNull();
    expect(dataset.table.row(2)).toMatchObject({ kind: null, tags: [] });
    expect(dataset.table.row(3).tags).toBeNull();
    expect(dataset.table.row(4).nested).toBeNull();
    expect(dataset.table.column('price').get(299)).toBe(89.7);
  });

  it('has the types and class names that Python wrote', async () => {
    const { features } = await load(fixture(name));
    const of = (column: string) => features.get(column);
    expect(of('id')).toEqual({ type: 'value', dtype: 'int64' });
    expect(of('unsigned')).toEqual({ type: 'value', dtype: 'uint64' });
    expect(of('price')).toEqual({ type: 'value', dtype: 'float64' });
    expect(of('day')).toEqual({ type: 'value', dtype: 'date' });
    expect(of('moment')).toEqual({ type: 'value', dtype: 'timestamp' });
    expect(of('kind')).toEqual({ type: 'value', dtype: 'string' });
    expect(of('bytes')).toEqual({ type: 'value', dtype: 'binary' });
    expect(of('numbers')).toEqual({ type: 'list', feature: { type: 'value', dtype: 'int64' } });
    expect(of('nested')).toMatchObject({ type: 'struct' });
    expect(of('label')).toMatchObject({ type: 'classLabel', names: ['no', 'yes'] });
  });

  it('streams the same rows', async () => {
    expect(await stream(fixture(name))).toEqual([...(await load(fixture(name)))]);
    expect(await stream(fixture(name), {}, 5)).toHaveLength(5);
  });

  it('is known by its first bytes, and refused when it is cut off', async () => {
    const bytes = readFileSync(fixture(name));
    if (!name.includes('stream')) expect((await load(files.write(`${name}.copy`, bytes))).length).toBe(300);
    for (const length of [bytes.length >> 1, bytes.length - 3, 100]) {
      // Behind the last rows of an Arrow file there is nothing that reading needs.
      if (length === bytes.length - 3 && !name.endsWith('.parquet')) continue;
      const cut = files.write(`cut.${name}`, bytes.subarray(0, length));
      await expect(load(cut)).rejects.toThrow(/cut off/);
      await expect(stream(cut)).rejects.toThrow(/cut off/);
    }
  });
});

describe('files that are not what their names say', () => {
  it.each([
    ['x.parquet', '{"a":1}', 'x.parquet is no Parquet file'],
    ['x.parquet', '', 'x.parquet is no Parquet file'],
    ['x.arrow', '{"a":1}'.repeat(9), 'x.arrow is not an Arrow file'],
    ['x.arrow', '', 'x.arrow is empty'],
  ])('are refused: %s', async (name, content, message) => {
    await expect(load(files.write(name, content))).rejects.toThrow(message);
    await expect(stream(files.write(name, content))).rejects.toThrow(message);
  });
});
