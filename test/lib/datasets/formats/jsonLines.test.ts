import { appendFileSync, chmodSync, existsSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readJsonl, unpackedBytes } from '../../../../lib/datasets/index.ts';
import { Files, fixture, load, openFiles, stream } from './files.ts';

const files = new Files();
const write = (content: string | Uint8Array, name = 'rows.jsonl'): string => files.write(name, content);
afterEach(() => vi.restoreAllMocks());

describe('JSON Lines', () => {
  it('gives the rows that readJsonl gives, in any order of asking', async () => {
    const rows = Array.from({ length: 5000 }, (_, i) => ({
      i,
      text: 'é日😀'.repeat(i % 97),
      tags: [`${i}`],
    }));
    rows.push({ i: 5000, text: 'x'.repeat(600_000), tags: [] });
    const path = write(rows.map(row => JSON.stringify(row)).join('\n'));
    const dataset = await load(path);
    expect(dataset.length).toBe(5001);
    expect([...dataset]).toEqual(await readJsonl(path));
    for (const i of [5000, 17, 4999, 0, 2500]) expect(dataset.table.row(i)).toEqual(rows[i]);
    expect(dataset.table.column('i').get(1234)).toBe(1234);
    expect(await stream(path)).toEqual(rows);
  });

  it('hands out rows that nobody else has', async () => {
    const { table } = await load(write('{"a":[1]}\n'));
    (table.row(0).a as number[]).push(2);
    expect(table.row(0)).toEqual({ a: [1] });
  });

  it('takes a byte order mark, CRLF and blank lines in stride', async () => {
    const path = write('\ufeff{"a":1}\r\n\r\n   \n\n{"a":2}');
    expect([...(await load(path))]).toEqual([{ a: 1 }, { a: 2 }]);
    expect(await stream(path)).toEqual([{ a: 1 }, { a: 2 }]);
  });

  it('gives an empty file no rows and no columns', async () => {
    const dataset = await load(write(''));
    expect([dataset.length, dataset.columnNames]).toEqual([0, []]);
    expect(await stream(write(''))).toEqual([]);
  });

  it('takes no column from a line that it leaves out', async () => {
    const path = write('{"a":1}\n{"a":2,"b":"\\ud800"}\n{"a":"x","c"\n{"a":3}\n');
    const dataset = await load(path, { onBadLine: 'skip' });
    expect([dataset.features, [...dataset]]).toEqual([
      new Map([['a', { type: 'value', dtype: 'int64' }]]),
      [{ a: 1 }, { a: 3 }],
    ]);
  });

  it('unites the columns of all lines; what a row lacks is null, however deep', async () => {
    const path = write('{"a":1,"s":{"x":1}}\n{"b":[{"p":1}],"s":{"y":2}}\n{"b":[{"q":2}],"a":3}\n');
    const dataset = await load(path);
    expect(dataset.columnNames).toEqual(['a', 's', 'b']);
    expect([...dataset]).toEqual([
      { a: 1, s: { x: 1, y: null }, b: null },
      { a: null, s: { x: null, y: 2 }, b: [{ p: 1, q: null }] },
      { a: 3, s: null, b: [{ p: null, q: 2 }] },
    ]);
    expect(await stream(path)).toEqual([...dataset]);
    expect(Object.keys((await stream(path))[1]!)).toEqual(dataset.columnNames);
  });

  it('streams rows with the columns of the lines so far', async () => {
    const early = '{"a":1}\n'.repeat(100_000);
    const rows = await stream(write(`${early}{"b":2}\n${early}`));
    expect([rows[0], rows[100_000], rows.at(-1)]).toEqual([{ a: 1 }, { a: null, b: 2 }, { a: 1, b: null }]);
  });

  it.each([
    ['{"a":1}\n{"a":2.5}', 'float64'],
    ['{"a":1}\n{"a":null}', 'int64'],
    ['{"a":true}\n{"a":1}', 'json'],
    ['{"a":"x"}\n{"a":{"b":1}}', 'json'],
    ['{"a":null}', 'null'],
    ['{"a":18446744073709551615}', 'uint64'],
    ['{"a":123456789012345678901234567890}', 'float64'],
  ])('takes the column of %j for %s', async (content, dtype) => {
    expect((await load(write(content))).features.get('a')).toEqual({ type: 'value', dtype });
  });

  it('keeps values of mixed types as they are', async () => {
    const rows = [{ a: 1 }, { a: 'x' }, { a: [true, { b: null }] }];
    expect([...(await load(write(rows.map(row => JSON.stringify(row)).join('\n'))))]).toEqual(rows);
  });

  it('keeps integers that a number cannot hold', async () => {
    const path = write(
      '{"a":9007199254740993,"b":[1e300,-9223372036854775808],"c":"say \\"9007199254740993\\""}\n{"a":1,"b":[],"c":""}\n',
    );
    const row = { a: 9007199254740993n, b: [1e300, -9223372036854775808n], c: 'say "9007199254740993"' };
    const dataset = await load(path);
    expect(dataset.table.row(0)).toEqual(row);
    expect(dataset.table.row(1)).toEqual({ a: 1, b: [], c: '' });
    expect(dataset.features.get('a')).toEqual({ type: 'value', dtype: 'int64' });
    expect((await stream(path))[0]).toEqual(row);
  });

  it('keeps a column called __proto__ as data', async () => {
    const path = write('{"__proto__":{"admin":true},"a":1}\n{"a":2}\n');
    for (const rows of [[...(await load(path))], await stream(path)]) {
      expect(Object.keys(rows[0]!)).toEqual(['__proto__', 'a']);
      expect((rows[0] as { admin?: boolean }).admin).toBeUndefined();
    }
    expect([...(await load(path))][1]).toHaveProperty(['__proto__'], null);
  });

  it('keeps escaped NULs and refuses raw ones', async () => {
    expect([...(await load(write('{"a":"x\\u0000y"}')))]).toEqual([{ a: 'x\0y' }]);
    await expect(load(write('{"a":"x\0y"}'))).rejects.toThrow(
      'rows.jsonl, line 1 is not JSON. It starts: {"a":"x\\u0000y"}',
    );
  });
});

