/** The columns that a data set's rows are read from. */
import { ColumnBuilder } from './columns/builder.ts';
import { type NumericArray, typedArrayDtype } from './columns/growing.ts';
import { setField } from './columns/nested.ts';
import { NumberStore } from './columns/numbers.ts';
import { showValue } from './columns/showValue.ts';
import { type Feature, type FeatureMap, value } from './features.ts';
import type { Row } from './jsonl.ts';

/** The values of one column; `null` where a row has none. */
export interface Column {
  readonly length: number;
  get(index: number): unknown;
}

/** Columns of equal length; in memory, or read from a file when asked for. */
export interface Table {
  readonly rowCount: number;
  readonly features: FeatureMap;
  /** @throws if there is no such column */
  column(name: string): Column;
  /** Row `index`, from 0, with every column, as a fresh object. */
  row(index: number): Row;
}

/** A column with its type. */
export interface TypedColumn {
  readonly feature: Feature;
  readonly column: Column;
}

/** A table put together of columns of equal length. */
export class ColumnTable implements Table {
  readonly rowCount: number;
  readonly features: FeatureMap;
  readonly #columns: readonly (readonly [string, Column])[];

  constructor(rowCount: number, columns: ReadonlyMap<string, TypedColumn>) {
    this.rowCount = rowCount;
    this.features = new Map([...columns].map(([name, { feature }]) => [name, feature]));
    this.#columns = [...columns].map(([name, { column }]) => [name, column] as const);
  }

