/** A number for each pair of categories, as colour. */
import { plural } from '../host.ts';
import { type ChartOptions, checkChart, checkLengths, escapeText } from './chart.ts';
import { type Column, isPlotData, type PlotData, readColumn, toNumbers } from './columns.ts';
import type { Figure } from './figure.ts';
import { gridFigure } from './grid.ts';
import { DIVERGING, VIRIDIS } from './theme.ts';
import { formatAlike, formatNumber, leftOut, nameOf, shorten, shortenAll } from './words.ts';

/** The names of a matrix's sides. */
export interface MatrixOptions extends ChartOptions {
  /** What stands below the columns and beside the rows; their numbers where nothing is said. */
  readonly xLabels?: readonly string[];
  readonly yLabels?: readonly string[];
  /** What the colours mean. */
  readonly zTitle?: string;
}

export interface HeatmapOptions extends ChartOptions {
  /** The columns of categories along the two sides. */
  readonly x: Column;
  readonly y: Column;
  /** The column of numbers: one for each pair of categories. */
  readonly z: Column;
  readonly zTitle?: string;
}

/** Rows of numbers. */
export type Matrix = readonly (ArrayLike<number | null> & Iterable<number | null>)[];

type Cells = (number | null)[][];

/** A side with more cells than this is averaged down, so that a notebook stays small enough to open. */
const MAX_SIDE = 120;
const MAX_WRITTEN = 12;
/** Characters that the texts of a row of cells share. */
const ROOM = 66;

/**
 * Draws a heat map of a matrix, row 0 at the top, or of a column of numbers by two columns of categories.
 *
 * Values on both sides of zero get two colours that meet there. More than 120 cells a side are averaged, which the
 * plot says.
 *
 * @throws if a column does not exist, a pair of categories has several numbers, rows differ in length, or nothing is there
 * @example plot.heatmap([[1, 0.2], [0.2, 1]], { xLabels: ['a', 'b'], yLabels: ['a', 'b'], zTitle: 'similarity' })
 * @example plot.heatmap(df, { x: 'model', y: 'task', z: 'accuracy' })
 */
export function heatmap(matrix: Matrix, options?: MatrixOptions): Figure;
export function heatmap(data: PlotData, options: HeatmapOptions): Figure;
export function heatmap(first: Matrix | PlotData, options: MatrixOptions | HeatmapOptions = {}): Figure {
  checkChart(
    'heatmap',
    options,
    'z' in options ? ['x', 'y', 'z', 'zTitle'] : ['xLabels', 'yLabels', 'zTitle'],
  );
  const { cells, xLabels, yLabels, named, xTitle, yTitle, zTitle } =
    'z' in options ? fromColumns(first as PlotData, options) : fromMatrix(first as Matrix, options);
  const drawn = pool(cells);
  const present = cells.flat().filter(value => value !== null);
  if (present.length === 0) throw new RangeError('plot.heatmap: there are no numbers to draw.');
  const [low, high] = extremes(present);
  const far = Math.max(-low, high);
  const names = { x: pick(xLabels, drawn.across), y: pick(yLabels, drawn.down) };
  const written = names.x.length <= MAX_WRITTEN && names.y.length <= 2 * MAX_WRITTEN;
  const toLines = (texts: readonly string[]): string[][] =>
    drawn.cells.map((row, i) => row.map((_, j) => texts[i * row.length + j] as string));
  const lines = toLines(formatAlike(drawn.cells.flat()));
  const short = written ? fitting(drawn.cells.flat(), Math.floor(ROOM / names.x.length)) : undefined;
  const at = where(cells, value => value === high);
  const summary =
    `Heat map of ${zTitle} by ${yTitle} and ${xTitle}: ${formatNumber(yLabels.length)} × ` +
    `${plural(xLabels.length, 'cell')}, ${formatNumber(low)} to ${formatNumber(high)}; highest at ` +
    `${shortenAll(yLabels)[at[0]]}, ${shortenAll(xLabels)[at[1]]}` +
    leftOut(cells.flat().length - present.length);
  return gridFigure(
    options,
    {
      z: drawn.cells,
      x: named.x ? names.x : counted(drawn.across),
      y: named.y ? names.y : counted(drawn.down),
      ...(short ? { text: toLines(short) } : {}),
      hover: lines.map((row, i) =>
        row.map((text, j) => `${escapeText(`${names.y[i]}, ${names.x[j]}`)}: ${text}`),
      ),
      ...(low < 0 && high > 0
        ? { colorscale: DIVERGING, range: [-far, far] as const }
        : { colorscale: VIRIDIS, range: extremes(drawn.cells.flat()) }),
      zTitle,
    },
    {
      title: `${zTitle} by ${yTitle} and ${xTitle}`,
      note:
        drawn.down * drawn.across > 1
          ? `each cell the mean of ${drawn.down} × ${drawn.across} of ${formatNumber(cells.length)} × ${formatNumber(xLabels.length)}`
          : undefined,
      xTitle,
      yTitle,
    },
    summary,
  );
}

/** The numbers as they are, or rounded, in cells of so many characters; undefined if even two digits are too many. */
function fitting(values: readonly (number | null)[], room: number): string[] | undefined {
  const [low, high] = extremes(values);
  const power = Math.floor(Math.log10(Math.max(-low, high) || 1)) + 1;
  // The digits are those of the largest: what is small beside it has fewer, and its colour.
  const rounded = (digits: number): (number | null)[] => {
    const step = 10 ** (power - digits);
    return values.map(value => value && Number((Math.round(value / step) * step).toPrecision(digits)));
  };
  return [values, rounded(3), rounded(2)]
    .map(formatAlike)
    .find(texts => texts.every(text => text.length <= room));
}

