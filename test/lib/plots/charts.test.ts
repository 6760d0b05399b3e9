import { table } from 'arquero';
import { describe, expect, it } from 'vitest';
import { type Figure, plot } from '../../../lib/plots/index.ts';

type Trace = { x: unknown[]; y: unknown[]; name?: string; text?: string[]; [key: string]: unknown };
const traces = (figure: Figure): Trace[] => figure.spec.data as unknown as Trace[];
const sum = (values: unknown[] | undefined): number => (values as number[]).reduce((a, b) => a + b, 0);
const titles = ({ spec }: Figure) => {
  const { title, xaxis, yaxis } = spec.layout as Record<string, { text?: string; title?: { text: string } }>;
  return [title?.text, xaxis?.title?.text, yaxis?.title?.text];
};

const df = table({
  task: ['arc', 'mmlu', 'arc', 'mmlu'],
  model: ['base', 'base', 'tuned', 'tuned'],
  score: [3, 2, 5, null],
});

describe('every chart', () => {
  it('has a title and titled axes without being told', () => {
    expect(titles(plot.histogram(df, { x: 'score' }))).toEqual(['Distribution of score', 'score', 'Rows']);
    expect(titles(plot.bar(df, { x: 'task' }))).toEqual(['Rows by task', 'task', 'Rows']);
    expect(titles(plot.line(df, { y: 'score' }))).toEqual(['score over row', 'row', 'score']);
    expect(titles(plot.scatter(df, { x: 'score', y: 'score' }))).toEqual([
      'score against score',
      'score',
      'score',
    ]);
  });

  it('takes frames, rows, objects of arrays and bare arrays', () => {
    const expected = traces(plot.scatter({ x: [1, 2], y: [3, 4] }))[0];
    const columns = { x: 'a', y: 'b' };
    for (const data of [
      table({ a: [1, 2], b: [3, 4] }),
      [
        { a: 1, b: 3 },
        { a: 2, b: 4 },
      ],
      { a: Int32Array.of(1, 2), b: new Set([3, 4]) },
      { columnNames: ['a', 'b'], numRows: 2, column: (name: string) => (name === 'a' ? [1, 2] : [3, 4]) },
    ]) {
      expect(traces(plot.scatter(data, columns))[0]).toMatchObject({ x: expected?.x, y: expected?.y });
    }
  });

  it('shows titles and names from data as they are, not as HTML', () => {
    const figure = plot.line({ y: [1, 2], title: 'a < b & <b>c</b>', subtitle: '<i>d</i>' });
    expect(titles(figure)[0]).toMatch(
      /^a &lt; b &amp; &lt;b&gt;c&lt;\/b&gt;<br><span [^>]*>&lt;i&gt;d&lt;\/i&gt;<\/span>$/,
    );
    expect(traces(plot.scatter({ x: [1, 2], y: [1, 2], color: ['<b>', 'c'] }))[0]?.name).toBe('&lt;b&gt;');
  });

  it('breaks a long title into lines and makes room for them', () => {
    const short = plot.line({ y: [1, 2], title: 'short' });
    const long = plot.line({ y: [1, 2], title: 'word '.repeat(30) });
    const top = ({ spec }: Figure) => (spec.layout.margin as { t: number }).t;
    expect(titles(long)[0]?.split('<br>').length).toBe(3);
    expect(top(long)).toBeGreaterThan(top(short) + 40);
  });

  it('keeps categories and groups apart whose long names begin alike', () => {
    const alike = ['one', 'two', 'two'].map(
      end => `a name that is the same for forty characters, but then ${end}`,
    );
    const distinct = (names: unknown) => new Set(names as string[]).size;
    const [one, two] = alike as [string, string];
    expect(distinct(traces(plot.bar({ x: [one, two], y: [1, 2] }))[0]?.y)).toBe(2);
    expect(distinct(traces(plot.bar({ x: alike }))[0]?.y)).toBe(2);
    expect(distinct(traces(plot.box({ x: alike, y: [1, 2, 3] }))[0]?.y)).toBe(2);
    expect(distinct(traces(plot.line({ x: alike, y: [1, 2, 3] }))[0]?.x)).toBe(2);
    const groups = plot.scatter({ x: [1, 2, 3], y: [1, 2, 3], color: alike });
    expect(traces(groups).map(({ name }) => name)).toEqual([
      'a name that is the …acters, but then one',
      'a name that is the …acters, but then two',
    ]);
    const same = ['x', 'y'].map(middle => `${'a'.repeat(40)}${middle}${'b'.repeat(40)}`);
    const matrix = plot.confusionMatrix(same, same).spec.layout.xaxis as { ticktext: string[] };
    expect(distinct(matrix.ticktext)).toBe(2);
  });

  it('says first and last of categories, lowest and highest of numbers and dates', () => {
    const say = (x: unknown[]) => plot.line({ x, y: x.map((_, i) => i) }).summary.split(',')[0];
    expect(say(['day 1', 'day 2', 'day 10', 'day 2'])).toBe('Line chart over x day 1 to day 10');
    expect(say([3, 1, 2])).toBe('Line chart over x 1 to 3');
    expect(say([new Date('2025-03-01'), new Date('2025-01-01')])).toBe(
      'Line chart over x 2025-01-01 to 2025-03-01',
    );
  });

  it('has no ticks between few whole numbers, or between few days', () => {
    const ticks = (x: unknown[]) =>
      (plot.line({ x, y: x.map((_, i) => i) }).spec.layout.xaxis as { dtick?: number }).dtick;
    expect(ticks([1, 2, 3, 4])).toBe(1);
    expect(ticks([new Date('2025-01-01'), new Date('2025-01-05')])).toBe(24 * 3_600_000);
    expect(ticks([1, 2.5, 4])).toBeUndefined();
    expect(ticks([1, 200])).toBeUndefined();
    expect(ticks([new Date('2025-01-01T12:00:00Z'), new Date('2025-01-05')])).toBeUndefined();
  });

  it('names the columns there are when one is not there', () => {
    expect(() => plot.histogram(df, { x: 'scores' })).toThrow(
      'There is no column "scores"; the columns are: task, model, score.',
    );
    expect(() => plot.histogram({ x: 'score' })).toThrow('there is no data');
    expect(() => plot.scatter({ x: [1], y: [1, 2] })).toThrow('"y" has 2 values and the other column 1');
    expect(() => plot.scatter({ x: [1], y: [1], color: [1, 2] })).toThrow('"color" has 2 values');
    expect(() => plot.line(df, { y: 'task' })).toThrow('"task" must hold numbers, but row 0 has "arc"');
  });

  it('refuses a grouping that colour cannot show', () => {
    const many = { x: Array.from({ length: 11 }, (_, i) => i) };
    expect(() => plot.histogram(many, { x: 'x', color: 'x' })).toThrow(
      '"x" has 11 different values; colour tells at most 10',
    );
  });
});

