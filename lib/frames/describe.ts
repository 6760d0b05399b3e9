/** What is in the columns of a data frame. */
import type { Frame } from './frame.ts';

/** What kind of values a column holds; `mixed` where rows disagree, `empty` where there is none. */
type ColumnType = 'integer' | 'number' | 'text' | 'boolean' | 'date' | 'list' | 'object' | 'mixed' | 'empty';

interface ColumnSummary {
  readonly column: string;
  readonly type: ColumnType;
  /** Rows with a value, and without one: null, undefined and NaN. */
  readonly count: number;
  readonly nulls: number;
  readonly unique: number;
  /** What min, mean and max are taken of: the values, or the lengths of texts and lists. */
  readonly of: 'values' | 'characters' | 'items' | null;
  readonly min: number | Date | null;
  readonly mean: number | null;
  readonly max: number | Date | null;
}

/**
 * Summarises a frame, one row for each column: type, count, nulls, unique values, and min, mean and max, which for text
 * are of its length in characters (code points) and for lists of their number of items; the mean of a column of
 * booleans is the share that is true.
 *
 * @throws if the value is not an arquero table
 * @example describe(await frame('datasets/tunelab_docs.jsonl'));
 */
export function describe(table: Frame): Frame {
  if (typeof table?.columnNames !== 'function' || typeof table.array !== 'function') {
    throw new TypeError('describe needs a data frame; frame(rows) makes one of an array of objects.');
  }
  const summaries = table.columnNames().map(name => summarize(name, table.array(name) as ArrayLike<unknown>));
  const names = ['column', 'type', 'count', 'nulls', 'unique', 'of', 'min', 'mean', 'max'] as const;
  const data = Object.fromEntries(names.map(name => [name, summaries.map(summary => summary[name])]));
  // The given table makes the new one, so that arquero need not be loaded here.
  return table.create({ data, names: [...names], filter: null, groups: null, order: null } as never);
}

function summarize(column: string, values: ArrayLike<unknown>): ColumnSummary {
  // One plain loop: a frame may have millions of rows.
  const unique = new Set<unknown>();
  let type: ColumnType = 'empty';
  let [count, sum, min, max] = [0, 0, Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === null || value === undefined || Number.isNaN(value)) continue;
    count++;
    unique.add(typeof value === 'object' ? keyOf(value) : value);
    const kind = kindOf(value);
    type = count === 1 ? kind : widen(type, kind);
    const size = measure(value);
    sum += size;
    if (size < min) min = size;
    if (size > max) max = size;
  }
  const of = MEASURED[type];
  const measured = of !== null && count > 0;
  const asValue = (size: number): number | Date => (type === 'date' ? new Date(size) : size);
  return {
    column,
    type,
    count,
    nulls: values.length - count,
    unique: unique.size,
    of,
    min: measured && type !== 'boolean' ? asValue(min) : null,
    mean: measured && type !== 'date' ? sum / count : null,
    max: measured && type !== 'boolean' ? asValue(max) : null,
  };
}

const MEASURED: Readonly<Record<ColumnType, ColumnSummary['of']>> = {
  integer: 'values',
  number: 'values',
  boolean: 'values',
  date: 'values',
  text: 'characters',
  list: 'items',
  object: null,
  mixed: null,
  empty: null,
};

function kindOf(value: unknown): ColumnType {
  switch (typeof value) {
    case 'number':
      return Number.isInteger(value) ? 'integer' : 'number';
    case 'bigint':
      return 'integer';
    case 'string':
      return 'text';
    case 'boolean':
      return 'boolean';
    default:
      if (value instanceof Date) return 'date';
      return Array.isArray(value) || ArrayBuffer.isView(value) ? 'list' : 'object';
  }
}

function widen(a: ColumnType, b: ColumnType): ColumnType {
  if (a === b) return a;
  const numeric = (type: ColumnType): boolean => type === 'integer' || type === 'number';
  return numeric(a) && numeric(b) ? 'number' : 'mixed';
}

function measure(value: unknown): number {
  if (typeof value === 'string') return codePoints(value);
  if (typeof value === 'object')
    return value instanceof Date ? value.getTime() : ((value as { length?: number }).length ?? 0);
  return Number(value);
}

/** Characters as Python counts them: a surrogate pair is one. */
function codePoints(text: string): number {
  let count = text.length;
  for (let i = 0; i + 1 < text.length; i++) {
    if ((text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      count--;
      i++;
    }
  }
  return count;
}

/** Lists and objects with the same content count as one value. */
function keyOf(value: object | null): string | number {
  return value instanceof Date
    ? value.getTime()
    : JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? `${item}n` : item));
}
