import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { defaultHistoryFile, History } from '../../../kernel/session/history.ts';

const folder = mkdtempSync(join(tmpdir(), 'tunelab-history-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const newFile = () => join(folder, `history-${files++}.jsonl`);
const silent = () => {};

const inputs = (history: History, query: Parameters<History['query']>[0]) =>
  history.query(query).map(entry => (entry as unknown[])[2]);

describe('queries', () => {
  const history = new History(newFile(), silent);
  history.add(1, 'one', "'1'");
  history.add(2, 'two\nlines', null);
  history.add(3, 'a*b?[c]', null);
  history.add(4, 'one', "'4'");

  test.each([
    [{ hist_access_type: 'tail', n: 2 }, ['a*b?[c]', 'one']],
    [{ hist_access_type: 'tail', n: 0 }, []],
    [{ hist_access_type: 'tail', n: 99 }, ['one', 'two\nlines', 'a*b?[c]', 'one']],
    [{ hist_access_type: 'range', session: 0, start: 2, stop: 4 }, ['two\nlines', 'a*b?[c]']],
    [{ hist_access_type: 'range', session: 0, start: 4 }, ['one']],
    [{ hist_access_type: 'range', session: 7, start: 0 }, []],
    [{ hist_access_type: 'search', pattern: 'one' }, ['one', 'one']],
    [{ hist_access_type: 'search', pattern: 'o*' }, ['one', 'one']],
    [{ hist_access_type: 'search', pattern: '*lines' }, ['two\nlines']],
    [{ hist_access_type: 'search', pattern: 'a*' }, ['a*b?[c]']],
    [{ hist_access_type: 'search', pattern: 'tw' }, []],
    [{ hist_access_type: 'search', pattern: '*', n: 1 }, ['one']],
    [{ hist_access_type: 'search', pattern: '*', unique: true }, ['two\nlines', 'a*b?[c]', 'one']],
  ] as const)('%j', (query, found) => {
    expect(inputs(history, query)).toEqual(found);
  });

  test('with outputs', () => {
    expect(history.query({ hist_access_type: 'tail', n: 2, output: true })).toEqual([
      [1, 3, ['a*b?[c]', null]],
      [1, 4, ['one', "'4'"]],
    ]);
  });

  test('a pattern that a regular expression would choke on', () => {
    expect(inputs(history, { hist_access_type: 'search', pattern: `${'*a'.repeat(12)}*((` })).toEqual([]);
  });
});

describe('on disk', () => {
  test('one JSON line an input, for the user alone', async () => {
    const file = newFile();
    const history = new History(file, silent);
    history.add(1, 'a\nb', null);
    await history.save();
    expect(readFileSync(file, 'utf8')).toMatch(/^\[1,0,"[-0-9a-f]{36}",null\]\n\[1,1,"a\\nb",null\]\n$/);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o077).toBe(0);
  });

  test('the next session goes on, and sees the earlier one', async () => {
    const file = newFile();
    const first = new History(file, silent);
    first.add(1, 'first', null);
    await first.save();
    const second = new History(file, silent);
    second.add(1, 'second', null);
    expect(second.query({ hist_access_type: 'tail', n: 5 })).toEqual([
      [1, 1, 'first'],
      [2, 1, 'second'],
    ]);
    expect(inputs(second, { hist_access_type: 'range', session: -1, start: 0 })).toEqual(['first']);
  });

  test('kernels that start at the same moment have a session each', async () => {
    const file = newFile();
    const module = new URL('../../../dist/kernel/session/history.js', import.meta.url).href;
    const program = `import { History } from ${JSON.stringify(module)};
      while (Date.now() < ${Date.now() + 1000});
      const history = new History(${JSON.stringify(file)}, console.error);
      history.add(1, 'x', null);
      await history.save();`;
    const run = promisify(execFile);
    await Promise.all(
      Array.from({ length: 8 }, () => run(process.execPath, ['--input-type=module', '-e', program])),
    );
    const entries = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
    const sessions = entries.filter(([, line]) => line === 1).map(([session]) => session);
    expect(new Set(sessions).size).toBe(8);
  });

  test('lines that a crash cut short are left out', () => {
    const file = newFile();
    writeFileSync(file, '[1,1,"good",null]\nnot json\n[1]\n{"a":1}\nnull\n[1,2,"also go');
    expect(inputs(new History(file, silent), { hist_access_type: 'tail', n: 9 })).toEqual(['good']);
  });

  test('what comes after a line cut short is not lost', async () => {
    const file = newFile();
    writeFileSync(file, '[1,1,"good",null]\n[1,2,"cut');
    const history = new History(file, silent);
    history.add(1, 'new', null);
    await history.save();
    expect(inputs(new History(file, silent), { hist_access_type: 'tail', n: 9 })).toEqual(['good', 'new']);
  });

  test('old entries go when there are very many', () => {
    const file = newFile();
    writeFileSync(file, Array.from({ length: 13_000 }, (_, i) => `[1,${i},"input ${i}",null]\n`).join(''));
    const history = new History(file, silent);
    expect(inputs(history, { hist_access_type: 'tail', n: 1 })).toEqual(['input 12999']);
    const [first, ...others] = readFileSync(file, 'utf8').trim().split('\n');
    expect(first).toBe('[1,3000,"input 3000",null]');
    // The last is the mark of the new session.
    expect(others.length).toBe(10_000);
  });

  test('old entries go in a session of very many', () => {
    const history = new History(newFile(), silent);
    for (let line = 1; line <= 10_001; line++) history.add(line, `input ${line}`, null);
    const found = inputs(history, { hist_access_type: 'range', session: 0, start: 0 });
    expect([found.length, found[0]]).toEqual([10_000, 'input 2']);
  });

  test('a long output is cut', async () => {
    const file = newFile();
    const history = new History(file, silent);
    history.add(1, 'x', 'y'.repeat(1_000_000));
    await history.save();
    expect(statSync(file).size).toBeLessThan(20_000);
  });

  test('a file that cannot be written or read is logged, not fatal', async () => {
    const logged: string[] = [];
    const file = newFile();
    mkdirSync(file);
    const history = new History(file, message => logged.push(message));
    history.add(1, 'kept in memory', null);
    await history.save();
    expect(inputs(history, { hist_access_type: 'tail', n: 1 })).toEqual(['kept in memory']);
    expect(logged.length).toBeGreaterThan(0);
  });
});

test('where it lies', () => {
  const before = process.env.TUNELAB_HISTORY_FILE;
  process.env.TUNELAB_HISTORY_FILE = '/somewhere/h.jsonl';
  expect(defaultHistoryFile()).toBe('/somewhere/h.jsonl');
  delete process.env.TUNELAB_HISTORY_FILE;
  expect(defaultHistoryFile()).toMatch(/tunelab[\\/]history\.jsonl$/);
  if (before !== undefined) process.env.TUNELAB_HISTORY_FILE = before;
});
