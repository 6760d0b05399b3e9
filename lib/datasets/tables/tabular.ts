/** Tables of any library, known by their methods rather than their classes, read column by column. */
import { SplitMap } from '../splitMap.ts';
import { arrowValues } from './arrowValues.ts';
import { arrowTable } from './flechette.ts';
import { columnsOfRows } from './rows.ts';

/** A data frame that answers as arquero's tables do. */
export interface FrameLike {
  columnNames(): string[];
  array(name: string): ArrayLike<unknown>;
}

/** A data set: named columns, and either a way to read one or rows to iterate over. */
interface DatasetLike {
  readonly columnNames: readonly string[];
  readonly numRows: number;
  column?(name: string): Iterable<unknown> | ArrayLike<unknown>;
  [Symbol.iterator]?(): Iterator<unknown>;
}

/** A table of apache-arrow or of `@uwdata/flechette`. */
export interface ArrowTableLike {
  readonly numRows: number;
  readonly schema: { readonly fields: readonly { readonly name: string; readonly type: unknown }[] };
  getChildAt(index: number): unknown;
}

/** A danfo.js data frame. */
interface DanfoLike {
  readonly columns: string[];
  readonly values: unknown;
  readonly $data: unknown;
}

/** A polars data frame. */
interface PolarsLike {
  readonly columns: string[];
  readonly height: number;
  /** The bytes of an Arrow file. */
  writeIPC(): Uint8Array;
}

/** Anything with named columns: a frame of any library, a data set, row objects, or an object of columns. */
export type Tabular =
  | FrameLike
  | DatasetLike
  | ArrowTableLike
  | DanfoLike
  | PolarsLike
  | readonly object[]
  | Readonly<Record<string, Iterable<unknown> & object>>;

/** A table's columns, read when they are asked for. */
export interface Columns {
  readonly names: readonly string[];
  /** @param name one of `names` */
  values(name: string): ArrayLike<unknown>;
}

/**
 * The columns of any table; undefined for values that are none.
 *
 * @throws for splits, of which one is to be chosen
 */
export function openColumns(value: unknown): Columns | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (value instanceof SplitMap) {
    const names = value.keys().join(', ');
    throw new TypeError(`These are several data sets; choose one of the splits: ${names}.`);
  }
  if (isFrame(value)) return { names: value.columnNames(), values: name => value.array(name) };
  if (isPolars(value)) return polarsColumns(value);
  if (isDataset(value)) return datasetColumns(value);
  if (isArrow(value)) {
    const names = value.schema.fields.map(field => field.name);
    return { names, values: name => arrowValues(value, names.indexOf(name)) };
  }
  if (isDanfo(value)) return danfoColumns(value);
  if (Array.isArray(value)) {
    return value.every(isRow) ? ofMap(columnsOfRows(value, 'rows')) : undefined;
  }
  // Rows that come one after another, whatever else the object that gives them has.
  if (Symbol.iterator in value || Symbol.asyncIterator in value || !isRow(value)) return undefined;
  const entries = Object.entries(value);
  if (entries.length === 0 || !entries.every(([, column]) => isSequence(column))) return undefined;
  return ofMap(new Map(entries.map(([name, column]) => [name, toArrayLike(column as Iterable<unknown>)])));
}

/** Whether a value is an arquero table or answers as one. */
function isFrame(value: unknown): value is FrameLike {
  const { columnNames, array } = Object(value) as Partial<FrameLike>;
  return typeof columnNames === 'function' && typeof array === 'function';
}

function isDataset(value: object): value is DatasetLike {
  const { columnNames, numRows, column } = value as Partial<DatasetLike>;
  return (
    Array.isArray(columnNames) &&
    typeof numRows === 'number' &&
    (typeof column === 'function' || Symbol.iterator in value)
  );
}

function isArrow(value: object): value is ArrowTableLike {
  const { schema, getChildAt } = value as Partial<ArrowTableLike>;
  return typeof getChildAt === 'function' && Array.isArray(schema?.fields);
}

function isDanfo(value: object): value is DanfoLike {
  return '$columns' in value && '$data' in value;
}

function isPolars(value: object): value is PolarsLike {
  const { writeIPC, height } = value as Partial<PolarsLike>;
  return typeof writeIPC === 'function' && typeof height === 'number';
}

function isRow(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !isSequence(value) &&
    !(value instanceof Date) &&
    !(value instanceof Promise)
  );
}

function isSequence(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

function datasetColumns(data: DatasetLike): Columns {
  const names = data.columnNames;
  if (typeof data.column === 'function') {
    return { names, values: name => toArrayLike((data.column as NonNullable<DatasetLike['column']>)(name)) };
  }
  let columns: ReadonlyMap<string, unknown[]> | undefined;
  return {
    names,
    values: name => {
      columns ??= columnsOfRows(data as Iterable<unknown>, 'data set');
      return columns.get(name) ?? new Array<null>(data.numRows).fill(null);
    },
  };
}

/** By way of Arrow: polars' own arrays round whole numbers of 64 bits, and there are none of bytes and decimals. */
function polarsColumns(frame: PolarsLike): Columns {
  let arrow: Columns | undefined;
  return {
    names: frame.columns,
    values: name => {
      arrow ??= openColumns(arrowTable(frame.writeIPC()));
      return (arrow as Columns).values(name);
    },
  };
}

/** danfo keeps rows, or the values alone for a series. */
function danfoColumns(frame: DanfoLike): Columns {
  const { columns: names, values } = frame;
  const rows = values as readonly unknown[];
  if ((frame as { $isSeries?: boolean }).$isSeries) return { names, values: () => rows };
  return { names, values: name => rows.map(row => (row as unknown[])[names.indexOf(name)]) };
}

function ofMap(columns: ReadonlyMap<string, ArrayLike<unknown>>): Columns {
  return { names: [...columns.keys()], values: name => columns.get(name) as ArrayLike<unknown> };
}

function toArrayLike(values: Iterable<unknown> | ArrayLike<unknown>): ArrayLike<unknown> {
  return Array.isArray(values) || (ArrayBuffer.isView(values) && !(values instanceof DataView))
    ? (values as unknown as ArrayLike<unknown>)
    : Array.from(values);
}
