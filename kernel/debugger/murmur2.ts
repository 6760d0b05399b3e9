/** MurmurHash2 (32 bits, by Austin Appleby): JupyterLab names a cell by the hash of its text, so we name it alike. */

/** The seed that Jupyter's kernels use. */
export const HASH_SEED = 0xc70f6907;

const FACTOR = 0x5bd1e995;

/** @example murmur2('1 + 1', HASH_SEED) // a whole number below 2 ** 32 */
export function murmur2(text: string, seed: number): number {
  const bytes = Buffer.from(text, 'utf8');
  const whole = bytes.length & ~3;
  let hash = seed ^ bytes.length;
  for (let at = 0; at < whole; at += 4) {
    let word = Math.imul(bytes.readInt32LE(at), FACTOR);
    word = Math.imul(word ^ (word >>> 24), FACTOR);
    hash = Math.imul(hash, FACTOR) ^ word;
  }
  if (whole < bytes.length) hash = Math.imul(hash ^ bytes.readUIntLE(whole, bytes.length - whole), FACTOR);
  hash = Math.imul(hash ^ (hash >>> 13), FACTOR);
  return (hash ^ (hash >>> 15)) >>> 0;
}
