/** Makes data frames of rows, tables and files. */
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, extname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import {
  checkUtf8,
  columnsOfRows,
  loadDataset,
  openColumns,
  type Tabular,
  unpackedBytes,
} from '../datasets/index.ts';
import { type Frame, frameOfColumns, loadArquero } from './arquero.ts';
import { fromArrow, toArquero } from './convert.ts';
import { cleanCsv } from './csv.ts';
import { readParquet } from './parquet.ts';
import { typeColumn } from './typedText.ts';

const ENDINGS = '.jsonl, .json, .csv, .tsv, .parquet, .arrow or .txt';

/**
 * Makes a data frame of row objects, of any table (a data set, a frame of danfo, polars or Arrow, an object of columns),
 * or of a `.jsonl`, `.json`, `.csv`, `.tsv`, `.parquet`, `.arrow` or `.txt` file, each also with `.gz` or `.zst` at the end.
 *
 * The columns are all the keys that any row has, in order of first appearance; what a row lacks is null. A CSV column has one type: empty fields, quoted or not, are null everywhere, `NA`,
 * `NaN` and their like in columns of numbers, booleans and dates.
 *
 * @throws if the file cannot be read or is not what its name says, or a row is not an object
 * @example const df = await frame('datasets/tunelab_docs.jsonl');
 * @example const df = await frame([{ task: 'arc', accuracy: 0.31 }, { task: 'mmlu', accuracy: 0.25 }]);
 */
export async function frame(
  source: string | Tabular | Iterable<object> | AsyncIterable<object>,
): Promise<Frame> {
  if (typeof source === 'string') return readFrame(source);
  if (typeof source === 'object' && source !== null) {
    if (!Array.isArray(source) && openColumns(source)) return toArquero(source as Tabular);
    if (Symbol.iterator in source) return fromRows(source as Iterable<object>, 'frame');
    if (Symbol.asyncIterator in source) return fromRows(await collect(source), 'frame');
  }
  throw new TypeError(
    `frame needs an array of row objects, another kind of table, or the path of a ${ENDINGS} file.`,
  );
}

async function collect(source: AsyncIterable<object>): Promise<object[]> {
  const rows: object[] = [];
  for await (const row of source) rows.push(row);
  return rows;
}

async function readFrame(path: string): Promise<Frame> {
  const name = basename(path);
  switch (extname(path).toLowerCase()) {
    case '.jsonl':
    case '.ndjson':
    case '.json':
    case '.txt':
      return fromRows(await loadDataset(path, { split: 'train' }), name);
    case '.csv':
      return fromCsv(await readText(path), ',', name);
    case '.tsv':
      return fromCsv(await readText(path), '\t', name);
    case '.parquet':
      await stat(path).catch(refuse(path));
      return frameOfColumns(await readParquet(path), name);
    case '.arrow':
    case '.arrows':
    case '.feather':
    case '.ipc':
      return fromArrow(await readFile(path).catch(refuse(path)));
    case '.gz':
    case '.gzip':
    case '.zst':
    case '.zstd':
      return readCompressed(path);
    default:
      throw new Error(`frame reads ${ENDINGS} files; ${name} ends in none of them.`);
  }
}

/** Unpacked to a temporary file of the inner name, which is what errors then speak of. */
async function readCompressed(path: string): Promise<Frame> {
  await stat(path).catch(refuse(path));
  const folder = await mkdtemp(join(tmpdir(), 'tunelab-'));
  try {
    const inner = join(folder, basename(path, extname(path)));
    await pipeline(unpackedBytes(path), createWriteStream(inner));
    return await readFrame(inner);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function fromCsv(text: string, delimiter: string, name: string): Frame {
  // Typed here: arquero looks at the first thousand rows alone and makes NaN of what does not fit them later.
  const raw = loadArquero().fromCSV(cleanCsv(text, delimiter, name), { delimiter, autoType: false });
  const columns = raw.columnNames().map((column): [string, unknown[]] => {
    return [
      column,
      typeColumn(Array.from(raw.array(column) as ArrayLike<string | null>, value => value ?? '')),
    ];
  });
  return frameOfColumns(new Map(columns), name);
}

function fromRows(rows: Iterable<unknown>, origin: string): Frame {
  return frameOfColumns(columnsOfRows(rows, origin), origin);
}

async function readText(path: string): Promise<string> {
  const bytes = await readFile(path).catch(refuse(path));
  checkUtf8(bytes, basename(path));
  return bytes.toString('utf8');
}

function refuse(path: string): (error: unknown) => never {
  return error => {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Error(
      `Cannot read ${resolve(path)}: ${code === 'ENOENT' ? 'there is no such file.' : message}`,
    );
  };
}