interface Source {
  readonly cells: Cells;
  readonly xLabels: readonly string[];
  readonly yLabels: readonly string[];
  /** Whether the labels are names, and not just the numbers of columns and rows. */
  readonly named: { readonly x: boolean; readonly y: boolean };
  readonly xTitle: string;
  readonly yTitle: string;
  readonly zTitle: string;
}

function fromMatrix(matrix: Matrix, options: MatrixOptions): Source {
  const cells = readMatrix(matrix, 'plot.heatmap');
  const columns = cells[0]?.length ?? 0;
  return {
    cells,
    xLabels: sideLabels('xLabels', options.xLabels, columns),
    yLabels: sideLabels('yLabels', options.yLabels, cells.length),
    named: { x: options.xLabels !== undefined, y: options.yLabels !== undefined },
    xTitle: options.xTitle ?? 'column',
    yTitle: options.yTitle ?? 'row',
    zTitle: options.zTitle ?? 'value',
  };
}

/** @throws if the rows are no numbers, or differ in length */
export function readMatrix(matrix: Matrix, caller: string): Cells {
  if (
    !Array.isArray(matrix) ||
    !matrix.every(row => typeof row === 'object' && Symbol.iterator in Object(row))
  ) {
    throw new TypeError(
      `${caller} takes a matrix, [[1, 2], [3, 4]], or a table and the names of its columns.`,
    );
  }
  const cells = matrix.map((row, i) =>
    toNumbers({ name: `row ${i}`, values: Array.from(row as Iterable<unknown>) }),
  );
  const uneven = cells.findIndex(row => row.length !== cells[0]?.length);
  if (uneven > 0) {
    throw new RangeError(
      `${caller}: row ${uneven} has ${cells[uneven]?.length} cells and row 0 has ${cells[0]?.length}; they must be as many.`,
    );
  }
  return cells;
}

function sideLabels(name: string, labels: readonly string[] | undefined, cells: number): readonly string[] {
  if (labels && labels.length !== cells) {
    throw new RangeError(`${name} has ${labels.length} labels for ${cells} cells; they must be as many.`);
  }
  return labels?.map(String) ?? Array.from({ length: cells }, (_, i) => String(i));
}

function fromColumns(data: PlotData, options: HeatmapOptions): Source {
  if (!isPlotData(data))
    throw new TypeError('plot.heatmap takes (data, { x, y, z: column names }) or a matrix.');
  const x = readColumn(data, options.x, options.xTitle ?? 'x');
  const y = readColumn(data, options.y, options.yTitle ?? 'y');
  const z = readColumn(data, options.z, options.zTitle ?? 'value');
  checkLengths(x.values.length, y, z);
  const [columns, rows] = [x.values.map(nameOf), y.values.map(nameOf)];
  const numbers = toNumbers(z);
  const xLabels = [...new Set(columns)];
  const yLabels = [...new Set(rows)];
  const [across, down] = [indexOf(xLabels), indexOf(yLabels)];
  const cells: Cells = yLabels.map(() => new Array<number | null>(xLabels.length).fill(null));
  const seen = new Set<string>();
  for (const [i, value] of numbers.entries()) {
    const [row, column] = [rows[i] as string, columns[i] as string];
    const key = JSON.stringify([row, column]);
    if (seen.has(key)) {
      throw new RangeError(
        `"${shorten(row)}" and "${shorten(column)}" come together more than once, so their cell has no one colour: group the rows first.`,
      );
    }
    seen.add(key);
    (cells[down.get(row) as number] as Cells[0])[across.get(column) as number] = value;
  }
  return {
    cells,
    xLabels,
    yLabels,
    named: { x: true, y: true },
    xTitle: x.name,
    yTitle: y.name,
    zTitle: options.zTitle ?? z.name,
  };
}

function indexOf(labels: readonly string[]): Map<string, number> {
  return new Map(labels.map((label, i) => [label, i]));
}

/** Blocks of cells averaged, so that neither side has more than 120. */
function pool(cells: Cells): { cells: Cells; down: number; across: number } {
  const down = Math.ceil(cells.length / MAX_SIDE);
  const across = Math.ceil((cells[0]?.length ?? 0) / MAX_SIDE);
  if (down <= 1 && across <= 1) return { cells, down: 1, across: 1 };
  const pooled: Cells = [];
  for (let top = 0; top < cells.length; top += down) {
    const row: (number | null)[] = [];
    for (let left = 0; left < (cells[0]?.length ?? 0); left += across) {
      let [sum, count] = [0, 0];
      for (const line of cells.slice(top, top + down)) {
        for (const value of line.slice(left, left + across)) {
          if (value === null) continue;
          sum += value;
          count++;
        }
      }
      row.push(count === 0 ? null : Number((sum / count).toPrecision(5)));
    }
    pooled.push(row);
  }
  return { cells: pooled, down, across };
}

/** Cells that stand for themselves, or for a block of which they are the middle. */
function counted(step: number): { first: number; step: number } {
  return { first: (step - 1) / 2, step };
}

function pick(labels: readonly string[], every: number): string[] {
  return labels.filter((_, i) => i % every === 0);
}

function extremes(values: readonly (number | null)[]): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value === null) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

function where(cells: Cells, matches: (value: number | null) => boolean): [number, number] {
  const row = cells.findIndex(line => line.some(matches));
  return [row, (cells[row] as Cells[0]).findIndex(matches)];
}