describe('a bad line', () => {
  const bad = `{"a": "${'q'.repeat(100)}`;

  it('is found when the file is opened, with its number and its first 80 characters', async () => {
    const path = write(`{"a":1}\n\n${bad}\n{"a":2}\n`);
    const message = `rows.jsonl, line 3 is not JSON. It starts: ${bad.slice(0, 80)}…`;
    await expect(load(path)).rejects.toThrow(message);
    await expect(stream(path)).rejects.toThrow(message);
    expect(await stream(path, {}, 0).catch(error => error)).toBeInstanceOf(SyntaxError);
  });

  it('is skipped, or skipped with a warning, if asked for', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const path = write(
      Buffer.concat([
        Buffer.from(`{"a":1}\n${bad}\n[1]\n`),
        Buffer.of(0x22, 0xff, 0x22, 0x0a),
        Buffer.from('{"a":2}\n'),
      ]),
    );
    const rows = [{ a: 1 }, { a: 2 }];
    expect([...(await load(path, { onBadLine: 'skip' }))]).toEqual(rows);
    expect(warn).not.toHaveBeenCalled();
    expect([...(await load(path, { onBadLine: 'warn' }))]).toEqual(rows);
    expect(warn.mock.calls.map(([text]) => /line \d is [^.]*/.exec(text)?.[0])).toEqual([
      'line 2 is not JSON',
      'line 3 is an array, not an object',
      'line 4 is not UTF-8; save the file as UTF-8',
    ]);
    expect(await stream(path, { onBadLine: 'skip' })).toEqual(rows);
  });

  it.each([
    [
      'an escaped half of a character',
      '{"ok":"\\ud83d\\ude00"}\n{"a":"\\ud83d"}',
      'line 2 has half a character',
    ],
    ['one in a key', '{"\\uDC00":1}', 'line 1 has half a character'],
    ['bytes that are not UTF-8', Buffer.from('{"a":"ok"}\n{"a":"caf\xe9"}', 'latin1'), 'line 2 is not UTF-8'],
    [
      'an encoded half of a character',
      Buffer.from([0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d]),
      'line 1 is not UTF-8',
    ],
    ['a number', '{"a":1}\n3', 'line 2 is a number, not an object'],
  ])('is %s', async (_, content, message) => {
    await expect(load(write(content))).rejects.toThrow(message);
    await expect(stream(write(content))).rejects.toThrow(message);
  });
});

