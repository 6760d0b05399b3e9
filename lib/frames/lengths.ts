/** How long the texts of a column are. */

import { type Frame, frameOfColumns } from '../arquero/index.ts';
import type { Tabular } from '../datasets/index.ts';
import { columnsOf } from './convert.ts';
import { valuesOf } from './duplicates.ts';
import { quantile, statistics } from './statistics.ts';
import { codePoints, words } from './text.ts';

const UNITS = { characters: codePoints, words } as const;

/**
 * Measures the texts of a table in characters (code points) and in words: two rows for each column, with how many texts
 * there are, how many are missing or blank (`empty`; blank ones count in the statistics, missing ones do not), mean,
 * minimum, quartiles, the 95 % quantile, maximum, and the row of the longest text (from 0).
 *
 * @param columns the columns to measure; every column of text where none are named
 * @throws if the value has no columns, none of that name, or a named one holds something else than text
 * @example lengths(docs, 'answer');
 */
export function lengths(table: Tabular, columns?: string | readonly string[]): Frame {
  const all = columnsOf(table, 'lengths');
  const names = columns === undefined ? all.names : typeof columns === 'string' ? [columns] : columns;
  const rows: Record<string, unknown>[] = [];
  for (const name of names) {
    const texts = Array.from(valuesOf(all, name, 'lengths'));
    const wrong = texts.findIndex(text => text !== null && text !== undefined && typeof text !== 'string');
    if (wrong >= 0) {
      if (columns === undefined) continue;
      throw new TypeError(`lengths: "${name}" must hold text, but row ${wrong} has ${String(texts[wrong])}.`);
    }
    for (const unit of Object.keys(UNITS) as (keyof typeof UNITS)[]) rows.push(measure(name, unit, texts));
  }
  if (rows.length === 0) throw new RangeError('lengths: the table has no column of text.');
  const keys = Object.keys(rows[0] as object);
  return frameOfColumns(new Map(keys.map(key => [key, rows.map(row => row[key])])), 'lengths');
}

function measure(
  column: string,
  unit: keyof typeof UNITS,
  texts: readonly unknown[],
): Record<string, unknown> {
  const sizes: number[] = [];
  let empty = 0;
  let longest: number | null = null;
  let most = -1;
  for (const [row, text] of texts.entries()) {
    if (typeof text !== 'string' || text.trim() === '') empty++;
    if (typeof text !== 'string') continue;
    const size = UNITS[unit](text);
    sizes.push(size);
    if (size > most) [longest, most] = [row, size];
  }
  const sorted = Float64Array.from(sizes).sort();
  const found = sizes.length > 0 ? statistics(sorted) : undefined;
  return {
    column,
    unit,
    count: sizes.length,
    empty,
    mean: found?.mean ?? null,
    min: found?.min ?? null,
    q25: found?.q25 ?? null,
    median: found?.median ?? null,
    q75: found?.q75 ?? null,
    q95: found ? quantile(sorted, 0.95) : null,
    max: found?.max ?? null,
    longestRow: longest,
  };
}
