import { afterEach, describe, expect, it, vi } from 'vitest';
import { clearOutput, display, isNotebook } from '../../../lib/host.ts';
import { plot } from '../../../lib/plots/index.ts';
import { openNotebook } from './fakeNotebook.ts';

afterEach(() => {
  delete (globalThis as Record<symbol, unknown>)[Symbol.for('tunelab.host')];
  delete (globalThis as Record<string, unknown>).Deno;
  vi.restoreAllMocks();
});

const DISPLAY = Symbol.for('Jupyter.display');

describe('display in a notebook', () => {
  it('shows what a value says of itself, at once if it can', () => {
    const { shown } = openNotebook();
    void display({ [DISPLAY]: () => ({ 'text/html': '<b>x</b>' }) });
    expect(shown).toEqual([{ bundle: { data: { 'text/html': '<b>x</b>' } }, options: {} }]);
  });

  it('waits for a value that draws itself and passes its metadata on', async () => {
    const { shown } = openNotebook();
    const metadata = { 'image/png': { width: 8 } };
    await display({ [DISPLAY]: async () => ({ data: { 'image/png': 'AAAA' }, metadata }) });
    expect(shown[0]?.bundle).toEqual({ data: { 'image/png': 'AAAA' }, metadata });
  });

  it('shows MIME bundles, HTML of tables, texts and plain values', async () => {
    const { shown } = openNotebook();
    await display({ 'text/markdown': '# hi' });
    await display({ toHTML: () => '<table></table>' });
    await display('hello');
    await display({ a: 1 });
    expect(shown.map(({ bundle }) => bundle.data)).toMatchObject([
      { 'text/markdown': '# hi' },
      { 'text/html': '<table></table>' },
      { 'text/plain': 'hello' },
      { 'text/plain': '{ a: 1 }' },
    ]);
  });

  it('replaces an output by its id, and asks for the id where there is none', async () => {
    const { shown } = openNotebook();
    await display('one', { displayId: 'x' });
    await display('two', { displayId: 'x', update: true });
    expect(shown[1]?.options).toEqual({ displayId: 'x', update: true });
    await expect(display('three', { update: true })).rejects.toThrow('needs the displayId');
  });

  it('clears the output', () => {
    const { cleared } = openNotebook();
    clearOutput({ wait: true });
    expect(cleared).toEqual([{ wait: true }]);
  });
});

describe("display in Deno's kernel", () => {
  it('broadcasts the messages of the protocol', async () => {
    const sent: unknown[] = [];
    const jupyter = { broadcast: async (type: string, content: object) => void sent.push([type, content]) };
    (globalThis as Record<string, unknown>).Deno = { jupyter };
    expect(isNotebook()).toBe(true);
    await display('hi', { displayId: 'x' });
    await display('ho', { displayId: 'x', update: true });
    clearOutput();
    expect(sent).toEqual([
      ['display_data', { data: { 'text/plain': 'hi' }, metadata: {}, transient: { display_id: 'x' } }],
      ['update_display_data', { data: { 'text/plain': 'ho' }, metadata: {}, transient: { display_id: 'x' } }],
      ['clear_output', { wait: false }],
    ]);
  });

  it('is not taken for a notebook when Deno runs a script, where the mention of jupyter throws', () => {
    (globalThis as Record<string, unknown>).Deno = {
      get jupyter(): never {
        throw new Error('Deno.jupyter is only available in "deno jupyter"');
      },
    };
    expect(isNotebook()).toBe(false);
  });
});

describe('display in a terminal', () => {
  it('prints the text, and does not draw plots to do so', async () => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const figure = plot.line([1, 2, 3]);
    const draw = vi.spyOn(figure, 'png');
    await display({ 'text/html': '<b>x</b>', 'text/plain': 'x' });
    await display(figure);
    clearOutput();
    expect(write.mock.calls.map(([text]) => text)).toEqual(['x\n', `${figure.summary}\n`]);
    expect(draw).not.toHaveBeenCalled();
    expect(isNotebook()).toBe(false);
  });
});
