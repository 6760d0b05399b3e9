import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { table } from 'arquero';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { duckdb, type SqlTables, sql, toArquero, toRows } from '../../../lib/frames/index.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunelab-sql-'));
  writeFileSync(join(folder, 'a.csv'), 'id,name\n1,x\n2,y\n');
  writeFileSync(join(folder, 'a.jsonl'), '{"id":1,"name":"x"}\n{"id":2,"name":"y"}\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

const query = async (text: string, tables?: SqlTables) => toRows(await sql(text, tables));

describe('sql', () => {
  it('asks frames, rows, columns and data sets by name, joined to one another', async () => {
    const result = await query(
      'SELECT d.name, count(*) AS n, avg(r.score) AS mean FROM runs r JOIN docs d USING (id) GROUP BY 1 ORDER BY 1',
      {
        docs: table({ id: [1, 2], name: ['x', 'y'] }),
        runs: [
          { id: 1, score: 1 },
          { id: 1, score: null },
          { id: 2, score: 4.5 },
        ],
      },
    );
    expect(result).toEqual([
      { name: 'x', n: 2, mean: 1 },
      { name: 'y', n: 1, mean: 4.5 },
    ]);
  });

  it('reads files by their paths, in the query and by name', async () => {
    for (const name of ['a.csv', 'a.jsonl']) {
      const path = join(folder, name);
      expect(await query(`SELECT sum(id) AS s FROM '${path}'`)).toEqual([{ s: 3 }]);
      expect(await query('SELECT sum(id) AS s FROM files', { files: path })).toEqual([{ s: 3 }]);
    }
  });

  it('as a template takes tables as tables and values as parameters', async () => {
    const rows = [
      { name: "O'Hara", day: new Date('2024-01-01') },
      { name: 'x', day: null },
    ];
    const evil = "O'Hara' OR 1 = 1 --";
    expect(
      toRows(await sql`SELECT name FROM ${rows} WHERE name = ${"O'Hara"} AND day = ${rows[0]?.day}`),
    ).toEqual([{ name: "O'Hara" }]);
    expect(toRows(await sql`SELECT name FROM ${rows} WHERE name = ${evil}`)).toEqual([]);
    expect(toRows(await sql`SELECT name FROM ${rows} WHERE list_contains(${['x', 'z']}, name)`)).toEqual([
      { name: 'x' },
    ]);
    await expect(sql`SELECT ${{ a: 1 }}`).rejects.toThrow('sql takes tables, texts');
  });

  it('gives numbers where no digit is lost, bigints where one would be, dates, lists and structs', async () => {
    expect(
      await query(`SELECT 1::BIGINT AS a, 9007199254740993 AS b, 1.25::DECIMAL(5,2) AS c, DATE '2024-01-02' AS d,
        [1, 2::BIGINT] AS e, {'k': 3::BIGINT} AS f, TIME '10:00' AS g, INTERVAL 3 DAYS AS h, NULL AS i, TRUE AS j`),
    ).toEqual([
      {
        a: 1,
        b: 9007199254740993n,
        c: 1.25,
        d: new Date('2024-01-02'),
        e: [1, 2],
        f: { k: 3 },
        g: '10:00:00',
        h: '3 days',
        i: null,
        j: true,
      },
    ]);
    expect(await query('SELECT * FROM (VALUES (1::BIGINT), (9007199254740993)) t(mixed)')).toEqual([
      { mixed: 1n },
      { mixed: 9007199254740993n },
    ]);
  });

  it('carries every kind of column into DuckDB and back', async () => {
    const columns = {
      whole: [1, 2, null],
      wide: [2 ** 40, -(2 ** 40), 0],
      fraction: [0.5, Number.NaN, -1],
      big: [2n ** 60n, null, 1n],
      huge: [2n ** 64n - 1n, null, -1n],
      text: ['a', '', null],
      flag: [true, false, null],
      day: [new Date('2024-01-01'), null, new Date(1)],
      list: [[1, 2], null, []],
      record: [{ a: 1, b: 'x' }, null, { a: 2, b: null }],
      'odd "name"': [1, 'two', null],
      nothing: [null, null, null],
      floats: Float32Array.of(1.5, 2, 3),
      bytes: [Buffer.of(1, 255), null, Buffer.of()],
    };
    const result = await sql`SELECT * FROM ${columns}`;
    expect(
      Object.fromEntries(
        result.columnNames().map(name => [name, Array.from(result.array(name) as unknown[])]),
      ),
    ).toEqual({
      ...columns,
      fraction: [0.5, null, -1],
      'odd "name"': ['1', 'two', null],
      floats: [1.5, 2, 3],
    });
    expect(
      toRows(
        await sql`SELECT typeof(whole) AS w, typeof(wide) AS v, typeof(list) AS l, typeof(bytes) AS b FROM ${columns} LIMIT 1`,
      ),
    ).toEqual([{ w: 'INTEGER', v: 'BIGINT', l: 'UBIGINT[]', b: 'BLOB' }]);
  });

  it('sees the rows that a filter leaves, and more than one chunk of them', async () => {
    const df = toArquero({ a: Array.from({ length: 5000 }, (_, i) => i) }).filter(
      (d: { a: number }) => d.a >= 100,
    );
    expect(toRows(await sql`SELECT count(*) AS n, min(a) AS low, sum(a) AS s FROM ${df}`)).toEqual([
      { n: 4900, low: 100, s: (100 + 4999) * 2450 },
    ]);
  });

  it('copies a frame once, rows each time: they may have changed', async () => {
    const df = table({ a: [1] });
    const rows = [{ a: 1 }];
    const tables = async () =>
      (await query("SELECT count(*) AS n FROM duckdb_tables() WHERE table_name LIKE 'tunelab_%'"))[0]
        ?.n as number;
    await sql`FROM ${df}`;
    const before = await tables();
    await sql`FROM ${df}`;
    expect(await query('SELECT sum(a) AS s FROM rows', { rows })).toEqual([{ s: 1 }]);
    rows.push({ a: 41 });
    expect(await query('SELECT sum(a) AS s FROM rows', { rows })).toEqual([{ s: 42 }]);
    expect(await tables()).toBe(before);
  });

  it('keeps tables that a query creates, and forgets names that a query was given', async () => {
    await sql('CREATE TABLE kept AS SELECT 7 AS a');
    expect(await query('FROM kept')).toEqual([{ a: 7 }]);
    await query('FROM given', { given: [{ a: 1 }] });
    await expect(sql('FROM given')).rejects.toThrow(
      'there is no table given. A %%sql cell takes variables of the notebook; sql takes tables beside the query: sql(query, { given: frame })',
    );
    await (await duckdb()).run('DROP TABLE kept');
  });

  it('lets a given name stand before a table of the same name, for one query', async () => {
    await sql('CREATE TABLE shadow AS SELECT 1 AS a');
    expect(await query('FROM shadow', { shadow: [{ a: 2 }], Shadow: [{ a: 3 }] })).toEqual([{ a: 3 }]);
    expect(await query('FROM shadow')).toEqual([{ a: 1 }]);
    await sql('DROP TABLE shadow');
  });

  it('runs queries that were started together, each with its own tables', async () => {
    const results = await Promise.all([1, 2, 3].map(a => query('SELECT a FROM t', { t: [{ a }] })));
    expect(results).toEqual([[{ a: 1 }], [{ a: 2 }], [{ a: 3 }]]);
  });

  it('says what DuckDB has against a query, and goes on', async () => {
    await expect(sql('SELEC 1')).rejects.toThrow('DuckDB: Parser Error: syntax error at or near "SELEC"');
    await expect(sql('FROM t', { t: [] })).rejects.toThrow('sql: "t" is not a table with columns');
    await expect(sql('FROM t', { t: join(folder, 'absent.csv') })).rejects.toThrow('there is no such file');
    await expect(sql(' ')).rejects.toThrow('sql needs a query');
    expect(await query('SELECT 1 AS a')).toEqual([{ a: 1 }]);
  });
});
