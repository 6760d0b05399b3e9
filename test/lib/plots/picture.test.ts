import { inspect } from 'node:util';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { loadPlotly } from '../../../lib/plots/document.ts';
import { type Figure, plot } from '../../../lib/plots/index.ts';
import { openNotebook } from '../host/fakeNotebook.ts';
import { expectApart, textBoxes } from './textBoxes.ts';

const PLOTLY = 'application/vnd.plotly.v1+json';
const show = (figure: Figure) => figure[Symbol.for('Jupyter.display') as never] as unknown;
const bundleOf = (figure: Figure) => (show(figure) as () => Promise<Record<string, unknown>>).call(figure);

const labels = ['short', 'a considerably longer label', 'and a third one that goes on'];
const bars = plot.bar({
  x: labels,
  y: [1, 20, 300],
  title: 'Labels of every length',
  xTitle: 'Label',
  yTitle: 'Count',
});

/** The image as rows of [red, green, blue, alpha], from a PNG with a palette. */
function readPixels(png: Uint8Array): { width: number; height: number; at(x: number, y: number): number[] } {
  const bytes = Buffer.from(png);
  const chunks = new Map<string, Buffer>();
  for (let i = 8; i < bytes.length; i += bytes.readUInt32BE(i) + 12) {
    chunks.set(bytes.toString('latin1', i + 4, i + 8), bytes.subarray(i + 8, i + 8 + bytes.readUInt32BE(i)));
  }
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const lines = inflateSync(chunks.get('IDAT') as Buffer);
  const [palette, alphas] = [chunks.get('PLTE') as Buffer, chunks.get('tRNS') as Buffer];
  return {
    width,
    height,
    at(x, y) {
      const index = lines[y * (width + 1) + 1 + x] as number;
      return [...palette.subarray(3 * index, 3 * index + 3), alphas[index] as number];
    },
  };
}

describe('a plot in a notebook', () => {
  it('is interactive, a picture and a sentence', async () => {
    const bundle = await bundleOf(bars);
    expect(Object.keys(bundle)).toEqual([PLOTLY, 'image/png', 'text/plain']);
    expect(bundle[PLOTLY]).toBe(bars.spec);
    expect(bundle['text/plain']).toBe(
      'Bar chart of Count by Label: 3 bars; highest and a third one that goes on 300, lowest short 1',
    );
    expect(Buffer.from(bundle['image/png'] as string, 'base64').length).toBeLessThan(40_000);
  });

  it('tells our kernel the size of the picture in CSS pixels', async () => {
    const notebook = openNotebook();
    try {
      expect(await bundleOf(bars)).toMatchObject({
        data: { [PLOTLY]: {} },
        metadata: { 'image/png': { width: 800, height: 300 } },
      });
    } finally {
      notebook.close();
    }
  });

  it('says why there is no picture where only a browser can draw one', async () => {
    const bundle = await bundleOf(plot.figure({ data: [{ type: 'scatter3d', x: [1], y: [1], z: [1] }] }));
    expect(Object.keys(bundle)).toEqual([PLOTLY, 'text/plain']);
    expect(bundle['text/plain']).toBe(
      'Plot: 1 trace (scatter3d) (no static picture: scatter3d needs a browser)',
    );
  });

  it('is its summary where a value is inspected', () => {
    expect(inspect(bars)).toBe(bars.summary);
  });
});

