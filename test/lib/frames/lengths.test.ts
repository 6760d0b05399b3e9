import { describe, expect, it } from 'vitest';
import { lengths } from '../../../lib/frames/index.ts';

const rows = [
  { id: 1, text: 'one two' },
  { id: 2, text: '' },
  { id: 3, text: null },
  { id: 4, text: ' \n' },
  { id: 5, text: 'h😀 three words' },
];

describe('lengths', () => {
  it('measures characters and words, and finds the empty and the longest', () => {
    expect(lengths(rows, 'text').objects()).toEqual([
      {
        column: 'text',
        unit: 'characters',
        count: 4,
        empty: 3,
        mean: 5.75,
        min: 0,
        q25: 1.5,
        median: 4.5,
        q75: 8.75,
        q95: expect.closeTo(12.95, 12),
        max: 14,
        longestRow: 4,
      },
      {
        column: 'text',
        unit: 'words',
        count: 4,
        empty: 3,
        mean: 1.25,
        min: 0,
        q25: 0,
        median: 1,
        q75: 2.25,
        q95: expect.closeTo(2.85, 12),
        max: 3,
        longestRow: 4,
      },
    ]);
  });

  it('takes every column of text where none is named, and refuses others', () => {
    expect(lengths(rows).array('column')).toEqual(['text', 'text']);
    expect(() => lengths(rows, 'id')).toThrow('lengths: "id" must hold text, but row 0 has 1.');
    expect(() => lengths([{ id: 1 }])).toThrow('the table has no column of text');
    expect(() => lengths(rows, 'nope')).toThrow('there is no column "nope"');
  });
});
