import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Dataset } from '../../../lib/datasets/index.ts';

let folder = '';
const before = process.env.HF_DATASETS_CACHE;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunelab-cache-'));
  process.env.HF_DATASETS_CACHE = folder;
});
afterEach(() => {
  if (before === undefined) delete process.env.HF_DATASETS_CACHE;
  else process.env.HF_DATASETS_CACHE = before;
  rmSync(folder, { recursive: true });
});

const rows = [{ text: 'a' }, { text: 'bb' }];
let calls = 0;
const measure = (row: { text: string }): { n: number } => {
  calls++;
  return { n: row.text.length };
};

describe('map with a cache', () => {
  it('runs once for the same data, function and options', async () => {
    calls = 0;
    const first = await Dataset.fromRows(rows).map(measure, { cache: true });
    const second = await Dataset.fromRows(rows).map(measure, { cache: true, desc: 'other words' });
    expect(calls).toBe(2);
    expect(second.toRows()).toEqual(first.toRows());
    expect(second.features).toEqual(first.features);
    expect(readdirSync(join(folder, 'tunelab')).length).toBe(1);
  });

  it('runs again for other data, another function or other options', async () => {
    calls = 0;
    await Dataset.fromRows(rows).map(measure, { cache: true });
    await Dataset.fromRows([...rows, { text: 'c' }]).map(measure, { cache: true });
    await Dataset.fromRows(rows)
      .shuffle({ seed: 1 })
      .map(row => measure(row), { cache: true });
    await Dataset.fromRows(rows).map(measure, { cache: true, removeColumns: 'text' });
    expect(calls).toBe(9);
    expect(readdirSync(join(folder, 'tunelab')).length).toBe(4);
  });

  it.each([
    [[1], ['1']],
    [[Number.NaN], [null]],
    [
      [null, 'null'],
      ['null', null],
    ],
    [[new Date(0)], ['1970-01-01T00:00:00.000Z']],
    [[2n ** 60n], [2 ** 60]],
    [
      [0.5, 0],
      [0.5, -0],
    ],
  ])('tells %o from %o', async (one, other) => {
    let runs = 0;
    for (const a of [one, other]) {
      await Dataset.fromColumns({ a }).map(() => ({ b: runs++ }), { cache: true });
    }
    expect(runs).toBe(one.length + other.length);
  });

  it('refuses functions without a text to be known by', async () => {
    const times = (k: number) =>
      function (this: { k: number }, row: { text: string }) {
        return { n: this.k * row.text.length };
      }.bind({ k });
    for (const options of [{ cache: true } as const, { cacheFile: join(folder, 'bound.arrow') }]) {
      await expect(Dataset.fromRows(rows).map(times(10), options)).rejects.toThrow(
        'a bound or built-in function has none; give a function written out',
      );
    }
    expect(Dataset.fromRows(rows).map(times(10)).column('n')).toEqual([10, 20]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('waits for async functions and takes batches', async () => {
    const options = { batched: true, cache: true } as const;
    const run = (): Promise<Dataset<{ text: string; n: number }>> =>
      Dataset.fromRows(rows).map(async batch => ({ n: batch.text.map(text => text.length) }), options);
    expect((await run()).toRows()).toEqual((await run()).toRows());
  });

  it('keeps the result in the file that is named, and replaces what was made of something else', async () => {
    calls = 0;
    const cacheFile = join(folder, 'lengths.arrow');
    await Dataset.fromRows(rows).map(measure, { cacheFile });
    await Dataset.fromRows(rows).map(measure, { cacheFile });
    expect(calls).toBe(2);
    const other = await Dataset.fromRows([{ text: 'ccc' }]).map(measure, { cacheFile });
    expect(other.column('n')).toEqual([3]);
    expect(calls).toBe(3);
    expect(readdirSync(folder)).toEqual(['lengths.arrow']);
  });

  it('does not touch a file that it did not write', async () => {
    const cacheFile = join(folder, 'notes.txt');
    writeFileSync(cacheFile, 'my notes');
    await expect(Dataset.fromRows(rows).map(measure, { cacheFile })).rejects.toThrow(
      /notes\.txt is there and holds no result that map kept; name another cacheFile\./,
    );
    expect(readFileSync(cacheFile, 'utf8')).toBe('my notes');
  });

  it.each<[string, (kept: Buffer) => Buffer]>([
    ['emptied', () => Buffer.alloc(0)],
    ['overwritten', () => Buffer.from('my notes')],
    ['cut off in its head', kept => kept.subarray(0, 100)],
    ['cut off in its rows', kept => kept.subarray(0, kept.length - 100)],
  ])('runs again where its own file was %s, and mends the file', async (_, damage) => {
    calls = 0;
    const run = (): Promise<Dataset<{ text: string; n: number }>> =>
      Dataset.fromRows(rows).map(measure, { cache: true });
    const first = await run();
    const [name] = readdirSync(join(folder, 'tunelab'));
    const path = join(folder, 'tunelab', name as string);
    const kept = readFileSync(path);
    writeFileSync(path, damage(kept));
    expect((await run()).toRows()).toEqual(first.toRows());
    expect(calls).toBe(4);
    expect(readFileSync(path)).toEqual(kept);
    await run();
    expect(calls).toBe(4);
  });

  it('refuses a named file that is damaged', async () => {
    const cacheFile = join(folder, 'lengths.arrow');
    await Dataset.fromRows(rows).map(measure, { cacheFile });
    const damaged = readFileSync(cacheFile).subarray(0, -100);
    writeFileSync(cacheFile, damaged);
    await expect(Dataset.fromRows(rows).map(measure, { cacheFile })).rejects.toThrow('lengths.arrow');
    expect(readFileSync(cacheFile)).toEqual(damaged);
  });

  it('keeps nothing when the function fails', async () => {
    const failing = (row: { text: string }): object => {
      if (row.text === 'bb') throw new Error('bad row');
      return {};
    };
    await expect(Dataset.fromRows(rows).map(failing, { cache: true })).rejects.toThrow('bad row');
    expect(readdirSync(folder)).toEqual([]);
  });
});
