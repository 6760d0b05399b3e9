import { expect, onTestFinished, test, vi } from 'vitest';
import { OutputBatcher } from '../../../kernel/session/output.ts';

type Sent = { cell: number; name: string; text: string };

function setUp() {
  const sent: Sent[] = [];
  const batcher = new OutputBatcher((cell, content) =>
    sent.push({ cell, ...(JSON.parse(Buffer.from(content).toString()) as { name: string; text: string }) }),
  );
  const write = (name: 'stdout' | 'stderr', cell: number, text: string) =>
    batcher.write(name, cell, Buffer.from(JSON.stringify(text).slice(1, -1)));
  return { sent, batcher, write };
}

test('what is written together leaves together', async () => {
  const { sent, write } = setUp();
  for (const text of ['a\n', 'é"\\', '😀\u0000']) write('stdout', 1, text);
  await new Promise(resolve => setTimeout(resolve, 60));
  expect(sent).toEqual([{ cell: 1, name: 'stdout', text: 'a\né"\\😀\u0000' }]);
});

test('another stream or another cell begins a new message, in order', () => {
  const { sent, batcher, write } = setUp();
  write('stdout', 1, 'a');
  write('stderr', 1, 'b');
  write('stdout', 1, 'c');
  write('stdout', 2, 'd');
  batcher.flush();
  expect(sent.map(({ cell, name, text }) => [cell, name, text])).toEqual([
    [1, 'stdout', 'a'],
    [1, 'stderr', 'b'],
    [1, 'stdout', 'c'],
    [2, 'stdout', 'd'],
  ]);
});

test('the first output waits for nothing', async () => {
  const { sent, write } = setUp();
  write('stdout', 1, 'now');
  await new Promise(resolve => setImmediate(() => setImmediate(resolve)));
  expect(sent.length).toBe(1);
});

test('a steady trickle is batched, and nothing stays behind', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const { sent, write } = setUp();
  for (let i = 0; i < 100; i++) {
    write('stdout', 1, `${i}\n`);
    await new Promise(resolve => setImmediate(resolve));
    vi.advanceTimersByTime(1);
  }
  vi.advanceTimersByTime(60);
  expect(sent.map(({ text }) => text).join('')).toBe(
    Array.from({ length: 100 }, (_, i) => `${i}\n`).join(''),
  );
  expect(sent.length).toBeLessThan(50);
});

test('one message does not grow without bound', () => {
  const { sent, batcher, write } = setUp();
  for (let i = 0; i < 50; i++) write('stdout', 1, 'x'.repeat(100_000));
  batcher.flush();
  expect(Math.max(...sent.map(({ text }) => text.length))).toBeLessThan(2_000_000);
  expect(sent.map(({ text }) => text).join('').length).toBe(5_000_000);
});

test('flush sends at once, and nothing twice', async () => {
  const { sent, batcher, write } = setUp();
  write('stdout', 1, 'a');
  batcher.flush();
  batcher.flush();
  await new Promise(resolve => setTimeout(resolve, 60));
  expect(sent.length).toBe(1);
});
