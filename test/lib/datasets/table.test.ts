import { describe, expect, it } from 'vitest';
import {
  ClassLabel,
  Dataset,
  type Feature,
  inferFeatures,
  tableOfColumns,
  tableOfRows,
} from '../../../lib/datasets/index.ts';

const value = (dtype: string): Feature => ({ type: 'value', dtype }) as Feature;
const rowsOf = (rows: object[]): object[] => {
  const table = tableOfRows(rows);
  return rows.map((_, i) => table.row(i));
};
const typeOf = (...values: unknown[]): Feature | undefined =>
  inferFeatures(values.map(a => ({ a }))).get('a');

describe('the types of columns', () => {
  it.each([
    ['integers', [1, -2, null], 'int64'],
    ['integers and other numbers', [1, 2.5], 'float64'],
    ['NaN among integers', [1, Number.NaN], 'float64'],
    ['integers that a number does not hold exactly', [2 ** 60], 'float64'],
    ['bigints', [1n, 2n ** 62n], 'int64'],
    ['bigints beyond int64', [2n ** 63n], 'uint64'],
    ['text', ['a', null], 'string'],
    ['booleans', [true, false], 'bool'],
    ['dates', [new Date(0)], 'timestamp'],
    ['bytes', [Uint8Array.of(1)], 'binary'],
    ['nothing but null and undefined', [null, undefined], 'null'],
    ['text and numbers', ['a', 1], 'json'],
    ['booleans and numbers', [true, 1], 'json'],
    ['lists and text', [[1], 'a'], 'json'],
    ['great integers and fractions', [2n ** 62n, 0.5], 'json'],
  ])('%s', (_, values, dtype) => {
    expect(typeOf(...values)).toEqual(value(dtype));
  });

  it('looks into lists and objects, as deep as they go', () => {
    expect(typeOf([1, 2], [0.5], [])).toEqual({ type: 'list', feature: value('float64') });
    expect(typeOf([[]], [['a']])).toEqual({
      type: 'list',
      feature: { type: 'list', feature: value('string') },
    });
    expect(typeOf({ x: 1 }, { y: 'z' })).toEqual({
      type: 'struct',
      fields: new Map([
        ['x', value('int64')],
        ['y', value('string')],
      ]),
    });
  });

  // Reference: the features that datasets 5.0.1 has for NumPy arrays of these types in rows.
  it('keeps the types of typed arrays in rows, as long as all are of one', () => {
    const list = (dtype: string): Feature => ({ type: 'list', feature: value(dtype) });
    const half = Float32Array.of(0.1, 2);
    for (const [array, dtype] of [
      [half, 'float32'],
      [Float64Array.of(1), 'float64'],
      [Int8Array.of(1), 'int8'],
      [Uint8ClampedArray.of(1), 'uint8'],
      [Int32Array.of(), 'int32'],
      [BigInt64Array.of(1n), 'int64'],
      [BigUint64Array.of(1n, 2n ** 63n), 'uint64'],
    ] as const) {
      expect(typeOf(null, array, array)).toEqual(list(dtype));
    }
    expect(typeOf([half], [])).toEqual({ type: 'list', feature: list('float32') });
    expect(typeOf({ x: half }, { x: null })).toEqual({
      type: 'struct',
      fields: new Map([['x', list('float32')]]),
    });
    expect(typeOf(half, [0.1])).toEqual(list('float64'));
    expect(typeOf(Int32Array.of(1), [2 ** 40])).toEqual(list('int64'));
    expect(typeOf(Int32Array.of(1), ['x'])).toEqual(list('json'));
    expect(typeOf([half], [[0.1]])).toEqual({ type: 'list', feature: list('float64') });
    expect(rowsOf([{ a: half }, { a: [0.1] }])).toEqual([{ a: [Math.fround(0.1), 2] }, { a: [0.1] }]);
  });

  it('keeps the types of typed arrays', () => {
    const table = tableOfColumns(
      new Map<string, ArrayLike<unknown>>([
        ['a', Int8Array.of(1, -2)],
        ['b', Float32Array.of(0.5, Number.NaN)],
        ['c', BigInt64Array.of(1n, 2n ** 62n)],
        ['d', BigUint64Array.of(1n, 2n)],
      ]),
    );
    expect([...table.features.values()]).toEqual([
      value('int8'),
      value('float32'),
      value('int64'),
      value('uint64'),
    ]);
    expect(table.row(1)).toEqual({ a: -2, b: Number.NaN, c: 2n ** 62n, d: 2 });
  });
});

