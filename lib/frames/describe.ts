/** What is in the columns of a data frame. */
import { type Frame, frameOfColumns } from './arquero.ts';
import { columnsOf } from './convert.ts';
import { statistics } from './statistics.ts';
import type { Tabular } from './table.ts';
import { codePoints } from './text.ts';

/** What kind of values a column holds; `mixed` where rows disagree, `empty` where there is none. */
type ColumnType = 'integer' | 'number' | 'text' | 'boolean' | 'date' | 'list' | 'object' | 'mixed' | 'empty';

interface ColumnSummary {
  readonly column: string;
  readonly type: ColumnType;
  /** Rows with a value, and without one: null, undefined, NaN and dates of no time. */
  readonly count: number;
  readonly nulls: number;
  readonly unique: number;
  /** The commonest value and how often it occurs; no value where none occurs twice. */
  readonly top: unknown;
  readonly frequency: number | null;
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

/**
 * Summarises a table, one row for each column: type, count, nulls, unique values, the commonest value and how often it
 * occurs, and mean, standard deviation (n − 1), minimum, quartiles (interpolated, as in pandas) and maximum, which for
 * text are of its length in characters (code points) and for lists of their number of items; the mean of a column of
 * booleans is the share that is true.
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
    ...common,
    top: type === 'date' && common.top !== null ? new Date(common.top as number) : common.top,
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

type Commonest = Pick<ColumnSummary, 'unique' | 'top' | 'frequency'>;

/** The value that occurs most often, the first of several. */
function commonest(values: ArrayLike<unknown>): Commonest {
  const counts = new Map<unknown, number>();
  let [top, frequency]: [unknown, number] = [null, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (isMissing(value)) continue;
    const key = typeof value === 'object' ? keyOf(value) : value;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  for (const [key, count] of counts) if (count > frequency) [top, frequency] = [key, count];
  const unique = counts.size;
  if (frequency < 2) return { unique, top: null, frequency: frequency || null };
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    // Objects were counted by their content; one of them stands for all.
    if (typeof value === 'object' && value !== null && keyOf(value) === top)
      return { unique, top: value, frequency };
  }
  return { unique, top, frequency };
}

/** Numbers and times are sorted already, and a table of a million of them would take seconds. */
function commonestOfSorted(sorted: Float64Array): Commonest {
  let [unique, top, frequency] = [0, Number.NaN, 0];
  for (let start = 0; start < sorted.length; ) {
    let end = start + 1;
    while (end < sorted.length && sorted[end] === sorted[start]) end++;
    unique++;
    if (end - start > frequency) [top, frequency] = [sorted[start] as number, end - start];
    start = end;
  }
  return { unique, top: frequency < 2 ? null : top, frequency };
}

function isMissing(value: unknown): value is null | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime());
  return value === null || value === undefined || Number.isNaN(value);
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

/** Lists and objects with the same content count as one value. */
export function keyOf(value: object | null): string {
  return JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? `${item}n` : item));
}
