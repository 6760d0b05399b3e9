/** The verbs of rows that come one by one. */
import { setField } from '../columns/nested.ts';
import type { Row } from '../jsonl.ts';
import { RandomGenerator } from '../random/generator.ts';
import { noColumn } from '../table.ts';
import { caller } from './call.ts';
import { checkAnswers } from './filter.ts';
import { type Columns, checkColumns, hasColumns, noObject } from './map.ts';

interface Settings {
  readonly batched?: boolean;
  readonly batchSize: number;
  readonly dropLastBatch?: boolean;
  readonly withIndices?: boolean;
}

/** As in Python, so that what is drawn after them is the same. */
const PLACES_DRAWN_AT_ONCE = 1000;

type Rows = AsyncGenerator<object, void, undefined>;

/** A batch of rows by column, and the index of its first row. */
interface StreamBatch {
  readonly start: number;
  readonly count: number;
  readonly columns: Columns;
}

/** Rows in batches; a row without a column that others of its batch have has null there. */
export async function* batchStream(
  rows: AsyncIterable<object>,
  batchSize: number,
  dropLastBatch = false,
): AsyncGenerator<StreamBatch, void, undefined> {
  let pending: object[] = [];
  let start = 0;
  for await (const row of rows) {
    pending.push(row);
    if (pending.length < batchSize) continue;
    yield { start, count: pending.length, columns: toColumns(pending) };
    start += pending.length;
    pending = [];
  }
  if (pending.length > 0 && !dropLastBatch) {
    yield { start, count: pending.length, columns: toColumns(pending) };
  }
}

export async function* mapStream(
  rows: AsyncIterable<object>,
  apply: unknown,
  settings: Settings & { readonly removeColumns: readonly string[] },
): Rows {
  const { removeColumns } = settings;
  const call = caller('map', apply, settings.withIndices);
  if (!settings.batched) {
    let index = 0;
    for await (const row of rows) {
      const kept = without(row, removeColumns);
      const result: unknown = await call(row, index);
      if (!hasColumns(result)) throw new TypeError(noObject(result, `row ${index}`));
      for (const name of Object.keys(result)) setField(kept, name, result[name]);
      index++;
      yield kept;
    }
    return;
  }
  for await (const { start, count, columns } of batchStream(
    rows,
    settings.batchSize,
    settings.dropLastBatch,
  )) {
    const indices = Array.from({ length: count }, (_, i) => start + i);
    const kept = without(columns, removeColumns);
    const result: unknown = await call(columns, indices);
    const made = checkColumns(result, start);
    const size = [...made.values()][0]?.length ?? count;
    const old = Object.keys(kept).filter(name => !made.has(name));
    if (size !== count && old.length > 0) {
      throw new RangeError(
        `map's function returned ${size} rows for ${count} at row ${start}, and the columns that it does not return ` +
          `keep their rows; name them in removeColumns: ${old.join(', ')}.`,
      );
    }
    for (const [name, values] of made) setField(kept, name, values);
    for (let i = 0; i < size; i++) yield rowOf(kept as Record<string, ArrayLike<unknown>>, i);
  }
}

export async function* filterStream(rows: AsyncIterable<object>, test: unknown, settings: Settings): Rows {
  const call = caller('filter', test, settings.withIndices);
  if (!settings.batched) {
    let index = 0;
    for await (const row of rows) if (await call(row, index++)) yield row;
    return;
  }
  for await (const { start, count, columns } of batchStream(rows, settings.batchSize)) {
    const indices = Array.from({ length: count }, (_, i) => start + i);
    const result: unknown = await call(columns, indices);
    for (const i of checkAnswers(result, count, start)) yield rowOf(columns, i);
  }
}

/** As Python's shuffle buffer: once it is full, each row takes the place of one drawn; the rest is shuffled. */
export async function* shuffleStream<T>(
  rows: AsyncIterable<T>,
  bufferSize: number,
  seed: number | undefined,
): AsyncGenerator<T, void, undefined> {
  const random = new RandomGenerator(seed);
  const buffer: T[] = [];
  let places: number[] = [];
  for await (const row of rows) {
    if (buffer.length < bufferSize) {
      buffer.push(row);
      continue;
    }
    if (places.length === 0) {
      places = Array.from({ length: PLACES_DRAWN_AT_ONCE }, () => random.integer(bufferSize)).reverse();
    }
    const place = places.pop()!;
    yield buffer[place]!;
    buffer[place] = row;
  }
  random.shuffle(buffer);
  yield* buffer;
}

function toColumns(rows: readonly object[]): Columns {
  const columns: Columns = {};
  const names = new Set(rows.flatMap(row => Object.keys(row)));
  for (const name of names) {
    setField(
      columns,
      name,
      rows.map(row => (Object.hasOwn(row, name) ? (row as Row)[name] : null)),
    );
  }
  return columns;
}

function rowOf(columns: Readonly<Record<string, ArrayLike<unknown>>>, index: number): Row {
  const row: Row = {};
  for (const name of Object.keys(columns)) setField(row, name, columns[name]![index]);
  return row;
}

function without(row: object, removed: readonly string[]): Row {
  const names = Object.keys(row);
  for (const name of removed) if (!names.includes(name)) throw noColumn(name, names);
  const kept: Row = {};
  for (const name of names) if (!removed.includes(name)) setField(kept, name, (row as Row)[name]);
  return kept;
}
