import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDataset, readJsonl, writeJsonl } from '../../../lib/datasets/index.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunelab-jsonl-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(content: string | Uint8Array, name = 'rows.jsonl'): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('readJsonl', () => {
  it('reads one row a line, in order', async () => {
    expect(await readJsonl(file('{"a":1}\n{"a":2}\n'))).toEqual([{ a: 1 }, { a: 2 }]);
  });

  it('takes a byte order mark, CRLF, blank lines and a missing last newline in stride', async () => {
    expect(await readJsonl(file('\ufeff{"a":1}\r\n\r\n   \n{"a":2}'))).toEqual([{ a: 1 }, { a: 2 }]);
  });

  it('gives no rows for an empty file', async () => {
    expect(await readJsonl(file(''))).toEqual([]);
  });

  it('does not take a Unicode line separator inside a text for the end of a line', async () => {
    expect(await readJsonl(file('{"a":"one\u2028two"}\n'))).toEqual([{ a: 'one\u2028two' }]);
  });

  it('reads rows and characters that lie across the pieces in which the file is read', async () => {
    const rows = Array.from({ length: 4000 }, (_, i) => ({ i, text: 'é日😀'.repeat(i % 97) }));
    rows.push({ i: 4000, text: 'x'.repeat(2_500_000) });
    expect(await readJsonl(file(rows.map(row => JSON.stringify(row)).join('\n')))).toEqual(rows);
  });

  it('keeps every digit of 64-bit integers, and refuses half a character, as loadDataset does', async () => {
    const path = file('{"id":12345678901234567890,"n":[-9007199254740993,1]}\n', 'great.jsonl');
    const rows = await readJsonl(path);
    expect(rows).toEqual([{ id: 12345678901234567890n, n: [-9007199254740993n, 1] }]);
    expect(rows[0]?.id).toBe((await loadDataset(path, { split: 'train' })).at(0)?.id);
    await expect(readJsonl(file('{"a":1}\n{"a":"\\ud800"}'))).rejects.toThrow('line 2 has half a character');
  });

  it.each(['gz', 'zst'])('reads what is compressed: .%s', async ending => {
    const path = fileURLToPath(new URL(`fixtures/lines.jsonl.${ending}`, import.meta.url));
    const rows = await readJsonl(path);
    expect(rows).toHaveLength(2000);
    expect(rows.at(-1)).toEqual({ i: 1999, text: 'word ' });
    await expect(readJsonl(file('{"a":1}\n', `plain.jsonl.${ending}`))).rejects.toThrow(
      'though its name says so',
    );
  });

  it('keeps a key called __proto__ as data', async () => {
    const [row] = await readJsonl(file('{"__proto__":{"admin":true}}'));
    expect(Object.keys(row as object)).toEqual(['__proto__']);
    expect((row as { admin?: boolean }).admin).toBeUndefined();
  });

  it('names file and line of a bad line and shows its first 80 characters', async () => {
    const bad = `{"question": "${'q'.repeat(100)}`;
    await expect(readJsonl(file(`{"a":1}\n\n${bad}\n`))).rejects.toThrow(
      `rows.jsonl, line 3 is not JSON. It starts: ${bad.slice(0, 80)}…`,
    );
  });

  it('makes control characters visible in what it shows', async () => {
    await expect(readJsonl(file('{"a":\u0000\u001b[31m'))).rejects.toThrow('{"a":\\u0000\\u001b[31m');
  });

  it.each([
    ['[1,2]', 'is an array'],
    ['null', 'is null'],
    ['3', 'is a number'],
    ['"text"', 'is a string'],
  ])('refuses the line %s, which is no row', async (line, message) => {
    await expect(readJsonl(file(line))).rejects.toThrow(`line 1 ${message}, not an object`);
  });

  it('refuses text that is not UTF-8 instead of reading it wrong', async () => {
    const latin1 = Buffer.from('{"a":"ok"}\n{"a":"caf\xe9"}', 'latin1');
    await expect(readJsonl(file(latin1))).rejects.toThrow('line 2 is not UTF-8');
  });

  it('says what is wrong with a path', async () => {
    await expect(readJsonl(join(folder, 'absent.jsonl'))).rejects.toThrow(
      /Cannot read .*absent\.jsonl: there is no such file/,
    );
    await expect(readJsonl(folder)).rejects.toThrow('it is a folder');
  });

  const docs = fileURLToPath(new URL('../../../../shared/data/lamini/lamini_docs.jsonl', import.meta.url));
  it.skipIf(!existsSync(docs))(
    'reads the 1400 documentation rows (skipped where the shared data is not there)',
    async () => {
      const rows = await readJsonl<{ question: string; answer: string }>(docs);
      expect(rows).toHaveLength(1400);
      expect(rows.every(row => typeof row.question === 'string' && typeof row.answer === 'string')).toBe(
        true,
      );
    },
  );
});

