import { columnFromArray } from '@uwdata/flechette';
import { describe, expect, test } from 'vitest';
import { type MimeBundle, toMimeBundle } from '../../../../kernel/display/index.ts';

const data = (value: unknown) => (toMimeBundle(value) as MimeBundle).data as Record<string, string>;
const lines = (value: unknown) => data(value)['text/plain']!.split('\n');

/** A table with arquero's methods that fails the test when more is read than is shown. */
class ArqueroLike {
  readonly length: number;
  constructor(length: number) {
    this.length = length;
  }
  numRows() {
    return this.length;
  }
  numCols() {
    return 2;
  }
  columnNames() {
    return ['id', 'text'];
  }
  get(name: string, row: number) {
    if (row >= 20) throw new Error('read a row that is not shown');
    return name === 'id' ? row : `row ${row}`;
  }
  objects() {
    throw new Error('materialized the table');
  }
}

test('arquero: a table of a million rows reads the shown ones', () => {
  const shown = data(new ArqueroLike(1_000_000));
  expect(shown['text/html']).toContain('1,000,000 rows × 2 columns … first 20 shown');
  expect(shown['text/html']).toContain('>row 19</td>');
  expect(shown['text/html']!.length).toBeLessThan(6_000);
});

test('arquero: the header counts what is missing in the rows that a filter leaves, as long as it is quick', () => {
  const column = [1, null, Number.NaN, undefined, 5];
  const frame = (length: number, mask: { get(row: number): boolean } | null) => ({
    numRows: () => length,
    numCols: () => 1,
    totalRows: () => length,
    columnNames: () => ['x'],
    column: () => column,
    mask: () => mask,
    get: (_: string, row: number) => column[row],
  });
  expect(lines(frame(5, null))[1]).toBe('number, 3 nulls');
  expect(lines(frame(5, { get: row => row < 2 }))[1]).toBe('number, 1 null');
  expect(data(frame(5, null))['text/html']).toContain('<small>number, 3 nulls</small>');
  expect(lines(frame(1e9, null))[1]?.trim()).toBe('number');
});

test('danfo frames with their types and row labels, and series', () => {
  const frame = {
    $columns: ['loss', 'kind'],
    $data: [
      [2.5, 'a'],
      [1.25, 'b'],
    ],
    $index: ['first', 'last'],
    $dtypes: ['float32', 'string'],
  };
  expect(lines(frame)).toEqual([
    '          loss  kind',
    '       float32  string',
    '─────  ───────  ──────',
    'first     2.50  a',
    'last      1.25  b',
    '2 rows × 2 columns',
  ]);
  const series = { $columns: ['0'], $data: [1, 2], $index: [0, 1], $dtypes: ['int32'], $isSeries: true };
  expect(lines(series)).toEqual(['    0', 'int32', '─────', '    1', '    2', '2 rows × 1 column']);
});