describe('nesting', () => {
  it('of more than 64 levels is refused', async () => {
    const path = write(`{"ok":1}\n${'{"a":'.repeat(70)}1${'}'.repeat(70)}`);
    for (const read of [load, stream]) {
      await expect(read(path)).rejects.toThrow('line 2: values are nested deeper than 64 levels');
    }
  });

  it('of a hundred thousand levels does no harm', async () => {
    const path = write(`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`);
    await expect(load(path)).rejects.toThrow('line 1');
  });
});

describe('rows of a file of many parts', () => {
  it('are the same in any order, however often', async () => {
    const rows = Array.from({ length: 20_000 }, (_, id) => ({ id, text: `${id} `.repeat(20) }));
    const dataset = await load(write(rows.map(row => JSON.stringify(row)).join('\n')));
    for (const seed of [1, 2]) {
      const shuffled = dataset.shuffle({ seed });
      const wrong = shuffled.toRows().filter(({ id, text }) => text !== `${id} `.repeat(20));
      expect(wrong).toEqual([]);
      expect(new Set(shuffled.column('id')).size).toBe(20_000);
    }
    expect(dataset.column('id')).toEqual(rows.map(({ id }) => id));
    expect([dataset.at(-1), dataset.at(0), dataset.at(1)]).toEqual([rows.at(-1), rows[0], rows[1]]);
  });
});

describe('a file that changes after it was opened', () => {
  it('is never read wrong', async () => {
    const path = write('{"a":1}\n{"a":2}\n');
    const dataset = await load(path);
    writeFileSync(path, '{"a":9}\n{"a":8}\n');
    utimesSync(path, 1, 1);
    expect(() => dataset.table.row(0)).toThrow(/rows\.jsonl has changed since it was opened; load it again/);
    const again = await load(path);
    appendFileSync(path, '{"a":7}\n');
    expect(() => [...again]).toThrow('has changed');
    const third = await load(path);
    rmSync(path);
    expect(() => third.table.row(0)).toThrow('can no longer be read');
  });

  it('does no harm where rows are in memory already', async () => {
    const path = write(gzipSync('{"a":1}\n'), 'rows.jsonl.gz');
    const dataset = await load(path);
    rmSync(path);
    expect([...dataset]).toEqual([{ a: 1 }]);
  });
});

