/** Bytes as they were before gzip or Zstandard, which the first bytes of a file give away. */
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

type Bytes = AsyncGenerator<Uint8Array, void, undefined>;

/** How far a compressed file may expand where nothing else is said: 2 GiB. */
export const MAX_BYTES = 2 ** 31;

const SIGNATURES = { gzip: Buffer.of(0x1f, 0x8b), zstd: Buffer.of(0x28, 0xb5, 0x2f, 0xfd) } as const;
const EXTENSIONS: Readonly<Record<string, Compression>> = {
  '.gz': 'gzip',
  '.gzip': 'gzip',
  '.zst': 'zstd',
  '.zstd': 'zstd',
};
/** A few bytes of Zstandard can stand for megabytes, and its decoder gives out all that a piece holds at once. */
const ZSTD_PIECE = 1 << 12;

export type Compression = 'gzip' | 'zstd';

/** A file name without `.gz` or `.zst`, and what that extension announces. */
export function splitCompression(name: string): { name: string; compression: Compression | undefined } {
  const extension = /\.[^.]*$/.exec(name)?.[0].toLowerCase() ?? '';
  const compression = EXTENSIONS[extension];
  return { name: compression ? name.slice(0, -extension.length) : name, compression };
}

/** What the first bytes of a file say that it is compressed with. */
export function compressionOf(start: Uint8Array): Compression | undefined {
  const is = (signature: Buffer): boolean => signature.equals(start.subarray(0, signature.length));
  return is(SIGNATURES.gzip) ? 'gzip' : is(SIGNATURES.zstd) ? 'zstd' : undefined;
}

/**
 * Expands bytes that are compressed, and passes others on.
 *
 * @param name the file's name, for messages and for what its extension announces
 * @param maxBytes how far they may expand
 * @param advice what the user can do where they expand further
 * @throws if the bytes are not what the extension says, are damaged or cut off, or expand further
 */
export async function* decompressed(
  bytes: Bytes,
  name: string,
  maxBytes = Number.POSITIVE_INFINITY,
  advice = 'read it with streaming: true, which is of no use for a JSON document, or allow more with maxBytes',
): Bytes {
  const { first, all } = await peek(bytes);
  const announced = splitCompression(name).compression;
  const actual = compressionOf(first);
  if (announced && first.length > 0 && actual !== announced) {
    await bytes.return();
    throw new Error(`${name} is not ${announced} data, though its name says so.`);
  }
  const tooGreat = `${name} expands to more than ${maxBytes} bytes; ${advice}.`;
  if (actual === 'gzip') yield* limited(gunzip(all, name), maxBytes, tooGreat);
  else if (actual === 'zstd') yield* limited(unzstd(all, name), maxBytes, tooGreat);
  else yield* all;
}

async function* limited(bytes: Bytes, maxBytes: number, message: string): Bytes {
  let passed = 0;
  for await (const piece of bytes) {
    passed += piece.length;
    if (passed > maxBytes) throw new RangeError(message);
    yield piece;
  }
}

/**
 * The first bytes of some, and all of them still to be read.
 *
 * @param isEnough whether the first bytes say what they are asked for; the first piece does where nothing is said
 */
export async function peek(
  bytes: Bytes,
  isEnough: (first: Uint8Array, isAll: boolean) => boolean = () => true,
): Promise<{ first: Uint8Array; all: Bytes }> {
  let first: Uint8Array = new Uint8Array(0);
  for (let isAll = false; !isAll && !(first.length > 0 && isEnough(first, isAll)); ) {
    const { done, value } = await bytes.next();
    if (done) isAll = true;
    else first = first.length === 0 ? value : Buffer.concat([first, value]);
  }
  async function* all(): Bytes {
    try {
      if (first.length > 0) yield first;
      yield* bytes;
    } finally {
      await bytes.return();
    }
  }
  return { first, all: all() };
}

async function* gunzip(bytes: Bytes, name: string): Bytes {
  const input = Readable.from(bytes, { objectMode: false });
  const output = createGunzip({ chunkSize: 1 << 18 });
  // An error reaches the loop below through `output`, which the pipeline then destroys.
  pipeline(input, output, () => {});
  try {
    for await (const piece of output) yield piece;
  } catch (error) {
    throw damaged(error, name);
  } finally {
    output.destroy();
    input.destroy();
    await bytes.return();
  }
}

async function* unzstd(bytes: Bytes, name: string): Bytes {
  const { Decompress } = await import('fzstd');
  let pieces: Uint8Array[] = [];
  const decoder = new Decompress(piece => pieces.push(piece));
  const expand = (piece: Uint8Array, final: boolean): Uint8Array[] => {
    pieces = [];
    try {
      decoder.push(piece, final);
    } catch (error) {
      throw damaged(error, name);
    }
    return pieces;
  };
  for await (const piece of bytes) {
    for (let at = 0; at < piece.length; at += ZSTD_PIECE) {
      for (const out of expand(piece.subarray(at, at + ZSTD_PIECE), false)) if (out.length > 0) yield out;
    }
  }
  for (const out of expand(new Uint8Array(0), true)) if (out.length > 0) yield out;
}

function damaged(error: unknown, name: string): unknown {
  const { code, message } = error as { code?: unknown; message: string };
  // Codes of zlib are text, those of the Zstandard decoder small numbers; others come from reading the file.
  const isCutOff = code === 'Z_BUF_ERROR' || code === 5;
  if (isCutOff) return new Error(`${name} is cut off: its compressed data ends too early.`);
  if (code === 1)
    return new Error(
      `${name} was compressed with a window that is too large to expand here; compress it again without --long.`,
    );
  if (typeof code === 'number' || String(code).startsWith('Z_'))
    return new Error(`${name} is damaged: ${message}.`);
  return error;
}