describe('the picture', () => {
  it('has a transparent background, the colour of the series, and the size that was asked for', async () => {
    const { width, height, at } = readPixels(
      await plot.bar({ x: ['a'], y: [1] }).png({ width: 400, height: 300, scale: 1.5 }),
    );
    expect([width, height]).toEqual([600, 450]);
    expect(at(0, 0)[3]).toBe(0);
    expect(at(300, 300)).toEqual([0x3f, 0x7f, 0xe0, 255]);
  });

  it('keeps every label inside and no two of them on each other', async () => {
    const draw = await loadPlotly();
    const ticks = Array.from({ length: 5 }, (_, i) => `category ${i}`);
    const figure = plot.figure({
      data: [
        { type: 'bar', x: ticks, y: [1e6, 2, 3, 4, 5], name: 'first series' },
        { type: 'bar', x: ticks, y: [2e6, 2, 3, 4, 5], name: 'second series' },
      ],
      layout: {
        title: { text: 'Many' },
        xaxis: { title: { text: 'below' } },
        yaxis: { title: { text: 'beside' } },
      },
    });
    const svg = await draw(JSON.stringify(figure.spec), 800, 450);
    const boxes = textBoxes(svg);
    expect(boxes.map(({ text }) => text)).toEqual(
      expect.arrayContaining(['Many', 'below', 'beside', 'first series', '2M']),
    );
    expectApart(boxes, 800);
  });

  const LONG = ['question', 'answer', 'title'].map(name => `mean number of tokens of every ${name}`);
  const topics = ['World', 'Sports', 'Business', 'Science/Technology'];
  const spread = Array.from({ length: 200 }, (_, i) => (i * 7919) % 977);
  const charts: Record<string, Figure> = {
    confusionMatrix: plot.confusionMatrix(
      spread.map(i => i % 4),
      spread.map(i => (i % 5) % 4),
      { labels: topics },
    ),
    heatmap: plot.heatmap(
      [
        [1, 0.2],
        [-0.6, 1],
      ],
      { xLabels: ['question length', 'loss'], yLabels: ['question length', 'loss'] },
    ),
    box: plot.box({ x: spread.map(i => topics[i % 4]), y: spread }),
    lossCurve: plot.lossCurve(
      spread.map((loss, step) => ({ step, loss, evalLoss: step % 20 ? null : loss })),
    ),
    'tokenLengths, marks close together': plot.tokenLengths(spread, { maxLength: 940 }),
    'tokenLengths, marks far apart': plot.tokenLengths(
      spread.map(i => i % 40),
      { maxLength: 2048 },
    ),
    'a legend of many long names': plot.scatter({
      x: spread,
      y: spread,
      color: spread.map(i => `group ${i % 10} with a long name`),
    }),
    'bars of large values with long names': plot.bar({
      x: spread.slice(0, 12).map(i => `a category with quite a long name, ${i}`),
      y: spread.slice(0, 12).map(i => 1e6 * i),
    }),
    'bars narrower than their values': plot.bar({
      x: ['arc', 'mmlu', 'hellaswag', 'truthfulqa', 'winogrande'].flatMap(task => [task, task, task]),
      y: spread.slice(1, 16).map(i => i / 977),
      color: spread.slice(0, 15).map((_, i) => `model ${i % 3}`),
    }),
    'bars below zero': plot.bar({ x: ['a long category', 'b'], y: [-1e6, -3e6] }),
    'a heat map with long names': plot.heatmap(
      [0, 1, 2].map(i => [i, i + 1, i + 2]),
      { xLabels: LONG, yLabels: LONG },
    ),
    'titles of several lines': plot.bar({
      x: topics,
      y: [1, 2, 3, 4],
      title: 'word '.repeat(30),
      subtitle: 'word '.repeat(30),
    }),
    'a histogram of groups': plot.histogram({ x: spread, color: spread.map(i => topics[i % 4]) }),
  };
  it.each(Object.keys(charts))('keeps the labels of a chart apart: %s', async name => {
    const { spec } = charts[name] as Figure;
    const draw = await loadPlotly();
    expectApart(textBoxes(await draw(JSON.stringify(spec), 800, spec.layout.height as number)), 800);
  });

  it('draws the cells of a heat map', async () => {
    const figure = plot.figure({
      data: [
        {
          type: 'heatmap',
          z: [[0, 1]],
          colorscale: [
            [0, '#ff0000'],
            [1, '#0000ff'],
          ],
          showscale: false,
        },
      ],
    });
    const { at, width, height } = readPixels(await figure.png({ scale: 1 }));
    expect(at(Math.round(width * 0.3), height / 2)).toEqual([255, 0, 0, 255]);
    expect(at(Math.round(width * 0.7), height / 2)).toEqual([0, 0, 255, 255]);
  });

  it('is drawn for any page where plotly would draw for a white one', async () => {
    const figures = [
      { type: 'scatterpolar', r: [1, 2, 3], theta: [0, 90, 180] },
      { type: 'scatterternary', a: [1, 2], b: [2, 1], c: [1, 1], mode: 'markers' },
      { type: 'table', header: { values: [['name']] }, cells: { values: [['a', 'b']] } },
    ].map(trace => plot.figure({ data: [trace] }));
    for (const figure of figures) {
      const { at, width, height } = readPixels(await figure.png({ scale: 1 }));
      const white = Array.from({ length: width * height }, (_, i) => at(i % width, Math.floor(i / width)));
      expect(white.filter(pixel => pixel.join() === '255,255,255,255')).toEqual([]);
    }
    const sankey = {
      type: 'sankey',
      node: { label: ['a', 'b'] },
      link: { source: [0], target: [1], value: [1] },
    };
    const [red, green, blue, alpha] = readPixels(await plot.figure({ data: [sankey] }).png({ scale: 1 })).at(
      400,
      225,
    );
    expect(alpha).toBeGreaterThan(60);
    expect(Math.max(red!, green!, blue!)).toBeLessThan(180);
  });

  it('draws violins and labelled contours, which measure along paths', async () => {
    const contour = {
      type: 'contour',
      z: [
        [1, 2, 3],
        [3, 4, 2],
        [1, 1, 5],
      ],
      contours: { showlabels: true },
    };
    const png = await plot.figure({ data: [contour] }).png({ scale: 1 });
    expect(png.length).toBeGreaterThan(2000);
    expect(
      (await plot.figure({ data: [{ type: 'violin', y: [1, 2, 3, 9, 4, 5] }] }).png({ scale: 1 })).length,
    ).toBeGreaterThan(2000);
  });
});
