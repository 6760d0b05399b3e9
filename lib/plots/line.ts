/** How values change along an axis. */
import { plural } from '../host.ts';
import {
  type ChartOptions,
  chartLayout,
  checkChart,
  checkLengths,
  escapePosition,
  escapeText,
  exponentStyle,
  groupRows,
  wholeTicks,
} from './chart.ts';
import {
  type Column,
  isPlotData,
  isValues,
  type NamedValues,
  type PlotData,
  type Position,
  readColumn,
  toNumbers,
  toPositions,
  type Values,
} from './columns.ts';
import { Figure } from './figure.ts';
import { thinOut } from './thinOut.ts';
import { formatNumber, rangeOf, shortDate, shortenAll } from './words.ts';

export interface LineOptions extends ChartOptions {
  /** The column along the axis: numbers, dates or categories; the row number where there is none. */
  readonly x?: Column;
  /** The column of heights, or the names of several, one line each. */
  readonly y: Column | readonly string[];
  /** A column whose values split the rows into lines. */
  readonly color?: Column;
}

interface Line {
  readonly name: string;
  readonly x: readonly Position[];
  readonly y: readonly (number | null)[];
}

/** More points than this are thinned out, so that a notebook stays small enough to open. */
const MAX_POINTS = 8000;
const MAX_MARKED = 30;

/**
 * Draws lines through the rows in their order.
 *
 * A missing value leaves a gap, except in a column that is mostly missing, such as a loss measured every tenth step.
 *
 * @throws if a column does not exist, heights are not numbers, or columns differ in length
 * @example plot.line(log, { x: 'step', y: ['loss', 'evalLoss'] })
 * @example plot.line([4.1, 3.2, 2.9], { yTitle: 'loss' })
 */
export function line(data: PlotData, options: LineOptions): Figure;
export function line(values: Values, options?: Omit<LineOptions, 'y'>): Figure;
export function line(options: LineOptions): Figure;
export function line(first: PlotData | Values | LineOptions, second?: Partial<LineOptions>): Figure {
  const { data, options } = readArguments(first, second);
  checkChart('line', options, ['x', 'y', 'color']);
  const columns = heightColumns(data, options.y, options.yTitle ?? 'y');
  const rows = columns[0]?.values.length ?? 0;
  const x =
    options.x === undefined
      ? { name: 'row', values: Array.from({ length: rows }, (_, i) => i) }
      : readColumn(data, options.x, options.xTitle ?? 'x');
  checkLengths(x.values.length, ...columns);
  const positions = toPositions(x);
  const groups = groupRows(data, options.color, rows);

  const series: Line[] = [];
  for (const column of columns) {
    const heights = toNumbers(column);
    for (const [group, members] of groups) {
      const name = [columns.length > 1 || group === '' ? column.name : '', group].filter(Boolean).join(', ');
      series.push({
        name,
        x: members.map(i => positions[i] ?? null),
        y: members.map(i => heights[i] ?? null),
      });
    }
  }
  const names = shortenAll(series.map(({ name }) => name));
  const lines = series.map((each, i) => ({ ...each, name: names[i]! }));
  if (!lines.some(({ y }) => y.some(value => value !== null))) {
    throw new RangeError(`${columns.map(({ name }) => `"${name}"`).join(', ')}: no numbers to draw.`);
  }
  const limit = Math.max(200, Math.floor(MAX_POINTS / lines.length));
  const drawn = lines.map(each => ({ name: each.name, ...thinOut(each, limit) }));
  const thinned = drawn.some((each, i) => each.x.length < (lines[i] as Line).x.length);
  const hasLegend = lines.length > 1;
  const yName = columns.length === 1 ? (columns[0] as NamedValues).name : 'value';
  const layout = chartLayout(options, {
    title: `${columns.map(({ name }) => name).join(' and ')} over ${x.name}`,
    note: thinned ? `drawn through the extremes of ${formatNumber(rows)} rows` : undefined,
    xTitle: x.name,
    yTitle: yName,
    legend: hasLegend ? names : [],
  });
  return new Figure(
    {
      data: drawn.map(each => ({
        type: 'scatter',
        mode: presentIn(each) <= MAX_MARKED ? 'lines+markers' : 'lines',
        connectgaps: presentIn(each) < each.y.length / 2,
        name: escapeText(each.name),
        x: each.x.map(escapePosition),
        y: each.y,
        line: { width: 2.5 },
        marker: { size: 7 },
        hovertemplate: `%{x}: %{y}<extra>${hasLegend ? '%{fullData.name}' : ''}</extra>`,
      })),
      layout: {
        ...layout,
        xaxis: { ...(layout.xaxis as object), ...exponentStyle(positions), ...wholeTicks(positions) },
        yaxis: { ...(layout.yaxis as object), ...exponentStyle(lines.flatMap(({ y }) => y)) },
      },
    },
    `Line chart over ${rangeOf(x.name, positions)}, ${plural(rows, 'row')}; ${lines.map(summarize).join('; ')}`,
  );
}

function readArguments(
  first: PlotData | Values | LineOptions,
  second: Partial<LineOptions> | undefined,
): { data: PlotData | undefined; options: LineOptions } {
  if (second?.y !== undefined && isPlotData(first)) return { data: first, options: second as LineOptions };
  if (isValues(first) && !isPlotData(first)) return { data: undefined, options: { ...second, y: first } };
  if (!isValues(first) && 'y' in first && second === undefined)
    return { data: undefined, options: first as LineOptions };
  throw new TypeError('plot.line takes (data, { x, y: column names }) or an array of numbers.');
}

function heightColumns(data: PlotData | undefined, y: LineOptions['y'], fallbackName: string): NamedValues[] {
  if (data && Array.isArray(y) && y.length > 0 && y.every(name => typeof name === 'string')) {
    return y.map((name: string) => readColumn(data, name, name));
  }
  return [readColumn(data, y as Column, fallbackName)];
}

function presentIn({ y }: Line): number {
  return y.reduce<number>((count, value) => (value === null ? count : count + 1), 0);
}

function summarize({ name, x, y }: Line): string {
  let [first, last, low, high] = [-1, -1, -1, -1];
  for (const [i, value] of y.entries()) {
    if (value === null) continue;
    if (first < 0) first = i;
    last = i;
    if (low < 0 || value < (y[low] as number)) low = i;
    if (high < 0 || value > (y[high] as number)) high = i;
  }
  if (first < 0) return `${name} empty`;
  const place = (i: number): string => shortDate(String(x[i]));
  const at = (i: number): string => formatNumber(y[i] as number);
  return `${name} from ${at(first)} to ${at(last)} (lowest ${at(low)} at ${place(low)}, highest ${at(high)} at ${place(high)})`;
}
