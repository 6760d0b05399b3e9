/** How the values of a column are distributed. */

import { quantile } from '../frames/index.ts';
import { plural } from '../host.ts';
import {
  type ChartOptions,
  chartLayout,
  checkChart,
  countAxis,
  escapeText,
  exponentStyle,
  groupRows,
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
import { DAY, formatDuration, formatTime, isoTime, TIME_ORIGIN, TIME_WIDTHS, WEEK } from './timeBins.ts';
import { formatNumber, leftOut } from './words.ts';

export interface HistogramOptions extends ChartOptions {
  /** The column of numbers or of dates. */
  readonly x: Column;
  /** A column whose values split the rows into histograms laid over each other. */
  readonly color?: Column;
  /** How many bins to aim at; their edges are round numbers. Without it the data's spread decides. */
  readonly bins?: number;
}

/** The edges of equal bins: bin `i` holds `start + i·width ≤ value < start + (i + 1)·width`. */
export interface Bins {
  readonly start: number;
  readonly width: number;
  readonly count: number;
}

const MAX_BINS = 60;
const MIN_BINS = 6;
const MAX_TICKS = 8;

/**
 * Draws a histogram of one column of numbers or dates, binned here, so that a million rows make a small plot.
 *
 * Bins of dates are of equal width, in UTC; weeks begin on Mondays.
 *
 * @throws if the column does not exist, holds something else than numbers, or holds none
 * @example plot.histogram(df, { x: 'answerLength', title: 'How long are the answers?' })
 * @example plot.histogram([1, 2, 2, 3, 3, 3])
 */
export function histogram(data: PlotData, options: HistogramOptions): Figure;
export function histogram(values: Values, options?: Omit<HistogramOptions, 'x'>): Figure;
export function histogram(options: HistogramOptions): Figure;
export function histogram(
  first: PlotData | Values | HistogramOptions,
  second?: Partial<HistogramOptions>,
): Figure {
  const { data, options } = readArguments(first, second);
  checkChart('histogram', options, ['x', 'color', 'bins']);
  const { name, values } = readColumn(data, options.x, options.xTitle ?? 'value');
  const isTime = values.some(value => value instanceof Date);
  const numbers = toNumbers(
    {
      name,
      values: isTime ? values.map(value => (value instanceof Date ? value.getTime() : value)) : values,
    },
    'plot.bar counts how often each value of a column of text occurs.',
  );
  const groups = groupRows(data, options.color, numbers.length);
  const present = numbers.filter(value => value !== null);
  if (present.length === 0) throw new RangeError(`"${name}" has no numbers to draw.`);

  const sorted = Float64Array.from(present).sort();
  const bins = isTime ? chooseTimeBins(sorted, options.bins) : chooseBins(sorted, options.bins);
  const place = (value: number): number | string => (isTime ? isoTime(value) : value);
  const say = isTime ? formatTime : formatNumber;
  const edges = Array.from({ length: bins.count + 1 }, (_, i) => edge(bins, i));
  const labels = edges
    .slice(0, -1)
    .map((from, i) =>
      isPerNumber(bins) ? say(from + 0.5) : `${say(from)} to ${say(edges[i + 1] as number)}`,
    );
  const centres = edges.slice(0, -1).map((from, i) => round((from + (edges[i + 1] as number)) / 2));
  const hasLegend = groups.size > 1;
  const traces = Array.from([...groups].entries(), ([i, [group, rows]]) => {
    const counts = new Array<number>(bins.count).fill(0);
    for (const row of rows) {
      const value = numbers[row];
      if (typeof value === 'number') counts[binOf(bins, value)]! += 1;
    }
    const bars = { x: centres, y: counts, hovertext: labels };
    const drawn = hasLegend
      ? outline(bars, bins.width, SERIES[i % SERIES.length] as string)
      : { type: 'bar', ...bars, width: round(bins.width * 0.94) };
    return {
      ...(group === '' ? {} : { name: escapeText(group) }),
      ...drawn,
      x: drawn.x.map(place),
      hovertemplate: `%{hovertext}: %{y:,}<extra>${hasLegend ? '%{fullData.name}' : ''}</extra>`,
    };
  });
  const layout = chartLayout(options, {
    title: `Distribution of ${name}`,
    xTitle: name,
    yTitle: 'Rows',
    legend: hasLegend ? [...groups.keys()] : [],
  });
  const low = sorted[0] as number;
  const high = sorted[sorted.length - 1] as number;
  const mean = present.reduce((sum, value) => sum + value, 0) / present.length;
  const summary =
    `Histogram of ${name}: n = ${formatNumber(present.length)}, min ${say(low)}, ` +
    `median ${say(quantile(sorted, 0.5))}, mean ${say(mean)}, max ${say(high)}; ` +
    `${plural(bins.count, 'bin')} of width ${isTime ? formatDuration(bins.width) : formatNumber(bins.width)}${leftOut(numbers.length - present.length)}`;
  return new Figure(
    {
      data: traces,
      layout: {
        ...layout,
        yaxis: { ...(layout.yaxis as object), ...countAxis(traces.flatMap(trace => trace.y)) },
        xaxis: {
          ...(layout.xaxis as object),
          ...(isTime ? {} : exponentStyle(present)),
          range: [edges[0] as number, edges[bins.count] as number].map(place),
          ...(isPerNumber(bins) && bins.count < 12 ? { dtick: 1 } : {}),
          ...(isTime ? weekTicks(bins) : {}),
        },
      },
    },
    summary,
  );
}

/** Ticks where bins of weeks begin: plotly would put them on Sundays, and bins begin on Mondays. */
function weekTicks({ start, width, count }: Bins): { tick0?: string; dtick?: number } {
  if (width % WEEK !== 0 || width > 4 * WEEK) return {};
  return { tick0: isoTime(start), dtick: width * Math.ceil(count / MAX_TICKS) };
}

interface Bars {
  readonly x: number[];
  readonly y: number[];
  readonly hovertext: string[];
}

/** A group among several: bars laid over each other would mix their colours into new ones. */
function outline({ x, y, hovertext }: Bars, width: number, color: string): Bars & Record<string, unknown> {
  const ends = [round((x[0] as number) - width), round((x[x.length - 1] as number) + width)] as const;
  return {
    type: 'scatter',
    mode: 'lines',
    // An empty bin on either side takes the line down to the axis.
    x: [ends[0], ...x, ends[1]],
    y: [0, ...y, 0],
    hovertext: ['', ...hovertext, ''],
    line: { shape: 'hvh', width: 2.5, color },
    fill: 'tozeroy',
    fillcolor: `${color}26`,
  };
}

function readArguments(
  first: PlotData | Values | HistogramOptions,
  second: Partial<HistogramOptions> | undefined,
): { data: PlotData | undefined; options: HistogramOptions } {
  if (second?.x !== undefined && isPlotData(first))
    return { data: first, options: second as HistogramOptions };
  if (isValues(first)) {
    if (isPlotData(first)) throw new TypeError('plot.histogram needs { x: column name } beside the data.');
    return { data: undefined, options: { ...second, x: first } };
  }
  if ('x' in first && second === undefined) return { data: undefined, options: first as HistogramOptions };
  throw new TypeError('plot.histogram takes (data, { x: column name }) or an array of numbers.');
}

/** Round-numbered bins by the rule of Freedman and Diaconis (1981), between 6 and 60 of them. */
export function chooseBins(sorted: Float64Array, wanted?: number): Bins {
  const [low, high] = [sorted[0] as number, sorted[sorted.length - 1] as number];
  const range = high - low;
  const count = countBins(sorted, wanted);
  if (range === 0) return { start: low - 0.5, width: 1, count: 1 };
  let width = roundWidth(range / count, range / MAX_BINS);
  const whole = sorted.every(Number.isInteger);
  if (whole) width = Math.max(1, Math.round(width));
  // Whole numbers one by one stand on their bar's middle: 3 is the bar from 2.5 to 3.5.
  const start = whole && width === 1 ? low - 0.5 : round(Math.floor(round(low / width)) * width);
  return { start, width, count: Math.floor(round((high - start) / width)) + 1 };
}

/** The same along a time axis, in milliseconds: bins of so many seconds, minutes, hours, days or weeks. */
function chooseTimeBins(sorted: Float64Array, wanted?: number): Bins {
  const [low, high] = [sorted[0] as number, sorted[sorted.length - 1] as number];
  const range = high - low;
  const count = countBins(sorted, wanted);
  const width = range === 0 ? DAY : nearestWidth(TIME_WIDTHS, range / count, range / MAX_BINS);
  const start = Math.floor((low - TIME_ORIGIN) / width) * width + TIME_ORIGIN;
  return { start, width, count: Math.floor((high - start) / width) + 1 };
}

/** How many bins to aim at. */
function countBins(sorted: Float64Array, wanted?: number): number {
  if (wanted !== undefined && !(wanted >= 1)) throw new RangeError(`bins must be 1 or more, not ${wanted}.`);
  const range = (sorted[sorted.length - 1] as number) - (sorted[0] as number);
  const spread = quantile(sorted, 0.75) - quantile(sorted, 0.25);
  const ideal = (2 * spread) / Math.cbrt(sorted.length);
  return (
    wanted ?? Math.min(MAX_BINS, Math.max(MIN_BINS, ideal > 0 ? range / ideal : Math.log2(sorted.length) + 1))
  );
}

/** Whether each bin holds one whole number. */
function isPerNumber({ start, width }: Pick<Bins, 'start' | 'width'>): boolean {
  return width === 1 && !Number.isInteger(start);
}

function binOf({ start, width, count }: Bins, value: number): number {
  return Math.min(count - 1, Math.max(0, Math.floor(round((value - start) / width))));
}

function edge({ start, width }: Bins, i: number): number {
  return round(start + i * width);
}

/** 1, 2, 2.5 or 5 times a power of ten. */
function roundWidth(width: number, least: number): number {
  const power = 10 ** Math.floor(Math.log10(width));
  const steps = [1, 2, 2.5, 5, 10, 20].map(step => step * power);
  return round(nearestWidth(steps, width, least));
}

/** The nearest of these, as a ratio, that is at least so much; the last where none is. */
function nearestWidth(widths: readonly number[], width: number, least: number): number {
  const wide = widths.filter(step => step >= least * (1 - 1e-9));
  const distance = (step: number): number => Math.abs(Math.log(step / width));
  return wide.reduce((best, step) => (distance(step) < distance(best) ? step : best), widths.at(-1)!);
}

/** Drops what binary fractions add in the last digits: 0.1 + 0.2 is 0.3 here. */
function round(value: number): number {
  return Number(value.toPrecision(12));
}
