/** `sort`: the order of rows by the values of columns. */
import { featureName } from '../features.ts';
import { noColumn, type Table } from '../table.ts';

type Key = string | number | bigint | boolean | null;

/**
 * The rows' indices in order. Rows that are equal keep their order; NaN comes after every other value and null after
 * NaN, also in reverse, as in Arrow. Text is ordered by code point.
 *
 * @throws if a column is not there or holds lists, objects, bytes or mixed values
 */
export function sortedIndices(
  table: Table,
  columns: readonly string[],
  reverse: readonly boolean[],
): Uint32Array {
  const keys = columns.map(name => keysOf(table, name));
  const less = keys.map(values => (values.some(holdsSurrogate) ? lessByCodePoint : lessByUnit));
  const order = Uint32Array.from({ length: table.rowCount }, (_, i) => i);
  return order.sort((a, b) => {
    for (let k = 0; k < keys.length; k++) {
      const values = keys[k]!;
      const difference = compare(values[a]!, values[b]!, less[k]!, reverse[k]!);
      if (difference !== 0) return difference;
    }
    return a - b;
  });
}

function keysOf(table: Table, name: string): Key[] {
  const feature = table.features.get(name);
  if (!feature) throw noColumn(name, table.features.keys());
  const sortable =
    feature.type === 'classLabel' ||
    (feature.type === 'value' && feature.dtype !== 'json' && feature.dtype !== 'binary');
  if (!sortable) {
    throw new TypeError(
      `Column "${name}" is ${featureName(feature)} and has no order; sort by a column of numbers, text or dates.`,
    );
  }
  const column = table.column(name);
  return Array.from({ length: table.rowCount }, (_, i) => {
    const value = column.get(i);
    return value instanceof Date ? value.getTime() : (value as Key);
  });
}

type Less = (a: never, b: never) => boolean;

function compare(a: Key, b: Key, less: Less, reverse: boolean): number {
  const [rankA, rankB] = [rank(a), rank(b)];
  if (rankA !== 0 || rankB !== 0) return rankA - rankB;
  if (a === b) return 0;
  return less(a as never, b as never) === reverse ? 1 : -1;
}

function holdsSurrogate(key: Key): boolean {
  return typeof key === 'string' && /[\ud800-\udfff]/.test(key);
}

/** The order of UTF-16 units is that of code points where there are no surrogates, and quick. */
function lessByUnit(a: string, b: string): boolean {
  return a < b;
}

/** 0 for values that have an order, 1 for NaN, 2 for null. */
function rank(key: Key): number {
  if (key === null) return 2;
  return Number.isNaN(key) ? 1 : 0;
}

/** UTF-16 units order as code points do, but for surrogates, which stand for the greatest code points. */
export function lessByCodePoint(a: string, b: string): boolean {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [unitA, unitB] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (unitA === unitB) continue;
    const [astralA, astralB] = [isSurrogate(unitA), isSurrogate(unitB)];
    return astralA === astralB ? unitA < unitB : astralB;
  }
  return a.length < b.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
