/**
 * A table on a file of lines: the file is read through once, to check each line and to note where it begins, and a row
 * is parsed when it is asked for.
 *
 * Every byte is looked at, so that no bad line is missed, but what is like the rows before it is not parsed. The notes
 * take eight bytes a row.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { FeatureMap } from '../features.ts';
import type { Row } from '../jsonl.ts';
import { type Column, noColumn, type Table } from '../table.ts';
import type { OnBadLine } from './badLine.ts';
import { compressionOf, decompressed, peek } from './compression.ts';
import { eachLine, lineText, Place, wholeLines } from './lines.ts';
import type { Source } from './source.ts';

/** How a line becomes a row. */
export interface LineFormat {
  /** Where the line that begins at `from` ends, if it is a row like those that were checked before; else -1. */
  knownEnd(piece: Uint8Array, from: number): number;
  /** Looks at a line while the file is opened; false if it is no row. @throws BadLine if it should be one and is not */
  check(text: string, place: Place): boolean;
  /** The columns; called once all lines have been looked at. */
  finish(): FeatureMap;
  /** Parses a line that has been looked at. */
  row(text: string): Row;
}

/** How many bytes of a file are kept for rows that are asked for out of order, as after a shuffle. */
const CACHE_BYTES = 256 << 20;

/**
 * Opens a file of lines, plain, gzip or Zstandard.
 *
 * @throws naming file and line at the first bad one, unless bad lines are left out
 */
export async function readLineTable(
  source: Source,
  format: LineFormat,
  { onBadLine, maxBytes }: { readonly onBadLine: OnBadLine; readonly maxBytes: number },
): Promise<Table> {
  const { path } = source;
  if (path === undefined) throw new Error(`internal: ${source.name} is not on this machine`);
  const version = await versionOf(path);
  const { first, all } = await peek(source.bytes());
  const isPlain = compressionOf(first) === undefined;
  const bytes = decompressed(all, source.name, maxBytes);
  const place = new Place(source.name);
  const starts = new Offsets();
  const pieces = new Offsets();
  const kept: Buffer[] = [];
  for await (const { piece, offset } of wholeLines(bytes, source.name)) {
    pieces.push(offset);
    if (!isPlain) kept.push(piece);
    const note = (from: number): void => starts.push(offset + from);
    eachLine(
      piece,
      place,
      onBadLine,
      (text, from) => {
        if (format.check(text, place)) note(from);
      },
      from => {
        const end = format.knownEnd(piece, from);
        if (end >= 0) note(from);
        return end;
      },
    );
  }
  if (isPlain && !sameVersion(version, await versionOf(path))) throw changed(path);
  const read = isPlain ? fileReader(source, path, version, pieces) : (index: number): Buffer => kept[index]!;
  return new LineTable(format, starts, pieces, read);
}

class LineTable implements Table {
  readonly rowCount: number;
  readonly features: FeatureMap;
  readonly #format: LineFormat;
  readonly #starts: Offsets;
  readonly #pieces: Offsets;
  readonly #read: (piece: number) => Buffer;

  constructor(format: LineFormat, starts: Offsets, pieces: Offsets, read: (piece: number) => Buffer) {
    this.rowCount = starts.length;
    this.features = format.finish();
    this.#format = format;
    this.#starts = starts;
    this.#pieces = pieces;
    this.#read = read;
  }

  column(name: string): Column {
    if (!this.features.has(name)) throw noColumn(name, this.features.keys());
    return { length: this.rowCount, get: index => this.row(index)[name] };
  }

  row(index: number): Row {
    const start = this.#starts.at(index);
    const piece = this.#pieces.lastUpTo(start);
    return this.#format.row(lineText(this.#read(piece), start - this.#pieces.at(piece)));
  }
}

/** Reads pieces of a file; keeps the last one, and those that were not read in order, in which others will be needed again. */
function fileReader(
  { size }: Source,
  path: string,
  version: Version,
  pieces: Offsets,
): (piece: number) => Buffer {
  const absolute = resolve(path);
  const cache = new Map<number, Buffer>();
  let cached = 0;
  let last = -1;
  let lastBytes: Buffer;
  return index => {
    if (index === last) return lastBytes;
    lastBytes = read(index, index === last + 1);
    last = index;
    return lastBytes;
  };

  function read(index: number, inOrder: boolean): Buffer {
    let bytes = cache.get(index);
    if (bytes) {
      // A Map keeps the order of insertion: the piece used last goes to its end.
      cache.delete(index);
      cache.set(index, bytes);
      return bytes;
    }
    const from = pieces.at(index);
    const to = index + 1 < pieces.length ? pieces.at(index + 1) : size;
    bytes = readPart(absolute, from, to, version);
    if (inOrder) return bytes;
    cache.set(index, bytes);
    cached += bytes.length;
    for (const [oldest, { length }] of cache) {
      if (cached <= CACHE_BYTES || oldest === index) break;
      cache.delete(oldest);
      cached -= length;
    }
    return bytes;
  }
}

/** Opened for each part: a data set has no end at which a file could be closed. */
function readPart(path: string, from: number, to: number, version: Version): Buffer {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    throw new Error(
      `${path} can no longer be read, and rows of its data set are only read when asked for: ${(error as Error).message}`,
    );
  }
  try {
    const bytes = Buffer.allocUnsafeSlow(to - from);
    const length = readSync(file, bytes, 0, to - from, from);
    // Looked at after reading, so that a change during it is seen too.
    if (length !== to - from || !sameVersion(version, fstatSync(file, { bigint: true }))) throw changed(path);
    return bytes;
  } finally {
    closeSync(file);
  }
}

interface Version {
  readonly ino: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
}

async function versionOf(path: string): Promise<Version> {
  const file = await open(path);
  try {
    return await file.stat({ bigint: true });
  } finally {
    await file.close();
  }
}

function sameVersion(a: Version, b: Version): boolean {
  return a.ino === b.ino && a.size === b.size && a.mtimeNs === b.mtimeNs;
}

function changed(path: string): Error {
  return new Error(`${resolve(path)} has changed since it was opened; load it again.`);
}

/** Ascending byte offsets. */
class Offsets {
  length = 0;
  #values = new Float64Array(1024);

  push(offset: number): void {
    if (this.length === this.#values.length) {
      const longer = new Float64Array(this.length * 2);
      longer.set(this.#values);
      this.#values = longer;
    }
    this.#values[this.length++] = offset;
  }

  at(index: number): number {
    if (index >= 0 && index < this.length) return this.#values[index]!;
    throw new RangeError(`There is no row ${index}; the data set has ${this.length}, from 0.`);
  }

  /** The index of the last offset that is not beyond `offset`. */
  lastUpTo(offset: number): number {
    let [low, high] = [0, this.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#values[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