describe('plot.histogram', () => {
  it('counts every value once, in bins with round edges', () => {
    const values = Array.from({ length: 1000 }, (_, i) => (i * 7919) % 977);
    const figure = plot.histogram(values);
    const { x, y, width } = traces(figure)[0] as Trace & { width: number };
    expect(sum(y)).toBe(1000);
    expect([1, 2, 2.5, 5]).toContain(
      Number((width / 0.94).toPrecision(6)) / 10 ** Math.floor(Math.log10(width / 0.94)),
    );
    expect(x.length).toBeLessThanOrEqual(60);
    expect(figure.summary).toContain('n = 1,000, min 0');
  });

  it('puts a value on an edge into the bin that begins there, despite binary fractions', () => {
    const { x, y } = traces(plot.histogram([0, 0.1, 0.2, 0.3, 0.3, 0.6, 0.7], { bins: 8 }))[0] as Trace;
    expect(x).toEqual([0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75]);
    expect(y).toEqual([1, 1, 1, 2, 0, 0, 1, 1]);
  });

  it('gives small whole numbers a bar each, over the number', () => {
    const { x, y } = traces(plot.histogram([1, 2, 2, 4]))[0] as Trace;
    expect(x).toEqual([1, 2, 3, 4]);
    expect(y).toEqual([1, 2, 0, 1]);
  });

  it('draws one value, negatives and huge ranges, and leaves out what is missing', () => {
    expect(traces(plot.histogram([7, 7]))[0]?.y).toEqual([2]);
    expect(sum(traces(plot.histogram([-5, -4.5, 3]))[0]?.y)).toBe(3);
    const spread = plot.histogram([1, 1, 1, 1, 1, 1, 1, 1e9, null, Number.NaN]);
    expect(traces(spread)[0]?.x.length).toBeLessThanOrEqual(61);
    expect(spread.summary).toContain('2 missing or infinite left out');
    expect(() => plot.histogram([null])).toThrow('"value" has no numbers to draw');
    expect(() => plot.histogram(['a'])).toThrow('plot.bar counts');
    expect(() => plot.histogram([1, 2], { bins: 0 })).toThrow('bins must be 1 or more, not 0');
  });

  it('stays small for a million rows', () => {
    const figure = plot.histogram(Float64Array.from({ length: 1_000_000 }, (_, i) => Math.sin(i)));
    expect(JSON.stringify(figure.spec).length).toBeLessThan(10_000);
  });
});