describe('the values of columns', () => {
  it('come back as they were, null where a row has none', () => {
    const date = new Date(1234);
    expect(
      rowsOf([
        { a: 1, b: 'x', c: [1, null], d: { x: 1 }, e: true },
        { b: '', d: { y: null }, f: date, g: Uint8Array.of(7) },
        {},
      ]),
    ).toEqual([
      { a: 1, b: 'x', c: [1, null], d: { x: 1, y: null }, e: true, f: null, g: null },
      { a: null, b: '', c: null, d: { x: null, y: null }, e: null, f: date, g: Uint8Array.of(7) },
      { a: null, b: null, c: null, d: null, e: null, f: null, g: null },
    ]);
  });

  it('are numbers where numbers hold them exactly, else bigints', () => {
    expect(rowsOf([{ a: 5n }, { a: 2n ** 60n }, { a: 7 }, { a: null }])).toEqual([
      { a: 5 },
      { a: 2n ** 60n },
      { a: 7 },
      { a: null },
    ]);
  });

  it('keep NaN, infinities and negative zero', () => {
    expect(rowsOf([{ a: Number.NaN }, { a: -Infinity }, { a: -0 }])).toEqual([
      { a: Number.NaN },
      { a: -Infinity },
      { a: -0 },
    ]);
  });

  it('change neither with what they were made of nor with what was read', () => {
    const ids = [1, 2];
    const column = Float64Array.of(1, 2);
    const table = tableOfColumns(
      new Map<string, ArrayLike<unknown>>([
        ['ids', [ids, ids]],
        ['x', column],
      ]),
    );
    ids.push(3);
    column[0] = 9;
    (table.row(0).ids as number[]).push(4);
    expect(table.row(0)).toEqual({ ids: [1, 2], x: 1 });
  });

  it('change through no row either where they are of mixed kinds or bytes', () => {
    const first = { a: { b: [1] } };
    const bytes = Buffer.of(1, 2);
    const dataset = Dataset.fromRows<{ mixed: unknown; bytes: Uint8Array | null }>([
      { mixed: first, bytes },
      { mixed: 'x', bytes: null },
    ]);
    const spoil = (row: { mixed: unknown; bytes: Uint8Array | null }): object => {
      if (typeof row.mixed === 'object') (row.mixed as typeof first).a.b[0] = 7;
      row.bytes?.fill(9);
      return {};
    };
    spoil({ mixed: first, bytes });
    dataset.map(spoil);
    dataset.shuffle({ seed: 1 }).map(spoil);
    for (const row of dataset) spoil(row);
    for (const { mixed } of dataset.iter(2)) spoil({ mixed: mixed[0], bytes: null });
    expect(dataset.at(0)).toEqual({ mixed: { a: { b: [1] } }, bytes: Uint8Array.of(1, 2) });
  });

  it('may be dates, bytes and typed arrays among values of mixed kinds', () => {
    const mixed = ['x', new Date(0), Uint8Array.of(1), Float32Array.of(0.5), [new Date(1), Uint8Array.of(2)]];
    expect(rowsOf(mixed.map(a => ({ a })))).toEqual(mixed.map(a => ({ a })));
  });

  it('can be of columns that JavaScript objects have a use for', () => {
    const rows = JSON.parse('[{"__proto__": 1, "constructor": "c"}, {"__proto__": 2, "toString": "t"}]');
    const [first, second] = rowsOf(rows) as Record<string, unknown>[];
    expect(Object.entries(first!)).toEqual([
      ['__proto__', 1],
      ['constructor', 'c'],
      ['toString', null],
    ]);
    expect(Object.getOwnPropertyDescriptor(second, '__proto__')?.value).toBe(2);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('may be very long', () => {
    const text = 'x'.repeat(20_000_000);
    expect((rowsOf([{ text }])[0] as { text: string }).text.length).toBe(20_000_000);
  });

  it('are kept a million times in a few megabytes', () => {
    const before = process.memoryUsage().arrayBuffers;
    const table = tableOfRows(
      (function* () {
        for (let i = 0; i < 1_000_000; i++) yield { i };
      })(),
    );
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40e6);
    expect(table.row(999_999)).toEqual({ i: 999_999 });
  });
});

describe('declared types', () => {
  it('take class names for their numbers', () => {
    const features = new Map<string, Feature>([['label', new ClassLabel(['no', 'yes'])]]);
    const table = tableOfRows([{ label: 'yes' }, { label: 0 }, { label: -1 }, {}], features);
    expect([0, 1, 2, 3].map(i => table.row(i).label)).toEqual([1, 0, -1, null]);
    expect(() => tableOfRows([{ label: 'maybe' }], features)).toThrow(
      'Column "label", row 0: "maybe" is not class label (2).',
    );
    expect(() => tableOfRows([{ label: 2 }], features)).toThrow('2 is not class label (2)');
  });

  it('say which value does not fit, and where it is', () => {
    const features = new Map<string, Feature>([['a', value('int8')]]);
    expect(() => tableOfRows([{ a: 1 }, { a: 128 }], features)).toThrow(
      'Column "a", row 1: 128 is not int8.',
    );
    expect(() => tableOfRows([{ a: 1.5 }], features)).toThrow('1.5 is not int8');
    expect(() => tableOfRows([{ b: 1 }], features)).toThrow('There is no column "b"; the columns are: a.');
  });
});

describe('what cannot be a table', () => {
  it.each([
    ['a function', () => 1, 'a function cannot be kept'],
    ['a symbol', Symbol('s'), 'Symbol(s) cannot be kept'],
    ['a Map', new Map(), 'a value of type Map cannot be kept'],
    ['an invalid Date', new Date('x'), 'a Date is invalid'],
    ['an integer beyond 64 bits', 2n ** 64n, '18446744073709551616n does not fit 64 bits'],
  ])('%s', (_, a, message) => {
    expect(() => tableOfRows([{ a: null }, { a }])).toThrow(`Column "a", row 1: ${message}`);
  });

  it.each([
    ['a promise', Promise.resolve(1), 'a value of type Promise cannot be kept'],
    ['a Map', new Map(), 'a value of type Map cannot be kept'],
    ['a function', () => 1, 'a function cannot be kept'],
  ])('%s within values of mixed kinds', (_, odd, message) => {
    expect(() => tableOfRows([{ a: 'x' }, { a: [odd] }])).toThrow(
      `Column "a", row 1: ${message} in a data set; it takes numbers, text`,
    );
    expect(() => tableOfRows([{ a: 'x' }, { a: 1 }, { a: { odd } }])).toThrow(
      `Column "a", row 2: ${message}`,
    );
  });

  it('what throws when it is read, whatever it throws', () => {
    const throwing = (thrown: unknown): object => ({
      get x(): unknown {
        throw thrown;
      },
    });
    const thrown = new DOMException('cannot be cloned', 'DataCloneError');
    expect(() => tableOfRows([{ a: throwing(thrown) }])).toThrow(thrown);
    expect(thrown.message).toBe('Column "a", row 0: cannot be cloned.');
    const frozen = Object.freeze(new Error('frozen'));
    expect(() => tableOfRows([{ a: throwing(frozen) }])).toThrow(frozen);
    expect(() => tableOfRows([{ a: throwing('text') }])).toThrow('text');
  });

  it('rows that are no objects', () => {
    expect(() => tableOfRows([{ a: 1 }, [2]])).toThrow('Row 1 is an array, not an object of columns.');
    expect(() => tableOfRows([null as never])).toThrow('Row 0 is null');
  });

  it('columns of unequal length', () => {
    const columns = new Map([
      ['a', [1]],
      ['b', [1, 2]],
    ]);
    expect(() => tableOfColumns(columns)).toThrow(
      'Columns must be equally long, but have "a" 1, "b" 2 values.',
    );
  });

  it('values in a circle', () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    expect(() => tableOfRows([{ circle }])).toThrow('nested deeper than 64 levels');
    expect(() => tableOfRows([{ circle: 'x' }, { circle: [circle] }])).toThrow(
      'nested deeper than 64 levels',
    );
  });
});
