/** The texts of a call, checked. */

export interface Texts {
  readonly texts: readonly string[];
  /** The second texts of the pairs, as many as there are texts. */
  readonly partners: readonly string[] | null;
  /** Whether the call gave one text rather than a batch. */
  readonly single: boolean;
}

/** @throws naming the place and the type of what is no text, or if pairs do not match */
export function readTexts(text: unknown, textPair: unknown): Texts {
  if (!Array.isArray(text)) {
    checkText(text, 'The text');
    if (textPair !== undefined) checkText(textPair, 'textPair');
    const partners = textPair === undefined ? null : [textPair as string];
    return { texts: [text as string], partners, single: true };
  }
  checkTexts(text, 'of the batch');
  if (textPair === undefined) return { texts: text, partners: null, single: false };
  if (!Array.isArray(textPair) || textPair.length !== text.length) {
    const given = Array.isArray(textPair) ? `${textPair.length} texts` : kindOf(textPair);
    throw new TypeError(
      `textPair must be a list of ${text.length} texts, as many as the batch has, not ${given}.`,
    );
  }
  checkTexts(textPair, 'of textPair');
  return { texts: text, partners: textPair, single: false };
}

function checkTexts(texts: readonly unknown[], of: string): void {
  for (let index = 0; index < texts.length; index++) checkText(texts[index], `Text ${index} ${of}`);
}

function checkText(text: unknown, name: string): void {
  if (typeof text === 'string') return;
  throw new TypeError(`${name} is ${kindOf(text)}, not a string.`);
}

export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'a list';
  const kind = typeof value;
  const shown = kind === 'number' || kind === 'boolean' || kind === 'bigint' ? ` (${String(value)})` : '';
  return `${kind === 'object' ? 'an' : 'a'} ${kind}${shown}`;
}
