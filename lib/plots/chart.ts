/** What the ready-made charts share: titles, axes, margins, groups of rows. */
import { checkOptions } from '../host.ts';
import { type Column, type NamedValues, type PlotData, type Position, readColumn } from './columns.ts';
import { DEFAULT_SIZE } from './theme.ts';
import { DAY } from './timeBins.ts';
import { shortenAll } from './words.ts';

/** Options that every chart takes. */
export interface ChartOptions {
  /** The title; every chart has one, made from the column names where none is given. */
  readonly title?: string;
  /** A smaller second line under the title. */
  readonly subtitle?: string;
  /** Axis titles; the column names where none are given. */
  readonly xTitle?: string;
  readonly yTitle?: string;
  /** Size in CSS pixels; without a width a notebook uses what it has and the picture is 800 wide. */
  readonly width?: number;
  readonly height?: number;
}

interface LayoutParts {
  readonly title: string;
  /** Said under the title, after the caller's own subtitle: what the chart did to the data. */
  readonly note?: string | undefined;
  readonly xTitle: string;
  readonly yTitle: string;
  /** The names in the legend; none where there is nothing to tell apart. */
  readonly legend: readonly string[];
}

/** More groups than this cannot be told apart by colour. */
const MAX_GROUPS = 10;

/** Pixels that titles take: a title of one line, each line more, a capital, the sides, an average character of each size. */
const TITLE_SPACE = 60;
const LINE_SPACE = 27;
const CAPITAL = 14;
const SIDE_SPACE = 16;
const TITLE_CHARACTER = 12;
const SUBTITLE_CHARACTER = 8.2;
const LEGEND_MARK = 55;
const LEGEND_CHARACTER = 8.2;

/** A legend to the right of the plot, one name below the other. */
const BESIDE = { orientation: 'v', x: 1.02, xanchor: 'left', y: 1, yanchor: 'top' } as const;

const CHART_OPTIONS = ['title', 'subtitle', 'xTitle', 'yTitle', 'width', 'height'] as const;

/** @throws naming an option that is none of every chart's and none of the chart's own */
export function checkChart(chart: string, options: ChartOptions, own: readonly string[]): void {
  checkOptions(`plot.${chart}`, options, [...own, ...CHART_OPTIONS]);
}

/** The layout of a chart: titles from the options, else from the parts. */
export function chartLayout(options: ChartOptions, parts: LayoutParts): Record<string, unknown> {
  const width = (options.width ?? DEFAULT_SIZE.width) - 2 * SIDE_SPACE;
  const title = wrap(options.title ?? parts.title, width / TITLE_CHARACTER);
  const subtitle = wrap(
    [options.subtitle, parts.note].filter(Boolean).join('; '),
    width / SUBTITLE_CHARACTER,
  );
  const small = subtitle.map(
    line => `<span style="font-size:15px;font-weight:400">${escapeText(line)}</span>`,
  );
  const lines = title.length + subtitle.length;
  const hasLegend = parts.legend.length > 0;
  const fitsAbove = fitsOnOneLine(parts.legend, width);
  return {
    title: {
      text: [...title.map(escapeText), ...small].join('<br>'),
      // plotly raises a title of several lines by the height of a capital; the padding lowers it again.
      pad: { l: SIDE_SPACE, t: lines > 1 ? 16 + CAPITAL : 16 },
    },
    margin: { t: TITLE_SPACE + LINE_SPACE * (lines - 1 + (hasLegend && fitsAbove ? 1 : 0)) },
    xaxis: { title: { text: escapeText(options.xTitle ?? parts.xTitle) } },
    yaxis: { title: { text: escapeText(options.yTitle ?? parts.yTitle) } },
    showlegend: hasLegend,
    ...(fitsAbove ? {} : { legend: BESIDE }),
    ...(options.width === undefined ? {} : { width: options.width }),
    ...(options.height === undefined ? {} : { height: options.height }),
  };
}

/** Pixels above the plot, for charts that are as high as their rows need. */
export function topOf(layout: Readonly<Record<string, unknown>>): number {
  return (layout.margin as { t: number }).t;
}

/** Above the plot a second line of names would run into the title. */
function fitsOnOneLine(names: readonly string[], width: number): boolean {
  return names.reduce((sum, name) => sum + LEGEND_MARK + LEGEND_CHARACTER * name.length, 0) <= width;
}

/** Lines of at most so many characters, broken between words. */
function wrap(text: string, characters: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= characters)
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** plotly reads a little HTML in every text; what comes from data must not be read so. */
export function escapeText(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** A place on an axis as plotly is to show it. */
export function escapePosition(position: Position): Position {
  return typeof position === 'string' ? escapeText(position) : position;
}

/** The row numbers of each group by its short name, in order of first appearance; one group named '' if there is no grouping column. */
export function groupRows(
  data: PlotData | undefined,
  color: Column | undefined,
  rows: number,
): Map<string, number[]> {
  if (color === undefined) return new Map([['', Array.from({ length: rows }, (_, i) => i)]]);
  const { name, values } = readColumn(data, color, 'color');
  checkLengths(rows, { name, values });
  const groups = new Map<string, number[]>();
  for (const [i, value] of values.entries()) {
    const group = value === null || value === undefined || value === '' ? '(empty)' : String(value);
    const members = groups.get(group);
    if (members) members.push(i);
    else groups.set(group, [i]);
  }
  if (groups.size > MAX_GROUPS) {
    throw new RangeError(
      `"${name}" has ${groups.size} different values; colour tells at most ${MAX_GROUPS} groups apart. Filter or bin it first.`,
    );
  }
  const names = shortenAll([...groups.keys()]);
  return new Map([...groups.values()].map((members, i) => [names[i]!, members]));
}

/** @throws if columns that belong together differ in length */
export function checkLengths(rows: number, ...columns: readonly NamedValues[]): void {
  for (const { name, values } of columns) {
    if (values.length !== rows) {
      throw new RangeError(
        `"${name}" has ${values.length} values and the other column ${rows}; they must be as many.`,
      );
    }
  }
}

/** An axis that counts rows: no ticks between whole numbers. */
export function countAxis(counts: readonly (number | null)[]): { dtick?: number; rangemode: 'tozero' } {
  const highest = counts.reduce<number>((high, count) => Math.max(high, count ?? 0), 0);
  return { rangemode: 'tozero', ...(highest < 8 ? { dtick: 1 } : {}) };
}

/** An axis of few whole numbers, or of few days: no ticks between them. */
export function wholeTicks(positions: readonly Position[]): { dtick?: number } {
  const unit = positions.every(isWholeNumber) ? 1 : positions.every(isDay) ? DAY : undefined;
  if (unit === undefined) return {};
  let [low, high] = [Infinity, -Infinity];
  for (const position of positions) {
    if (position === null) continue;
    const place = typeof position === 'number' ? position : Date.parse(position);
    low = Math.min(low, place);
    high = Math.max(high, place);
  }
  return high - low < 8 * unit ? { dtick: unit } : {};
}

const isWholeNumber = (place: Position): boolean => place === null || Number.isInteger(place);
const isDay = (place: Position): boolean => place === null || /T00:00:00\.000Z$/.test(String(place));

/** How exponents are written: tiny numbers such as learning rates as powers of ten, the rest with k and M. */
export function exponentStyle(values: readonly (number | string | null)[]): {
  exponentformat: 'power' | 'B';
} {
  let largest = 0;
  for (const value of values) if (typeof value === 'number') largest = Math.max(largest, Math.abs(value));
  return { exponentformat: largest > 0 && largest < 0.01 ? 'power' : 'B' };
}
