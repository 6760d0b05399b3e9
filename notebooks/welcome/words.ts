/** Helpers of the welcome notebook, and an example of a file that its cells import. */

/** How many words a text has: the pieces between spaces. */
export function wordCount(text: string): number {
  return text.split(/\s+/).filter(Boolean).length;
}

/** The first word of a text, such as `How` of `How do I start?`. */
export function firstWord(text: string): string {
  return /\p{L}+/u.exec(text)?.[0] ?? '';
}
