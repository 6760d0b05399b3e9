import { expect, test } from 'vitest';
import { isDisplayable, type MimeBundle, toMimeBundle } from '../../../kernel/display/index.ts';

test('only undefined is not shown', () => {
  expect(isDisplayable(undefined)).toBe(false);
  for (const value of [null, 0, '', false, Number.NaN, () => 1]) expect(isDisplayable(value)).toBe(true);
});

test.each<[unknown, string]>([
  [7, '7'],
  ['seven', "'seven'"],
  [null, 'null'],
  [Symbol('s'), 'Symbol(s)'],
  [() => 1, '[Function (anonymous)]'],
  [[1, 2], '[ 1, 2 ]'],
  [{ a: 1 }, '{ a: 1 }'],
])('ordinary values are text alone: %s', (value, text) => {
  expect(toMimeBundle(value)).toEqual({ data: { 'text/plain': text }, metadata: {} });
});

test('finding out what a value is calls none of its getters', () => {
  const called: PropertyKey[] = [];
  const names = [
    '_toHtml',
    'toDataURL',
    'outerHTML',
    'numRows',
    'columnNames',
    'schema',
    'head',
    '$columns',
    '$data',
    'data',
    'layout',
    '$schema',
    'toSVG',
    'toSpec',
    'getChildAt',
    'then',
    'toJSON',
  ];
  const value = {};
  for (const name of names)
    Object.defineProperty(value, name, { enumerable: true, get: () => called.push(name) });
  toMimeBundle(value);
  toMimeBundle([value]);
  expect(called).toEqual([]);
});

test('a proxy that answers every name with a function is not asked for anything', () => {
  const asked: PropertyKey[] = [];
  const client = new Proxy(
    {},
    {
      get: (_, name) => {
        asked.push(name);
        return () => asked.push('called');
      },
    },
  );
  expect(toMimeBundle(client)).toEqual({ data: { 'text/plain': '{}' }, metadata: {} });
  toMimeBundle([client]);
  toMimeBundle({ data: [client], layout: {} });
  expect(asked).toEqual([]);
});

test('duck types that turn out broken fall back to text', () => {
  const broken = [
    {
      numRows: () => {
        throw new Error('no');
      },
      numCols: () => 1,
      columnNames: () => [],
      get: () => 1,
    },
    { numRows: () => 1e9, numCols: () => 'x', columnNames: () => null, get: () => 1 },
    { schema: {}, head: () => null, toRecords: () => 1 },
    { schema: { fields: [null] }, getChildAt: () => null, numRows: 3 },
    { $columns: [1], $data: [null] },
    { $schema: 'https://example.com/schema.json' },
    {
      toSVG() {
        throw new Error('no');
      },
    },
    {
      $schema: 'https://vega.github.io/schema/vega/v5.json',
      get marks() {
        throw new Error('no');
      },
    },
  ];
  for (const value of broken) {
    const bundle = toMimeBundle(value) as MimeBundle;
    expect(Object.keys(bundle.data)).toEqual(['text/plain']);
  }
});