describe('plot.histogram of dates', () => {
  const from = (day: string, count: number, step: number) =>
    Array.from({ length: count }, (_, i) => new Date(Date.parse(day) + i * step));
  const HOUR = 3_600_000;

  it('counts in bins that begin where weeks, days and hours do', () => {
    const weeks = plot.histogram([...from('2025-01-01', 100, 24 * HOUR), null, new Date(Number.NaN)], {
      bins: 14,
    });
    const [{ x, y, hovertext }] = traces(weeks) as [Trace];
    expect(x!.slice(0, 2)).toEqual(['2025-01-02T12:00:00.000Z', '2025-01-09T12:00:00.000Z']);
    expect(y).toEqual([5, ...new Array(13).fill(7), 4]);
    expect((hovertext as string[])[0]).toBe('2024-12-30 to 2025-01-06');
    expect((weeks.spec.layout.xaxis as { range: unknown }).range).toEqual([
      '2024-12-30T00:00:00.000Z',
      '2025-04-14T00:00:00.000Z',
    ]);
    expect(weeks.summary).toBe(
      'Histogram of value: n = 100, min 2025-01-01, median 2025-02-19 12:00:00, mean 2025-02-19 12:00:00, ' +
        'max 2025-04-10; 15 bins of width 1 week; 2 missing or infinite left out',
    );
    // 6 January 2025 was a Monday.
    const fortnights = plot.histogram(from('2025-01-07', 97, 24 * HOUR), { bins: 7 });
    expect(fortnights.spec.layout.xaxis).toMatchObject({
      tick0: '2025-01-06T00:00:00.000Z',
      dtick: 14 * 24 * HOUR,
    });
    const hours = plot.histogram({ when: from('2025-01-01', 48, HOUR) }, { x: 'when', bins: 8 });
    expect(traces(hours)[0]?.y).toEqual(new Array(8).fill(6));
    expect(hours.summary).toContain('8 bins of width 6 hours');
  });

  it('takes a single day, centuries and groups', () => {
    expect(traces(plot.histogram(from('2025-01-03', 3, 0)))[0]?.y).toEqual([3]);
    expect(sum(traces(plot.histogram(from('1800-01-01', 20_000, 200 * HOUR)))[0]?.y)).toBe(20_000);
    const grouped = plot.histogram(
      { when: from('2025-01-01', 10, HOUR), half: ['a', 'b', 'a', 'b', 'a', 'b', 'a', 'b', 'a', 'b'] },
      { x: 'when', color: 'half' },
    );
    expect(traces(grouped).map(({ y }) => sum(y))).toEqual([5, 5]);
    expect(traces(grouped)[0]?.x?.every(at => String(at).endsWith('Z'))).toBe(true);
  });
});

