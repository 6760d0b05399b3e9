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
