/** Reads tables and rows from files, by their names and their first bytes. */
import type { Row } from '../jsonl.ts';
import type { Table } from '../table.ts';
import { readArrow, streamArrow } from './arrow.ts';
import type { OnBadLine } from './badLine.ts';
import { decompressed, MAX_BYTES, peek, splitCompression } from './compression.ts';
import { type CsvOptions, readCsv, streamCsv } from './csv.ts';
import { looksLikeLines, tableOfDocument } from './json.ts';
import { JsonLines, streamJsonLines } from './jsonLines.ts';
import { readLineTable } from './lineTable.ts';
import { readParquet, readParquetColumns, streamParquet } from './parquet.ts';
import { localSource, type Source } from './source.ts';
import { streamTextLines, TextLines } from './textLines.ts';

export { checkOnBadLine, type OnBadLine } from './badLine.ts';
export { parquetFeatures } from './parquet.ts';
export { localSource, type Source } from './source.ts';

/** A file format, by the name that Python's `load_dataset` has for its reader. */
export type Format = 'json' | 'csv' | 'parquet' | 'arrow' | 'text';

export interface ReadOptions extends CsvOptions {
  /** The key of a JSON object that holds the rows. */
  readonly field?: string;
  /** What to do with a line that cannot be read, or a row of CSV with too many fields; `throw` where nothing is said. */
  readonly onBadLine?: OnBadLine;
  /** How many bytes a compressed file that is loaded as a whole, as a JSON document always is, may expand to; 2 GiB where nothing is said. */
  readonly maxBytes?: number;
}

export const FORMATS: readonly Format[] = ['json', 'csv', 'parquet', 'arrow', 'text'];

const EXTENSIONS: Readonly<Record<string, Format | undefined>> = {
  '.jsonl': 'json',
  '.ndjson': 'json',
  '.json': 'json',
  '.csv': 'csv',
  '.tsv': 'csv',
  '.parquet': 'parquet',
  '.arrow': 'arrow',
  '.feather': 'arrow',
  '.txt': 'text',
};

/** Endings of file names that leave no doubt. */
const LINES: readonly string[] = ['.jsonl', '.ndjson'];

/** The endings of file names that a reader is known for. */
export const KNOWN_EXTENSIONS: readonly string[] = Object.keys(EXTENSIONS);

/** The format that a file's name announces, with or without `.gz` or `.zst` behind it. */
export function formatOf(name: string): Format | undefined {
  return EXTENSIONS[extensionOf(name)];
}

/**
 * The bytes of a file on this machine, as they were before gzip or Zstandard.
 *
 * @param maxBytes how far it may expand
 * @throws if the file cannot be read, is damaged, or expands further
 */
export async function* unpackedBytes(
  path: string,
  maxBytes = MAX_BYTES,
): AsyncGenerator<Uint8Array, void, undefined> {
  const source = await localSource(path);
  const advice = "stream its rows with loadDataset('…', { streaming: true })";
  yield* decompressed(source.bytes(), source.name, maxBytes, advice);
}

/**
 * The columns of a Parquet file on this machine, with the values of `readTable`, as whole arrays.
 *
 * @throws if the file cannot be read, is not Parquet, is damaged or cut off
 */
export async function parquetColumns(path: string): Promise<Map<string, ArrayLike<unknown>>> {
  return readParquetColumns(await localSource(path));
}

/**
 * The table in a file on this machine.
 *
 * @param source as from `localSource`
 * @throws if the file is not what it is said to be, is damaged or cut off, or naming file and line of a bad line
 */
export async function readTable(source: Source, format: Format, options: ReadOptions = {}): Promise<Table> {
  const { onBadLine = 'throw', maxBytes = MAX_BYTES } = options;
  const { name } = source;
  const lines = { onBadLine, maxBytes };
  const bytes = (): AsyncGenerator<Uint8Array, void, undefined> =>
    decompressed(source.bytes(), name, maxBytes);
  switch (format) {
    case 'text':
      return readLineTable(source, new TextLines(), lines);
    case 'json': {
      if (options.field === undefined) {
        const start = bytes();
        const { isLines } = await sniff(start, name);
        await start.return();
        if (isLines) return readLineTable(source, new JsonLines(), lines);
      }
      return tableOfDocument(await collect(bytes()), name, options.field);
    }
    case 'csv':
      return readCsv(bytes(), name, csvOptions(name, options), onBadLine);
    case 'arrow':
      return readArrow(bytes(), name);
    case 'parquet':
      return readParquet(source, maxBytes);
  }
}

/**
 * The rows of a file, one by one; no more of the file is read than they need, but for JSON documents, which are read as a
 * whole.
 *
 * @throws as `readTable`, when the fault is reached
 */
export async function* streamRows(
  source: Source,
  format: Format,
  options: ReadOptions = {},
): AsyncGenerator<Row, void, undefined> {
  const { onBadLine = 'throw', maxBytes = MAX_BYTES } = options;
  const { name } = source;
  const bytes = (): AsyncGenerator<Uint8Array, void, undefined> => decompressed(source.bytes(), name);
  switch (format) {
    case 'text':
      return yield* streamTextLines(bytes(), name, onBadLine);
    case 'json': {
      const start = bytes();
      const { isLines, all } = await sniff(start, name);
      if (isLines && options.field === undefined) return yield* streamJsonLines(all, name, onBadLine);
      // `all` was never begun, so that its end would close nothing.
      await start.return();
      const document = await collect(decompressed(source.bytes(), name, maxBytes));
      const table = tableOfDocument(document, name, options.field);
      for (let i = 0; i < table.rowCount; i++) yield table.row(i);
      return;
    }
    case 'csv':
      return yield* streamCsv(bytes(), name, csvOptions(name, options), onBadLine);
    case 'arrow':
      return yield* streamArrow(bytes(), name);
    case 'parquet':
      return yield* streamParquet(source);
  }
}

function extensionOf(name: string): string {
  return /\.[^./\\]*$/.exec(splitCompression(name).name)?.[0].toLowerCase() ?? '';
}

function csvOptions(name: string, options: ReadOptions): CsvOptions {
  return { ...options, delimiter: options.delimiter ?? (extensionOf(name) === '.tsv' ? '\t' : ',') };
}

/** Looks whether `.json` holds JSON Lines, with all bytes still to be read. */
async function sniff(
  bytes: AsyncGenerator<Uint8Array, void, undefined>,
  name: string,
): Promise<{ isLines: boolean; all: AsyncGenerator<Uint8Array, void, undefined> }> {
  if (LINES.includes(extensionOf(name))) return { isLines: true, all: bytes };
  const { first, all } = await peek(bytes, (start, isAll) => looksLikeLines(start, isAll) !== null);
  return { isLines: looksLikeLines(first, true) === true, all };
}

async function collect(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of bytes) pieces.push(piece);
  return Buffer.concat(pieces);
}
