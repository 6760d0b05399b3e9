/** Tables from one library to another. */
import { type Frame, frameOfColumns, loadArquero } from './arquero.ts';
import { type Columns, openColumns, type Tabular } from './table.ts';

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
 * A frame of an Arrow table (of apache-arrow or flechette) or of Arrow IPC bytes, as a file or a stream.
 *
 * @throws if the bytes are no Arrow data
 * @example const df = fromArrow(toArrow([{ step: 1, loss: 2.5 }]));
 */
export function fromArrow(source: Tabular | Uint8Array | ArrayBuffer): Frame {
  if (!(source instanceof ArrayBuffer || source instanceof Uint8Array)) return toArquero(source);
  try {
    return loadArquero().fromArrow(source as Uint8Array);
  } catch (error) {
    throw new SyntaxError(`fromArrow cannot read these bytes as Arrow data: ${(error as Error).message}`);
  }
}

/**
 * Any table as the bytes of an Arrow IPC stream, which Python's pyarrow and polars, R, DuckDB and apache-arrow read.
 *
 * @throws if the value has no columns, or a column mixes types that Arrow keeps apart
 * @example await writeFile('docs.arrows', toArrow(df));
 */
export function toArrow(table: Tabular): Uint8Array {
  const { toArrowIPC } = loadArquero();
  const encode = (part: Frame): Uint8Array => toArrowIPC(part, { format: 'stream' }) as Uint8Array;
  const whole = toArquero(table);
  try {
    return encode(whole);
  } catch (error) {
    const fails = (name: string): boolean => {
      try {
        encode(whole.select(name));
        return false;
      } catch {
        return true;
      }
    };
    const name = whole.columnNames().find(fails);
    throw new TypeError(
      `toArrow: the values of "${name}" have no common Arrow type: ${(error as Error).message}`,
    );
  }
}

/** @throws naming the function that was given something else than a table */
export function columnsOf(value: unknown, caller: string): Columns {
  const columns = openColumns(value);
  if (columns) return columns;
  const kind = value === null ? 'null' : Array.isArray(value) ? 'an array of other values' : typeof value;
  throw new TypeError(
    `${caller} needs a table (a frame, a data set, an array of row objects or an object of columns), not ${kind}.`,
  );
}
