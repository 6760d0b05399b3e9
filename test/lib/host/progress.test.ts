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
    // The theme's colour, and one for pages that take no variables.
    expect(data['text/html']).toMatch(/background:(#\w+);background:var\(--jp-[\w-]+, \1\)/);
    bar.close();
    bar.close();
    expect(shown).toHaveLength(3);
  });

  it('with a delay shows nothing of work that is done before it, and all of work that lasts longer', () => {
    const { shown } = openNotebook();
    for (const _ of progress([1, 2, 3], { delay: 0.5 })) now += 100;
    expect(shown).toEqual([]);
    const texts: (string | undefined)[] = [];
    for (const _ of progress([1, 2, 3], { delay: 0.5 })) {
      now += 300;
      texts.push(shown.at(-1)?.bundle.data['text/plain'] as string | undefined);
    }
    expect(texts.slice(0, 2)).toEqual([undefined, undefined]);
    expect(texts[2]).toContain('2/3');
    expect(shown[0]?.options.update).toBe(false);
    expect(shown.at(-1)?.bundle.data['text/plain']).toContain('3/3');
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
    bar.close();
    for (const _ of progress([])) throw new Error('nothing to iterate');
    expect(shown.at(-1)?.bundle.data['text/plain']).toContain('100% ');
  });
});

const texts = (shown: ReturnType<typeof openNotebook>['shown']) =>
  shown.map(({ bundle }) => String(bundle.data['text/plain']));

describe('progress as tqdm', () => {
  it('follows the present speed while it runs, and gives the mean of the whole at the end', () => {
    const { shown } = openNotebook();
    const bar = progress(2000);
    for (let i = 0; i < 10; i++) {
      now += 1000;
      bar.update(100);
    }
    for (let i = 0; i < 10; i++) {
      now += 1000;
      bar.update(10);
    }
    // tqdm's weights of 0.3 and 0.7 come to 12.47 (its two averages worked out in Python).
    expect(texts(shown).at(-1)).toContain('12 it/s');
    bar.close();
    expect(texts(shown).at(-1)).toContain('55 it/s');
  });

  it('begins where an earlier run had come to, and does not count that as its own speed', () => {
    const { shown } = openNotebook();
    const bar = progress(200, { initial: 100 });
    now += 5000;
    bar.update(50);
    bar.close();
    const texts = shown.map(({ bundle }) => String(bundle.data['text/plain']));
    expect(texts[0]).toMatch(/^50% .* 100\/200 it/);
    expect(texts.at(-1)).toMatch(/^75% .* 150\/200 it, 00:05 elapsed, 10 it\/s$/);
  });

  it('says figures and another description', () => {
    const { shown } = openNotebook();
    const bar = progress(3, { description: 'epoch 1' });
    now += 1000;
    bar.setDescription('epoch 2');
    bar.setPostfix({ loss: 2.311749, lr: 1e-5, device: 'cpu' });
    bar.update();
    bar.close();
    expect(texts(shown).at(-1)).toBe(
      'epoch 2: 33% |███████·············| 1/3 it, 00:01 elapsed, 1 it/s, loss 2.312, lr 0.00001, device cpu',
    );
    expect(bar.description).toBe('epoch 2');
  });

  it('closes when the loop throws, and when the items do', async () => {
    const { shown } = openNotebook();
    const broken = () => {
      for (const item of progress([1, 2])) if (item === 2) throw new Error('mine');
    };
    expect(broken).toThrow('mine');
    expect(shown.at(-1)?.bundle.data['text/html']).toContain('--jp-warn-color1');
    async function* items() {
      yield 1;
      throw new Error('theirs');
    }
    const count = shown.length;
    await expect(async () => {
      for await (const _ of progress(items(), { total: 5 }));
    }).rejects.toThrow('theirs');
    expect(shown.length).toBeGreaterThan(count);
    // Both have let go: the next bar is no inner one.
    for (const _ of progress([1]));
    expect(new Set(shown.map(({ options }) => options.displayId)).size).toBe(3);
  });

  it('drops a total that was too small', () => {
    const { shown } = openNotebook();
    for (const _ of progress([1, 2, 3], { total: 2 })) now += 1000;
    expect(texts(shown)[2]).toContain('100% |████████████████████| 2/2 it');
    expect(texts(shown).at(-1)).toBe('3 it, 00:03 elapsed, 1 it/s');
  });

  it('shows the last count of a bar that nobody closes', async () => {
    const { shown } = openNotebook();
    const bar = progress(10);
    bar.update(3);
    bar.update(4);
    expect(texts(shown)).toHaveLength(1);
    await vi.waitFor(() => expect(texts(shown).at(-1)).toContain('7/10 it'));
    expect(shown).toHaveLength(2);
    bar.close();
  });

  it('takes the number of rows of data sets and frames, and a total of nothing', () => {
    const { shown } = openNotebook();
    const rows = [{ a: 1 }, { a: 2 }];
    const iterable = { [Symbol.iterator]: () => rows.values() };
    const [dataset, table] = [
      Object.assign({ numRows: 2 }, iterable),
      Object.assign({ numRows: () => 2 }, iterable),
    ];
    for (const _ of progress(dataset));
    for (const _ of progress(table));
    expect(texts(shown).filter(text => text.includes('2/2 it'))).toHaveLength(2);
    progress(0).close();
    expect(texts(shown).at(-1)).toContain('100% |████████████████████| 0/0 it');
    expect(() => progress(Number.NaN)).toThrow('the total must be 0 or more, not NaN');
    expect(() => progress(-1)).toThrow('not -1');
  });

  it('gives the inner bars of a loop one output between them', () => {
    const { shown } = openNotebook();
    for (const _ of progress([1, 2, 3], { description: 'outer' })) {
      for (const _ of progress([1, 2], { description: 'inner' })) now += 60;
    }
    const ids = (name: string) =>
      new Set(
        shown.filter((_, i) => texts(shown)[i]?.startsWith(name)).map(({ options }) => options.displayId),
      );
    expect([ids('outer').size, ids('inner').size]).toEqual([1, 1]);
    expect(shown.filter(({ options }) => !options.update)).toHaveLength(2);
  });

  it('gives a bar an output of its own where the one before it was left by an interrupt', () => {
    const { shown } = openNotebook();
    const left = progress(10);
    for (const _ of progress([1]));
    for (const _ of progress([1]));
    expect(new Set(shown.map(({ options }) => options.displayId)).size).toBe(3);
    left.close();
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

  it('gives inner bars the line below, which is gone when they are done', () => {
    stdout.isTTY = true;
    stdout.columns = 80;
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const outer = progress(2, { description: 'outer' });
    const inner = progress(2, { description: 'inner' });
    inner.close();
    outer.close();
    const lines = write.mock.calls.map(([text]) => String(text));
    expect(lines[1]).toMatch(/^\n\rinner: /);
    expect(lines[1]?.endsWith('\x1b[K\x1b[1A\r')).toBe(true);
    expect(lines[2]).toBe('\n\r\x1b[K\x1b[1A\r');
    expect(lines[3]).toMatch(/^\router: .*\n$/);
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
