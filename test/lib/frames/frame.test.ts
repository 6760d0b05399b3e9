import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { frame } from '../../../lib/frames/index.ts';

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

  it('reads quotes, delimiters and line ends inside quotes, and missing values as null', async () => {
    const df = await frame(file('hard.csv', 'a,b\n"x, ""y""\nz",1\n,\nlast,3\n'));
    expect(df.objects()).toEqual([
      { a: 'x, "y"\nz', b: 1 },
      { a: null, b: null },
      { a: 'last', b: 3 },
    ]);
  });

  it.each([
    ['wide.csv', 'a,b\n"1\n1",2\n3,4,5\n', 'wide.csv, line 4 has 3 fields, but the header names 2'],
    ['open.csv', 'a,b\n1,"x\n2,y\n', 'open.csv, line 2 opens a quote that nothing closes'],
    ['twice.csv', 'a,a\n1,2\n', 'twice.csv has two columns called "a"'],
    ['empty.csv', '\n', 'empty.csv is empty'],
    ['bad.json', '{"a":', 'bad.json is not JSON'],
    ['scalar.json', '{"a":1}', 'scalar.json must hold an array of rows or an object of columns'],
    ['uneven.json', '{"a":[1],"b":[1,2]}', 'columns must be equally long, but have a 1, b 2 values'],
    ['proto.jsonl', '{"__proto__":1}', 'a column cannot be called "__proto__"'],
    ['rows.json', '[{"a":1},2]', 'rows.json: row 1 is 2, not an object'],
    ['a.xlsx', '', 'a.xlsx ends in none of them'],
  ])('refuses %s with a reason', async (name, content, message) => {
    await expect(frame(file(name, content))).rejects.toThrow(message);
  });

  it('says so when a file is not there', async () => {
    await expect(frame(join(folder, 'absent.csv'))).rejects.toThrow('there is no such file');
  });
});
