/** Makes data frames of rows, tables and files. */
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, extname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Frame, frameOfColumns } from '../arquero/index.ts';
import {
  columnsOfRows,
  loadDataset,
  openColumns,
  parquetColumns,
  type Tabular,
  unpackedBytes,
} from '../datasets/index.ts';
import { fileError } from '../host.ts';
import { readArrow, toArquero } from './convert.ts';
import { datesOf } from './dates.ts';

const ENDINGS = '.jsonl, .json, .csv, .tsv, .parquet, .arrow or .txt';

/**
 * Makes a data frame of row objects, of any table (a data set, a frame of danfo, polars or Arrow, an object of columns),
 * or of a `.jsonl`, `.json`, `.csv`, `.tsv`, `.parquet`, `.arrow` or `.txt` file, each also with `.gz` or `.zst` at the end.
 *
 * The columns are all the keys that any row has, in order of first appearance; what a row lacks is null. CSV is read as
 * `loadDataset` reads it, and a column of ISO dates alone becomes dates, in UTC where no zone is named.
 *
 * @throws if the file cannot be read or is not what its name says, or a row is not an object
 * @example const df = await frame('datasets/tunelab_docs.jsonl');
 * @example const df = await frame([{ task: 'arc', accuracy: 0.31 }, { task: 'mmlu', accuracy: 0.25 }]);
 */
export async function frame(
  source: string | Tabular | Iterable<object> | AsyncIterable<object>,
): Promise<Frame> {
  if (typeof source === 'string') {
    return readFrame(source).catch(error => {
      throw fileError(error, 'read', source);
    });
  }
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
  if ((await stat(path)).isDirectory()) {
    throw new Error(`Cannot read ${resolve(path)}: it is a folder; loadDataset reads the files in one.`);
  }
  switch (extname(path).toLowerCase()) {
    case '.jsonl':
    case '.ndjson':
    case '.txt':
      return fromRows(await loadDataset(path, { split: 'train' }), name);
    case '.json':
      return readJson(path, name);
    case '.csv':
    case '.tsv':
      return readCsv(path, name);
    case '.parquet':
      return frameOfColumns(await parquetColumns(path), name);
    case '.arrow':
    case '.arrows':
    case '.feather':
    case '.ipc':
      return toArquero(readArrow(await readFile(path), name));
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
  const folder = await mkdtemp(join(tmpdir(), 'tunelab-'));
  try {
    const inner = join(folder, basename(path, extname(path)));
    await pipeline(unpackedBytes(path), createWriteStream(inner));
    return await readFrame(inner);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** As pandas, one object of lists is columns, where `loadDataset` takes a row. */
async function readJson(path: string, name: string): Promise<Frame> {
  const rows = await loadDataset(path, { split: 'train' });
  const columns = Object.entries(rows.length === 1 ? rows.at(0) : {});
  const areLists = columns.length > 0 && columns.every(([, values]) => Array.isArray(values));
  const isObject = areLists && (await readFile(path, 'utf8')).trimStart().startsWith('{');
  return isObject ? frameOfColumns(new Map(columns as [string, unknown[]][]), name) : fromRows(rows, name);
}

async function readCsv(path: string, name: string): Promise<Frame> {
  const table = await loadDataset(path, { split: 'train' });
  const columns = table.columnNames.map((column): [string, unknown[]] => [
    column,
    datesOf(table.column(column)),
  ]);
  return frameOfColumns(new Map(columns), name);
}

function fromRows(rows: Iterable<unknown>, origin: string): Frame {
  return frameOfColumns(columnsOfRows(rows, origin), origin);
}
