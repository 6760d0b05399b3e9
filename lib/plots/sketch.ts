/**
 * Lines drawn as SVG in a millisecond, for a plot that changes: notebooks without plotly's extension show it while the
 * loop runs. It looks as plotly's picture does, which replaces it at the end.
 */
import type { PlotlySpec, Trace } from './figure.ts';
import { DEFAULT_SIZE, FONT_FAMILY, INK, SERIES, TEMPLATE } from './theme.ts';
import { formatAlike, longest } from './words.ts';

interface Line {
  readonly name: string;
  readonly color: string;
  readonly width: number;
  readonly opacity: number;
  readonly hasMarkers: boolean;
  /** The points without a gap between them, run by run. */
  readonly runs: readonly (readonly Point[])[];
}

type Point = readonly [x: number, y: number];

interface Axis {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
}

const LEFT = 76;
/** What the title of the axis takes beside its labels. */
const AXIS_TITLE = 48;
const RIGHT = 24;
const BOTTOM = 66;
/** What a title of one line takes, a smaller line under it, and the legend. */
const TOP = 60;
const LINE_SPACE = 27;
/** The share of an axis that stays free at either end. */
const PADDING = 0.05;
const LEGEND_MARK = 44;
const CHARACTER = 8.2;
const TITLE_STYLE = 'font-size="21" font-weight="600"';
const { gridcolor: GRID } = TEMPLATE.layout.yaxis;

/** @returns an SVG, or nothing for a plot that is more than lines over numbers */
export function sketchLines({ data, layout = {} }: PlotlySpec): string | undefined {
  if (!isPlain(layout.xaxis) || !isPlain(layout.yaxis)) return undefined;
  const lines = data.map(lineOf);
  if (!lines.every(line => line !== undefined)) return undefined;
  const points = lines.flatMap(line => line.runs.flat());
  if (points.length === 0) return undefined;

  const titles = textOf(layout.title).split('<br>');
  const hasLegend = layout.showlegend === true;
  const isBeside = hasLegend && Object(layout.legend).orientation === 'v';
  const top = TOP + LINE_SPACE * (titles.length - 1 + (hasLegend && !isBeside ? 1 : 0));
  const { width, height } = DEFAULT_SIZE;
  const xs = points.map(point => point[0]);
  const x = axisOf(xs, 8, xs.every(Number.isInteger) ? 1 : 0);
  const y = axisOf(
    points.map(point => point[1]),
    6,
  );
  const xLabels = formatAlike(x.ticks);
  const yLabels = formatAlike(y.ticks);
  const left = Math.max(LEFT, AXIS_TITLE + CHARACTER * longest(yLabels));
  const names = lines.map(({ name }) => name);
  const right = width - RIGHT - (isBeside ? LEGEND_MARK + CHARACTER * longest(names) : 0);
  const bottom = height - BOTTOM;
  const toX = (value: number): number => left + ((value - x.low) / (x.high - x.low)) * (right - left);
  const toY = (value: number): number => bottom - ((value - y.low) / (y.high - y.low)) * (bottom - top);

  const parts = [
    // A title's smaller lines are spans.
    ...titles.map((line, i) =>
      text(16, 34 + LINE_SPACE * i, withoutTags(line), /<span/i.test(line) ? '' : TITLE_STYLE),
    ),
    ...(hasLegend ? legend(lines, isBeside ? [right + 14, top + 14] : [left, top - 14], isBeside) : []),
    ...y.ticks.map(tick => rule(left, toY(tick), right, toY(tick))),
    rule(left, bottom, right, bottom),
    ...y.ticks.map((tick, i) => text(left - 8, toY(tick) + 5, yLabels[i]!, 'text-anchor="end"')),
    ...x.ticks.map((tick, i) => text(toX(tick), bottom + 22, xLabels[i]!, 'text-anchor="middle"')),
    text((left + right) / 2, height - 14, axisTitle(layout.xaxis), 'font-size="16" text-anchor="middle"'),
    `<g transform="translate(22 ${round((top + bottom) / 2)}) rotate(-90)">${text(0, 0, axisTitle(layout.yaxis), 'font-size="16" text-anchor="middle"')}</g>`,
    ...lines.map(line => draw(line, toX, toY)),
  ];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `font-family='${FONT_FAMILY}' font-size="15" fill="${INK}">${parts.join('')}</svg>`
  );
}

