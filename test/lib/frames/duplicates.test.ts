import { describe, expect, it } from 'vitest';
import { duplicates } from '../../../lib/frames/index.ts';

const rows = [
  { question: 'What is it?', answer: 'A kernel.' },
  { question: 'what  is it? ', answer: 'A kernel.' },
  { question: 'Why?', answer: null },
  { question: 'What is it?', answer: 'A kernel.' },
  { question: 'Why?', answer: null },
  { question: 'Why?', answer: 'Because.' },
];

describe('duplicates', () => {
  it('groups rows that repeat, and tells exact ones from those that differ in case or space', () => {
    expect(duplicates(rows).objects()).toEqual([
      { match: 'normalized', count: 3, rows: [0, 1, 3], question: 'What is it?', answer: 'A kernel.' },
      { match: 'exact', count: 2, rows: [2, 4], question: 'Why?', answer: null },
    ]);
  });

  it('looks at the columns that are named', () => {
    expect(duplicates(rows, 'question').array('rows')).toEqual([
      [0, 1, 3],
      [2, 4, 5],
    ]);
    expect(duplicates(rows, ['answer']).columnNames()).toEqual(['match', 'count', 'rows', 'answer']);
    expect(() => duplicates(rows, 'text')).toThrow(
      'duplicates: there is no column "text"; the columns are: question, answer.',
    );
  });

  it('groups what a key for each row would group, whatever the columns hold', () => {
    const values = [
      1,
      '1',
      1n,
      null,
      undefined,
      Number.NaN,
      true,
      'A  b',
      'a b ',
      'ａ b',
      [1],
      [2],
      new Date(0),
      0,
      -0,
    ];
    let state = 7;
    const pick = (): unknown => {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
      return values[state % values.length];
    };
    const many = Array.from({ length: 3000 }, () => ({ x: pick(), y: pick(), z: pick() }));
    const keyOf = (row: object): string =>
      JSON.stringify(Object.values(row), (_, value: unknown) =>
        typeof value === 'bigint'
          ? `${value}n`
          : typeof value === 'string'
            ? value.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim()
            : value,
      ).replaceAll('"1970-01-01t00:00:00.000z"', 'date');
    const groups = new Map<string, number[]>();
    for (const [i, row] of many.entries()) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), i]);
    const expected = [...groups.values()].filter(rows => rows.length > 1);
    const found = duplicates(many);
    expect(Array.from(found.array('rows') as Iterable<number[]>).sort((a, b) => a[0]! - b[0]!)).toEqual(
      expected.sort((a, b) => a[0]! - b[0]!),
    );
    expect(expected.length).toBeGreaterThan(500);
  });

  it('is empty where no row repeats, and does not take values for their text', () => {
    expect(duplicates([{ a: 1 }, { a: '1' }, { a: null }, { a: 'null' }]).numRows()).toBe(0);
    expect(
      duplicates([
        { a: 'x', b: 'yz' },
        { a: 'xy', b: 'z' },
      ]).numRows(),
    ).toBe(0);
  });
});
