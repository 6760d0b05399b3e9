import { expect, test } from 'vitest';
import { columnType, formatColumn } from '../../../kernel/display/cells.ts';

const texts = (values: unknown[]) => formatColumn(values).map(cell => cell.text);

test.each<[string, unknown[], string[]]>([
  ['whole numbers have no decimals', [2024, -3, 0], ['2024', '-3', '0']],
  ['decimals are the same down the column', [0.1, 2.25, 3], ['0.10', '2.25', '3.00']],
  ['five digits of the largest', [2.8060087, 0.0072585], ['2.8060', '0.0073']],
  ['money keeps its cents', [123456.789, 2.5], ['123456.79', '2.50']],
  ['a number that rounding would lose', [12345.678, 0.00012], ['12345.68', '1.2e-4']],
  ['learning rates', [1e-5, 9.99286e-6], ['1e-5', '9.993e-6']],
  ['tiny numbers with a binary fraction', [11 * 1.5e-7, 1.5e-7], ['1.65e-6', '1.5e-7']],
  ['huge numbers', [1e21, 1.5], ['1e+21', '1.5']],
  ['infinities and negative zero', [Number.POSITIVE_INFINITY, -0], ['Infinity', '-0']],
  ['bigints', [9007199254740993n], ['9007199254740993']],
  ['days', [new Date(0), new Date(864e5)], ['1970-01-01', '1970-01-02']],
  ['times', [new Date(0), new Date(1500)], ['1970-01-01 00:00:00', '1970-01-01 00:00:01.500']],
  ['bad dates', [new Date(Number.NaN)], ['Invalid Date']],
  ['lists and objects on one line', [[1, 2], { a: { b: 1 } }], ['[ 1, 2 ]', '{ a: { b: 1 } }']],
  ['lines of text', ['a\nb\r\nc'], ['a↵b↵c']],
  ['booleans and symbols', [true, Symbol('s')], ['true', 'Symbol(s)']],
])('%s', (_, values, expected) => {
  expect(texts(values)).toEqual(expected);
});

test('a rounded number keeps its exact value for the title', () => {
  expect(formatColumn([2.8063087])[0]).toEqual({ text: '2.8063', full: '2.8063087' });
  expect(formatColumn([2.5])[0]).toEqual({ text: '2.5' });
});

test('hostile cells', () => {
  const trap = new Proxy(
    {},
    {
      get() {
        throw new Error('trap');
      },
      ownKeys() {
        throw new Error('trap');
      },
    },
  );
  const tag = {
    get [Symbol.toStringTag](): string {
      throw new Error('tag');
    },
  };
  expect(texts([trap])[0]).toContain('Proxy');
  expect(texts([tag, 1])).toEqual(['[cannot be shown]', '1']);
});

test.each<[unknown[], string]>([
  [[1, null, Number.NaN], 'number'],
  [['a', undefined], 'string'],
  [[new Date(0)], 'Date'],
  [[[1], [2]], 'array'],
  [[new Float32Array(2)], 'typed array'],
  [[1, 'a'], 'mixed'],
  [[null], 'null'],
])('%j is a column of type %s', (values, type) => {
  expect(columnType(values)).toBe(type);
});
