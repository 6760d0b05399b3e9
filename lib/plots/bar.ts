/** One bar for each category. */
import { plural } from '../host.ts';
import {
  type ChartOptions,
  chartLayout,
  checkChart,
  checkLengths,
  countAxis,
  escapeText,
  exponentStyle,
  groupRows,
  topOf,
} from './chart.ts';
import {
  type Column,
  isPlotData,
  type NamedValues,
  type PlotData,
  readColumn,
  toNumbers,
} from './columns.ts';
import { Figure } from './figure.ts';
import { DEFAULT_SIZE } from './theme.ts';
import { formatAlike, formatNumber, leftOut, longest, nameOf, shorten, shortenAll } from './words.ts';

export interface BarOptions extends ChartOptions {
  /** The column of categories. */
  readonly x: Column;
  /** The column of heights; without it a bar says how many rows have its category. */
  readonly y?: Column;
  /** A column whose values split each category into bars side by side. */
  readonly color?: Column;
}

interface Bars {
  readonly categories: readonly string[];
  /** By group, a height for each category, null where the data has none. */
  readonly heights: ReadonlyMap<string, readonly (number | null)[]>;
  readonly note?: string;
}

const MAX_COUNTED = 20;
const MAX_LABELLED = 16;
const LONG_LABEL = 12;
const MAX_UPRIGHT = 10;
const BAR_SPACE = 30;
/** Pixels beside the bars, and of an average character with its share of the space around a label. */
const SIDES = 110;
const CHARACTER = 9.5;

/**
 * Draws a bar for each category: its height from a column, or the number of rows (the 20 commonest, largest first).
 *
 * @throws if a column does not exist, heights are not numbers, or a category has several heights
 * @example plot.bar(df, { x: 'task', y: 'accuracy' })
 * @example plot.bar(df, { x: 'topic' }) // counts
 * @example plot.bar({ x: ['base', 'tuned'], y: [0.31, 0.58], yTitle: 'accuracy' })
 */
export function bar(data: PlotData, options: BarOptions): Figure;
export function bar(options: BarOptions): Figure;
export function bar(first: PlotData | BarOptions, second?: BarOptions): Figure {
  const [data, options] = second ? [first as PlotData, second] : [undefined, first as BarOptions];
  if (options?.x === undefined || (data !== undefined && !isPlotData(data))) {
    throw new TypeError('plot.bar takes (data, { x: categories, y: heights }) or { x: [...], y: [...] }.');
  }
  checkChart('bar', options, ['x', 'y', 'color']);
  const x = readColumn(data, options.x, options.xTitle ?? 'category');
  const y = options.y === undefined ? undefined : readColumn(data, options.y, options.yTitle ?? 'value');
  if (x.values.length === 0) throw new RangeError(`"${x.name}" has no rows to draw.`);
  const groups = groupRows(data, options.color, x.values.length);
  const { categories, heights, note } = y ? givenHeights(x, y, groups) : counted(x, groups);

  const labels = shortenAll(categories);
  const labelLength = longest(labels);
  const hasLegend = heights.size > 1;
  const bars = categories.length * heights.size;
  const labelled = bars <= MAX_LABELLED;
  const valueLabels = formatAlike([...heights.values()].flat());
  const labelWidth = CHARACTER * longest(valueLabels);
  const width = (options.width ?? DEFAULT_SIZE.width) - SIDES;
  // plotly would shrink the values above bars that are narrower than they are.
  const crowded = labelled && labelWidth > (0.7 * width) / bars;
  const lying = labelLength > LONG_LABEL || categories.length > MAX_UPRIGHT || crowded;
  const room = lying ? Math.min(0.4, labelWidth / Math.max(1, width - CHARACTER * labelLength)) : 0.1;
  const traces = Array.from(heights, ([group, values], i) => ({
    type: 'bar',
    ...(group === '' ? {} : { name: escapeText(group) }),
    orientation: lying ? 'h' : 'v',
    x: lying ? values : labels.map(escapeText),
    y: lying ? labels.map(escapeText) : values,
    ...(labelled
      ? {
          text: valueLabels.slice(i * categories.length, (i + 1) * categories.length),
          textposition: 'outside',
          cliponaxis: false,
          textangle: 0,
        }
      : {}),
    hovertemplate: `%{${lying ? 'y' : 'x'}}: %{${lying ? 'x' : 'y'}:,}<extra>${hasLegend ? '%{fullData.name}' : ''}</extra>`,
  }));

  const valueName = y?.name ?? 'Rows';
  const layout = chartLayout(options, {
    title: y ? `${y.name} by ${x.name}` : `Rows by ${x.name}`,
    note,
    xTitle: x.name,
    yTitle: valueName,
    legend: hasLegend ? [...heights.keys()] : [],
  });
  const drawn = [...heights.values()].flat().filter(value => value !== null);
  const category = { ...(layout.xaxis as object), type: 'category', showgrid: false, showline: true };
  const value = {
    ...(layout.yaxis as object),
    ...exponentStyle(drawn),
    ...(y ? { rangemode: 'tozero' } : countAxis(drawn)),
    showline: false,
    // Bars that carry their values need no grid to read them from.
    ...(labelled
      ? { range: withHeadroom(drawn, room), showgrid: false, showticklabels: false }
      : { showgrid: true }),
  };
  const summary = summarize(x, valueName, [...heights], labels, x.values.length, y !== undefined);
  return new Figure(
    {
      data: traces,
      layout: {
        ...layout,
        ...(lying && options.height === undefined
          ? { height: Math.max(300, topOf(layout) + 90 + BAR_SPACE * bars) }
          : {}),
        xaxis: lying ? value : category,
        yaxis: lying ? { ...category, autorange: 'reversed' } : value,
        barmode: 'group',
      },
    },
    summary + leftOut(bars - drawn.length),
  );
}

