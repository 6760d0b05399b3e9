/** Tables from one library to another. */
import type { Column as ArrowColumn } from '@uwdata/flechette';
import { type Frame, frameOfColumns, loadArquero } from '../arquero/index.ts';
import {
  arrowTable,
  type Columns,
  Dataset,
  IterableDataset,
  loadFlechette,
  openColumns,
  type Tabular,
  tableToArrow,
} from '../datasets/index.ts';

type Flechette = typeof import('@uwdata/flechette');

/**
 * An arquero table of any table: a frame of danfo, polars or Arrow, a data set, row objects, or an object of columns.
 *
 * An arquero table is returned as it is. Whole numbers that arrive as bigints become numbers where no digit is lost.
 *
 * @throws if the value has no columns
 * @example const df = toArquero([{ task: 'arc', accuracy: 0.31 }, { task: 'mmlu', accuracy: 0.25 }]);
 */
export function toArquero(table: Tabular): Frame {
  const { ColumnTable } = loadArquero();
  if (table instanceof ColumnTable) return table;
  const columns = columnsOf(table, 'toArquero');
  return frameOfColumns(new Map(columns.names.map(name => [name, columns.values(name)])), 'toArquero');
}

/**
 * The rows of any table as objects.
 *
 * @throws if the value has no columns
 * @example const rows = toRows(await sql`SELECT 1 AS step, 2.5 AS loss`);
 */
export function toRows(table: Tabular): Record<string, unknown>[] {
  const columns = columnsOf(table, 'toRows');
  const values = columns.names.map(name => columns.values(name));
  return Array.from({ length: values[0]?.length ?? 0 }, (_, row) =>
    Object.fromEntries(columns.names.map((name, i) => [name, values[i]?.[row] ?? null])),
  );
}

/**
 * A frame of an Arrow table (of apache-arrow or flechette) or of Arrow IPC bytes, as a file or a stream. Whole numbers of
 * 64 bits become numbers where no digit is lost.
 *
 * @throws if the bytes are no Arrow data
 * @example const df = fromArrow(toArrow([{ step: 1, loss: 2.5 }]));
 */
export function fromArrow(source: Tabular | Uint8Array | ArrayBuffer): Frame {
  if (!(source instanceof ArrayBuffer || source instanceof Uint8Array)) return toArquero(source);
  return toArquero(readArrow(source, 'fromArrow'));
}

/**
 * A flechette table of Arrow IPC bytes.
 *
 * @param origin what an error names: a file or a function
 * @throws if the bytes are no Arrow data, or cut off
 */
export function readArrow(bytes: Uint8Array | ArrayBuffer, origin: string): Tabular {
  const whole = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
  const start = Buffer.from(whole.subarray(0, MAGIC.length)).toString('latin1');
  const end = Buffer.from(whole.subarray(-MAGIC.length)).toString('latin1');
  try {
    // flechette takes no bytes for a table without columns, and stumbles over a file without its end.
    if (start.length < MAGIC.length) throw new RangeError('there are no columns');
    if (start === MAGIC && end !== MAGIC) throw new RangeError('its end is missing');
    return arrowTable(bytes);
  } catch (error) {
    const reason = (error as Error).message.replace(/\.$/, '');
    throw new SyntaxError(`${origin}: this is no Arrow data, or it is cut off: ${reason}.`);
  }
}

/** What the file form of Arrow data, unlike the stream, begins and ends with. */
const MAGIC = 'ARROW1';

/**
 * Any table as the bytes of an Arrow IPC stream, which Python's pyarrow and polars, R, DuckDB and apache-arrow read. The
 * columns of a data set keep their types; those of other tables are inferred from the values.
 *
 * @throws if the value has no columns, or a column mixes types that Arrow keeps apart
 * @example await writeFile('docs.arrows', toArrow(df));
 */
export function toArrow(table: Tabular): Uint8Array {
  const arrow = loadFlechette();
  if (table instanceof Dataset) return tableToArrow(arrow, table.table);
  const columns = columnsOf(table, 'toArrow');
  const encoded = columns.names.map((name): [string, ArrowColumn<unknown>] => {
    const values = columns.values(name);
    try {
      return [name, arrowColumn(arrow, values)];
    } catch (error) {
      const kinds = new Set(Array.from(values, value => (value === null ? 'null' : typeof value)));
      throw new TypeError(
        `toArrow: the values of "${name}" (${[...kinds].join(', ')}) have no common Arrow type; make them one type first.`,
        { cause: error },
      );
    }
  });
  return arrow.tableToIPC(arrow.tableFromColumns(encoded), { format: 'stream' }) as Uint8Array;
}

/** A column of bigints is of int64 if they fit, else of uint64 if they fit. */
const MAX_INT64 = 2n ** 63n - 1n;
const MAX_UINT64 = 2n ** 64n - 1n;

function arrowColumn(arrow: Flechette, values: ArrayLike<unknown>): ArrowColumn<unknown> {
  // flechette has no type for the clamped bytes of a canvas.
  if (values instanceof Uint8ClampedArray) return arrow.columnFromArray(Uint8Array.from(values));
  if (ArrayBuffer.isView(values)) return arrow.columnFromArray(values as never);
  const list = Array.from(values);
  const present = list.filter(value => value !== null && value !== undefined);
  if (present.length > 0 && present.every(value => value instanceof Uint8Array))
    return arrow.columnFromArray(list, arrow.binary());
  // Arrow keeps bigints and numbers apart; a column of whole numbers may have both.
  if (!present.some(value => typeof value === 'bigint')) return arrow.columnFromArray(list);
  const whole = list.map(value => (Number.isSafeInteger(value) ? BigInt(value as number) : value));
  const integers = present as (number | bigint)[];
  // flechette refuses what does not fit the type that it infers, but wraps it around in one that it is given.
  const isUnsigned =
    integers.some(value => value > MAX_INT64) && integers.every(value => value >= 0 && value <= MAX_UINT64);
  return arrow.columnFromArray(whole, isUnsigned ? arrow.uint64() : undefined);
}

/** @throws naming the function that was given something else than a table */
export function columnsOf(value: unknown, caller: string): Columns {
  const columns = openColumns(value);
  if (columns) return columns;
  if (value instanceof IterableDataset) {
    throw new TypeError(`${caller} needs all rows at once; give it await stream.toDataset().`);
  }
  const kind = value === null ? 'null' : Array.isArray(value) ? 'an array of other values' : typeof value;
  throw new TypeError(
    `${caller} needs a table (a frame, a data set, an array of row objects or an object of columns), not ${kind}.`,
  );
}
