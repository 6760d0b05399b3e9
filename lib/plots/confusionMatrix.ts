/** Which classes a classifier takes for which. */
import { type ChartOptions, checkChart, escapeText } from './chart.ts';
import { isPlotData, isValues, type PlotData, readColumn, type Values } from './columns.ts';
import type { Figure } from './figure.ts';
import { gridFigure } from './grid.ts';
import { type Matrix, readMatrix } from './heatmap.ts';
import { SEQUENTIAL } from './theme.ts';
import { formatNumber, shortenAll } from './words.ts';

export interface ConfusionColumns extends ConfusionMatrixOptions {
  /** The column of true classes. */
  readonly actual: string;
  /** The column of predictions. */
  readonly predicted: string;
}

export interface ConfusionMatrixOptions extends ChartOptions {
  /** The classes in the order to draw them; for classes that are numbers, their names. */
  readonly labels?: readonly string[];
}

/** What a missing or empty prediction is called. */
const NONE = '(no answer)';
const MAX_CLASSES = 40;
const MAX_WITH_SHARES = 10;
const MAX_WRITTEN = 25;

/**
 * Draws how often each actual class (a row) was predicted as each class (a column); the colour is the share of the row.
 *
 * Predictions that are null or empty, such as answers that were not valid, have a column of their own.
 *
 * @param actual the true classes, one for each example; or a matrix of counts, a row for each actual class; or data
 *   whose columns the options name
 * @param predicted as many predictions
 * @throws if the lengths differ, a class is not among the labels, there are more than 40 classes, or nothing is there
 * @example plot.confusionMatrix(['cat', 'dog', 'dog'], ['cat', 'dog', 'cat'])
 * @example plot.confusionMatrix([0, 1, 1], [0, 1, 0], { labels: ['cat', 'dog'] })
 * @example plot.confusionMatrix(df, { actual: 'topic', predicted: 'answer' })
 * @example plot.confusionMatrix([[50, 3], [7, 40]], { labels: ['cat', 'dog'] })
 */
export function confusionMatrix(actual: Values, predicted: Values, options?: ConfusionMatrixOptions): Figure;
export function confusionMatrix(matrix: Matrix, options?: ConfusionMatrixOptions): Figure;
export function confusionMatrix(data: PlotData, options: ConfusionColumns): Figure;
export function confusionMatrix(
  first: Values | Matrix | PlotData,
  second?: Values | ConfusionMatrixOptions | ConfusionColumns,
  third: ConfusionMatrixOptions = {},
): Figure {
  if (typeof second === 'object' && 'actual' in second && isPlotData(first)) {
    const { actual, predicted, ...options } = second;
    if (typeof actual !== 'string' || typeof predicted !== 'string') {
      throw new TypeError(
        "plot.confusionMatrix takes the names of two columns: (data, { actual: 'topic', predicted: 'answer' }).",
      );
    }
    const valuesOf = (column: string): Values => readColumn(first, column, column).values;
    return confusionMatrix(valuesOf(actual), valuesOf(predicted), options);
  }
  const isPair = isValues(second);
  const options: ConfusionMatrixOptions = isPair ? third : ((second as ConfusionMatrixOptions) ?? {});
  checkChart('confusionMatrix', options, ['labels']);
  const { counts, classes, columns } = isPair
    ? count(Array.from(first as Values), Array.from(second), options.labels)
    : given(first as Matrix, options.labels);
  if (classes.length > MAX_CLASSES) {
    throw new RangeError(`plot.confusionMatrix draws at most ${MAX_CLASSES} classes, not ${classes.length}.`);
  }
  const totals = counts.map(row => row.reduce((sum, value) => sum + value, 0));
  const n = totals.reduce((sum, value) => sum + value, 0);
  if (n === 0) throw new RangeError('plot.confusionMatrix: there are no examples to draw.');
  const share = (row: number, column: number): number =>
    totals[row] ? (counts[row]?.[column] as number) / (totals[row] as number) : 0;
  const cellText = (row: number, column: number): string => {
    const text = formatNumber(counts[row]?.[column] as number);
    if (classes.length > MAX_WITH_SHARES || totals[row] === 0) return text;
    return `${text}<br><span style="font-size:11px">${percent(share(row, column))}</span>`;
  };
  const eachCell = <T>(make: (row: number, column: number) => T): T[][] =>
    counts.map((row, i) => row.map((_, j) => make(i, j)));
  const correct = classes.reduce((sum, _, i) => sum + (counts[i]?.[i] as number), 0);
  return gridFigure(
    options,
    {
      z: eachCell((i, j) => (totals[i] ? Number(share(i, j).toFixed(4)) : null)),
      x: columns,
      y: classes,
      ...(classes.length <= MAX_WRITTEN ? { text: eachCell(cellText) } : {}),
      hover: eachCell(
        (i, j) =>
          `${escapeText(`actual ${classes[i]}, predicted ${columns[j]}`)}: ${formatNumber(counts[i]?.[j] as number)}, ${percent(share(i, j))} of the row`,
      ),
      colorscale: SEQUENTIAL,
      range: [0, 1],
    },
    {
      title: 'Confusion matrix',
      note: `${formatNumber(correct)} of ${formatNumber(n)} right, accuracy ${formatNumber(correct / n)}; colour: share of the actual class`,
      xTitle: 'Predicted',
      yTitle: 'Actual',
    },
    summarize(counts, shortenAll(classes), shortenAll(columns), totals, correct / n, n),
  );
}