/** Heights as the data gives them, one for each category and group. */
function givenHeights(x: NamedValues, y: NamedValues, groups: Map<string, number[]>): Bars {
  checkLengths(x.values.length, y);
  const numbers = toNumbers(y);
  const names = x.values.map(nameOf);
  const categories = [...new Set(names)];
  const index = new Map(categories.map((category, i) => [category, i]));
  const heights = new Map<string, (number | null)[]>();
  for (const [group, rows] of groups) {
    const values = new Array<number | null>(categories.length).fill(null);
    const seen = new Set<string>();
    for (const row of rows) {
      const category = names[row] as string;
      if (seen.has(category)) {
        throw new RangeError(
          `"${x.name}" has "${shorten(category)}" more than once, so its bar has no one height: ` +
            'group the rows first, leave y out to count them, or split them with color.',
        );
      }
      seen.add(category);
      values[index.get(category) as number] = numbers[row] ?? null;
    }
    heights.set(group, values);
  }
  return { categories, heights };
}

/** How many rows each category has, the commonest first. */
function counted(x: NamedValues, groups: Map<string, number[]>): Bars {
  const names = x.values.map(nameOf);
  const totals = new Map<string, number>();
  for (const name of names) totals.set(name, (totals.get(name) ?? 0) + 1);
  const ordered = [...totals].sort((a, b) => b[1] - a[1]).map(([category]) => category);
  const categories = ordered.slice(0, MAX_COUNTED);
  const index = new Map(categories.map((category, i) => [category, i]));
  const heights = new Map<string, number[]>();
  for (const [group, rows] of groups) {
    const counts = new Array<number>(categories.length).fill(0);
    for (const row of rows) {
      const at = index.get(names[row] as string);
      if (at !== undefined) counts[at]! += 1;
    }
    heights.set(group, counts);
  }
  if (ordered.length === categories.length) return { categories, heights };
  return {
    categories,
    heights,
    note: `the ${MAX_COUNTED} commonest of ${formatNumber(ordered.length)} values`,
  };
}

/**
 * A range from zero with room for the labels beyond the bars, on both sides if some are negative.
 *
 * @param share how much of the axis the room takes on a side
 */
function withHeadroom(values: readonly number[], share: number): [number, number] {
  const high = Math.max(0, ...values);
  const low = Math.min(0, ...values);
  const sides = low < 0 && high > 0 ? 2 : 1;
  const room = ((high - low || 1) * share) / (1 - sides * share);
  return [low < 0 ? low - room : 0, high > 0 || low === 0 ? high + room : 0];
}

function summarize(
  x: NamedValues,
  valueName: string,
  heights: readonly (readonly [string, readonly (number | null)[]])[],
  labels: readonly string[],
  rows: number,
  given: boolean,
): string {
  let [high, low] = [
    { value: -Infinity, of: '' },
    { value: Infinity, of: '' },
  ];
  for (const [group, values] of heights) {
    for (const [i, value] of values.entries()) {
      if (value === null) continue;
      const of = `${labels[i]}${group ? ` (${group})` : ''}`;
      if (value > high.value) high = { value, of };
      if (value < low.value) low = { value, of };
    }
  }
  const extremes = high.of
    ? `; highest ${high.of} ${formatNumber(high.value)}, lowest ${low.of} ${formatNumber(low.value)}`
    : '';
  const what = given ? `${valueName} by ${x.name}` : `rows by ${x.name}, n = ${formatNumber(rows)}`;
  return `Bar chart of ${what}: ${plural(labels.length * heights.length, 'bar')}${extremes}`;
}
