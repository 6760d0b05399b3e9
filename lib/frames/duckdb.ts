/** The DuckDB database of this process, and tables of ours in it. */
import type { DuckDBConnection, DuckDBDataChunk, DuckDBType } from '@duckdb/node-api';
import type { Columns } from '../datasets/index.ts';
import { requireOptional } from './optional.ts';
import { isMissing } from './values.ts';

type DuckDB = typeof import('@duckdb/node-api');

let opened: Promise<DuckDBConnection> | undefined;

/** @throws if DuckDB is not installed, with what to do */
export function loadDuckdb(): DuckDB {
  return requireOptional<DuckDB>(
    '@duckdb/node-api',
    'run %npm install @duckdb/node-api in a cell, or npm install @duckdb/node-api in a terminal.',
  );
}

/**
 * The connection that `sql` uses, to a database in memory that lives as long as the process.
 *
 * @throws if DuckDB is not installed, with what to do
 * @example const db = await duckdb(); await db.run('SET threads = 1');
 */
export function duckdb(): Promise<DuckDBConnection> {
  opened ??= loadDuckdb()
    .DuckDBInstance.create(':memory:')
    .then(instance => instance.connect());
  return opened;
}

/** How a column goes into DuckDB: a type, and each value as DuckDB's library takes it. */
interface Encoding {
  readonly type: DuckDBType;
  encode(value: unknown): unknown;
  /** Nested values travel as JSON text, and become lists and structs afterwards. */
  readonly isJson?: true;
}

const same = (value: unknown): unknown => value;
const INT32 = 2 ** 31;

/**
 * Copies columns into a new table. null, undefined and NaN become NULL; a column of mixed types becomes text.
 *
 * @param name the new table's name, as SQL has it
 */
export async function createTable(name: string, columns: Columns): Promise<void> {
  const db = await duckdb();
  const values = columns.names.map(column => columns.values(column));
  const encodings = values.map(chooseEncoding);
  const definition = columns.names.map((column, i) => `${quoted(column)} ${encodings[i]?.type}`).join(', ');
  await db.run(`CREATE TABLE ${name} (${definition})`);
  const appender = await db.createAppender(name);
  const { DuckDBDataChunk } = loadDuckdb();
  const rows = values[0]?.length ?? 0;
  for (let from = 0; from < rows; from += CHUNK_ROWS) {
    const size = Math.min(CHUNK_ROWS, rows - from);
    const chunk = DuckDBDataChunk.create(
      encodings.map(({ type }) => type),
      size,
    );
    for (const [i, column] of values.entries()) fill(chunk, i, column, from, size, encodings[i] as Encoding);
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
  for (const [i, column] of columns.names.entries()) if (encodings[i]?.isJson) await unpack(name, column);
}

/** DuckDB's vectors hold so many rows. */
const CHUNK_ROWS = 2048;

/** The hot path: a vector at a time, without an array between. */
function fill(
  chunk: DuckDBDataChunk,
  index: number,
  values: ArrayLike<unknown>,
  from: number,
  size: number,
  { encode }: Encoding,
): void {
  const vector = chunk.getColumnVector(index) as unknown as {
    setItem(row: number, value: unknown): void;
    flush(): void;
  };
  for (let row = 0; row < size; row++) {
    const value = values[from + row];
    vector.setItem(row, isMissing(value) ? null : encode(value));
  }
  vector.flush();
}

/** Turns a column of JSON text into the lists and structs that it spells. */
async function unpack(table: string, column: string): Promise<void> {
  const db = await duckdb();
  const name = quoted(column);
  const reader = await db.runAndReadAll(`SELECT json_group_structure(${name}::JSON)::VARCHAR FROM ${table}`);
  const structure = reader.getRows()[0]?.[0];
  if (typeof structure !== 'string') return;
  const literal = `'${structure.replaceAll("'", "''")}'`;
  await db.run(
    `CREATE OR REPLACE TABLE ${table} AS SELECT * REPLACE (from_json(${name}, ${literal}) AS ${name}) FROM ${table}`,
  );
}

function chooseEncoding(values: ArrayLike<unknown>): Encoding {
  const { BIGINT, BLOB, BOOLEAN, DOUBLE, FLOAT, HUGEINT, INTEGER, TIMESTAMP, VARCHAR } = loadDuckdb();
  const { DuckDBBlobValue, DuckDBTimestampValue } = loadDuckdb();
  if (values instanceof Float64Array) return { type: DOUBLE, encode: same };
  if (values instanceof Float32Array) return { type: FLOAT, encode: same };
  const kinds = new Set<string>();
  let whole = true;
  let wide = false;
  let huge = false;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (isMissing(value)) continue;
    if (value instanceof Date) kinds.add('date');
    else kinds.add(value instanceof Uint8Array ? 'bytes' : typeof value);
    if (typeof value === 'bigint' && BigInt.asIntN(64, value) !== value) huge = true;
    if (typeof value !== 'number') continue;
    if (!Number.isSafeInteger(value)) whole = false;
    else if (value >= INT32 || value < -INT32) wide = true;
  }
  if (kinds.has('bigint') && [...kinds].every(kind => kind === 'bigint' || (kind === 'number' && whole)))
    return { type: huge ? HUGEINT : BIGINT, encode: value => BigInt(value as bigint | number) };
  const kind = kinds.size === 1 ? [...kinds][0] : undefined;
  switch (kind) {
    case 'number':
      if (!whole) return { type: DOUBLE, encode: same };
      return wide
        ? { type: BIGINT, encode: value => BigInt(value as number) }
        : { type: INTEGER, encode: same };
    case 'boolean':
      return { type: BOOLEAN, encode: same };
    case 'date':
      return {
        type: TIMESTAMP,
        encode: value => new DuckDBTimestampValue(BigInt((value as Date).getTime()) * 1000n),
      };
    case 'bytes':
      return { type: BLOB, encode: value => new DuckDBBlobValue(value as Uint8Array) };
    case 'object':
      return { type: VARCHAR, encode: toJson, isJson: true };
    default:
      return { type: VARCHAR, encode: value => (typeof value === 'object' ? toJson(value) : String(value)) };
  }
}

function toJson(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => {
    if (ArrayBuffer.isView(item)) return Array.from(item as unknown as ArrayLike<number>);
    return typeof item === 'bigint' ? Number(item) : item;
  });
}

/** A name as SQL has it, whatever it contains. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
