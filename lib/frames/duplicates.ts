/** Rows that repeat. */
import { type Frame, frameOfColumns } from '../arquero/index.ts';
import type { Columns, Tabular } from '../datasets/index.ts';
import { columnsOf } from './convert.ts';
import { isMissing, keyOf } from './values.ts';

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
  const found = repeated(values)
    .sort((a, b) => b.length - a.length)
    .map(rows => ({
      rows,
      isExact: rows.every(row => values.every(column => same(column[row], column[rows[0]!]))),
    }));
  const first = found.map(({ rows }) => rows[0] as number);
  return frameOfColumns(
    new Map<string, ArrayLike<unknown>>([
      ['match', found.map(({ isExact }) => (isExact ? 'exact' : 'normalized'))],
      ['count', found.map(({ rows }) => rows.length)],
      ['rows', found.map(({ rows }) => rows)],
      ...names.map((name, i): [string, unknown[]] => [name, first.map(row => values[i]?.[row] ?? null)]),
    ]),
    'duplicates',
  );
}

/** The rows of each group that has several, in order; a group shares the normalized values of all columns. */
function repeated(columns: readonly ArrayLike<unknown>[]): number[][] {
  // The column with the most values leaves the fewest rows to look at.
  const coded = columns.map(codesOf).sort((a, b) => b.limit - a.limit);
  let rows = new Uint32Array(columns[0]?.length ?? 0).map((_, row) => row);
  const groups = new Uint32Array(rows.length);
  let limit = 1;
  for (const column of coded) {
    const ids = new Map<number, number>();
    for (const row of rows) {
      const code = column.codes[row]!;
      groups[row] = limit === 1 ? code : numberOf(ids, code * limit + groups[row]!, ids.size);
    }
    limit = limit === 1 ? column.limit : ids.size;
    const sizes = new Uint32Array(limit);
    for (const row of rows) sizes[groups[row]!]!++;
    rows = rows.filter(row => sizes[groups[row]!]! > 1);
  }
  const found = new Map<number, number[]>();
  for (const row of rows) {
    const known = found.get(groups[row]!);
    if (known) known.push(row);
    else found.set(groups[row]!, [row]);
  }
  return [...found.values()];
}

/** A number below `limit` for each value; values that differ in case or space alone share one. */
function codesOf(values: ArrayLike<unknown>): { codes: Uint32Array; limit: number } {
  const ofValues = new Map<unknown, number>();
  const ofTexts = new Map<string, number>();
  const ofObjects = new Map<string, number>();
  // Distinct, though not without gaps: texts that are written in several ways take one for each.
  const next = (): number => ofValues.size + ofTexts.size + ofObjects.size;
  const codeOf = (value: unknown): number => {
    if (isMissing(value)) return numberOf(ofValues, null, next());
    if (typeof value === 'object') return numberOf(ofObjects, keyOf(value), next());
    if (typeof value !== 'string') return numberOf(ofValues, value, next());
    return ofValues.get(value) ?? numberOf(ofValues, value, numberOf(ofTexts, normalize(value), next()));
  };
  const codes = new Uint32Array(values.length);
  for (let row = 0; row < codes.length; row++) codes[row] = codeOf(values[row]);
  return { codes, limit: next() };
}

/** The number of a key, a new one if it has none. */
function numberOf<K>(numbers: Map<K, number>, key: K, next: number): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  numbers.set(key, next);
  return next;
}

function same(a: unknown, b: unknown): boolean {
  if (a === b || (isMissing(a) && isMissing(b))) return true;
  return typeof a === 'object' && typeof b === 'object' && keyOf(a) === keyOf(b);
}

/** Printable ASCII without spaces to even out, which most short texts are. */
const PLAIN = /^(?! )(?:[!-~]| (?! |$))*$/;

function normalize(text: string): string {
  const lower = PLAIN.test(text) ? text : text.normalize('NFKC').replace(/\s+/g, ' ').trim();
  return lower.toLowerCase();
}

/** @throws naming the columns there are */
export function valuesOf(columns: Columns, name: string, caller: string): ArrayLike<unknown> {
  if (columns.names.includes(name)) return columns.values(name);
  throw new RangeError(
    `${caller}: there is no column "${name}"; the columns are: ${columns.names.join(', ') || '(none)'}.`,
  );
}
