/** JSON Lines: one JSON object a line. */
import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, resolve } from 'node:path';

/** One row of a data set, by column name. */
export type Row = Record<string, unknown>;

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = Buffer.of(0xef, 0xbb, 0xbf);
const CHUNK_BYTES = 1 << 20;
const SHOWN_CHARACTERS = 80;

/**
 * Reads the rows of a JSON Lines file; blank lines, CRLF and a byte order mark are taken in stride.
 *
 * @throws if the file cannot be read, or naming file and line if a line is not UTF-8 or not one JSON object
 * @example const rows = await readJsonl<{ question: string; answer: string }>('docs.jsonl');
 */
export async function readJsonl<T extends object = Row>(path: string): Promise<T[]> {
  const rows: T[] = [];
  let number = 0;
  for await (const line of readLines(path)) {
    number++;
    const text = decode(line, path, number);
    if (text.trim() !== '') rows.push(parseRow(text, path, number) as T);
  }
  return rows;
}

/**
 * Writes rows as JSON Lines: under a temporary name first, so that the path never holds half a file.
 *
 * What JSON lacks is written as JSON.stringify has it: NaN and infinities as null, undefined not at all.
 *
 * @returns how many rows were written
 * @throws naming the row if one is not an object or cannot be written as JSON, or if the file cannot be written
 * @example await writeJsonl('train.jsonl', rows.map(row => ({ text: template.format(row) })));
 */
export async function writeJsonl(
  path: string,
  rows: Iterable<object> | AsyncIterable<object>,
): Promise<number> {
  const temporary = `${path}.${randomUUID().slice(0, 8)}.tmp`;
  let file: FileHandle | undefined;
  try {
    file = await openFile(temporary, 'wx', path, 'write');
    const count = await writeRows(file, rows, path);
    await file.sync();
    await file.close();
    file = undefined;
    await rename(temporary, path);
    return count;
  } catch (error) {
    await file?.close();
    await rm(temporary, { force: true });
    throw error;
  }
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
  if (typeof row !== 'object' || row === null || Array.isArray(row)) {
    throw new TypeError(
      `${basename(path)}, row ${index}: a row must be an object, not ${start(String(row))}`,
    );
  }
  try {
    return JSON.stringify(row);
  } catch (error) {
    throw new TypeError(
      `${basename(path)}, row ${index} cannot be written as JSON: ${(error as Error).message.split('\n')[0]}`,
    );
  }
}

/** The lines of a file as bytes, without their ends; a file of any size is read a megabyte at a time. */
async function* readLines(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  const file = await openFile(path, 'r', path, 'read');
  try {
    let rest: Uint8Array = Buffer.alloc(0);
    let first = true;
    for (;;) {
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES);
      if (bytesRead === 0) break;
      let bytes: Uint8Array = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
      if (first) bytes = withoutMark(bytes);
      first = false;
      let from = 0;
      for (let to = bytes.indexOf(NEWLINE); to >= 0; to = bytes.indexOf(NEWLINE, from)) {
        yield bytes.subarray(from, bytes[to - 1] === CARRIAGE_RETURN && to > from ? to - 1 : to);
        from = to + 1;
      }
      rest = bytes.subarray(from);
    }
    if (rest.length > 0) yield rest;
  } finally {
    await file.close();
  }
}

function withoutMark(bytes: Uint8Array): Uint8Array {
  return BYTE_ORDER_MARK.equals(bytes.subarray(0, BYTE_ORDER_MARK.length))
    ? bytes.subarray(BYTE_ORDER_MARK.length)
    : bytes;
}

function decode(line: Uint8Array, path: string, number: number): string {
  const text = Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString('utf8');
  if (isUtf8(line)) return text;
  throw new SyntaxError(
    `${basename(path)}, line ${number} is not UTF-8; save the file as UTF-8. It starts: ${start(text)}`,
  );
}

function parseRow(text: string, path: string, number: number): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new SyntaxError(`${basename(path)}, line ${number} is not JSON. It starts: ${start(text)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const kind = Array.isArray(value) ? 'an array' : value === null ? 'null' : `a ${typeof value}`;
    throw new SyntaxError(
      `${basename(path)}, line ${number} is ${kind}, not an object. It starts: ${start(text)}`,
    );
  }
  return value;
}

/** The first 80 characters, control characters made visible. */
function start(text: string): string {
  const characters = Array.from(text.slice(0, 2 * SHOWN_CHARACTERS + 1));
  const shown = characters.slice(0, SHOWN_CHARACTERS).join('');
  const visible = shown.replace(/\p{Cc}/gu, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return characters.length > SHOWN_CHARACTERS ? `${visible}…` : visible;
}

async function openFile(name: string, flags: 'r' | 'wx', path: string, verb: string): Promise<FileHandle> {
  try {
    const file = await open(name, flags);
    if (flags === 'r' && (await file.stat()).isDirectory()) {
      await file.close();
      throw Object.assign(new Error(), { code: 'EISDIR' });
    }
    return file;
  } catch (error) {
    throw new Error(
      `Cannot ${verb} ${resolve(path)}: ${REASONS[(error as NodeJS.ErrnoException).code ?? ''] ?? (error as Error).message}`,
    );
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder.',
  EISDIR: 'it is a folder.',
  ENOTDIR: 'a part of the path is not a folder.',
  EACCES: 'permission denied.',
  ENOSPC: 'the disk is full.',
};
