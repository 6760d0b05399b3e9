import { describe, expect, it } from 'vitest';
import { type Figure, plot } from '../../../lib/plots/index.ts';

const trace = (figure: Figure) => figure.spec.data[0] as Record<string, unknown>;
const texts = (figure: Figure) =>
  (trace(figure).text as string[][] | undefined)?.map(row => row.map(cell => cell.replace(/<[^>]*>/g, '')));

describe('plot.heatmap', () => {
  it('draws a matrix with its labels, the first row on top, and writes the values into few cells', () => {
    const figure = plot.heatmap(
      [
        [1, 0.25],
        [null, 0.5],
      ],
      { xLabels: ['a', 'a'], yLabels: ['b', '<c>'], zTitle: 'share' },
    );
    expect(trace(figure)).toMatchObject({
      z: [
        [1, 0.25],
        [null, 0.5],
      ],
    });
    expect(texts(figure)).toEqual([
      ['1.00', '0.25'],
      ['', '0.50'],
    ]);
    expect(figure.spec.layout).toMatchObject({
      xaxis: { ticktext: ['a', 'a'], tickvals: [0, 1] },
      yaxis: { ticktext: ['b', '&lt;c&gt;'], autorange: 'reversed' },
    });
    expect(figure.summary).toBe(
      'Heat map of share by row and column: 2 × 2 cells, 0.25 to 1; highest at b, a; 1 missing or infinite left out',
    );
  });

  it('makes a matrix of three columns, and does not choose between two numbers of one cell', () => {
    const rows = [
      { model: 'base', task: 'arc', accuracy: 0.31 },
      { model: 'tuned', task: 'arc', accuracy: 0.36 },
      { model: 'base', task: 'mmlu', accuracy: 0.25 },
    ];
    const columns = { x: 'model', y: 'task', z: 'accuracy' };
    expect(trace(plot.heatmap(rows, columns)).z).toEqual([
      [0.31, 0.36],
      [0.25, null],
    ]);
    expect(() => plot.heatmap([...rows, ...rows], columns)).toThrow(
      '"arc" and "base" come together more than once',
    );
  });

  it('gives values on both sides of zero colours that meet there', () => {
    expect(trace(plot.heatmap([[-1, 3]]))).toMatchObject({ zmin: -3, zmax: 3 });
    expect(trace(plot.heatmap([[1, 3]]))).toMatchObject({ zmin: 1, zmax: 3 });
    expect(trace(plot.heatmap([[2, 2]]))).not.toHaveProperty('zmin');
  });

  it('writes as many digits as the cells hold, in black or white', () => {
    const row = (count: number, value: number) => Array.from({ length: count }, (_, i) => value * (i + 1));
    expect(texts(plot.heatmap([row(3, 0.01234)]))).toEqual([['0.01234', '0.02468', '0.03702']]);
    expect(texts(plot.heatmap([row(12, 0.01234)]))?.[0]?.slice(0, 2)).toEqual(['0.012', '0.025']);
    expect(texts(plot.heatmap([row(12, 123)]))?.[0]?.slice(0, 2)).toEqual(['123', '246']);
    expect(texts(plot.heatmap([row(12, 1_234)]))).toBeUndefined();
    expect(texts(plot.heatmap([[0, 0]]))).toEqual([['0', '0']]);
    expect((trace(plot.heatmap([[0, 1]])).text as string[][])[0]).toEqual([
      '<span style="color:#ffffff">0</span>',
      '<span style="color:#111111">1</span>',
    ]);
  });

  it('averages a large matrix down, and says so', () => {
    const figure = plot.heatmap(Array.from({ length: 1000 }, (_, i) => new Float32Array(1000).fill(i)));
    const z = trace(figure).z as number[][];
    expect([z.length, z[0]?.length]).toEqual([112, 112]);
    expect(z[0]?.[0]).toBe(4);
    expect(trace(figure)).toMatchObject({ y0: 4, dy: 9 });
    expect(JSON.stringify(figure.spec.layout)).toContain('each cell the mean of 9 × 9 of 1,000 × 1,000');
  });

  it('refuses what is no matrix', () => {
    expect(() => plot.heatmap([[1, 2], [3]])).toThrow('row 1 has 1 cells and row 0 has 2');
    expect(() => plot.heatmap([[null]])).toThrow('there are no numbers to draw');
    expect(() => plot.heatmap([[1]], { xLabels: ['a', 'b'] })).toThrow('xLabels has 2 labels for 1 cells');
    expect(() => plot.heatmap([1, 2] as never)).toThrow('plot.heatmap takes a matrix');
    expect(() => plot.heatmap([['a']] as never)).toThrow('"row 0" must hold numbers');
  });
});