describe('writeJsonl', () => {
  it('writes what readJsonl reads, and says how many rows', async () => {
    const path = join(folder, 'out.jsonl');
    const rows = [{ a: 'line\nbreak "é" 😀' }, { a: null, b: [1, { c: 2 }] }];
    expect(await writeJsonl(path, rows)).toBe(2);
    expect(await readJsonl(path)).toEqual(rows);
    expect(readFileSync(path, 'utf8').endsWith('}\n')).toBe(true);
  });

  it('takes rows from an async generator', async () => {
    async function* rows() {
      yield { i: 0 };
      yield { i: 1 };
    }
    const path = join(folder, 'async.jsonl');
    expect(await writeJsonl(path, rows())).toBe(2);
  });

  it('leaves the old file as it was, and nothing beside it, when a row cannot be written', async () => {
    const path = join(folder, 'kept.jsonl');
    await writeJsonl(path, [{ old: true }]);
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    await expect(writeJsonl(path, [{ a: 1 }, circle])).rejects.toThrow(
      'kept.jsonl, row 1 cannot be written as JSON',
    );
    await expect(writeJsonl(path, [{ a: 1 }, { a: ['\ud800'] }])).rejects.toThrow(
      'Column "a", row 1 has half a character',
    );
    await expect(writeJsonl(path, [3 as unknown as object])).rejects.toThrow(
      'kept.jsonl, row 0: a row must be an object of columns, and JSON writes none for 3.',
    );
    for (const row of [null, [1], new Date(0), new Map([['a', 1]]), { toJSON() {} }]) {
      await expect(writeJsonl(path, [row] as never)).rejects.toThrow('and JSON writes none for');
    }
    for (const [rows, shown] of [
      [{ a: 1 }, 'a value of type Object'],
      [null, 'null'],
      ['{"a":1}', '"{\\"a\\":1}"'],
    ]) {
      await expect(writeJsonl(path, rows as never)).rejects.toThrow(
        `kept.jsonl: writeJsonl needs an array of rows, or others that come one by one, not ${shown}.`,
      );
    }
    expect(await readJsonl(path)).toEqual([{ old: true }]);
    expect(readdirSync(folder).filter(name => name.endsWith('.tmp'))).toEqual([]);
  });

  it('passes on an error of the rows as it is, and leaves nothing behind', async () => {
    async function* rows() {
      yield { a: 1 };
      yield JSON.parse(readFileSync(join(folder, 'absent.json'), 'utf8'));
    }
    await expect(writeJsonl(join(folder, 'passed.jsonl'), rows())).rejects.toThrow(/^ENOENT.*absent\.json/);
    expect(readdirSync(folder).filter(name => name.startsWith('passed'))).toEqual([]);
  });

  it('names a folder that is not there', async () => {
    await expect(writeJsonl(join(folder, 'no', 'x.jsonl'), [])).rejects.toThrow(
      /Cannot write .*x\.jsonl: its folder does not exist/,
    );
  });
});
