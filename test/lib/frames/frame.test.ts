import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Dataset, loadDataset } from '../../../lib/datasets/index.ts';
import { frame, sql, toArrow } from '../../../lib/frames/index.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunelab-frame-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('frame', () => {
  it('makes an arquero table of rows', async () => {
    const df = await frame([
      { task: 'arc', score: 3 },
      { task: 'mmlu', score: 5 },
    ]);
    expect(df.columnNames()).toEqual(['task', 'score']);
    expect(df.filter((d: { score: number }) => d.score > 4).objects()).toEqual([{ task: 'mmlu', score: 5 }]);
  });

  it('prints its first rows as a table', async () => {
    const df = await frame(
      Array.from({ length: 1200 }, (_, i) => ({
        id: i,
        loss: i ? 1 / (3 * i) : null,
        text: `line one\n${'word '.repeat(30)}`,
      })),
    );
    const lines = inspect(df).split('\n');
    expect(lines.slice(0, 3)).toEqual([
      'id       loss  text',
      ' 0       null  line one word word word word word word …',
      ' 1   0.333333  line one word word word word word word …',
    ]);
    expect(lines).toHaveLength(12);
    expect(lines.at(-1)).toBe('1,200 rows, 3 columns, the first 10 shown');
    expect(inspect(df.groupby('text').filter((d: { id: number }) => d.id < 1))).toMatch(
      /\n1 row, 3 columns$/,
    );
    expect(inspect(await frame([]))).toBe('0 rows, 0 columns');
    expect(inspect(await frame([{ a: '' }, { a: 'x' }]))).toBe('a\n\nx\n2 rows, 1 column');
  });

  it('keeps the columns that only later rows have, with null where a row has none', async () => {
    const df = await frame([{ a: 1 }, { b: 2 }, {}, { a: undefined, c: 3 }]);
    expect(df.objects()).toEqual([
      { a: 1, b: null, c: null },
      { a: null, b: 2, c: null },
      { a: null, b: null, c: null },
      { a: null, b: null, c: 3 },
    ]);
  });

  it('is empty for no rows', async () => {
    expect((await frame([])).numRows()).toBe(0);
  });

  it.each([
    ['a.jsonl', '{"a":1,"b":"x"}\n{"a":2,"b":"y"}\n'],
    ['a.json', '[{"a":1,"b":"x"},{"a":2,"b":"y"}]'],
    ['columns.json', '{"a":[1,2],"b":["x","y"]}'],
    ['a.csv', 'a,b\n1,x\n2,y\n'],
    ['bom.csv', '\ufeffa,b\r\n1,x\r\n\r\n2,y\r\n'],
    ['quoted.csv', '"a",b\n1,"x"\n2,y'],
    ['a.tsv', 'a\tb\n1\tx\n2\ty\n'],
  ])('reads %s', async (name, content) => {
    expect((await frame(file(name, content))).objects()).toEqual([
      { a: 1, b: 'x' },
      { a: 2, b: 'y' },
    ]);
  });

  it('keeps a row of lists that is alone in its array', async () => {
    expect((await frame(file('row.json', '[{"a":[1,2],"b":["x","y"]}]'))).objects()).toEqual([
      { a: [1, 2], b: ['x', 'y'] },
    ]);
  });

  it('reads quotes, delimiters and line ends inside quotes, and missing values as null', async () => {
    const df = await frame(file('hard.csv', 'a,b\n"x, ""y""\nz",1\n,\nlast,3\n'));
    expect(df.objects()).toEqual([
      { a: 'x, "y"\nz', b: 1 },
      { a: null, b: null },
      { a: 'last', b: 3 },
    ]);
  });

  it('types a column by all of its values; NA is missing in each, as in pandas', async () => {
    const late = Array.from({ length: 2000 }, (_, i) => `${i},NA,${i === 1999 ? 'text' : i}`).join('\n');
    const df = await frame(file('late.csv', `n,code,mixed\n${late}\n-1.5e3,Namibia,x\n`));
    expect(df.get('mixed', 0)).toBe('0');
    expect([df.get('code', 0), df.get('code', 2000)]).toEqual([null, 'Namibia']);
    expect(df.get('n', 2000)).toBe(-1500);
    const gaps = await frame(
      file('gaps.csv', 'n,b,d\n1,true,2024-01-02\nNA,,NaN\ninf,False,2024-01-02 10:30\n'),
    );
    expect(gaps.objects()).toEqual([
      { n: 1, b: true, d: new Date('2024-01-02T00:00:00Z') },
      { n: null, b: null, d: null },
      { n: Infinity, b: false, d: new Date('2024-01-02T10:30:00Z') },
    ]);
  });

  it('reads the dates that a cast to timestamp reads', async () => {
    const df = await frame(
      file('offsets.csv', 'day\n2024-01-02T03\n2024-01-02T03:04+0530\n2024-01-02T03:04+05\n'),
    );
    expect(df.array('day')).toEqual(
      ['2024-01-02T03:00Z', '2024-01-01T21:34Z', '2024-01-01T22:04Z'].map(text => new Date(text)),
    );
  });

  it('keeps the digits of identifiers that no number can hold', async () => {
    const df = await frame(file('ids.csv', 'id,long\n9007199254740993,12345678901234567890123\n2,2\n'));
    expect(df.objects()).toEqual([
      { id: 9007199254740993n, long: '12345678901234567890123' },
      { id: 2n, long: '2' },
    ]);
  });

  it.each(['2020-02-30', '2021-02-29', '2024-13-45', '2024-01-01T24:00', '2024-01-01 10:61'])(
    'leaves a column of dates with the impossible %s text, as pandas does',
    async impossible => {
      const df = await frame(file('impossible.csv', `day\n2020-02-29\n${impossible}\n`));
      expect(df.array('day')).toEqual(['2020-02-29', impossible]);
    },
  );

  it('keeps the rows and columns that pandas 3.0.6 keeps', async () => {
    const gap = await frame(file('gap.tsv', 'a\tb\n1\t2\n\t\n3\t4'));
    expect(gap.objects()).toEqual([
      { a: 1, b: 2 },
      { a: null, b: null },
      { a: 3, b: 4 },
    ]);
    expect((await frame(file('comma.csv', '"a,b",c\n1,2\n'))).objects()).toEqual([{ 'a,b': 1, c: 2 }]);
    await expect(frame(file('comma.csv', '"a,b",c\n1,2,3\n'))).rejects.toThrow('line 2 has 3 fields');
    expect((await frame(file('commas.csv', '"x,y","x,z"\n1,2\n'))).columnNames()).toEqual(['x,y', 'x,z']);
    expect((await frame(file('inside.csv', 'a,b\nx"",y\n'))).objects()).toEqual([{ a: 'x""', b: 'y' }]);
  });

  it('reads Parquet as DuckDB writes it', async () => {
    const path = join(folder, 'a.parquet');
    await sql(`COPY (SELECT i AS id, i / 2 AS half, 'row ' || i AS name, CASE WHEN i = 1 THEN NULL ELSE [i, 2] END AS list,
      TIMESTAMP '2024-01-01' AS day, {'a': i} AS struct FROM range(3) t(i)) TO '${path}' (COMPRESSION zstd)`);
    const df = await frame(path);
    expect(df.numRows()).toBe(3);
    expect(df.object(0)).toEqual({
      id: 0,
      half: 0,
      name: 'row 0',
      list: [0, 2],
      day: new Date('2024-01-01'),
      struct: { a: 0 },
    });
    expect(df.get('list', 1)).toBeNull();
  });

  it('reads the bytes of Parquet as bytes, and what is missing inside of its values as null', async () => {
    const path = join(folder, 'bytes.parquet');
    await sql(
      `COPY (SELECT '\\xFF\\x00\\xFE'::BLOB AS bytes, [NULL, {'a': NULL}] AS structs, [NULL, [1, NULL]] AS lists) TO '${path}' (FORMAT parquet)`,
    );
    const row = (await frame(path)).object(0);
    // Strictly, since undefined would be no null.
    expect(row).toStrictEqual({
      bytes: Uint8Array.of(0xff, 0, 0xfe),
      structs: [null, { a: null }],
      lists: [null, [1, null]],
    });
  });

  it('reads of Parquet what loadDataset does: decimals and JSON exact, pages of LZ4 without a value', async () => {
    const path = join(folder, 'exact.parquet');
    await sql(`COPY (SELECT 0.3::DECIMAL(9, 1) AS d, 123456789.05::DECIMAL(20, 2) AS great, 1.1::DECIMAL(30, 1) AS wide,
      '{"id":1152921504606846977}'::JSON AS j, [0.3::DECIMAL(3, 1)] AS list, 1152921504606846977 AS id) TO '${path}' (FORMAT parquet)`);
    const rows = (await loadDataset(path, { split: 'train' })).toRows();
    expect(rows).toMatchObject([{ d: 0.3, j: { id: 1152921504606846977n }, list: [0.3] }]);
    expect((await frame(path)).objects()).toStrictEqual(rows);
    const nothing = fileURLToPath(new URL('../datasets/fixtures/nothing.lz4.parquet', import.meta.url));
    const none = await loadDataset(nothing, { split: 'train' });
    expect((await frame(nothing)).objects()).toEqual(none.toRows());
  });

  it('keeps numbers of Parquet of which the file says that none is missing in typed arrays', async () => {
    const number = Float64Array.of(0.5, Number.NaN);
    const path = join(folder, 'required.parquet');
    const leaf = { repetition_type: 'REQUIRED' } as const;
    const bytes = parquetWriteBuffer({
      columnData: [
        { name: 'd', data: [0.3, -0.5], encoding: 'PLAIN' },
        { name: 'x', data: number },
      ],
      schema: [
        { name: 'root', num_children: 2 },
        { ...leaf, name: 'd', type: 'INT32', converted_type: 'DECIMAL', scale: 1, precision: 5 },
        { ...leaf, name: 'x', type: 'DOUBLE' },
      ],
    });
    writeFileSync(path, new Uint8Array(bytes));
    const df = await frame(path);
    expect(df.column('d')).toEqual(Float64Array.of(0.3, -0.5));
    expect(df.column('x')).toEqual(number);
  });

  it('reads Arrow, and any of the formats under gzip', async () => {
    const rows = [
      { a: 1, b: 'x' },
      { a: null, b: 'y' },
    ];
    writeFileSync(join(folder, 'a.arrow'), toArrow(rows));
    writeFileSync(join(folder, 'zipped.csv.gz'), gzipSync('a,b\n1,x\n,y\n'));
    writeFileSync(join(folder, 'zipped.jsonl.gz'), gzipSync(rows.map(row => JSON.stringify(row)).join('\n')));
    for (const name of ['a.arrow', 'zipped.csv.gz', 'zipped.jsonl.gz']) {
      expect((await frame(join(folder, name))).objects(), name).toEqual(rows);
    }
    const bytes = Uint8Array.of(0xff, 0);
    writeFileSync(join(folder, 'bytes.arrow'), toArrow([{ bytes }]));
    expect((await frame(join(folder, 'bytes.arrow'))).get('bytes')).toStrictEqual(bytes);
  });

  it.each(['lz4', 'zstd'])(
    'reads what pandas writes as Feather, %s inside, as loadDataset does',
    async codec => {
      const path = fileURLToPath(new URL(`../datasets/fixtures/frame.${codec}.feather`, import.meta.url));
      const rows = await loadDataset(path, { split: 'train' });
      // As a data set, in which whole numbers of one column may be numbers and bigints.
      expect(Dataset.fromFrame(await frame(path)).toRows()).toEqual(rows.toRows());
    },
  );

  it('reads text, a row a line, and any of the formats under Zstandard', async () => {
    expect((await frame(file('a.txt', 'one\r\n\ntwo'))).array('text')).toEqual(['one', '', 'two']);
    const packed = fileURLToPath(new URL('../datasets/fixtures/lines.jsonl.zst', import.meta.url));
    const rows = await loadDataset(packed, { split: 'train' });
    expect((await frame(packed)).objects()).toEqual(rows.toRows());
  });

  it('reads JSON Lines as loadDataset does: whole numbers of 64 bits keep their digits', async () => {
    const df = await frame(file('great.jsonl', '{"id":9007199254740993}\n'));
    expect(df.get('id')).toBe(9007199254740993n);
  });

  it('takes an empty CSV field for missing, quoted or not, as pandas does', async () => {
    const path = file('quoted-empty.csv', 'a,b\n"",1\n,2\nx,3\n');
    expect((await frame(path)).array('a')).toEqual([null, null, 'x']);
    expect((await loadDataset(path, { split: 'train' })).column('a')).toEqual([null, null, 'x']);
  });

  it('takes rows that come one by one', async () => {
    async function* rows() {
      yield { a: 1 };
      yield { a: 2 };
    }
    expect((await frame(rows())).array('a')).toEqual([1, 2]);
    expect((await frame(new Set([{ a: 1 }]))).numRows()).toBe(1);
    const stream = Dataset.fromRows([{ a: 1 }, { a: 2 }]).toIterableDataset();
    expect((await frame(stream)).objects()).toEqual([{ a: 1 }, { a: 2 }]);
  });

  it.each(['latin1.csv', 'latin1.tsv', 'utf16.csv'])(
    'refuses %s in the words of loadDataset, also as a table of a query',
    async name => {
      const text = 'a\nok\ncafé\n';
      const path = join(folder, name);
      const marked = Buffer.from(`\ufeff${text}`, 'utf16le');
      writeFileSync(path, name.startsWith('utf16') ? marked : Buffer.from(text, 'latin1'));
      const error = (await loadDataset(path).catch((reason: unknown) => reason)) as Error;
      expect(error.message).toMatch(/line \d is not UTF-8; save the file as UTF-8/);
      await expect(frame(path)).rejects.toThrow(error.message);
      await expect(sql('SELECT * FROM t', { t: path })).rejects.toThrow(error.message);
    },
  );

  it.each([
    ['wide.csv', 'a,b\n"1\n1",2\n3,4,5\n', 'wide.csv, line 4 has 3 fields, but there are 2 columns'],
    ['open.csv', 'a,b\n1,"x\n2,y\n', 'open.csv, line 2 opens a quote that nothing closes'],
    ['twice.csv', 'a,a\n1,2\n', 'twice.csv has two columns called "a"'],
    ['empty.csv', '\n', 'empty.csv is empty'],
    ['bad.json', '{"a":', 'bad.json is not JSON'],
    ['scalar.json', '1', 'scalar.json must hold an array of rows'],
    [
      'uneven.json',
      '{"a":[1],"b":[1,2]}',
      'uneven.json: columns must be equally long, but have a 1, b 2 values.',
    ],
    ['proto.jsonl', '{"__proto__":1}', 'a column cannot be called "__proto__"'],
    ['rows.json', '[{"a":1},2]', 'rows.json: Row 1 is 2, not an object'],
    ['a.xlsx', '', 'a.xlsx ends in none of them'],
    ['bad.parquet', 'PAR1 and no more', 'bad.parquet is no Parquet file that can be read'],
    ['bad.arrow', 'no arrow', 'bad.arrow: this is no Arrow data, or it is cut off'],
    [
      'cut.arrow',
      'ARROW1\0\0 and no more',
      'cut.arrow: this is no Arrow data, or it is cut off: its end is missing.',
    ],
    ['empty.arrow', '', 'empty.arrow: this is no Arrow data, or it is cut off: there are no columns.'],
    ['bad.csv.gz', 'no gzip', 'bad.csv.gz is not gzip data, though its name says so'],
  ])('refuses %s with a reason', async (name, content, message) => {
    await expect(frame(file(name, content))).rejects.toThrow(message);
  });

  it('says so when a file is not there', async () => {
    for (const name of ['absent.csv', 'absent.parquet', 'absent.arrow', 'absent.csv.gz']) {
      await expect(frame(join(folder, name))).rejects.toThrow('there is no such file');
    }
  });

  it.each(['.csv', '.arrow', '.parquet', '.jsonl', '.csv.gz'])(
    'refuses a folder whose name ends in %s',
    async ending => {
      const path = join(folder, `folder${ending}`);
      mkdirSync(path);
      writeFileSync(join(path, 'a.csv'), 'a\n1\n');
      await expect(frame(path)).rejects.toThrow(`Cannot read ${path}: it is a folder; loadDataset reads`);
    },
  );
});
