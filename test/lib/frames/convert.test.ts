import {
  binary,
  columnFromArray,
  field,
  int32,
  list,
  map,
  struct,
  TimeUnit,
  tableFromArrays,
  tableFromColumns,
  tableFromIPC,
  timestamp,
  uint8,
  uint64,
  utf8,
} from '@uwdata/flechette';
import { table } from 'arquero';
import { describe, expect, it } from 'vitest';
import { Dataset, DatasetDict } from '../../../lib/datasets/index.ts';
import { danfo, frame, fromArrow, toArquero, toArrow, toDanfo, toRows } from '../../../lib/frames/index.ts';
import { plot } from '../../../lib/plots/index.ts';

const rows = [
  { step: 1, note: 'first', at: new Date('2024-01-01') },
  { step: 2, note: null, at: null },
];

/** What is read of polars' data frames, which write Arrow; the package itself is no dependency. */
const polars = { columns: ['step', 'note', 'at'], height: 2, writeIPC: () => toArrow(rows) };
const dataset = { columnNames: ['step', 'note', 'at'], numRows: 2 };

describe('a table of any library', () => {
  it.each<[string, () => unknown]>([
    ['rows', () => rows],
    ['columns', () => ({ step: Int32Array.of(1, 2), note: ['first', null], at: [rows[0]?.at, null] })],
    ['danfo', () => toDanfo(rows)],
    ['polars', () => polars],
    ['flechette', () => tableFromArrays({ step: [1, 2], note: ['first', null], at: [rows[0]?.at, null] })],
    ['a data set that iterates', () => ({ ...dataset, [Symbol.iterator]: () => rows.values() })],
    [
      'a data set with columns',
      () => ({ ...dataset, column: (name: string) => rows.map(row => row[name as keyof (typeof rows)[0]]) }),
    ],
  ])('becomes a frame, rows and a data set: %s', async (_, make) => {
    const source = (await make()) as typeof rows;
    expect(toArquero(source).objects()).toEqual(rows);
    expect(toRows(source)).toEqual(rows);
    expect((await frame(source)).objects()).toEqual(rows);
    expect(Dataset.fromFrame(source).toRows()).toEqual(rows);
  });

  it('is left alone if it is a frame', () => {
    const df = table({ a: [1] });
    expect(toArquero(df)).toBe(df);
  });

  it('reads a filtered and ordered frame as it shows itself', () => {
    const df = table({ a: [3, 1, 2] })
      .filter((d: { a: number }) => d.a > 1)
      .orderby('a');
    expect(toRows(df)).toEqual([{ a: 2 }, { a: 3 }]);
  });

  it('has integers of one type, wherever they come from', () => {
    const great = 2n ** 60n;
    const [left, right] = [
      [1, great, null],
      [1n, great, null],
    ].map(id => toArquero({ id }));
    expect(left!.array('id')).toEqual([1n, great, null]);
    expect(left!.join(right!, 'id').numRows()).toBe(2);
    expect(toArquero({ id: [1, 0.5, great] }).array('id')).toEqual([1, 0.5, great]);
  });

  it('is asked for where there is none', () => {
    expect(() => toArquero([1, 2] as never)).toThrow('toArquero needs a table');
    expect(() => toRows(null as never)).toThrow('not null');
    expect(() => Dataset.fromFrame('docs.csv' as never)).toThrow('Dataset.fromFrame needs a data frame');
    const stream = Dataset.fromRows([{ a: 1 }]).toIterableDataset();
    expect(() => toArquero(stream as never)).toThrow(
      'toArquero needs all rows at once; give it await stream.toDataset().',
    );
    expect(() => toRows(stream as never)).toThrow('toRows needs all rows at once');
    const splits = new DatasetDict({
      train: Dataset.fromRows([{ a: 1 }]),
      test: Dataset.fromRows([{ a: 2 }]),
    });
    const message = 'These are several data sets; choose one of the splits: train, test.';
    expect(() => toRows(splits as never)).toThrow(message);
    expect(() => plot.histogram(splits as never, { x: 'a' })).toThrow(message);
  });
});

