/** What is in the columns of a data frame. */

import { type Frame, frameOfColumns } from '../arquero/index.ts';
import type { Tabular } from '../datasets/index.ts';
import { columnsOf } from './convert.ts';
import { statistics } from './statistics.ts';
import { codePoints } from './text.ts';
import { isMissing, keyOf } from './values.ts';

/** What kind of values a column holds; `mixed` where rows disagree, `empty` where there is none. */
type ColumnType = 'integer' | 'number' | 'text' | 'boolean' | 'date' | 'list' | 'object' | 'mixed' | 'empty';

interface ColumnSummary {
  readonly column: string;
  readonly type: ColumnType;
  /** Rows with a value, and without one: null, undefined, NaN and dates of no time. */
  readonly count: number;
  readonly nulls: number;
  readonly unique: number;
  /** The commonest values that occur more than once, and how often each of them does, most often first. */
  readonly top: readonly unknown[];
  readonly frequency: readonly number[];
  /** What the statistics are taken of: the values, or the lengths of texts and lists. */
  readonly of: 'values' | 'characters' | 'items' | null;
  readonly mean: number | Date | null;
  readonly std: number | null;
  readonly min: number | Date | null;
  readonly q25: number | Date | null;
  readonly median: number | Date | null;
  readonly q75: number | Date | null;
  readonly max: number | Date | null;
}

const NAMES = [
  'column',
  'type',
  'count',
  'nulls',
  'unique',
  'top',
  'frequency',
  'of',
  'mean',
  'std',
  'min',
  'q25',
  'median',
  'q75',
  'max',
] as const satisfies readonly (keyof ColumnSummary)[];

/** As many as a column of a notebook's table has room for. */
const TOP_VALUES = 3;

/**
 * Summarises a table, one row for each column: type, count, nulls, unique values, the three commonest values that occur
 * more than once (`top`) and how often they do (`frequency`), and mean, standard deviation (n − 1), minimum, quartiles
 * (interpolated, as in pandas) and maximum, which for text are of its length in characters (code points) and for lists of
 * their number of items; the mean of a column of booleans is the share that is true.
 *
 * @param table a frame of any library, a data set, or row objects
 * @throws if the value has no columns
 * @example describe(await frame('datasets/tunelab_docs.jsonl'));
 */
export function describe(table: Tabular): Frame {
  const columns = columnsOf(table, 'describe');
  const summaries = columns.names.map(name => summarize(name, columns.values(name)));
  return frameOfColumns(new Map(NAMES.map(name => [name, summaries.map(each => each[name])])), 'describe');
}

function summarize(column: string, values: ArrayLike<unknown>): ColumnSummary {
  // Plain loops: a frame may have millions of rows.
  const sizes = new Float64Array(values.length);
  let type: ColumnType = 'empty';
  let isWide = false;
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (isMissing(value)) continue;
    sizes[count++] = measure(value);
    if (typeof value === 'bigint') isWide = true;
    const kind = kindOf(value);
    type = count === 1 ? kind : widen(type, kind);
  }
  const of = MEASURED[type];
  const sorted = sizes.subarray(0, count);
  const found = of === null || count === 0 ? null : statistics(sorted.sort());
  const asValue = (size: number | undefined): number | Date | null => {
    if (size === undefined) return null;
    return type === 'date' ? new Date(size) : size;
  };
  const range = type === 'boolean' ? null : found;
  const isSorted = type === 'date' || ((type === 'integer' || type === 'number') && !isWide);
  const common = isSorted ? commonestOfSorted(sorted) : commonest(values);
  return {
    column,
    type,
    count,
    nulls: values.length - count,
    unique: common.unique,
    top: type === 'date' ? common.values.map(time => new Date(time as number)) : common.values,
    frequency: common.counts,
    of,
    mean: asValue(found?.mean),
    std: type === 'date' ? null : (range?.std ?? null),
    min: asValue(range?.min),
    q25: asValue(range?.q25),
    median: asValue(range?.median),
    q75: asValue(range?.q75),
    max: asValue(range?.max),
  };
}

/** Collects the values that occur most often, and more than once; of equals the first. */
class Commonest {
  unique = 0;
  readonly values: unknown[] = [];
  readonly counts: number[] = [];

  /** @param value one that was not added before */
  add(value: unknown, count: number): void {
    this.unique++;
    if (count <= (this.counts[TOP_VALUES - 1] ?? 1)) return;
    const rarer = this.counts.findIndex(other => other < count);
    const place = rarer < 0 ? this.counts.length : rarer;
    this.values.splice(place, 0, value);
    this.counts.splice(place, 0, count);
    if (this.counts.length > TOP_VALUES) {
      this.values.pop();
      this.counts.pop();
    }
  }
}

function commonest(values: ArrayLike<unknown>): Commonest {
  const counts = new Map<unknown, number>();
  // Objects are counted by their content; the first of each stands for all.
  const objects = new Map<unknown, object>();
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (isMissing(value)) continue;
    const key = typeof value === 'object' ? keyOf(value) : value;
    const count = counts.get(key) ?? 0;
    if (count === 0 && typeof value === 'object') objects.set(key, value);
    counts.set(key, count + 1);
  }
  const found = new Commonest();
  for (const [key, count] of counts) found.add(objects.get(key) ?? key, count);
  return found;
}

/** Numbers and times are sorted already, and a table of a million of them would take seconds. */
function commonestOfSorted(sorted: Float64Array): Commonest {
  const found = new Commonest();
  for (let start = 0; start < sorted.length; ) {
    let end = start + 1;
    while (end < sorted.length && sorted[end] === sorted[start]) end++;
    found.add(sorted[start], end - start);
    start = end;
  }
  return found;
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
