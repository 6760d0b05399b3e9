/** Random numbers that come out the same everywhere, and hashes. */
import { createHash } from 'node:crypto';

/** A generator of numbers from 0 up to 1 (mulberry32). @param seed any whole number */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Shuffles a list in place. */
export function shuffle(list, random) {
  for (let at = list.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [list[at], list[other]] = [list[other], list[at]];
  }
  return list;
}

/** The first 32 bits of a text's SHA-256. */
export function hashOf(text) {
  return createHash('sha256').update(text).digest().readUInt32BE(0);
}