const isPlain = (axis: unknown): boolean => [undefined, '-', 'linear'].includes(Object(axis).type);

function lineOf(trace: Trace, index: number): Line | undefined {
  const {
    type,
    x,
    y,
    yaxis,
    name = '',
    mode = 'lines',
    opacity = 1,
    connectgaps,
  } = trace as Readonly<Record<string, unknown>>;
  if (type !== 'scatter' || yaxis !== undefined || !Array.isArray(x) || !Array.isArray(y)) return undefined;
  if (!String(mode).includes('lines') || !x.every(isNumber)) return undefined;
  const { color = SERIES[index % SERIES.length]!, width = 2 } = Object(trace.line) as {
    color?: string;
    width?: number;
  };
  const runs: Point[][] = [[]];
  for (const [i, value] of x.entries()) {
    if (isNumber(y[i])) runs.at(-1)!.push([value, y[i]]);
    else if (connectgaps !== true) runs.push([]);
  }
  return {
    name: withoutTags(String(name)),
    color,
    width,
    opacity: Number(opacity),
    hasMarkers: String(mode).includes('markers'),
    runs: runs.filter(run => run.length > 0),
  };
}

function draw({ runs, color, width, opacity, hasMarkers }: Line, toX: Scale, toY: Scale): string {
  const places = runs.map(run => run.map(([x, y]) => [round(toX(x)), round(toY(y))]));
  const lines = places.map(
    run =>
      `<polyline points="${run.join(' ')}" fill="none" stroke="${color}" stroke-width="${width}" stroke-linejoin="round"/>`,
  );
  const markers = hasMarkers ? places.flat().map(([x, y]) => `<circle cx="${x}" cy="${y}" r="3.5"/>`) : [];
  return `<g opacity="${opacity}" fill="${color}">${[...lines, ...markers].join('')}</g>`;
}

type Scale = (value: number) => number;

/** The names side by side, or one below the other. */
function legend(lines: readonly Line[], [left, top]: Point, isBeside: boolean): string[] {
  let [x, y] = [left, top];
  return lines.map(({ name, color, width, opacity }) => {
    const drawn =
      `<path d="M${round(x)} ${y - 5}h30" stroke="${color}" stroke-width="${width}" opacity="${opacity}"/>` +
      text(x + 36, y, name);
    if (isBeside) y += LINE_SPACE;
    else x += LEGEND_MARK + CHARACTER * name.length + 12;
    return drawn;
  });
}

/** Round numbers along an axis, at least `least` apart. */
function axisOf(values: readonly number[], count: number, least = 0): Axis {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const padding = (high - low) * PADDING || Math.abs(high) * PADDING || 1;
  [low, high] = [low - padding, high + padding];
  const exact = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(exact));
  const step = Math.max(least, power * [1, 2, 5, 10].find(factor => factor * power >= exact)!);
  const ticks: number[] = [];
  for (let i = Math.ceil(low / step); i * step <= high; i++) ticks.push(Number((i * step).toPrecision(12)));
  return { low, high, ticks };
}

const text = (x: number, y: number, words: string, more = ''): string =>
  `<text x="${round(x)}" y="${round(y)}" ${more}>${words}</text>`;

const rule = (fromX: number, fromY: number, toX: number, toY: number): string =>
  `<path d="M${fromX} ${round(fromY)}L${toX} ${round(toY)}" stroke="${GRID}"/>`;

const isNumber = (value: unknown): value is number => typeof value === 'number';
const round = (value: number): number => Math.round(value * 10) / 10;
const textOf = (title: unknown): string => String((title as { text?: string } | undefined)?.text ?? '');
const axisTitle = (axis: unknown): string => withoutTags(textOf(Object(axis).title));
/** plotly reads a little HTML; what is left of it is XML. */
const withoutTags = (words: string): string =>
  words
    .replace(/<\/?[a-z][^>]*>/gi, '')
    .replace(/&(?!(?:amp|lt|gt);)/g, '&amp;')
    .replace(/</g, '&lt;');
