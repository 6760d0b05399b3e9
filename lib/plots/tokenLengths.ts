/** How many tokens the rows of a data set have. */

import { quantile } from '../frames/index.ts';
import { plural } from '../host.ts';
import { type ChartOptions, checkChart } from './chart.ts';
import { findColumn, isPlotData, isValues, type PlotData, type Values } from './columns.ts';
import { Figure } from './figure.ts';
import { histogram } from './histogram.ts';
import { INK, SERIES } from './theme.ts';
import { formatNumber } from './words.ts';

export interface TokenLengthsOptions extends ChartOptions {
  /** The model's or the batch's limit: the plot shows it and says how many rows are longer. */
  readonly maxLength?: number;
  /** How many bins to aim at. */
  readonly bins?: number;
}

/** The height of a label above the bars, as a share of the plot's. */
const ROW = 0.08;
/** Pixels of the plot, and of an average character of a label. */
const WIDTH = 700;
const CHARACTER = 8;

/** What columns of token ids are called: ours, Hugging Face's, and the native tokenizer's. */
const ID_COLUMNS = ['inputIds', 'input_ids', 'ids'] as const;
const MASK_COLUMNS = ['attentionMask', 'attention_mask'] as const;

/**
 * Draws how long rows are in tokens, with the median, the 95 % quantile and, where one is given, the maximum length.
 *
 * @param source lengths, arrays of token ids, encodings, or a table with a column `inputIds`
 * @throws if there are neither lengths nor token ids, or none at all
 * @example plot.tokenLengths([86, 112, 97], { maxLength: 100 })
 * @example plot.tokenLengths([{ inputIds: [42, 1353] }, { inputIds: [1175] }])
 */
export function tokenLengths(source: Values | PlotData, options: TokenLengthsOptions = {}): Figure {
  checkChart('tokenLengths', options, ['maxLength', 'bins']);
  const { maxLength, ...others } = options;
  const lengths = lengthsOf(source);
  const sorted = Float64Array.from(lengths).sort();
  if (sorted.length === 0) throw new RangeError('plot.tokenLengths: there are no rows to measure.');
  if (maxLength !== undefined && !(maxLength >= 1)) {
    throw new RangeError(`maxLength must be 1 or more, not ${maxLength}.`);
  }
  const longer = maxLength === undefined ? 0 : lengths.filter(length => length > maxLength).length;
  const share = `${((100 * longer) / lengths.length).toFixed(1)} %`;
  const cut =
    maxLength === undefined
      ? undefined
      : longer === 0
        ? `no row is longer than ${formatNumber(maxLength)}`
        : `${plural(longer, 'row')} of ${formatNumber(lengths.length)} (${share}) longer than ${formatNumber(maxLength)}`;
  const plotted = histogram(lengths, {
    ...others,
    title: options.title ?? 'Tokens per row',
    xTitle: options.xTitle ?? 'tokens',
    ...(options.subtitle || cut ? { subtitle: [options.subtitle, cut].filter(Boolean).join('; ') } : {}),
  });
  const median = quantile(sorted, 0.5);
  const q95 = quantile(sorted, 0.95);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const { layout } = plotted.spec;
  const { range } = layout.xaxis as { range: [number, number] };
  const to = Math.max(range[1], (maxLength ?? 0) * 1.02);
  const marks = placeMarks(
    [
      { at: median, label: 'median', color: INK },
      { at: q95, label: '95 %', color: INK },
      ...(maxLength === undefined ? [] : [{ at: maxLength, label: 'maximum', color: SERIES[1] }]),
    ],
    [range[0], to],
  );
  const highest = Math.max(...(plotted.spec.data[0]!.y as number[]));
  return new Figure(
    {
      ...plotted.spec,
      layout: {
        ...layout,
        xaxis: { ...(layout.xaxis as object), range: [range[0], to] },
        yaxis: { ...(layout.yaxis as object), range: [0, highest / (1 - ROW * (marks.length + 0.3))] },
        shapes: marks.map(({ at, color, top }) => ({
          type: 'line',
          x0: at,
          x1: at,
          yref: 'paper',
          y0: 0,
          y1: top,
          line: { color, width: 1.5, dash: 'dash' },
        })),
        annotations: marks.map(({ at, label, color, top, anchor }) => ({
          text: `${label} ${formatNumber(at)}`,
          x: at,
          xanchor: anchor,
          xshift: anchor === 'left' ? 5 : -5,
          yref: 'paper',
          y: top,
          yanchor: 'top',
          showarrow: false,
          font: { size: 14, color },
        })),
      },
    },
    `Token lengths: ${plural(lengths.length, 'row')}, ${plural(total, 'token')}; min ${formatNumber(sorted[0] as number)}, ` +
      `median ${formatNumber(median)}, mean ${formatNumber(total / lengths.length)}, ` +
      `95 % ${formatNumber(q95)}, max ${formatNumber(sorted[sorted.length - 1] as number)}` +
      (cut ? `; ${cut}` : ''),
  );
}

interface Mark {
  readonly at: number;
  readonly label: string;
  readonly color: string;
}

/**
 * Heights and anchors of the marks' labels, so that no line crosses a label. A label stands to the right of its line, the
 * leftmost highest; where it would reach the edge, or a line whose label did, it stands to the left, above those.
 */
function placeMarks(
  marks: readonly Mark[],
  [from, to]: readonly [number, number],
): (Mark & { top: number; anchor: 'left' | 'right' })[] {
  const sorted = [...marks].sort((a, b) => b.at - a.at);
  const turned: Mark[] = [];
  for (const mark of sorted) {
    const width = ((to - from) / WIDTH) * CHARACTER * `${mark.label} ${formatNumber(mark.at)} `.length;
    if (mark.at + width > (turned.at(-1)?.at ?? to)) turned.push(mark);
  }
  const others = sorted.filter(mark => !turned.includes(mark)).reverse();
  return [...turned, ...others].map((mark, row) => ({
    ...mark,
    top: 1 - ROW * row,
    anchor: row < turned.length ? 'right' : 'left',
  }));
}

function lengthsOf(source: unknown): number[] {
  const ids = isPlotData(source) ? findColumn(source, ID_COLUMNS) : undefined;
  if (ids) {
    // Padding is no part of a row.
    const masks = findColumn(source as PlotData, MASK_COLUMNS);
    return ids.values.map((row, i) => (masks ? ones(masks.values[i]) : undefined) ?? lengthOf(row, i));
  }
  if (!isValues(source)) {
    throw new TypeError(
      'plot.tokenLengths takes lengths, arrays of token ids, encodings, or a table with a column inputIds.',
    );
  }
  return Array.from(source, lengthOf);
}

function lengthOf(row: unknown, index: number): number {
  const { getAttentionMask } = Object(row) as { getAttentionMask?: () => unknown };
  const length =
    typeof row === 'number'
      ? row
      : typeof getAttentionMask === 'function'
        ? ones(getAttentionMask.call(row))
        : isList(row)
          ? row.length
          : undefined;
  if (length !== undefined && length >= 0) return length;
  throw new TypeError(`plot.tokenLengths: row ${index} has neither a length nor token ids.`);
}

function ones(mask: unknown): number | undefined {
  return isList(mask) ? Array.from(mask).reduce<number>((sum, one) => sum + Number(one), 0) : undefined;
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}
