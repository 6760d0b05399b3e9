/** JSON Lines: one JSON object a line. */
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { writeWhole } from '../host.ts';
import { isAsyncIterable, isIterable, isPlainObject } from './columns/nested.ts';
import { showValue } from './columns/showValue.ts';
import { checkWellFormed } from './files/wellFormed.ts';
import { unpackedBytes } from './formats/index.ts';
import { jsonLinePieces } from './formats/jsonLines.ts';
import { mayHoldHalves, toJson } from './formats/jsonValue.ts';

/** One row of a data set, by column name. */
export type Row = Record<string, unknown>;

const CHUNK_BYTES = 1 << 20;

/**
 * Reads the rows of a JSON Lines file, also under gzip or Zstandard; blank lines, CRLF and a byte order mark are taken in
 * stride. Integers of 64 bits that a number cannot hold exactly are bigints.
 *
 * @throws if the file cannot be read or expands to more than 2 GiB (`loadDataset` streams such files), or naming file and
 *   line if a line is not UTF-8 or not one JSON object, or holds half a character
 * @example const rows = await readJsonl<{ question: string; answer: string }>('docs.jsonl');
 */
export async function readJsonl<T extends object = Row>(path: string): Promise<T[]> {
  const rows: T[] = [];
  for await (const piece of jsonLinePieces(unpackedBytes(path), basename(path), 'throw')) {
    for (const row of piece) rows.push(row as T);
  }
  return rows;
}

/**
 * Writes rows as JSON Lines: under a temporary name first, so that the path never holds half a file.
 *
 * What JSON lacks is written as JSON.stringify has it: NaN and infinities as null, undefined not at all. Bigints are written as the integers that they are.
 *
 * @returns how many rows were written
 * @throws naming the row if one is not an object, cannot be written as JSON or has half a character in a text, or if the file cannot be written
 * @example await writeJsonl('train.jsonl', rows.map(row => ({ text: template.format(row) })));
 */
export async function writeJsonl(
  path: string,
  rows: Iterable<object> | AsyncIterable<object>,
): Promise<number> {
  if (!isIterable(rows) && !isAsyncIterable(rows)) {
    throw new TypeError(
      `${basename(path)}: writeJsonl needs an array of rows, or others that come one by one, not ${showValue(rows)}.`,
    );
  }
  let count = 0;
  await writeWhole(path, async temporary => {
    const file = await open(temporary, 'wx');
    try {
      count = await writeRows(file, rows, path);
      await file.sync();
    } finally {
      await file.close();
    }
  });
  return count;
}

async function writeRows(
  file: FileHandle,
  rows: Iterable<object> | AsyncIterable<object>,
  path: string,
): Promise<number> {
  let count = 0;
  let pending = '';
  for await (const row of rows) {
    pending += `${stringifyRow(row, path, count)}\n`;
    count++;
    if (pending.length >= CHUNK_BYTES) {
      await file.write(pending);
      pending = '';
    }
  }
  await file.write(pending);
  return count;
}

function stringifyRow(row: unknown, path: string, index: number): string {
  let text: string | undefined;
  try {
    text = toJson(row);
  } catch (error) {
    throw new TypeError(
      `${basename(path)}, row ${index} cannot be written as JSON: ${(error as Error).message.split('\n')[0]}`,
    );
  }
  // Of what JSON has no way to write, such as a Map, it writes an empty object.
  const isRow = text?.startsWith('{') && (text !== '{}' || isPlainObject(row));
  if (!isRow) {
    throw new TypeError(
      `${basename(path)}, row ${index}: a row must be an object of columns, and JSON writes none for ${showValue(row)}.`,
    );
  }
  if (mayHoldHalves(text!)) {
    for (const [name, value] of Object.entries(row as object)) checkWellFormed(name, index, value);
  }
  return text!;
}
