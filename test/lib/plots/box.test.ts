import { describe, expect, it } from 'vitest';
import { type Figure, plot } from '../../../lib/plots/index.ts';

const trace = (figure: Figure) => figure.spec.data[0] as Record<string, unknown[]>;

describe('plot.box', () => {
  it('draws the quartiles of NumPy, Tukey’s whiskers and what lies beyond', () => {
    // numpy.percentile([1, 2, 3, 4, 5, 20], [25, 50, 75]) is 2.25, 3.5, 4.75.
    const figure = plot.box({ y: [20, 1, 2, 3, 4, 5, null], x: 'aaaaaab'.split('') });
    expect(trace(figure)).toMatchObject({
      x: ['a'],
      q1: [2.25],
      median: [3.5],
      q3: [4.75],
      lowerfence: [1],
      upperfence: [5],
      y: [[20]],
    });
    expect(figure.summary).toBe(
      'Box plot of value by category: n = 6; a median 3.5 (middle half 2.25 to 4.75, 1 beyond the whiskers); 1 missing or infinite left out',
    );
  });

  it('lays one box alone, and boxes with long names, on their side', () => {
    expect(trace(plot.box([1, 2, 3], { yTitle: 'seconds' }))).toMatchObject({ orientation: 'h', q1: [1.5] });
    expect(trace(plot.box({ y: [1], x: ['a long category'] }))).toMatchObject({
      orientation: 'h',
      y: ['a long category'],
    });
  });

  it('draws several columns, or several lists, side by side', () => {
    const rows = [
      { a: 1, b: 5 },
      { a: 2, b: 6 },
    ];
    const long = { x: ['a', 'a', 'b', 'b'], y: [1, 2, 5, 6], xTitle: 'column' };
    expect(plot.box(rows, { y: ['a', 'b'] }).spec).toEqual(plot.box(long).spec);
    expect(plot.box([[1, 2], Int8Array.of(5)], { xTitle: 'run' }).summary).toBe(
      'Box plot of value by run: n = 3; 1 median 1.5 (middle half 1.25 to 1.75); 2 median 5 (middle half 5 to 5)',
    );
    expect(plot.box([1, 2, 3].values()).summary).toBe(plot.box([1, 2, 3]).summary);
    expect(() => plot.box({ y: undefined } as never)).toThrow('plot.box takes (data');
    expect(() => plot.box(rows, { y: ['a', 'b'], x: 'a' })).toThrow(
      'categories (x) for one column of numbers',
    );
  });

  it('stays small for a million rows, and keeps the outermost points', () => {
    const values = Float64Array.from({ length: 1_000_000 }, (_, i) =>
      i % 100 === 0 ? i / 100 : Math.sin(i),
    );
    const figure = plot.box(values);
    const outliers = trace(figure).x?.[0] as number[];
    expect(outliers).toHaveLength(200);
    expect(outliers.at(-1)).toBe(9999);
    expect(JSON.stringify(figure.spec).length).toBeLessThan(12_000);
    expect(JSON.stringify(figure.spec.layout)).toContain('at most 200 outliers drawn');
  });

  it('says so when there are more groups than it draws, no numbers, or no columns', () => {
    const many = plot.box({
      y: Array.from({ length: 25 }, (_, i) => i),
      x: Array.from({ length: 25 }, (_, i) => `g${i}`),
    });
    expect(JSON.stringify(many.spec.layout)).toContain('the 20 largest of 25 groups');
    expect(() => plot.box([null])).toThrow('"value" has no numbers to draw');
    expect(() => plot.box({ y: [1, 2], x: ['a'] })).toThrow('"category" has 1 values and the other column 2');
    expect(() => plot.box([{ a: 1 }] as never)).toThrow(
      'plot.box takes (data, { x: categories, y: numbers })',
    );
  });
});
