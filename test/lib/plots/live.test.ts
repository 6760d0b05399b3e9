import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { plot } from '../../../lib/plots/index.ts';
import { openNotebook } from '../host/fakeNotebook.ts';

const curve = (steps: number) =>
  plot.lossCurve(Array.from({ length: steps }, (_, i) => ({ step: i + 1, loss: 3 - i })));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  delete (globalThis as Record<symbol, unknown>)[Symbol.for('tunelab.host')];
});

describe('plot.live in a notebook', () => {
  it('replaces one output, at most four times a second, and always shows the last state', async () => {
    const { shown } = openNotebook();
    const live = plot.live(plot.lossCurve([]));
    for (let i = 1; i <= 100; i++) {
      live.update(curve(i));
      await vi.advanceTimersByTimeAsync(20);
    }
    expect(shown.length).toBeGreaterThanOrEqual(8);
    expect(shown.length).toBeLessThanOrEqual(10);
    await vi.advanceTimersByTimeAsync(250);
    expect(shown.at(-1)?.bundle.data['text/plain']).toBe(curve(100).summary);
    expect(new Set(shown.map(({ options }) => options.displayId)).size).toBe(1);
    expect(shown.map(({ options }) => options.update)).toEqual(shown.map((_, i) => i > 0));
  });

  it('draws the picture when it is closed, or of what has no sketch when nothing has changed for a while', async () => {
    vi.useRealTimers();
    const { shown } = openNotebook();
    const live = plot.live(curve(1));
    live.update(curve(2));
    expect(shown.every(({ bundle }) => bundle.data['image/png'] === undefined)).toBe(true);
    await live.close();
    expect(shown.at(-1)?.bundle.data).toMatchObject({
      'text/plain': curve(2).summary,
      'image/png': expect.any(String),
    });
    const bars = plot.bar([{ model: 'a', score: 1 }], { x: 'model', y: 'score' });
    plot.live(bars);
    await vi.waitFor(() => expect(shown.at(-1)?.bundle.data).toHaveProperty('image/png'), 120_000);
    expect(shown.at(-1)?.bundle.data['text/plain']).toBe(bars.summary);
  });

  it('is given plots', () => {
    expect(() => plot.live([] as never)).toThrow('plot.live takes a plot to begin with');
  });
});

describe('plot.live in a terminal', () => {
  it('prints the words of the last state once', async () => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const live = plot.live(plot.lossCurve([]));
    live.update(curve(1));
    live.update(curve(2));
    await live.close();
    expect(write.mock.calls.map(([text]) => text)).toEqual([`${curve(2).summary}\n`]);
  });
});
