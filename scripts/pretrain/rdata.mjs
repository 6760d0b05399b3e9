/** The vectors of strings in an R package's data: zlib blocks of R's serialization format, version 2 and 3. */
import { inflateSync } from 'node:zlib';

const STRING_VECTOR = 16;
const MISSING = -1;

/** @param bytes a package's `Rdata.rdb` @returns each string vector in it, in the order of the file */
export function stringVectors(bytes) {
  const vectors = [];
  for (let at = 0; at < bytes.length; ) {
    // Four bytes with the size of the unpacked block stand before each block.
    const size = bytes.readUInt32BE(at);
    const { buffer, engine } = inflateSync(bytes.subarray(at + 4), { info: true });
    if (buffer.length !== size)
      throw new Error(`The block at byte ${at} has ${buffer.length} bytes, not ${size}.`);
    at += 4 + engine.bytesWritten;
    const vector = readVector(buffer);
    if (vector) vectors.push(vector);
  }
  return vectors;
}

function readVector(bytes) {
  if (bytes.toString('latin1', 0, 2) !== 'X\n') throw new Error('This is not in the binary format of R.');
  let at = 2;
  const next = () => {
    at += 4;
    return bytes.readInt32BE(at - 4);
  };
  const version = next();
  at += 8;
  if (version === 3) {
    const encoding = next();
    at += encoding;
  }
  if ((next() & 0xff) !== STRING_VECTOR) return undefined;
  const strings = [];
  for (let count = next(); count > 0; count--) {
    next();
    const length = next();
    strings.push(length === MISSING ? '' : bytes.toString('utf8', at, at + length));
    at += Math.max(length, 0);
  }
  return strings;
}
