/** How two columns go together. */
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
import { type Column, isPlotData, type PlotData, type Position, readColumn, toPositions } from './columns.ts';
import { Figure } from './figure.ts';
import { formatNumber, leftOut, rangeOf } from './words.ts';

export interface ScatterOptions extends ChartOptions {
  /** The columns along the two axes: numbers, dates or categories. */
  readonly x: Column;
  readonly y: Column;
  /** A column whose values colour the points: at most 10 different ones. */
  readonly color?: Column;
}

/** More points than this are sampled, so that a notebook stays small enough to open. */
const MAX_POINTS = 5000;

/**
 * Draws a point for each row; beyond 5,000 rows an even sample of them, which the plot says.
 *
 * @throws if a column does not exist, columns differ in length, or colour has too many values
 * @example plot.scatter(df, { x: 'questionLength', y: 'answerLength', color: 'topic' })
 * @example plot.scatter({ x: [1, 2, 3], y: [1, 4, 9] })
 */
export function scatter(data: PlotData, options: ScatterOptions): Figure;
export function scatter(options: ScatterOptions): Figure;
export function scatter(first: PlotData | ScatterOptions, second?: ScatterOptions): Figure {
  const [data, options] = second ? [first as PlotData, second] : [undefined, first as ScatterOptions];
  if (options?.x === undefined || options.y === undefined || (data !== undefined && !isPlotData(data))) {
    throw new TypeError('plot.scatter takes (data, { x, y: column names }) or { x: [...], y: [...] }.');
  }
  checkChart('scatter', options, ['x', 'y', 'color']);
  const x = readColumn(data, options.x, options.xTitle ?? 'x');
  const y = readColumn(data, options.y, options.yTitle ?? 'y');
  checkLengths(x.values.length, y);
  const [xs, ys] = [toPositions(x), toPositions(y)];
  const rows = xs.length;
  const groups = groupRows(data, options.color, rows);
  const isDrawn = (i: number): boolean => xs[i] !== null && ys[i] !== null;
  const points = Array.from(groups, ([group, members]) => ({ group, members: members.filter(isDrawn) }));
  const count = points.reduce((sum, { members }) => sum + members.length, 0);
  if (count === 0)
    throw new RangeError(`No row has both "${x.name}" and "${y.name}", so there is nothing to draw.`);

  const drawn = { x: xs.filter((_, i) => isDrawn(i)), y: ys.filter((_, i) => isDrawn(i)) };
  const every = Math.ceil(count / MAX_POINTS);
  const shown =
    every === 1
      ? points
      : points.map(each => ({ ...each, members: each.members.filter((_, i) => i % every === 0) }));
  const shownCount = shown.reduce((sum, { members }) => sum + members.length, 0);
  const hasLegend = groups.size > 1;
  const layout = chartLayout(options, {
    title: `${y.name} against ${x.name}`,
    note: every === 1 ? undefined : `${formatNumber(shownCount)} of ${formatNumber(count)} points drawn`,
    xTitle: x.name,
    yTitle: y.name,
    legend: hasLegend ? [...groups.keys()] : [],
  });
  return new Figure(
    {
      data: shown.map(({ group, members }) => ({
        type: 'scatter',
        mode: 'markers',
        ...(group === '' ? {} : { name: escapeText(group) }),
        x: members.map(i => escapePosition(xs[i] as Position)),
        y: members.map(i => escapePosition(ys[i] as Position)),
        marker: markerFor(shownCount),
        hovertemplate: `%{x}, %{y}<extra>${hasLegend ? '%{fullData.name}' : ''}</extra>`,
      })),
      layout: {
        ...layout,
        xaxis: {
          ...(layout.xaxis as object),
          ...exponentStyle(drawn.x),
          ...wholeTicks(drawn.x),
          showgrid: true,
        },
        yaxis: { ...(layout.yaxis as object), ...exponentStyle(drawn.y), ...wholeTicks(drawn.y) },
      },
    },
    `Scatter plot of ${y.name} against ${x.name}: n = ${formatNumber(count)}; ` +
      `${rangeOf(x.name, drawn.x)}, ${rangeOf(y.name, drawn.y)}${leftOut(rows - count)}`,
  );
}

/** The more points, the smaller and the fainter, so that crowds show as darker ground. */
function markerFor(count: number): { size: number; opacity: number } {
  if (count <= 100) return { size: 9, opacity: 0.9 };
  if (count <= 1000) return { size: 7, opacity: 0.8 };
  return { size: 6, opacity: 0.65 };
}