describe('plot.histogram of groups', () => {
  it('draws outlines that reach the axis on both sides, whose colours do not mix', () => {
    const figure = plot.histogram(
      { x: [1, 2, 2, 3], color: ['a', 'a', 'b', 'b'] },
      { x: 'x', color: 'color' },
    );
    expect(traces(figure).map(({ name, type, x, y }) => ({ name, type, x, y }))).toEqual([
      { name: 'a', type: 'scatter', x: [0, 1, 2, 3, 4], y: [0, 1, 1, 0, 0] },
      { name: 'b', type: 'scatter', x: [0, 1, 2, 3, 4], y: [0, 0, 1, 1, 0] },
    ]);
  });
});

describe('plot.bar', () => {
  it('counts categories, the commonest first, and says when there are more', () => {
    expect(
      traces(
        plot.bar(
          df.filter((d: { score: number }) => d.score !== 2),
          { x: 'task' },
        ),
      )[0],
    ).toMatchObject({ x: ['arc', 'mmlu'], y: [2, 1] });
    const many = plot.bar({ x: Array.from({ length: 25 }, (_, i) => `v${i}`) });
    expect(titles(many)[0]).toContain('the 20 commonest of 25 values');
  });

  it('sets groups side by side and labels every bar with as many decimals', () => {
    const figure = plot.bar({
      x: ['a', 'a', 'b', 'b'],
      y: [0.3, 0.36, 0.25, null],
      color: ['base', 'tuned', 'base', 'tuned'],
    });
    expect(traces(figure).map(({ name, y, text }) => ({ name, y, text }))).toEqual([
      { name: 'base', y: [0.3, 0.25], text: ['0.30', '0.25'] },
      { name: 'tuned', y: [0.36, null], text: ['0.36', ''] },
    ]);
    expect(figure.summary).toContain(
      'highest a (tuned) 0.36, lowest b (base) 0.25; 1 missing or infinite left out',
    );
  });

  it('lays bars with long names on their side', () => {
    expect(traces(plot.bar({ x: ['a rather long category', 'b'], y: [1, 2] }))[0]).toMatchObject({
      orientation: 'h',
      x: [1, 2],
    });
  });

  it('lays bars on their side that are narrower than their values', () => {
    const direction = (value: number) =>
      traces(plot.bar({ x: [1, 2, 3, 4, 5, 6, 7, 8], y: new Array(8).fill(value) }))[0]?.orientation;
    expect([direction(12), direction(123_456_789)]).toEqual(['v', 'h']);
    const narrow = plot.bar({ x: ['a name that is longer than the chart'], y: [2], width: 200 });
    const [low, high] = (narrow.spec.layout.xaxis as { range: number[] }).range;
    expect([low, high! > 2 && high! < 4]).toEqual([0, true]);
  });

  it('does not choose between several heights of one category', () => {
    expect(() => plot.bar(df, { x: 'task', y: 'score' })).toThrow('"task" has "arc" more than once');
  });
});

describe('plot.line', () => {
  it('draws several columns, and connects one that is measured now and then', () => {
    const log = { step: [1, 2, 3, 4, 5], loss: [5, 4, null, 2, 1], evalLoss: [null, 4.5, null, null, 1.5] };
    const figure = plot.line(log, { x: 'step', y: ['loss', 'evalLoss'] });
    expect(traces(figure).map(({ name, connectgaps }) => [name, connectgaps])).toEqual([
      ['loss', false],
      ['evalLoss', true],
    ]);
    expect(figure.summary).toBe(
      'Line chart over step 1 to 5, 5 rows; loss from 5 to 1 (lowest 1 at 5, highest 5 at 1); ' +
        'evalLoss from 4.5 to 1.5 (lowest 1.5 at 5, highest 4.5 at 2)',
    );
  });

  it('keeps every spike when it thins out, and says that it did', () => {
    const values = new Array(100_000).fill(0);
    values[54_321] = 9;
    const figure = plot.line(values);
    expect(traces(figure)[0]?.y.length).toBeLessThanOrEqual(20_000);
    expect(traces(figure)[0]?.y).toContain(9);
    expect(titles(figure)[0]).toContain('drawn through the extremes of 100,000 rows');
  });

  it('takes dates along the axis', () => {
    const figure = plot.line({ x: [new Date('2024-01-01'), new Date('2024-02-01')], y: [1, 2] });
    expect(traces(figure)[0]?.x).toEqual(['2024-01-01T00:00:00.000Z', '2024-02-01T00:00:00.000Z']);
  });
});

