import { table } from 'arquero';
import { describe, expect, it } from 'vitest';
import { plot } from '../../../lib/plots/index.ts';

const ids = [
  [1, 2, 3, 4],
  [1, 2],
  [1, 2, 3],
];

describe('plot.tokenLengths', () => {
  it('takes lengths, token ids, rows, frames and a batch', () => {
    const expected = plot.tokenLengths([4, 2, 3]).spec;
    for (const source of [
      ids,
      ids.map(row => Int32Array.from(row)),
      ids.map(inputIds => ({ inputIds })),
      ids.map(input_ids => ({ input_ids, labels: input_ids })),
      table({ inputIds: ids }),
      { inputIds: ids },
    ]) {
      expect(plot.tokenLengths(source).spec).toEqual(expected);
    }
  });

  it('does not count padding', () => {
    const padded = {
      inputIds: [
        [7, 0, 0],
        [7, 7, 0],
      ],
      attentionMask: [
        [1, 0, 0],
        [1, 1, 0],
      ],
    };
    expect(plot.tokenLengths(padded).summary).toContain('2 rows, 3 tokens; min 1,');
    const encodings = padded.attentionMask.map(mask => ({ getAttentionMask: () => mask }));
    expect(plot.tokenLengths(encodings).summary).toContain('2 rows, 3 tokens; min 1,');
  });

  it('says how many rows a maximum length cuts', () => {
    const { spec, summary } = plot.tokenLengths([50, 100, 129, 128], { maxLength: 128 });
    expect(summary).toBe(
      'Token lengths: 4 rows, 407 tokens; min 50, median 114, mean 101.8, 95 % 128.8, max 129; 1 row of 4 (25.0 %) longer than 128',
    );
    expect(JSON.stringify(spec.layout)).toContain('maximum 128');
    expect(plot.tokenLengths([1], { maxLength: 5 }).summary).toContain('no row is longer than 5');
  });

  it.each([
    ['between the others', [80, 30], 100],
    ['at the edge', [80, 30], 230],
    ['beyond the longest', [80, 30], 2048],
    ['among marks close together at the edge', [950, 5], 960],
  ])('draws no line through a label, with a maximum %s', (_, [middle, width], maxLength) => {
    const lengths = Array.from({ length: 200 }, (_, i) => middle! + width! * Math.sin(i));
    const { layout } = plot.tokenLengths([1, 190, ...lengths.map(Math.round)], { maxLength }).spec;
    const { range } = layout.xaxis as { range: [number, number] };
    const lines = layout.shapes as { x0: number; y1: number }[];
    const labels = layout.annotations as { text: string; x: number; xanchor: string; y: number }[];
    for (const { text, x, xanchor, y } of labels) {
      // About eight pixels a character, of seven hundred.
      const end = x + ((xanchor === 'left' ? 1 : -1) * text.length * 8 * (range[1] - range[0])) / 700;
      expect(end, text).toBeGreaterThan(range[0]);
      expect(end, text).toBeLessThan(range[1]);
      const crossing = lines.filter(
        line =>
          line.y1 > y - 0.05 && line.x0 !== x && line.x0 > Math.min(x, end) && line.x0 < Math.max(x, end),
      );
      expect(crossing, text).toEqual([]);
    }
  });

  it('refuses what has no lengths', () => {
    expect(() => plot.tokenLengths([])).toThrow('there are no rows to measure');
    expect(() => plot.tokenLengths(['text'])).toThrow('row 0 has neither a length nor token ids');
    expect(() => plot.tokenLengths([{ text: 'x' }])).toThrow('row 0 has neither');
    expect(() => plot.tokenLengths([1], { maxLength: 0 })).toThrow('maxLength must be 1 or more, not 0');
  });
});
