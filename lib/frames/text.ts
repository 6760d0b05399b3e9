/** Measures of texts. */

/** Characters as Python counts them: a surrogate pair is one. */
export function codePoints(text: string): number {
  let count = text.length;
  for (let i = 0; i + 1 < text.length; i++) {
    if ((text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      count--;
      i++;
    }
  }
  return count;
}

/** Runs of anything but white space, as Python's `len(text.split())`. */
export function words(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}
