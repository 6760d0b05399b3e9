/** The texts of a call, checked. */

/** Two texts that the model reads as one row, such as a question and its context. Not a tuple: what `map` makes is none. */
export type TextPair = readonly string[];

export interface Texts {
  readonly texts: readonly string[];
  /** The second texts of the pairs, as many as there are texts. */
  readonly partners: readonly string[] | null;
  /** Whether the call gave one text rather than a batch. */
  readonly single: boolean;
}

/**
 * @param second the second texts, where they are not among the options as `textPair`
 * @throws naming the place and the type of what is no text, or if pairs do not match
 */
export function readTexts(text: unknown, second: unknown, options: unknown): Texts {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(
      `What follows the text is ${kindOf(options)}; it must be a second text, a list of them, or an object of options.`,
    );
  }
  const { textPair: named } = options as { textPair?: unknown };
  if (second !== undefined && named !== undefined) {
    throw new TypeError('The second text is given twice, as an argument and as textPair; leave one out.');
  }
  const textPair = second ?? named;
  if (!Array.isArray(text)) {
    checkText(text, 'The text');
    if (textPair !== undefined) checkText(textPair, 'textPair');
    const partners = textPair === undefined ? null : [textPair as string];
    return { texts: [text as string], partners, single: true };
  }
  if (Array.isArray(text[0])) return { ...readPairs(text, textPair), single: false };
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

export function isTexts(value: unknown): value is string | readonly string[] {
  return typeof value === 'string' || Array.isArray(value);
}

function readPairs(pairs: readonly unknown[], textPair: unknown): Pick<Texts, 'texts' | 'partners'> {
  if (textPair !== undefined)
    throw new TypeError('textPair is of no use with a batch of pairs; leave it out.');
  for (const [index, pair] of pairs.entries()) {
    if (!Array.isArray(pair) || pair.length !== 2) {
      const given = Array.isArray(pair) ? `a list of ${pair.length}` : kindOf(pair);
      throw new TypeError(`Item ${index} of a batch of pairs is ${given}; each must be a list of two texts.`);
    }
    checkTexts(pair, `of pair ${index}`);
  }
  const texts = pairs as readonly TextPair[];
  return { texts: texts.map(pair => pair[0]!), partners: texts.map(pair => pair[1]!) };
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