describe('compressed files', () => {
  it.each(['lines.jsonl.gz', 'lines.jsonl.zst'])('are read as they are: %s', async name => {
    const dataset = await load(fixture(name));
    expect(dataset.length).toBe(2000);
    expect(dataset.table.row(1999)).toEqual({ i: 1999, text: 'word ' });
    expect(await stream(fixture(name))).toEqual([...dataset]);
  });

  it('are known by their first bytes too', async () => {
    expect([...(await load(write(gzipSync('{"a":1}\n'), 'plain.jsonl')))]).toEqual([{ a: 1 }]);
    await expect(load(write('{"a":1}\n', 'not.jsonl.gz'))).rejects.toThrow(
      'not.jsonl.gz is not gzip data, though its name says so',
    );
    await expect(load(write('{"a":1}\n', 'not.jsonl.zst'))).rejects.toThrow('is not zstd data');
  });

  it.each(['lines.jsonl.gz', 'lines.jsonl.zst'])(
    'that are cut off or damaged are refused: %s',
    async name => {
      const { readFileSync } = await import('node:fs');
      const whole = readFileSync(fixture(name));
      const cut = write(whole.subarray(0, whole.length - 100), `cut.${name}`);
      await expect(load(cut)).rejects.toThrow(`cut.${name} is cut off: its compressed data ends too early.`);
      await expect(stream(cut)).rejects.toThrow('is cut off');
      const damaged = Buffer.from(whole);
      damaged.fill(0xff, 2000, 2100);
      await expect(load(write(damaged, `damaged.${name}`))).rejects.toThrow(/is damaged|is not/);
    },
  );

  it('that expand without end are refused', async () => {
    const path = fixture('zeros.jsonl.zst');
    await expect(load(path, { maxBytes: 1_000_000 })).rejects.toThrow(
      'zeros.jsonl.zst expands to more than 1000000 bytes; read it with streaming: true, which is of no use for a JSON document, or allow more with maxBytes.',
    );
    const gzip = write(gzipSync(Buffer.alloc(64 << 20, '0')), 'zeros.jsonl.gz');
    await expect(load(gzip, { maxBytes: 1_000_000 })).rejects.toThrow('expands to more than 1000000 bytes');
    await expect(load(gzip)).rejects.toThrow('line 1 is not JSON');
    const document = write(gzipSync(`[${' '.repeat(2 << 20)}]`), 'document.json.gz');
    await expect(stream(document, { maxBytes: 1_000_000 })).rejects.toThrow(
      'expands to more than 1000000 bytes',
    );
    expect(await stream(document)).toEqual([]);
  });

  it('that expand without end are refused where nobody can allow more, with what can be done', async () => {
    const path = write(gzipSync(Buffer.alloc(2 << 20)), 'great.gz');
    await expect(async () => {
      for await (const _ of unpackedBytes(path, 1 << 20));
    }).rejects.toThrow(
      "great.gz expands to more than 1048576 bytes; stream its rows with loadDataset('…', { streaming: true }).",
    );
  });
});

describe('streaming', () => {
  const isLinux = existsSync('/proc/self/fd');

  it.skipIf(!isLinux)('closes the file when it is left early (Linux)', async () => {
    const lines = `{"text":"${'x'.repeat(1000)}"}\n`.repeat(5000);
    for (const path of [write(lines), write(gzipSync(lines), 'long.jsonl.gz')]) {
      expect(await stream(path, {}, 5)).toHaveLength(5);
      expect(openFiles(files.folder)).toEqual([]);
      await load(path);
      expect(openFiles(files.folder)).toEqual([]);
    }
    await load(write('{"a"'), {}).catch(() => {});
    expect(openFiles(files.folder)).toEqual([]);
  });

  it('begins anew for each loop', async () => {
    const { loadDataset } = await import('../../../../lib/datasets/index.ts');
    const dataset = await loadDataset(write('{"a":1}\n{"a":2}\n'), { split: 'train', streaming: true });
    for (let i = 0; i < 2; i++) {
      const rows = [];
      for await (const row of dataset) rows.push(row);
      expect(rows).toEqual([{ a: 1 }, { a: 2 }]);
    }
  });
});

describe('what cannot be read', () => {
  it('is named with the reason', async () => {
    await expect(load(join(files.folder, 'absent.jsonl'))).rejects.toThrow(
      /no file or folder .*absent\.jsonl/,
    );
  });

  it.skipIf(process.getuid?.() === 0)('is a file without permission (not as root)', async () => {
    const path = write('{}', 'secret.jsonl');
    chmodSync(path, 0);
    await expect(load(path)).rejects.toThrow('permission denied');
  });
});

describe('text', () => {
  it('gives a row a line, empty ones too', async () => {
    const path = files.write('poem.txt', '\ufeffone\r\n\n  two\0\nthree');
    const rows = [{ text: 'one' }, { text: '' }, { text: '  two\0' }, { text: 'three' }];
    expect([...(await load(path))]).toEqual(rows);
    expect(await stream(path)).toEqual(rows);
    await expect(load(files.write('latin.txt', Buffer.from('a\ncaf\xe9', 'latin1')))).rejects.toThrow(
      'line 2 is not UTF-8',
    );
  });
});
