/** The notebooks as they are saved: a reader on the web sees every result without running anything. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

interface Output {
  readonly output_type: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

interface Cell {
  readonly id: string;
  readonly cell_type: string;
  readonly metadata: { readonly tags?: readonly string[] };
  readonly execution_count?: number | null;
  readonly outputs?: readonly Output[];
}

const folder = new URL('../../notebooks/', import.meta.url);
const names = readdirSync(fileURLToPath(folder)).filter(name => name.endsWith('.ipynb'));

describe.each(names)('%s', name => {
  const { cells, metadata } = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as {
    cells: Cell[];
    metadata: { kernelspec: { name: string } };
  };
  const code = cells.filter(cell => cell.cell_type === 'code');

  it('was run from top to bottom by our kernel', () => {
    expect(metadata.kernelspec.name).toBe('tunelab');
    expect(code.map(cell => cell.execution_count)).toEqual(code.map((_, i) => i + 1));
    expect(new Set(cells.map(cell => cell.id)).size).toBe(cells.length);
  });

  it('fails only where a failure is announced', () => {
    const failed = code.filter(({ outputs }) => outputs?.some(output => output.output_type === 'error'));
    for (const cell of failed) expect(cell.metadata.tags, cell.id).toContain('raises-exception');
  });

  it('keeps its plots as pictures, too', () => {
    const plots = code
      .flatMap(cell => cell.outputs ?? [])
      .filter(({ data }) => data && 'application/vnd.plotly.v1+json' in data);
    expect(plots.length).toBeGreaterThan(0);
    for (const { data } of plots) expect(data).toHaveProperty(['image/png']);
  });

  it('tells before each cell what to expect', () => {
    const bare = cells.filter(
      (cell, i) => cell.cell_type === 'code' && cells[i - 1]?.cell_type !== 'markdown',
    );
    expect(bare.map(cell => cell.id)).toEqual([]);
  });
});