describe('Arrow', () => {
  class Table {
    readonly schema = {
      fields: [
        { name: 'n', type: { typeId: 2, toString: () => 'Int32' } },
        { name: 't', type: { typeId: 10, toString: () => 'Timestamp' } },
        { name: 's', type: { typeId: -1, toString: () => 'Dictionary<Int32, Utf8>' } },
      ],
    };
    readonly cells: unknown[][] = [
      [1, 2],
      [0, 864e5],
      ['x', null],
    ];
    get numRows() {
      return 2;
    }
    getChildAt(i: number) {
      return { get: (row: number) => this.cells[i]![row] };
    }
  }
  test('decimals with their point, lists and structs by their content, and the count of nulls', () => {
    const proxied = new Proxy({ toJSON: () => ({ a: 1 }) }, {});
    const columns = [
      { type: { typeId: 7, scale: 2, toString: () => 'Decimal' }, value: Uint32Array.of(12_345, 0, 0, 0) },
      {
        type: { typeId: 7, scale: 2, toString: () => 'Decimal' },
        value: new Uint32Array(4).fill(0xffffffff),
      },
      { type: { typeId: 12, toString: () => 'List' }, value: { toJSON: () => [1, 2] } },
      { type: { typeId: 13, toString: () => 'Struct' }, value: proxied },
    ];
    class Nested {
      readonly schema = { fields: columns.map(({ type }, i) => ({ name: `c${i}`, type })) };
      readonly numRows = 1;
      getChildAt(i: number) {
        return { nullCount: i, get: () => columns[i]!.value };
      }
    }
    expect(lines(new Nested()).slice(1, 4)).toEqual([
      'Decimal  Decimal, 1 null  List, 2 nulls  Struct, 3 nulls',
      '───────  ───────────────  ─────────────  ───────────────',
      '123.45   -0.01            [ 1, 2 ]       { a: 1 }',
    ]);
  });
  test('what is nested in the nested, through the views that it is given as', () => {
    const view = (content: unknown) => new Proxy({ toJSON: () => content }, {});
    const type = { typeId: 12, toString: () => 'List' };
    const values = [view([view([1, 2]), null]), view({ k: view([3]), day: new Date(0) }), null];
    const nested = {
      schema: { fields: [{ name: 'x', type }] },
      numRows: 3,
      getChildAt: () => ({ get: (row: number) => values[row] }),
    };
    expect(lines(nested).slice(3, 6)).toEqual([
      '[ [ 1, 2 ], null ]',
      '{ k: [ 3 ], day: 1970-01-01T00:00:00.00…',
      'null',
    ]);
  });
  test('a column alone, of which the shown rows are read', () => {
    const type = { typeId: 2, toString: () => 'Int32' };
    const column = {
      type,
      length: 1_000_000,
      nullCount: 1,
      get(row: number) {
        if (row >= 20) throw new Error('read a row that is not shown');
        return row || null;
      },
    };
    expect(lines(column)[1]).toBe('Int32, 1 null');
    expect(lines(column).at(-1)).toBe('1,000,000 rows × 1 column … first 20 shown');
    expect(lines(columnFromArray(['x', null])).slice(3)).toEqual(['x', 'null', '2 rows × 1 column']);
  });
  test('types by their own names, timestamps as dates', () => {
    expect(lines(new Table())).toEqual([
      '    n  t           s',
      'Int32  Timestamp   Utf8',
      '─────  ──────────  ────',
      '    1  1970-01-01  x',
      '    2  1970-01-02  null',
      '2 rows × 3 columns',
    ]);
  });
});

describe('frames that give records', () => {
  const frame = (rows: object[], extra: object = {}) => ({
    schema: {},
    head: (n: number) => ({ toRecords: () => rows.slice(0, n) }),
    toRecords: () => {
      throw new Error('read the whole frame');
    },
    ...extra,
  });
  test('columns from the records', () => {
    expect(lines(frame([{ a: 1 }, { a: 2, b: 'x' }])).at(-1)).toBe('2 rows × 2 columns');
  });
  test('the number of rows, where the frame says it', () => {
    const rows = Array.from({ length: 30 }, (_, i) => ({ i }));
    expect(lines(frame(rows)).at(-1)).toBe('1 column … first 20 rows shown');
    expect(lines(frame(rows, { height: 3000 })).at(-1)).toBe('3,000 rows × 1 column … first 20 shown');
    expect(lines(frame(rows, { shape: [30, 1] })).at(-1)).toBe('30 rows × 1 column … first 20 shown');
  });
});

describe('arrays of objects', () => {
  test('a table beside the usual text', () => {
    const shown = data([
      { a: 1, b: 2 },
      { a: 3, b: 4 },
    ]);
    expect(shown['text/plain']).toBe('[ { a: 1, b: 2 }, { a: 3, b: 4 } ]');
    expect(shown['text/html']).toContain('2 rows × 2 columns');
  });
  test('a long array reads its first rows', () => {
    const rows = Array.from({ length: 100_000 }, (_, id) => ({ id }));
    expect(data(rows)['text/html']).toContain('100,000 rows × 1 column … first 20 shown');
  });
  test('missing keys are gaps', () => {
    expect(data([{ a: 1, b: 1 }, { a: 2, b: 2 }, { a: 3 }])['text/html']).toContain('<em>undefined</em>');
  });
  test.each<[string, unknown[]]>([
    ['empty', []],
    ['empty objects', [{}, {}]],
    ['numbers', [1, 2]],
    ['mixed', [{ a: 1 }, 2]],
    ['different keys', [{ a: 1 }, { b: 2 }, { c: 3 }]],
    ['nested', [{ a: { b: 1 } }, { a: { b: 2 } }]],
    [
      'class instances',
      [
        new (class Point {
          x = 1;
        })(),
      ],
    ],
    [
      'getters',
      [
        {
          get a() {
            throw new Error('called');
          },
        },
      ],
    ],
    [
      'proxies',
      [
        new Proxy(
          { a: 1 },
          {
            ownKeys() {
              throw new Error('called');
            },
          },
        ),
      ],
    ],
    ['holes', new Array(3)],
  ])('no table: %s', (_, value) => {
    expect(Object.keys(data(value))).toEqual(['text/plain']);
  });
});
