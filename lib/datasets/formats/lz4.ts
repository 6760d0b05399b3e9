/**
 * Expands LZ4 frames, as Arrow files have them inside, and blocks, as Parquet has: hyparquet-compressors knows no frames, whose
 * blocks refer back to those before, and refuses a block without bytes.
 *
 * Format: https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md
 */

const MAGIC = 0x184d2204;
const HAS_DICTIONARY = 1;
const HAS_SIZE = 8;
const HAS_BLOCK_CHECKSUMS = 16;
const IS_STORED = 0x80000000;
const LEAST_MATCH = 4;

/**
 * @param length how many bytes the frame expands to
 * @throws if the frame is damaged
 */
export function expandLz4Frame(frame: Uint8Array, length: number): Uint8Array {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (view.getUint32(0, true) !== MAGIC) throw new Error('an LZ4 frame begins wrong');
  const flags = view.getUint8(4);
  let at = 7 + (flags & HAS_SIZE ? 8 : 0) + (flags & HAS_DICTIONARY ? 4 : 0);
  const output = new Uint8Array(length);
  let written = 0;
  for (let size = view.getUint32(at, true); size !== 0; size = view.getUint32(at, true)) {
    const block = frame.subarray(at + 4, at + 4 + (size & ~IS_STORED));
    if ((size & IS_STORED) === 0) written = expandBlock(block, output, written);
    else {
      output.set(block, written);
      written += block.length;
    }
    at += 4 + block.length + (flags & HAS_BLOCK_CHECKSUMS ? 4 : 0);
  }
  if (written !== length) throw new Error('an LZ4 frame has another length than announced');
  return output;
}

/**
 * @param length how many bytes the block expands to
 * @throws if the block is damaged
 */
export function expandLz4Block(block: Uint8Array, length: number): Uint8Array {
  const output = new Uint8Array(length);
  if (expandBlock(block, output, 0) !== length)
    throw new Error('an LZ4 block has another length than announced');
  return output;
}

function expandBlock(block: Uint8Array, output: Uint8Array, start: number): number {
  let [from, to] = [0, start];
  const rest = (length: number): number => {
    if (length < 15) return length;
    let byte: number;
    do length += byte = block[from++] ?? 0;
    while (byte === 255);
    return length;
  };
  while (from < block.length) {
    const token = block[from++]!;
    const literals = rest(token >> 4);
    output.set(block.subarray(from, from + literals), to);
    from += literals;
    to += literals;
    if (from >= block.length) break;
    const back = block[from]! | (block[from + 1]! << 8);
    from += 2;
    const end = to + rest(token & 15) + LEAST_MATCH;
    if (back === 0 || back > to || end > output.length) throw new Error('an LZ4 block is damaged');
    // Source and target may overlap: the copy then repeats itself.
    for (; to < end; to++) output[to] = output[to - back]!;
  }
  return to;
}
