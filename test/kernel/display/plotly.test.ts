import { expect, test } from 'vitest';
import { type MimeBundle, toMimeBundle } from '../../../kernel/display/index.ts';

const type = 'application/vnd.plotly.v1+json';
const data = (value: unknown) => (toMimeBundle(value) as MimeBundle).data;

test('a figure, with typed arrays as lists and a line of text', () => {
  const figure = {
    data: [
      { type: 'bar', x: ['a'], y: new Float32Array([1.5]) },
      { x: [1], y: [Number.NaN] },
    ],
    layout: { title: { text: 'Loss' } },
    config: { responsive: true },
  };
  expect(data(figure)[type]).toEqual({
    data: [
      { type: 'bar', x: ['a'], y: [1.5] },
      { x: [1], y: [null] },
    ],
    layout: { title: { text: 'Loss' } },
    config: { responsive: true },
  });
  expect(data(figure)['text/plain']).toBe('<Plotly figure "Loss", 2 traces: bar, scatter>');
});

test.each([
  [{ data: [1], layout: {} }],
  [{ data: [{ type: 'bar' }] }],
  [{ data: {}, layout: {} }],
  [{ data: [{ name: 'x' }], layout: {} }],
])('not a figure: %j', value => {
  expect(data(value)[type]).toBeUndefined();
});
