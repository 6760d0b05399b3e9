import { describe, expect, it } from 'vitest';
import { packRows } from '../../../lib/training/packing.ts';

describe('packed rows', () => {
  it('take the longest first, each where the least room is left', () => {
    // Rows of 10: 7 with 3, 6 with 4, 5.
    expect(packRows([3, 7, 4, 6, 5], 10)).toEqual([[1, 0], [3, 2], [4]]);
    // 2 goes to the row with room for 2, not to the one with room for 4.
    expect(packRows([6, 8, 2], 10)).toEqual([[1, 2], [0]]);
  });

  it('hold each text once and are never too long', () => {
    const lengths = Array.from({ length: 500 }, (_, i) => (i * 7919) % 65);
    const rows = packRows(lengths, 64);
    expect(rows.flat().sort((a, b) => a - b)).toEqual(lengths.map((_, i) => i));
    const sums = rows.map(row => row.reduce((sum, text) => sum + lengths[text]!, 0));
    expect(Math.max(...sums)).toBeLessThanOrEqual(64);
    const tokens = lengths.reduce((a, b) => a + b);
    expect(rows.length).toBeLessThan(1.02 * Math.ceil(tokens / 64) + 1);
  });
});
