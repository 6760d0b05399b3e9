/**
 * Finds texts that were there before: the same words in the same order, or nearly.
 *
 * Nearly is by MinHash over five words in a row, found through bands.
 *
 * @see https://doi.org/10.1109/SEQUEN.1997.666900
 */
import { createHash } from 'node:crypto';
import { randomFrom } from './random.mjs';

const SHINGLE = 5;
const BANDS = 10;
const ROWS = 4;
/** Share of five-word runs in common, as the signatures estimate it, from which two texts count as nearly the same. */
const ALIKE = 0.6;

const random = randomFrom(20);
const FACTORS = Uint32Array.from({ length: BANDS * ROWS }, () => (random() * 2 ** 32) | 1);
const OFFSETS = Uint32Array.from({ length: BANDS * ROWS }, () => random() * 2 ** 32);

/** Remembers texts and says of each new one whether it is 'duplicate', 'near duplicate' or new (undefined). */
export class Seen {
  #exact = new Set();
  #bands = Array.from({ length: BANDS }, () => new Map());
  #signatures = [];

  check(text) {
    const words = text.toLowerCase().match(/[\p{L}\d]+/gu) ?? [];
    const key = createHash('md5').update(words.join(' ')).digest('latin1');
    if (this.#exact.has(key)) return 'duplicate';
    this.#exact.add(key);
    if (words.length < 4 * SHINGLE) return undefined;
    const signature = signatureOf(words);
    const keys = this.#bands.map((_, band) => signature.subarray(band * ROWS, (band + 1) * ROWS).join());
    for (const [band, places] of this.#bands.entries())
      for (const place of places.get(keys[band]) ?? [])
        if (likeness(signature, this.#signatures[place]) >= ALIKE) return 'near duplicate';
    const place = this.#signatures.push(signature) - 1;
    for (const [band, places] of this.#bands.entries()) {
      const list = places.get(keys[band]);
      if (list) list.push(place);
      else places.set(keys[band], [place]);
    }
    return undefined;
  }
}

function signatureOf(words) {
  const hashes = words.map(wordHash);
  const signature = new Uint32Array(BANDS * ROWS).fill(0xffffffff);
  for (let from = 0; from + SHINGLE <= hashes.length; from++) {
    let shingle = 0;
    for (let at = from; at < from + SHINGLE; at++) shingle = Math.imul(shingle, 0x01000193) ^ hashes[at];
    shingle ^= shingle >>> 15;
    for (let at = 0; at < signature.length; at++) {
      let value = Math.imul(shingle, FACTORS[at]) + OFFSETS[at];
      value = (value ^ (value >>> 16)) >>> 0;
      if (value < signature[at]) signature[at] = value;
    }
  }
  return signature;
}

function wordHash(word) {
  let hash = 0x811c9dc5;
  for (let at = 0; at < word.length; at++) hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193);
  return hash;
}

function likeness(a, b) {
  let same = 0;
  for (let at = 0; at < a.length; at++) if (a[at] === b[at]) same++;
  return same / a.length;
}
