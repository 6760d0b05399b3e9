/** Cuts bytes into lines. */
import { isUtf8 } from 'node:buffer';
import { BadLine, leaveOut, type OnBadLine, start } from './badLine.ts';

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BRACE = 0x7b;
const BYTE_ORDER_MARK = Buffer.of(0xef, 0xbb, 0xbf);
/** Half of what a string can hold. */
const MAX_LINE_BYTES = 1 << 28;

/** Whole lines, and how many bytes of the file come before them. */
export interface Piece {
  readonly piece: Buffer;
  readonly offset: number;
}

/**
 * The bytes in pieces that end where a line does, without a byte order mark.
 *
 * Only a line that lies across two chunks is copied together; the others stay where they were read.
 *
 * @throws if a line is longer than 256 MiB
 */
export async function* wholeLines(
  bytes: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<Piece, void, undefined> {
  let open: Uint8Array[] = [];
  let openBytes = 0;
  let offset = 0;
  const take = (piece: Buffer): Piece => {
    const mark = offset === 0 && BYTE_ORDER_MARK.equals(piece.subarray(0, 3)) ? 3 : 0;
    const taken = { piece: piece.subarray(mark), offset: offset + mark };
    offset += piece.length;
    return taken;
  };
  for await (const chunk of bytes) {
    let from = 0;
    if (openBytes > 0) {
      from = chunk.indexOf(NEWLINE) + 1;
      open.push(from > 0 ? chunk.subarray(0, from) : chunk);
      openBytes += from > 0 ? from : chunk.length;
      if (openBytes > MAX_LINE_BYTES) {
        throw new RangeError(`${name} has a line of more than ${MAX_LINE_BYTES} bytes, at byte ${offset}.`);
      }
      if (from === 0) continue;
      yield take(Buffer.concat(open));
    }
    const to = chunk.lastIndexOf(NEWLINE) + 1;
    if (to > from) yield take(Buffer.from(chunk.buffer, chunk.byteOffset + from, to - from));
    openBytes = chunk.length - Math.max(to, from);
    open = openBytes > 0 ? [chunk.subarray(chunk.length - openBytes)] : [];
  }
  if (openBytes > 0) yield take(Buffer.concat(open));
}

/** Where a reader is, for messages. */
export class Place {
  readonly name: string;
  /** From 1. */
  line = 0;

  constructor(name: string) {
    this.name = name;
  }

  toString(): string {
    return `${this.name}, line ${this.line}`;
  }
}

/**
 * Calls `visit` with the text of each line of a piece of whole lines and where it begins in the piece.
 *
 * @param pass given where a line begins, says where it ends if it needs no visit, else -1
 * @throws naming the line if it is not UTF-8 or `visit` throws a `BadLine`, unless such lines are left out
 */
export function eachLine(
  piece: Buffer,
  place: Place,
  onBadLine: OnBadLine,
  visit: (text: string, from: number) => void,
  pass: (from: number) => number = () => -1,
): void {
  const isValid = isUtf8(piece);
  for (let from = 0, end = 0; from < piece.length; from = end + 1) {
    place.line++;
    end = isValid ? pass(from) : -1;
    if (end >= 0) continue;
    end = lineEnd(piece, from);
    try {
      const text = textBetween(piece, from, end);
      if (!isValid && !isUtf8(piece.subarray(from, end))) {
        throw new BadLine(`${place} is not UTF-8; save the file as UTF-8. It starts: ${start(text)}`);
      }
      visit(text, from);
    } catch (error) {
      leaveOut(error, onBadLine);
    }
  }
}

/** Whether a line has nothing to read; most begin with a brace, which is quickly seen. */
export function isBlank(text: string): boolean {
  return text.charCodeAt(0) !== BRACE && text.trim() === '';
}

/** The text of the line that begins at `from`, without its end. */
export function lineText(piece: Buffer, from: number): string {
  return textBetween(piece, from, lineEnd(piece, from));
}

function textBetween(piece: Buffer, from: number, end: number): string {
  return piece.toString('utf8', from, end > from && piece[end - 1] === CARRIAGE_RETURN ? end - 1 : end);
}

export function lineEnd(piece: Uint8Array, from: number): number {
  const newline = piece.indexOf(NEWLINE, from);
  return newline < 0 ? piece.length : newline;
}
