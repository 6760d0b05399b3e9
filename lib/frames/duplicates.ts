/** Rows that repeat. */

import { type Frame, frameOfColumns } from '../arquero/index.ts';
import type { Columns, Tabular } from '../datasets/index.ts';
import { columnsOf } from './convert.ts';
import { keyOf } from './describe.ts';

/**
 * Finds rows that repeat: exactly, and after upper and lower case, accents' encodings and white space are evened out.
 *
 * The result has a row for each group of alike rows, the largest first: `match` is `exact`, or `normalized` where the
 * rows differ in case or space; `count` says how many they are, `rows` which (from 0), and the columns hold the first.
 * No row of the result means no duplicates.
 *
 * @param columns the columns that must agree; all of them where none are named
 * @throws if the value has no columns, or none of that name
 * @example duplicates(docs, ['question']);
 */
export function duplicates(table: Tabular, columns?: string | readonly string[]): Frame {
  const all = columnsOf(table, 'duplicates');
  const names = columns === undefined ? all.names : typeof columns === 'string' ? [columns] : columns;
  const values = names.map(name => valuesOf(all, name, 'duplicates'));
  const groups = new Map<string, { rows: number[]; exact: Set<string> }>();
  for (let row = 0; row < (values[0]?.length ?? 0); row++) {
    const cells = values.map(column => column[row] ?? null);
    const exact = keyOf(cells);
    const key = keyOf(cells.map(cell => (typeof cell === 'string' ? normalize(cell) : cell)));
    const group = groups.get(key);
    if (group) {
      group.rows.push(row);
      group.exact.add(exact);
    } else groups.set(key, { rows: [row], exact: new Set([exact]) });
  }
  const found = [...groups.values()]
    .filter(({ rows }) => rows.length > 1)
    .sort((a, b) => b.rows.length - a.rows.length);
  const first = found.map(({ rows }) => rows[0] as number);
  return frameOfColumns(
    new Map<string, ArrayLike<unknown>>([
      ['match', found.map(({ exact }) => (exact.size === 1 ? 'exact' : 'normalized'))],
      ['count', found.map(({ rows }) => rows.length)],
      ['rows', found.map(({ rows }) => rows)],
      ...names.map((name, i): [string, unknown[]] => [name, first.map(row => values[i]?.[row] ?? null)]),
    ]),
    'duplicates',
  );
}

function normalize(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
}

/** @throws naming the columns there are */
export function valuesOf(columns: Columns, name: string, caller: string): ArrayLike<unknown> {
  if (columns.names.includes(name)) return columns.values(name);
  throw new RangeError(
    `${caller}: there is no column "${name}"; the columns are: ${columns.names.join(', ') || '(none)'}.`,
  );
}
