import { expect, test } from 'vitest';
import { type MimeBundle, toMimeBundle } from '../../../kernel/display/index.ts';

const data = (value: unknown) => (toMimeBundle(value) as MimeBundle).data;

test.each([
  ['https://vega.github.io/schema/vega-lite/v5.json', 'application/vnd.vegalite.v5+json'],
  ['https://vega.github.io/schema/vega-lite/v5.20.1.json', 'application/vnd.vegalite.v5+json'],
  ['https://vega.github.io/schema/vega-lite/v4.json', 'application/vnd.vegalite.v4+json'],
  ['https://vega.github.io/schema/vega/v5.json', 'application/vnd.vega.v5+json'],
  ['https://vega.github.io/schema/vega/v6.json', 'application/vnd.vega.v6+json'],
])('%s is shown as %s', ($schema, type) => {
  const spec = { $schema, title: 'Loss', data: { values: [{ a: 1 }] } };
  expect(data(spec)[type]).toEqual(spec);
  expect(data({ toSpec: () => spec })[type]).toEqual(spec);
  expect(data(spec)['text/plain']).toMatch(/^<Vega(-Lite)? \d chart "Loss">$/);
});

test('other schemas are plain objects', () => {
  expect(Object.keys(data({ $schema: 'https://json-schema.org/draft/2020-12/schema' }))).toEqual([
    'text/plain',
  ]);
});