  column(name: string): Column {
    for (const [own, column] of this.#columns) if (own === name) return column;
    throw noColumn(name, this.features.keys());
  }

  row(index: number): Row {
    const row: Row = {};
    for (const [name, column] of this.#columns) setField(row, name, column.get(index));
    return row;
  }
}

/**
 * A table of row objects. The columns are all the keys that any row has, in order of first appearance; what a row
 * lacks is null.
 *
 * @param features the columns' types, where they are not to be inferred; then a row may have no other keys
 * @throws naming column and row of a value that cannot be kept, or is not of its column's type
 */
export function tableOfRows(rows: Iterable<object>, features?: FeatureMap): Table {
  const builder = new TableBuilder(features);
  for (const row of rows) builder.push(row);
  return builder.finish();
}

/**
 * A table of columns. Typed arrays are copied and keep their type; other values are looked at one by one.
 *
 * @throws if one is no array, columns differ in length, or naming column and row of a value that cannot be kept
 */
export function tableOfColumns(
  columns: ReadonlyMap<string, ArrayLike<unknown>>,
  features?: FeatureMap,
): Table {
  for (const [name, values] of columns) checkColumn(name, values);
  const lengths = [...columns].map(([name, values]) => `"${name}" ${values.length}`);
  if (new Set([...columns.values()].map(values => values.length)).size > 1) {
    throw new RangeError(`Columns must be equally long, but have ${lengths.join(', ')} values.`);
  }
  if (features) checkSameNames(columns, features);
  const rowCount = [...columns.values()][0]?.length ?? 0;
  const names = features ? [...features.keys()] : [...columns.keys()];
  return new ColumnTable(
    rowCount,
    new Map(names.map(name => [name, columnOf(name, columns.get(name)!, features?.get(name))])),
  );
}

/**
 * @param taken what the values of a column may be, for the message
 * @throws if they are no array or typed array
 */
export function checkColumn(name: string, values: unknown, taken = 'an array or a typed array'): void {
  if (typeof values === 'object' && Number.isInteger((values as ArrayLike<unknown> | null)?.length)) return;
  throw new TypeError(`Column "${name}" must be ${taken}, not ${showValue(values)}.`);
}

/** The types that a data set of these rows would have. */
export function inferFeatures(rows: Iterable<object>): FeatureMap {
  return tableOfRows(rows).features;
}

/** A column of values, in memory. */
export function columnOf(name: string, values: ArrayLike<unknown>, feature?: Feature): TypedColumn {
  const dtype = feature ? undefined : typedArrayDtype(values);
  // Bigints are kept as numbers where these hold them.
  if (dtype && !dtype.endsWith('int64')) {
    const column = new NumberStore(dtype, (values as NumericArray).slice());
    return { feature: column.feature, column };
  }
  const builder = new ColumnBuilder(feature ?? (dtype && value(dtype)));
  for (let i = 0; i < values.length; i++) pushAt(builder, values[i], name, i);
  return { feature: builder.feature, column: builder.finish() };
}

/** Builds a table of rows that come one by one. */
export class TableBuilder {
  readonly #features: FeatureMap | undefined;
  readonly #missing: (name: string, row: number) => unknown;
  readonly #builders = new Map<string, ColumnBuilder>();
  #rows = 0;

  /** @param missing what a row has in a column that it lacks and others have */
  constructor(features?: FeatureMap, missing: (name: string, row: number) => unknown = () => null) {
    this.#features = features;
    this.#missing = missing;
    for (const [name, feature] of features ?? []) this.#builders.set(name, new ColumnBuilder(feature));
  }

  push(row: object): void {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      const kind = Array.isArray(row) ? 'an array' : String(row);
      throw new TypeError(`Row ${this.#rows} is ${kind}, not an object of columns.`);
    }
    let known = 0;
    for (const name of Object.keys(row)) {
      const builder = this.#builders.get(name) ?? this.#addColumn(name);
      pushAt(builder, (row as Row)[name], name, this.#rows);
      known++;
    }
    this.#rows++;
    // A row that has all columns, as most do, needs no second look.
    if (known < this.#builders.size) this.#fill();
  }

  /** Adds rows as columns of equal length; a row's number is then that of the first. */
  pushColumns(columns: ReadonlyMap<string, ArrayLike<unknown>>, count: number): void {
    for (const [name, values] of columns) {
      const builder = this.#builders.get(name) ?? this.#addColumn(name);
      for (let i = 0; i < count; i++) pushAt(builder, values[i], name, this.#rows + i);
    }
    this.#rows += count;
    if (columns.size < this.#builders.size) this.#fill();
  }

  finish(): Table {
    const columns = [...this.#builders].map(
      ([name, builder]) => [name, { feature: builder.feature, column: builder.finish() }] as const,
    );
    return new ColumnTable(this.#rows, new Map(columns));
  }

  #addColumn(name: string): ColumnBuilder {
    if (this.#features) throw noColumn(name, this.#features.keys());
    const builder = new ColumnBuilder();
    this.#builders.set(name, builder);
    this.#fillColumn(name, builder);
    return builder;
  }

  #fill(): void {
    for (const [name, builder] of this.#builders) this.#fillColumn(name, builder);
  }

  #fillColumn(name: string, builder: ColumnBuilder): void {
    for (let i = builder.length; i < this.#rows; i++) pushAt(builder, this.#missing(name, i), name, i);
  }
}

/** The error for a column that is not there; it lists those that are. */
export function noColumn(name: string, names: Iterable<string>): RangeError {
  const known = [...names].join(', ');
  return new RangeError(`There is no column "${name}"; the columns are: ${known || '(none)'}.`);
}

export function columnTaken(name: string): RangeError {
  return new RangeError(`There is a column "${name}" already; remove or rename it first.`);
}

/** Adds a value to a column; errors say where it was. */
export function pushAt(builder: ColumnBuilder, value: unknown, name: string, row: number): void {
  try {
    builder.push(value);
  } catch (error) {
    if (error instanceof Error) {
      const message = `Column "${name}", row ${row}: ${error.message}.`;
      // Not assigned, which throws where an error of the value's own, such as a DOMException, does not let it.
      Reflect.defineProperty(error, 'message', { value: message, writable: true, configurable: true });
    }
    throw error;
  }
}

function checkSameNames(columns: ReadonlyMap<string, unknown>, features: FeatureMap): void {
  for (const name of columns.keys()) if (!features.has(name)) throw noColumn(name, features.keys());
  for (const name of features.keys()) if (!columns.has(name)) throw noColumn(name, columns.keys());
}
