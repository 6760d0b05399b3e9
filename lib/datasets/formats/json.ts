/** JSON documents: an array of rows, one object that is a row, or an object with a field that holds rows or columns. */
import { constants, isUtf8 } from 'node:buffer';
import type { Row } from '../jsonl.ts';
import { type Table, tableOfColumns, tableOfRows } from '../table.ts';
import { parseExact } from './jsonValue.ts';

const ARRAY = 0x5b;
/** A first line longer than this is taken for a document. */
const SEEN_BYTES = 1 << 24;
const SHOWN_KEYS = 8;

/** Whether a `.json` file's bytes are JSON Lines after all; null if more bytes are needed to say. */
export function looksLikeLines(start: Uint8Array, isAll: boolean): boolean | null {
  const text = Buffer.from(start.buffer, start.byteOffset, start.byteLength);
  const first = text.findIndex(byte => byte > 0x20 && byte !== 0xef && byte !== 0xbb && byte !== 0xbf);
  if (first >= 0 && text[first] === ARRAY) return false;
  const end = first < 0 ? -1 : text.indexOf('\n', first);
  const hasMore = end >= 0 && text.subarray(end).some(byte => byte > 0x20);
  if (!hasMore) return isAll || start.length > SEEN_BYTES ? false : null;
  try {
    const value: unknown = JSON.parse(text.toString('utf8', first, end));
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}

/**
 * The table that a JSON document holds.
 *
 * @param field the key of an object whose value holds the rows
 * @throws if it is no JSON, or no rows can be found in it
 */
export function tableOfDocument(bytes: Buffer, name: string, field: string | undefined): Table {
  if (bytes.length > constants.MAX_STRING_LENGTH) {
    throw new RangeError(
      `${name} is one JSON document of ${bytes.length} bytes, more than can be parsed at once; write it as JSON Lines.`,
    );
  }
  if (!isUtf8(bytes)) throw new SyntaxError(`${name} is not UTF-8; save the file as UTF-8.`);
  const value = pick(parseExact(bytes.toString('utf8').replace(/^\ufeff/, ''), name), name, field);
  try {
    if (Array.isArray(value)) {
      const texts = value.length > 0 && value.every(item => typeof item === 'string');
      return tableOfRows(texts ? value.map(text => ({ text })) : value);
    }
    if (field === undefined) return tableOfRows([value as Row]);
    const columns = Object.entries(value as Row);
    if (isColumns(columns)) return tableOfColumns(new Map(columns));
  } catch (error) {
    (error as Error).message = `${name}: ${(error as Error).message}`;
    throw error;
  }
  throw neither(field, name);
}

function neither(field: string, name: string): SyntaxError {
  return new SyntaxError(`The field "${field}" of ${name} holds neither rows nor columns.`);
}

function pick(value: unknown, name: string, field: string | undefined): unknown {
  if (typeof value !== 'object' || value === null) {
    throw new SyntaxError(`${name} must hold an array of rows, [{…}, {…}], or a row, {…}.`);
  }
  if (field === undefined) return value;
  if (!Array.isArray(value) && Object.hasOwn(value, field)) {
    const part = (value as Row)[field];
    if (typeof part === 'object' && part !== null) return part;
    throw neither(field, name);
  }
  const keys = Array.isArray(value) ? [] : Object.keys(value);
  throw new SyntaxError(
    `${name} has no field "${field}"; it has ${keys.slice(0, SHOWN_KEYS).join(', ') || 'none'}.`,
  );
}

function isColumns(columns: readonly (readonly [string, unknown])[]): columns is [string, unknown[]][] {
  const [first] = columns;
  if (!first || !Array.isArray(first[1])) return false;
  const { length } = first[1];
  return columns.every(([, values]) => Array.isArray(values) && values.length === length);
}
