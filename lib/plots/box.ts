/** How the values of groups are distributed, side by side. */
import { quantile } from '../frames/index.ts';
import {
  type ChartOptions,
  chartLayout,
  checkChart,
  checkLengths,
  escapeText,
  exponentStyle,
  topOf,
} from './chart.ts';
import {
  type Column,
  isPlotData,
  isValues,
  type PlotData,
  readColumn,
  toNumbers,
  type Values,
} from './columns.ts';
import { Figure } from './figure.ts';
import { SERIES } from './theme.ts';
import { formatNumber, leftOut, nameOf, shortenAll } from './words.ts';

export interface BoxOptions extends ChartOptions {
  /** The column of numbers, or the names of several, a box for each. */
  readonly y: Column | readonly string[];
  /** A column of categories: a box for each, the 20 largest. */
  readonly x?: Column;
}

interface Arguments {
  readonly data: PlotData | undefined;
  readonly options: BoxOptions;
}

/** Tukey's box: quartiles, and whiskers to the last values within 1.5 times the box's height of it. */
interface Box {
  readonly name: string;
  readonly count: number;
  readonly q1: number;
  readonly median: number;
  readonly q3: number;
  readonly low: number;
  readonly high: number;
  readonly outliers: readonly number[];
}

const MAX_BOXES = 20;
/** More outliers than this are sampled, in each box. */
const MAX_OUTLIERS = 200;
const LONG_LABEL = 12;
const MAX_UPRIGHT = 10;
const BOX_SPACE = 44;

/**
 * Draws a box for each category: the median, the middle half of the values (quartiles as in pandas), whiskers to the
 * last value within 1.5 interquartile ranges, and points beyond. It is computed here, so that a million rows make a
 * small plot.
 *
 * @throws if a column does not exist, holds something else than numbers, or holds none
 * @example plot.box(df, { x: 'topic', y: 'answerLength' })
 * @example plot.box(df, { y: ['questionLength', 'answerLength'], yTitle: 'characters' })
 * @example plot.box([1, 2, 3, 10], { yTitle: 'seconds' })
 * @example plot.box([before, after], { xTitle: 'run' })
 */
export function box(data: PlotData, options: BoxOptions): Figure;
export function box(values: Values | readonly Values[], options?: Omit<BoxOptions, 'y'>): Figure;
export function box(options: BoxOptions): Figure;
export function box(first: PlotData | Values | BoxOptions, second?: Partial<BoxOptions>): Figure {
  const given = readArguments(first, second);
  checkChart('box', given.options, ['x', 'y']);
  const { data, options } = joined(given);
  const y = readColumn(data, options.y, options.yTitle ?? 'value');
  const numbers = toNumbers(y);
  const x = options.x === undefined ? undefined : readColumn(data, options.x, options.xTitle ?? 'category');
  if (x) checkLengths(numbers.length, x);
  const groups = new Map<string, number[]>();
  for (const [i, value] of numbers.entries()) {
    if (value === null) continue;
    const name = x ? nameOf(x.values[i]) : y.name;
    const group = groups.get(name);
    if (group) group.push(value);
    else groups.set(name, [value]);
  }
  if (groups.size === 0) throw new RangeError(`"${y.name}" has no numbers to draw.`);
  const kept = [...groups].sort((a, b) => b[1].length - a[1].length).slice(0, MAX_BOXES);
  // In order of first appearance, as the other charts have it.
  const drawn = [...groups.keys()].filter(name => kept.some(([other]) => other === name));
  const names = shortenAll(drawn);
  const boxes = drawn.map((name, i) => boxOf(names[i]!, groups.get(name) as number[]));
  const sampled = boxes.some(({ outliers }) => outliers.length > MAX_OUTLIERS);
  const labels = boxes.map(({ name }) => escapeText(name));
  // One box alone lies: upright it would be a wall, or a thread.
  const lying =
    !x || Math.max(...labels.map(label => label.length)) > LONG_LABEL || boxes.length > MAX_UPRIGHT;
  const layout = chartLayout(options, {
    title: x ? `${y.name} by ${x.name}` : `Distribution of ${y.name}`,
    note: [
      groups.size > boxes.length ? `the ${MAX_BOXES} largest of ${formatNumber(groups.size)} groups` : '',
      sampled ? `at most ${MAX_OUTLIERS} outliers drawn of each` : '',
    ]
      .filter(Boolean)
      .join('; '),
    xTitle: x?.name ?? '',
    yTitle: y.name,
    legend: [],
  });
  const category = {
    ...(layout.xaxis as object),
    type: 'category',
    showgrid: false,
    showline: false,
    ...(x ? {} : { showticklabels: false }),
  };
  const value = {
    ...(layout.yaxis as object),
    ...exponentStyle(numbers),
    showgrid: true,
    showline: false,
    zeroline: false,
  };
  const [along, across] = lying ? (['y', 'x'] as const) : (['x', 'y'] as const);
  const present = numbers.filter(each => each !== null).length;
  return new Figure(
    {
      data: [
        {
          type: 'box',
          orientation: lying ? 'h' : 'v',
          [along]: labels,
          q1: boxes.map(({ q1 }) => q1),
          median: boxes.map(({ median }) => median),
          q3: boxes.map(({ q3 }) => q3),
          lowerfence: boxes.map(({ low }) => low),
          upperfence: boxes.map(({ high }) => high),
          // plotly draws no box at all if every list of outliers is empty.
          ...(boxes.some(({ outliers }) => outliers.length > 0)
            ? { [across]: boxes.map(({ outliers }) => sample(outliers)) }
            : {}),
          boxpoints: 'outliers',
          jitter: 0.3,
          width: 0.5,
          marker: { color: SERIES[0], size: 5, opacity: 0.6 },
          line: { width: 2 },
          showlegend: false,
        },
      ],
      layout: {
        ...layout,
        ...(lying && options.height === undefined
          ? { height: Math.max(260, topOf(layout) + 90 + BOX_SPACE * boxes.length) }
          : {}),
        xaxis: lying ? value : category,
        yaxis: lying ? { ...category, autorange: 'reversed' } : value,
      },
    },
    `Box plot of ${y.name}${x ? ` by ${x.name}` : ''}: n = ${formatNumber(present)}; ${boxes.map(describeBox).join('; ')}` +
      leftOut(numbers.length - present),
  );
}

