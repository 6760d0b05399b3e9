/** Offsets of tokens, from the native tokenizer's code points to the indices of a JavaScript string. */

/** Where a token's piece begins and ends: `text.slice(start, end)`. */
export type Offset = readonly [start: number, end: number];

const SURROGATE_PAIR = /[\ud800-\udbff][\udc00-\udfff]/;

/** A function from code points to UTF-16 indices of the text; null where they are the same. */
export function utf16Index(text: string): ((codePoint: number) => number) | null {
  if (!SURROGATE_PAIR.test(text)) return null;
  const indices = new Uint32Array(text.length + 1);
  let count = 0;
  for (let index = 0; index < text.length; count++) {
    indices[count] = index;
    index += (text.codePointAt(index) as number) > 0xffff ? 2 : 1;
  }
  indices[count] = text.length;
  return codePoint => indices[codePoint] as number;
}