describe('plot.scatter', () => {
  it('draws the rows that have both values, by group', () => {
    const figure = plot.scatter({ x: [1, 2, null, 4], y: [1, null, 3, 4], color: ['a', 'a', 'b', 'b'] });
    expect(traces(figure).map(({ x }) => x)).toEqual([[1], [4]]);
    expect(figure.summary).toBe(
      'Scatter plot of y against x: n = 2; x 1 to 4, y 1 to 4; 2 missing or infinite left out',
    );
    expect(() => plot.scatter({ x: [1], y: [null] })).toThrow('nothing to draw');
  });

  it('says the ranges of the points it draws', () => {
    const { summary } = plot.scatter({ x: [1, null, 3, 100], y: [null, 2, 3, Number.NaN] });
    expect(summary).toBe(
      'Scatter plot of y against x: n = 1; x 3 to 3, y 3 to 3; 3 missing or infinite left out',
    );
  });

  it('draws an even sample of very many points and says so', () => {
    const values = Float32Array.from({ length: 50_000 }, (_, i) => i);
    const figure = plot.scatter({ x: values, y: values });
    expect(traces(figure)[0]?.x.length).toBeLessThanOrEqual(5000);
    expect(titles(figure)[0]).toMatch(/5,000 of 50,000 points drawn/);
  });
});

describe('plot.figure', () => {
  it('keeps what the specification says and adds the style beneath', () => {
    const { spec, summary } = plot.figure({
      data: [{ type: 'pie', labels: ['a', 'b'], values: Float32Array.of(1, 2) }],
      layout: { title: { text: 'Share' }, font: { size: 9 } },
    });
    expect(spec.data[0]).toMatchObject({ values: [1, 2] });
    expect(spec.layout).toMatchObject({
      title: { text: 'Share' },
      font: { size: 9 },
      template: { layout: { font: { size: 15 } } },
    });
    expect(summary).toBe('Plot “Share”: 1 trace (pie)');
    expect(() => plot.figure({} as never)).toThrow('data is not an array');
  });
});

describe('an option that a chart does not have', () => {
  it('is named rather than passed over', () => {
    const wrong = (options: object) => options as never;
    expect(() => plot.histogram([1, 2], wrong({ titel: 'Lengths' }))).toThrow(
      'plot.histogram has no option "titel"; the nearest is title; there are x, color, bins, title,',
    );
    expect(() => plot.line([1, 2], wrong({ x_title: 'step' }))).toThrow('the nearest is xTitle;');
    expect(() => plot.bar(wrong({ x: ['a'], colour: ['b'] }))).toThrow('plot.bar has no option "colour"');
    expect(() => plot.scatter(wrong({ x: [1], y: [1], size: 3 }))).toThrow(
      'plot.scatter has no option "size"',
    );
    expect(() => plot.box([1, 2], wrong({ notch: true }))).toThrow('plot.box has no option "notch"');
    expect(() => plot.heatmap([[1]], wrong({ x: ['a'] }))).toThrow('there are xLabels, yLabels');
    expect(() => plot.confusionMatrix(['a'], ['a'], wrong({ normalize: true }))).toThrow('there are labels');
    expect(() => plot.lossCurve([], wrong({ smooth: 3 }))).toThrow('plot.lossCurve has no option "smooth"');
    expect(() => plot.tokenLengths([1], wrong({ max_length: 3 }))).toThrow('the nearest is maxLength;');
  });
});
