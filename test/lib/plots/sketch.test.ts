import { Resvg } from '@resvg/resvg-js';
import { describe, expect, it } from 'vitest';
import { plot } from '../../../lib/plots/index.ts';

const logs = Array.from({ length: 20 }, (_, i) => ({ step: 5 * (i + 1), loss: 3 / (i + 1) }));
const drawingOf = (figure: { sketch(): { data: Record<string, unknown> } }): unknown =>
  figure.sketch().data['image/svg+xml'];
/** @throws if it is no XML */
const parse = (svg: unknown): string => new Resvg(String(svg)).toString();
const all = (svg: unknown, pattern: RegExp): string[] =>
  [...String(svg).matchAll(pattern)].map(match => match[1]!);

describe('the sketch of a plot', () => {
  it('has its lines, titles, ticks and legend', () => {
    const figure = plot.lossCurve([...logs, { step: 50, evalLoss: 1.5 }, { step: 100, evalLoss: 0.5 }]);
    const drawing = drawingOf(figure);
    expect(parse(drawing)).toContain('<svg');
    const texts = all(drawing, /<text[^>]*>([^<]*)</g);
    expect(texts).toEqual(
      expect.arrayContaining([
        'Loss over the training steps',
        'lowest evaluation loss 0.5 at step 100',
        ...['training loss', 'evaluation loss', 'step', 'loss', '20', '100', '1', '3'],
      ]),
    );
    const lines = all(drawing, /<polyline points="([^"]*)"/g).map(points => points.split(' '));
    expect(lines.map(({ length }) => length)).toEqual([20, 2]);
    const heights = lines[0]!.map(point => Number(point.split(',')[1]));
    // Losses fall: downwards is more in SVG.
    expect(heights).toEqual([...heights].sort((a, b) => a - b));
  });

  it('is XML whatever the words are', () => {
    const spec = { type: 'scatter', x: [1, 2], y: [1, 2], name: 'a & b<br>' };
    const title = { text: '<b>x < y</b>&nbsp;& more' };
    const drawing = drawingOf(plot.figure({ data: [spec], layout: { title } }));
    expect(parse(drawing)).toContain('<svg');
    expect(all(drawing, /<text[^>]*>([^<]*)</g)[0]).toBe('x &lt; y&amp;nbsp;&amp; more');
  });

  it('is left out where it would not be the plot', () => {
    expect(drawingOf(plot.bar([{ model: 'a', score: 1 }], { x: 'model', y: 'score' }))).toBeUndefined();
    expect(drawingOf(plot.lossCurve([]))).toBeUndefined();
    expect(drawingOf(plot.line({ x: ['a', 'b'], y: [1, 2] }))).toBeUndefined();
    const log = { type: 'log' };
    const line = { type: 'scatter', x: [1, 2], y: [1, 2] };
    expect(drawingOf(plot.figure({ data: [line], layout: { yaxis: log } }))).toBeUndefined();
  });
});