function readArguments(
  first: PlotData | Values | BoxOptions,
  second: Partial<BoxOptions> | undefined,
): Arguments {
  if (second?.y !== undefined && isPlotData(first)) return { data: first, options: second as BoxOptions };
  if (isValues(first) && !isPlotData(first)) return { data: undefined, options: { ...second, y: first } };
  if (!isValues(first) && 'y' in first && first.y && second === undefined)
    return { data: undefined, options: first as BoxOptions };
  throw new TypeError(
    'plot.box takes (data, { x: categories, y: numbers }), an array of numbers, or several.',
  );
}

/** Several columns, or several lists of numbers, as one with the categories that say where each number is from. */
function joined({ data, options }: Arguments): Arguments & { readonly options: { readonly y: Column } } {
  const parts = isValues(options.y) ? Array.from<unknown>(options.y) : [];
  const columns =
    data && parts.length > 0 && parts.every(part => typeof part === 'string')
      ? parts.map(name => readColumn(data, name, name))
      : parts.length > 0 && parts.every(isValues)
        ? parts.map((values, i) => readColumn(undefined, values, String(i + 1)))
        : undefined;
  // An iterable may give its values only once.
  if (!columns) return { data, options: { ...options, y: isValues(options.y) ? parts : options.y } };
  if (options.x !== undefined) {
    throw new TypeError('plot.box takes categories (x) for one column of numbers, not for several.');
  }
  const x = columns.flatMap(({ name, values }) => values.map(() => name));
  const y = columns.flatMap(({ values }) => values);
  return { data: undefined, options: { xTitle: 'column', ...options, x, y } };
}

function boxOf(name: string, values: readonly number[]): Box {
  const sorted = Float64Array.from(values).sort();
  const [q1, median, q3] = [0.25, 0.5, 0.75].map(fraction => quantile(sorted, fraction)) as [
    number,
    number,
    number,
  ];
  const reach = 1.5 * (q3 - q1);
  const inside = sorted.filter(value => value >= q1 - reach && value <= q3 + reach);
  const outliers = Array.from(sorted.filter(value => value < q1 - reach || value > q3 + reach));
  return {
    name,
    count: sorted.length,
    q1,
    median,
    q3,
    low: inside[0] as number,
    high: inside[inside.length - 1] as number,
    outliers,
  };
}

/** Evenly, the two ends among them. */
function sample(outliers: readonly number[]): number[] {
  if (outliers.length <= MAX_OUTLIERS) return [...outliers];
  const step = (outliers.length - 1) / (MAX_OUTLIERS - 1);
  return Array.from({ length: MAX_OUTLIERS }, (_, i) => outliers[Math.round(i * step)] as number);
}

function describeBox({ name, q1, median, q3, outliers }: Box): string {
  const beyond = outliers.length > 0 ? `, ${formatNumber(outliers.length)} beyond the whiskers` : '';
  return `${name} median ${formatNumber(median)} (middle half ${formatNumber(q1)} to ${formatNumber(q3)}${beyond})`;
}
