/**
 * Lines drawn as SVG in a millisecond, for a plot that changes: notebooks without plotly's extension show it while the
 * loop runs. It looks as plotly's picture does, which replaces it at the end.
 */
import type { PlotlySpec, Trace } from './figure.ts';
import { DEFAULT_SIZE, FONT_FAMILY, INK, SERIES, TEMPLATE } from './theme.ts';
import { formatAlike } from './words.ts';

interface Line {
  readonly name: string;
  readonly color: string;
  readonly width: number;
  readonly opacity: number;
  readonly hasMarkers: boolean;
  readonly points: readonly (readonly [x: number, y: number])[];
}

interface Axis {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
}

const LEFT = 76;
const RIGHT = 24;
const BOTTOM = 66;
/** What a title of one line takes, a smaller line under it, and the legend. */
const TOP = 60;
const LINE_SPACE = 27;
/** The share of an axis that stays free at either end. */
const PADDING = 0.05;
const LEGEND_MARK = 44;
const LEGEND_CHARACTER = 8.2;
const { gridcolor: GRID } = TEMPLATE.layout.yaxis;

/** @returns an SVG, or nothing for a plot that is more than lines over numbers */
export function sketchLines({ data, layout = {} }: PlotlySpec): string | undefined {
  if (!isPlain(layout.xaxis) || !isPlain(layout.yaxis)) return undefined;
  const lines = data.map(lineOf);
  if (!lines.every(line => line !== undefined)) return undefined;
  const points = lines.flatMap(line => line.points);
  if (points.length === 0) return undefined;

  const [title = '', ...notes] = textOf(layout.title).split('<br>').map(withoutTags);
  const hasLegend = layout.showlegend === true;
  const top = TOP + LINE_SPACE * (notes.length + (hasLegend ? 1 : 0));
  const { width, height } = DEFAULT_SIZE;
  const [right, bottom] = [width - RIGHT, height - BOTTOM];
  const x = axisOf(
    points.map(point => point[0]),
    8,
    1,
  );
  const y = axisOf(
    points.map(point => point[1]),
    6,
  );
  const toX = (value: number): number => LEFT + ((value - x.low) / (x.high - x.low)) * (right - LEFT);
  const toY = (value: number): number => bottom - ((value - y.low) / (y.high - y.low)) * (bottom - top);

  const xLabels = formatAlike(x.ticks);
  const yLabels = formatAlike(y.ticks);
  const parts = [
    text(16, 34, title, 'font-size="21" font-weight="600"'),
    ...notes.map((note, i) => text(16, 34 + LINE_SPACE * (i + 1), note)),
    ...(hasLegend ? legend(lines, top - 14) : []),
    ...y.ticks.map(tick => rule(LEFT, toY(tick), right, toY(tick))),
    rule(LEFT, bottom, right, bottom),
    ...y.ticks.map((tick, i) => text(LEFT - 8, toY(tick) + 5, yLabels[i]!, 'text-anchor="end"')),
    ...x.ticks.map((tick, i) => text(toX(tick), bottom + 22, xLabels[i]!, 'text-anchor="middle"')),
    text((LEFT + right) / 2, height - 14, axisTitle(layout.xaxis), 'font-size="16" text-anchor="middle"'),
    `<g transform="translate(22 ${round((top + bottom) / 2)}) rotate(-90)">${text(0, 0, axisTitle(layout.yaxis), 'font-size="16" text-anchor="middle"')}</g>`,
    ...lines.map(line => draw(line, toX, toY)),
  ];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `font-family='${FONT_FAMILY}' font-size="15" fill="${INK}">${parts.join('')}</svg>`
  );
}

const isPlain = (axis: unknown): boolean => [undefined, '-', 'linear'].includes(Object(axis).type);

function lineOf(trace: Trace): Line | undefined {
  const {
    type,
    x,
    y,
    yaxis,
    name = '',
    mode = 'lines',
    opacity = 1,
  } = trace as Readonly<Record<string, unknown>>;
  if (type !== 'scatter' || yaxis !== undefined || !Array.isArray(x) || !Array.isArray(y)) return undefined;
  if (!String(mode).includes('lines') || !x.every(isNumber)) return undefined;
  const { color = SERIES[0], width = 2 } = Object(trace.line) as { color?: string; width?: number };
  const points = x.map((value, i): [number, number] => [value, y[i] as number]);
  return {
    name: withoutTags(String(name)),
    color,
    width,
    opacity: Number(opacity),
    hasMarkers: String(mode).includes('markers'),
    points: points.filter(([, height]) => isNumber(height)),
  };
}

function draw({ points, color, width, opacity, hasMarkers }: Line, toX: Scale, toY: Scale): string {
  const places = points.map(([x, y]) => [round(toX(x)), round(toY(y))]);
  const markers = hasMarkers ? places.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="3.5"/>`).join('') : '';
  return (
    `<g opacity="${opacity}" fill="${color}"><polyline points="${places.join(' ')}" fill="none" stroke="${color}" ` +
    `stroke-width="${width}" stroke-linejoin="round"/>${markers}</g>`
  );
}

type Scale = (value: number) => number;

function legend(lines: readonly Line[], y: number): string[] {
  let x = LEFT;
  return lines.map(({ name, color, width, opacity }) => {
    const from = x;
    x += LEGEND_MARK + LEGEND_CHARACTER * name.length + 12;
    return (
      `<path d="M${round(from)} ${y - 5}h30" stroke="${color}" stroke-width="${width}" opacity="${opacity}"/>` +
      text(from + 36, y, name)
    );
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
