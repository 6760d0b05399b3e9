/** Makes arquero tables of rows and files. */
import { readFile } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import type { ColumnTable } from 'arquero';
import { readJsonl } from '../datasets/index.ts';
import { cleanCsv } from './csv.ts';

/** A data frame: an arquero table, with all of arquero's verbs. */
export type Frame = ColumnTable;

/**
 * Makes a data frame of row objects, or of a `.jsonl`, `.json`, `.csv` or `.tsv` file.
 *
 * The columns are all the keys that any row has, in order of first appearance; what a row lacks is null. A `.json` file
 * holds an array of rows or an object of columns.
 *
 * @throws if the file cannot be read or is not what its name says, or a row is not an object
 * @example const df = await frame('datasets/tunelab_docs.jsonl');
 * @example const df = await frame([{ task: 'arc', accuracy: 0.31 }, { task: 'mmlu', accuracy: 0.25 }]);
 */
export async function frame(source: string | Iterable<object>): Promise<Frame> {
  if (typeof source === 'string') return readFrame(source);
  if (source === null || typeof source !== 'object' || !(Symbol.iterator in source)) {
    throw new TypeError(
      'frame needs an array of row objects or the path of a .jsonl, .json, .csv or .tsv file.',
    );
  }
  return fromRows(source, 'frame');
}

async function readFrame(path: string): Promise<Frame> {
  switch (extname(path).toLowerCase()) {
    case '.jsonl':
    case '.ndjson':
      return fromRows(await readJsonl(path), basename(path));
    case '.json':
      return fromJson(await readText(path), path);
    case '.csv':
      return fromCsv(await readText(path), ',', path);
    case '.tsv':
      return fromCsv(await readText(path), '\t', path);
    default:
      throw new Error(
        `frame reads .jsonl, .json, .csv and .tsv files; ${basename(path)} ends in none of them.`,
      );
  }
}

async function fromCsv(text: string, delimiter: string, path: string): Promise<Frame> {
  const { fromCSV } = await import('arquero');
  return fromCSV(cleanCsv(text, delimiter, path), { delimiter });
}

async function fromJson(text: string, path: string): Promise<Frame> {
  let value: unknown;
  try {
    value = JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text);
  } catch (error) {
    throw new SyntaxError(`${basename(path)} is not JSON: ${(error as Error).message}`);
  }
  if (Array.isArray(value)) return fromRows(value, basename(path));
  const columns = Object.entries(Object(value) as Record<string, unknown>);
  if (columns.length > 0 && columns.every((entry): entry is [string, unknown[]] => Array.isArray(entry[1]))) {
    return fromColumns(new Map(columns), basename(path));
  }
  throw new SyntaxError(
    `${basename(path)} must hold an array of rows or an object of columns: [{…}, {…}] or {"a": […]}.`,
  );
}

function fromRows(rows: Iterable<unknown>, origin: string): Promise<Frame> {
  const columns = new Map<string, unknown[]>();
  let count = 0;
  for (const row of rows) {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      throw new TypeError(
        `${origin}: row ${count} is ${Array.isArray(row) ? 'an array' : String(row)}, not an object.`,
      );
    }
    for (const [name, value] of Object.entries(row)) {
      let column = columns.get(name);
      if (!column) {
        column = new Array<unknown>(count).fill(null);
        columns.set(name, column);
      }
      column.push(value ?? null);
    }
    count++;
    for (const column of columns.values()) if (column.length < count) column.push(null);
  }
  return fromColumns(columns, origin);
}

async function fromColumns(columns: Map<string, unknown[]>, origin: string): Promise<Frame> {
  if (columns.has('__proto__')) {
    throw new RangeError(
      `${origin}: a column cannot be called "__proto__", which JavaScript objects keep for themselves.`,
    );
  }
  const lengths = [...columns].map(([name, values]) => `${name} ${values.length}`);
  if (new Set([...columns.values()].map(values => values.length)).size > 1) {
    throw new RangeError(`${origin}: columns must be equally long, but have ${lengths.join(', ')} values.`);
  }
  const { table } = await import('arquero');
  return table(columns);
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Error(
      `Cannot read ${resolve(path)}: ${code === 'ENOENT' ? 'there is no such file.' : message}`,
    );
  }
}
