import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { progress } from '../../../lib/host.ts';
import { openNotebook } from './fakeNotebook.ts';

let now = 0;
beforeEach(() => {
  now = 1000;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
const stdout = process.stdout as { isTTY?: boolean; columns?: number };
const { isTTY, columns } = stdout;
afterEach(() => {
  vi.restoreAllMocks();
  stdout.isTTY = isTTY as boolean;
  stdout.columns = columns as number;
  delete (globalThis as Record<symbol, unknown>)[Symbol.for('tunelab.host')];
});

describe('progress in a notebook', () => {
  it('passes every item through and shows one output, updated at most ten times a second', () => {
    const { shown } = openNotebook();
    const seen: number[] = [];
    for (const item of progress(Array.from({ length: 500 }, (_, i) => i))) {
      seen.push(item);
      now += 10; // five seconds in all
    }
    expect(seen).toHaveLength(500);
    expect(shown.length).toBeGreaterThan(40);
    expect(shown.length).toBeLessThanOrEqual(52);
    expect(new Set(shown.map(({ options }) => options.displayId)).size).toBe(1);
    expect(shown.map(({ options }) => options.update)).toEqual(shown.map((_, i) => i > 0));
    expect(shown.at(-1)?.bundle.data['text/plain']).toBe(
      `100% |${'█'.repeat(20)}| 500/500 it, 00:05 elapsed, 100 it/s`,
    );
  });

  it('says count, percent, elapsed, left and rate in both forms', () => {
    const { shown } = openNotebook();
    const bar = progress(1400, { description: 'hydrating <b>', unit: 'row' });
    now += 2000;
    bar.update(350);
    const data = shown.at(-1)?.bundle.data ?? {};
    expect(data['text/plain']).toBe(
      'hydrating <b>: 25% |█████···············| 350/1,400 row, 00:02 elapsed, 00:06 left, 175 row/s',
    );
    expect(data['text/html']).toContain('hydrating &lt;b&gt;');
    expect(data['text/html']).toContain('width:25.0%');
    expect(data['text/html']).toContain('350/1,400 row');
    expect(data['text/html']).toMatch(/var\(--jp-[\w-]+, /);
    bar.close();
    bar.close();
    expect(shown).toHaveLength(3);
  });

  it('shows where a loop was left, and closes there', () => {
    const { shown } = openNotebook();
    for (const item of progress([1, 2, 3, 4])) if (item === 3) break;
    expect(shown.at(-1)?.bundle.data['text/plain']).toContain('50% ');
    expect(shown.at(-1)?.bundle.data['text/html']).toContain('--jp-warn-color1');
  });

  it('counts an async iterable, of unknown length or with a total', async () => {
    const { shown } = openNotebook();
    async function* rows() {
      yield 1;
      yield 2;
    }
    let sum = 0;
    for await (const row of progress(rows(), { unit: 'row' })) sum += row;
    for await (const row of progress(rows(), { total: 2 })) sum += row;
    expect(sum).toBe(6);
    expect(shown[1]?.bundle.data['text/plain']).toBe('2 row, 00:00 elapsed');
    expect(shown.at(-1)?.bundle.data['text/plain']).toContain('2/2 it');
  });

  it('gives slow steps as seconds a step, and an empty iterable as done', () => {
    const { shown } = openNotebook();
    const bar = progress(10);
    now += 4000;
    bar.update();
    expect(shown.at(-1)?.bundle.data['text/plain']).toContain('00:36 left, 4 s/it');
    for (const _ of progress([])) throw new Error('nothing to iterate');
    expect(shown.at(-1)?.bundle.data['text/plain']).toContain('100% ');
  });
});

describe('progress elsewhere', () => {
  it('rewrites one line in a terminal, no longer than the terminal is wide', () => {
    stdout.isTTY = true;
    stdout.columns = 40;
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const bar = progress(4);
    now += 1000;
    bar.update(2);
    bar.close();
    const lines = write.mock.calls.map(([text]) => String(text));
    expect(lines).toHaveLength(3);
    for (const line of lines) {
      expect(line.startsWith('\r')).toBe(true);
      expect(stripVTControlCharacters(line).trim().length).toBeLessThan(40);
    }
    expect(lines.map(line => line.endsWith('\n'))).toEqual([false, false, true]);
  });

  it('writes nothing where output is no terminal', () => {
    stdout.isTTY = false;
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    expect([...progress([1, 2])]).toEqual([1, 2]);
    expect(write).not.toHaveBeenCalled();
  });

  it('asks for something to count', () => {
    expect(() => progress(undefined as never)).toThrow('progress needs something to iterate over');
  });
});
