/** `map`: new columns made from the rows that are there. */

import { progress } from '../../host.ts';
import { isPlainObject, setField } from '../columns/nested.ts';
import { showValue } from '../columns/showValue.ts';
import type { Row } from '../jsonl.ts';
import { noColumn, type Table, TableBuilder } from '../table.ts';
import { pickColumns, sliceRows, typedColumn, withColumns } from '../views.ts';
import { type Call, caller } from './call.ts';
import { keepTypes } from './keepTypes.ts';
import { checkBatchSize, PROGRESS_DELAY } from './options.ts';
import { isPromise, type Steps } from './steps.ts';

/** Rows by column: for each column its values, in the rows' order. */
export type Columns = Record<string, unknown[]>;

export interface MapSettings {
  readonly batched: boolean;
  readonly batchSize: number;
  readonly dropLastBatch: boolean;
  readonly removeColumns: readonly string[];
  readonly withIndices: boolean;
  readonly desc: string;
}

/** Yields the promises that the function returns; returns the table with the function's columns in it. */
export function mapTable(table: Table, apply: unknown, settings: MapSettings): Steps<Table> {
  const call = caller('map', apply, settings.withIndices);
  for (const name of settings.removeColumns) {
    if (!table.features.has(name)) throw noColumn(name, table.features.keys());
  }
  if (settings.batched) checkBatchSize(settings.batchSize);
  return settings.batched ? mapBatches(table, call, settings) : mapRows(table, call, settings);
}

function* mapRows(table: Table, call: Call, settings: MapSettings): Steps<Table> {
  const { removeColumns, desc } = settings;
  const builder = new TableBuilder(undefined, originals(table, removeColumns));
  const bar = progress(table.rowCount, { description: desc, unit: 'rows', delay: PROGRESS_DELAY });
  try {
    for (let i = 0; i < table.rowCount; i++) {
      let result = call(table.row(i), i);
      if (isPromise(result)) result = yield result;
      if (!hasColumns(result)) throw new TypeError(noObject(result, `row ${i}`));
      builder.push(result);
      bar.update();
    }
  } finally {
    bar.close();
  }
  return merge(table, builder.finish(), removeColumns);
}

function* mapBatches(table: Table, call: Call, settings: MapSettings): Steps<Table> {
  const { batchSize, removeColumns, desc } = settings;
  const rowCount = settings.dropLastBatch
    ? Math.floor(table.rowCount / batchSize) * batchSize
    : table.rowCount;
  const source = sliceRows(table, 0, rowCount);
  const builder = new TableBuilder(undefined, originals(source, removeColumns));
  const bar = progress(rowCount, { description: desc, unit: 'rows', delay: PROGRESS_DELAY });
  let resized: string | undefined;
  let names: string | undefined;
  let others: string | undefined;
  try {
    for (let start = 0; start < rowCount; start += batchSize) {
      const count = Math.min(batchSize, rowCount - start);
      const batch = columnsOf(source, start, start + count);
      const indices = Array.from({ length: count }, (_, i) => start + i);
      let result = call(batch, indices);
      if (isPromise(result)) result = yield result;
      const columns = checkColumns(result, start);
      const made = [...columns.values()][0]?.length ?? count;
      if (made !== count) resized ??= `${made} rows for ${count} at row ${start}`;
      const own = [...columns.keys()].sort().join(', ');
      names ??= own;
      if (own !== names) others ??= `${own || 'none'} for the batch at row ${start}`;
      builder.pushColumns(columns, made);
      bar.update(count);
    }
  } finally {
    bar.close();
  }
  const made = builder.finish();
  if (resized === undefined) return merge(source, made, removeColumns);
  if (others !== undefined) {
    throw new RangeError(
      `map's function returned ${resized}, and the columns ${names || 'none'} at first but ${others}; ` +
        'where it changes the number of rows, it must return the same columns for each batch.',
    );
  }
  const kept = [...source.features.keys()].filter(
    name => !removeColumns.includes(name) && !made.features.has(name),
  );
  if (kept.length > 0) {
    throw new RangeError(
      `map's function returned ${resized}, and the columns that it does not return keep their rows; ` +
        `name them in removeColumns: ${kept.join(', ')}.`,
    );
  }
  return keepTypes(made, source.features);
}

/** The table without the removed columns and with the made ones, which keep the places of those they replace. */
function merge(table: Table, made: Table, removed: readonly string[]): Table {
  const typed = keepTypes(made, table.features);
  const kept = [...table.features.keys()].filter(name => !removed.includes(name));
  const columns = [...typed.features.keys()].map(name => [name, typedColumn(typed, name)] as const);
  return withColumns(pickColumns(table, new Map(kept.map(name => [name, name]))), new Map(columns));
}

/** What a row keeps in a column that the function returned for other rows only. */
function originals(table: Table, removed: readonly string[]): (name: string, row: number) => unknown {
  return (name, row) =>
    table.features.has(name) && !removed.includes(name) && row < table.rowCount
      ? table.column(name).get(row)
      : null;
}

/** Rows `start` to `end`, without `end`, by column. */
export function columnsOf(table: Table, start: number, end: number): Columns {
  const columns: Columns = {};
  for (const name of table.features.keys()) {
    const column = table.column(name);
    setField(
      columns,
      name,
      Array.from({ length: end - start }, (_, i) => column.get(start + i)),
    );
  }
  return columns;
}

/** @throws if a batch function did not return columns of equal length */
export function checkColumns(result: unknown, start: number): Map<string, ArrayLike<unknown>> {
  const batch = `the batch at row ${start}`;
  if (!hasColumns(result)) throw new TypeError(noObject(result, batch));
  const columns = new Map<string, ArrayLike<unknown>>();
  for (const [name, values] of Object.entries(result)) {
    if (!Array.isArray(values) && !(ArrayBuffer.isView(values) && !(values instanceof DataView))) {
      throw new TypeError(
        `map's function returned ${showValue(values)} as column "${name}" for ${batch}; ` +
          'with batched: true each column is an array with a value for each row.',
      );
    }
    columns.set(name, values as ArrayLike<unknown>);
  }
  const lengths = [...columns].map(([name, values]) => `${name} ${values.length}`);
  if (new Set([...columns.values()].map(values => values.length)).size > 1) {
    throw new RangeError(
      `map's function returned columns of unequal length for ${batch}: ${lengths.join(', ')}.`,
    );
  }
  return columns;
}

/** Whether a function returned columns: a plain object, or one of a class that keeps them as properties, as an encoding does. */
export function hasColumns(result: unknown): result is Row {
  if (isPlainObject(result)) return true;
  if (typeof result !== 'object' || result === null || Symbol.iterator in result) return false;
  return Object.keys(result).length > 0;
}

export function noObject(result: unknown, place: string): string {
  const advice =
    result === undefined
      ? ' An arrow function that returns an object needs parentheses around it: row => ({ … }).'
      : '';
  return `map's function returned ${showValue(result)} for ${place}; it must return an object of columns.${advice}`;
}