describe('Arrow', () => {
  it('carries numbers, texts, dates, booleans, gaps and lists there and back', () => {
    const columns = {
      n: [1.5, null],
      t: ['x', null],
      d: [new Date(5), null],
      b: [true, null],
      l: [[1, 2], null],
    };
    const back = fromArrow(toArrow(columns)).objects() as Record<string, unknown>[];
    expect(back[0]).toEqual({ n: 1.5, t: 'x', d: new Date(5), b: true, l: [1, 2] });
    expect(back[1]).toEqual({ n: null, t: null, d: null, b: null, l: null });
  });

  it('carries bytes, and integers that a number cannot hold beside such that it can', () => {
    const columns = { y: [Uint8Array.of(1, 255), null], n: [2n ** 60n, 5], u: [2n ** 64n - 1n, null] };
    expect(fromArrow(toArrow(columns)).objects()).toEqual([
      { y: Uint8Array.of(1, 255), n: 2n ** 60n, u: 2n ** 64n - 1n },
      { y: null, n: 5n, u: null },
    ]);
    expect(() => toArrow({ n: [2n ** 64n - 1n, -1] })).toThrow(
      'the values of "n" (bigint, number) have no common Arrow type',
    );
  });

  it.each([2n ** 64n, 2n ** 70n, -(2n ** 63n) - 1n])('refuses %s, which no integer of Arrow holds', great => {
    const message = 'the values of "x" (bigint) have no common Arrow type';
    expect(() => toArrow([{ x: great }])).toThrow(message);
    expect(() => toArrow([{ x: 2n ** 63n }, { x: great }])).toThrow(message);
  });

  it('carries typed arrays, the clamped bytes of a canvas among them', () => {
    const columns = { clamped: Uint8ClampedArray.of(1, 255), great: BigUint64Array.of(1n, 2n ** 64n - 1n) };
    const { schema } = tableFromIPC(toArrow(columns));
    expect(schema.fields.map(({ type }) => type)).toEqual([uint8(), uint64()]);
    expect(fromArrow(toArrow(columns)).objects()).toEqual([
      { clamped: 1, great: 1n },
      { clamped: 255, great: 2n ** 64n - 1n },
    ]);
  });

  it('unpacks lists and structs of any depth by their types, bytes inside of them included', () => {
    const lists = [[[1, 2], [3]], null];
    const structs = [
      { k: [4, 5], at: [new Date(5)] },
      { k: null, at: null },
    ];
    const bytes = [[Uint8Array.of(6)], [null]];
    const maps = [[['a', [7]]], null];
    const dated = struct([field('k', list(uint8())), field('at', list(timestamp(TimeUnit.MILLISECOND)))]);
    const nested = tableFromColumns({
      lists: columnFromArray(lists, list(list(uint8()))),
      structs: columnFromArray(structs, dated),
      bytes: columnFromArray(bytes, list(binary())),
      maps: columnFromArray(maps, map(utf8(), list(uint8()))),
    });
    // Strictly, since a typed array would be no list.
    expect(toRows(nested as never)).toStrictEqual(
      lists.map((_, i) => ({ lists: lists[i], structs: structs[i], bytes: bytes[i], maps: maps[i] })),
    );
    const { features } = Dataset.fromFrame(nested as never);
    const ints = { type: 'list', feature: { dtype: 'int64' } };
    expect(features.get('lists')).toMatchObject({ type: 'list', feature: ints });
    const dates = { type: 'list', feature: { dtype: 'timestamp' } };
    const fields = new Map([
      ['k', ints],
      ['at', dates],
    ]);
    expect(features.get('structs')).toMatchObject({ fields });
  });

  it('keeps the types of a data set, and a data set those of its numbers', () => {
    const ds = Dataset.fromRows([{ n: 1, t: null }])
      .castColumn('n', 'int32')
      .castColumn('t', 'string');
    const { fields } = tableFromIPC(toArrow(ds)).schema;
    expect(fields.map(({ type }) => type)).toEqual([int32(), utf8()]);
    const numbers = tableFromArrays({ n: Int32Array.of(1, 2), x: Float32Array.of(0.5, 1) });
    const features = [...Dataset.fromFrame(numbers).features.values()];
    expect(features).toMatchObject([{ dtype: 'int32' }, { dtype: 'float32' }]);
  });

  it('keeps 64-bit numbers that a number can hold as numbers, a column alike', () => {
    const wide = tableFromArrays({ a: [1n, 2n], b: [1n, 2n ** 60n] }, { useBigInt: true });
    expect(toRows(wide as never)).toEqual([
      { a: 1, b: 1n },
      { a: 2, b: 2n ** 60n },
    ]);
  });

  it('names the column that has no one type', () => {
    expect(() =>
      toArrow([
        { fine: 1, odd: 1 },
        { fine: 2, odd: 'x' },
      ]),
    ).toThrow('the values of "odd" (number, string) have no common Arrow type');
  });
});

describe('danfo', () => {
  it('is danfo.js itself, and frames go there and back', async () => {
    const dfd = await danfo();
    const df = await toDanfo({ a: [1, 2, null], b: ['x', null, 'y'] });
    expect(df).toBeInstanceOf(dfd.DataFrame);
    expect(df.shape).toEqual([3, 2]);
    expect(toRows(df.head(1) as never)).toEqual([{ a: 1, b: 'x' }]);
  });
});
