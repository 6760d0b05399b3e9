import { Resvg } from '@resvg/resvg-js';
import { describe, expect, it } from 'vitest';
import { plot } from '../../../lib/plots/index.ts';
import { SERIES } from '../../../lib/plots/theme.ts';
import { expectApart, textBoxes } from './textBoxes.ts';

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

  it('gives every line the colour that plotly gives it', () => {
    const drawing = drawingOf(plot.line({ a: [1, 2], b: [2, 1], c: [0, 0] }, { y: ['a', 'b', 'c'] }));
    expect(all(drawing, /<polyline [^>]*stroke="([^"]*)"/g)).toEqual(SERIES.slice(0, 3));
  });

  it('leaves a gap where the plot does', () => {
    const lengths = (y: (number | null)[]) =>
      all(drawingOf(plot.line({ y })), /<polyline points="([^"]*)"/g).map(points => points.split(' ').length);
    expect(lengths([1, 2, null, 4, 5, 6])).toEqual([2, 3]);
    // Measured now and then: connected.
    expect(lengths([1, null, null, 4, null, null])).toEqual([2]);
  });

  it('has ticks between whole numbers where there are values', () => {
    const drawing = drawingOf(plot.line({ x: [0, 0.1, 0.2], y: [1, 2, 3] }));
    expect(all(drawing, /<text[^>]*>([^<]*)</g)).toEqual(expect.arrayContaining(['0.05', '0.10', '0.15']));
  });

  it('keeps long labels, names and titles inside', () => {
    const long = (i: number) => `a group with quite a long name, number ${i}`;
    const figures = [
      plot.line({ y: [-3e9, 5e9] }),
      plot.line({ y: [1, 2, 3, 4], x: [1, 2, 3, 4], color: [1, 2, 3, 4].map(long) }),
      plot.line({ y: [1, 2], title: 'word '.repeat(30), subtitle: 'word '.repeat(30) }),
    ];
    for (const figure of figures) {
      const boxes = textBoxes(String(drawingOf(figure)));
      expect(boxes.length).toBeGreaterThan(8);
      expectApart(boxes, 800);
    }
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
