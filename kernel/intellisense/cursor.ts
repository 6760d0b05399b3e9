/** Cursor positions: the protocol counts Unicode code points, JavaScript counts UTF-16 units. */

/** @returns the UTF-16 index of a code point position, at most the text's length */
export function toUtf16(text: string, codePoints: number): number {
  let index = 0;
  for (let count = 0; count < codePoints && index < text.length; count++) {
    index += text.codePointAt(index)! > 0xffff ? 2 : 1;
  }
  return index;
}

/** @returns the code point position of a UTF-16 index */
export function toCodePoints(text: string, index: number): number {
  let count = 0;
  for (let at = 0; at < Math.min(index, text.length); at += text.codePointAt(at)! > 0xffff ? 2 : 1) count++;
  return count;
}
