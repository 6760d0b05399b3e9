/** Cuts Arrow's IPC format, stream or file, into its messages; each is checked to be there as a whole. */

/** A message's bytes, ready for a decoder. */
export interface ArrowMessage {
  readonly kind: 'schema' | 'dictionary' | 'rows';
  readonly bytes: Uint8Array;
}

const FILE_START = 'ARROW1';
/** The file format is the stream format behind eight bytes, with a table of contents at its end that nobody needs here. */
const FILE_START_BYTES = 8;
const CONTINUATION = 0xffffffff;
const KINDS: readonly (ArrowMessage['kind'] | undefined)[] = [undefined, 'schema', 'dictionary', 'rows'];

/** @throws if the bytes are not Arrow's or end too early */
export async function* arrowMessages(
  bytes: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<ArrowMessage, void, undefined> {
  const reader = new ByteReader(bytes);
  let isFirst = true;
  let isFile = false;
  try {
    for (;;) {
      let start = await reader.take(4);
      if (isFirst && start.toString('latin1') === FILE_START.slice(0, 4)) {
        isFile = true;
        await reader.take(FILE_START_BYTES - 4);
        start = await reader.take(4);
      }
      // A stream may do without a mark at its end, a file never does.
      if (start.length === 0 && !isFirst && !isFile) return;
      if (start.length < 4) throw cutOff(name, isFirst && !isFile && start.length === 0);
      // Before Arrow 0.15 the length came first.
      const isMarked = start.readUInt32LE() === CONTINUATION;
      const prefix = isMarked ? await reader.take(4) : start;
      if (prefix.length < 4) throw cutOff(name);
      const length = prefix.readInt32LE();
      if (length === 0) return;
      const metadata = length > 0 && length < reader.limit ? await reader.take(length) : undefined;
      if (!metadata) throw notArrow(name);
      if (metadata.length < length) throw isFirst && !isMarked ? notArrow(name) : cutOff(name);
      const { kind, bodyLength } = describe(metadata, name);
      if (isFirst && kind !== 'schema') throw notArrow(name);
      isFirst = false;
      const body = await reader.take(bodyLength);
      if (body.length < bodyLength) throw cutOff(name);
      yield { kind, bytes: joined(metadata, body) };
    }
  } finally {
    await reader.close();
  }
}

/** A message with its length before it, in memory of its own, so that numbers in it are aligned. */
function joined(metadata: Buffer, body: Buffer): Uint8Array {
  const bytes = new Uint8Array(8 + metadata.length + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, CONTINUATION, true);
  view.setInt32(4, metadata.length, true);
  bytes.set(metadata, 8);
  bytes.set(body, 8 + metadata.length);
  return bytes;
}

/** Reads two fields of the message's FlatBuffers table: which kind it is, and how long its body is. */
function describe(metadata: Buffer, name: string): { kind: ArrowMessage['kind']; bodyLength: number } {
  try {
    const table = metadata.readUInt32LE(0);
    const fields = table - metadata.readInt32LE(table);
    const at = (field: number): number => {
      const slot = 4 + 2 * field;
      return slot < metadata.readUInt16LE(fields) ? metadata.readUInt16LE(fields + slot) : 0;
    };
    const kind = KINDS[at(1) === 0 ? 0 : metadata.readUInt8(table + at(1))];
    const bodyLength = at(3) === 0 ? 0 : Number(metadata.readBigInt64LE(table + at(3)));
    if (kind && bodyLength >= 0) return { kind, bodyLength };
  } catch (error) {
    // Reading beyond the bytes: they are no such table.
    if (!(error instanceof RangeError)) throw error;
  }
  throw notArrow(name);
}

/** Takes so many bytes at a time from pieces of any size. */
class ByteReader {
  /** No description of columns is greater; a length beyond it is a sign of other data. */
  readonly limit = 1 << 28;
  readonly #pieces: AsyncIterator<Uint8Array>;
  #piece: Uint8Array = new Uint8Array(0);

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.#pieces = bytes[Symbol.asyncIterator]();
  }

  /** The next `count` bytes; fewer at the end. */
  async take(count: number): Promise<Buffer> {
    const parts: Uint8Array[] = [];
    let have = 0;
    while (have < count) {
      if (this.#piece.length === 0) {
        const { done, value } = await this.#pieces.next();
        if (done) break;
        this.#piece = value;
      }
      const part = this.#piece.subarray(0, count - have);
      parts.push(part);
      have += part.length;
      this.#piece = this.#piece.subarray(part.length);
    }
    return Buffer.concat(parts);
  }

  async close(): Promise<void> {
    await this.#pieces.return?.();
  }
}

function notArrow(name: string): Error {
  return new Error(
    `${name} is not an Arrow file: it begins with something else than a description of columns.`,
  );
}

function cutOff(name: string, isEmpty = false): Error {
  return new Error(
    isEmpty
      ? `${name} is empty: an Arrow file begins with its columns.`
      : `${name} is cut off: its last part is not whole.`,
  );
}