interface Counts {
  readonly counts: number[][];
  /** The rows' classes; the first so many columns are the same. */
  readonly classes: readonly string[];
  readonly columns: readonly string[];
}

function count(
  actual: readonly unknown[],
  predicted: readonly unknown[],
  labels?: readonly string[],
): Counts {
  if (actual.length !== predicted.length) {
    throw new RangeError(
      `plot.confusionMatrix: ${actual.length} actual classes and ${predicted.length} predictions; they must be as many.`,
    );
  }
  const byNumber = labels !== undefined && [...actual, ...predicted].every(isClassNumber);
  const nameOf = (value: unknown): string =>
    isMissing(value) ? NONE : byNumber ? (labels[Number(value)] ?? String(value)) : String(value);
  const rows = actual.map(nameOf);
  const answers = predicted.map(nameOf);
  const missing = rows.indexOf(NONE);
  if (missing >= 0) throw new RangeError(`plot.confusionMatrix: example ${missing} has no actual class.`);
  const found = new Set([...rows, ...answers]);
  const hasMissing = found.delete(NONE);
  const classes = labels ?? [...found].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const unknown = [...found].find(name => !classes.includes(name));
  if (unknown !== undefined) {
    throw new RangeError(
      `plot.confusionMatrix: "${unknown}" is not among the labels: ${classes.join(', ')}.`,
    );
  }
  const columns = hasMissing ? [...classes, NONE] : classes;
  const counts = classes.map(() => new Array<number>(columns.length).fill(0));
  for (const [i, row] of rows.entries()) {
    (counts[classes.indexOf(row)] as number[])[columns.indexOf(answers[i] as string)]! += 1;
  }
  return { counts, classes, columns };
}

function given(matrix: Matrix, labels?: readonly string[]): Counts {
  const counts = readMatrix(matrix, 'plot.confusionMatrix').map(row => row.map(value => value ?? 0));
  if (counts.some(row => row.length !== counts.length)) {
    throw new RangeError(
      `plot.confusionMatrix: the matrix has ${counts.length} rows and ${counts[0]?.length} columns; they must be as many.`,
    );
  }
  if (labels && labels.length !== counts.length) {
    throw new RangeError(
      `plot.confusionMatrix: ${labels.length} labels for ${counts.length} classes; they must be as many.`,
    );
  }
  const classes = labels ?? counts.map((_, i) => String(i));
  return { counts, classes, columns: classes };
}

function isMissing(value: unknown): boolean {
  return value === null || value === undefined || value === '' || Number.isNaN(value);
}

function isClassNumber(value: unknown): boolean {
  return (
    isMissing(value) || (typeof value === 'number' && Number.isInteger(value)) || typeof value === 'bigint'
  );
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
}

function summarize(
  counts: readonly (readonly number[])[],
  classes: readonly string[],
  columns: readonly string[],
  totals: readonly number[],
  accuracy: number,
  n: number,
): string {
  let worst = { count: 0, actual: '', predicted: '' };
  for (const [i, row] of counts.entries()) {
    for (const [j, value] of row.entries()) {
      if (i === j || value <= worst.count) continue;
      worst = { count: value, actual: classes[i] as string, predicted: columns[j] as string };
    }
  }
  const confused =
    worst.count > 0
      ? `; most often confused: ${worst.actual} taken for ${worst.predicted}, ${formatNumber(worst.count)}`
      : '';
  const recall = classes
    .slice(0, MAX_WITH_SHARES)
    .map((name, i) => `${name} ${formatNumber((counts[i]?.[i] as number) / (totals[i] || 1))}`)
    .join(', ');
  return (
    `Confusion matrix of ${classes.length} ${classes.length === 1 ? 'class' : 'classes'}: n = ${formatNumber(n)}, ` +
    `accuracy ${formatNumber(accuracy)}; recall ${recall}${classes.length > MAX_WITH_SHARES ? ', …' : ''}${confused}`
  );
}
