/** Finds out what the texts of a CSV column mean: numbers, booleans, dates, or text after all. */

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const SPECIAL: Readonly<Record<string, number>> = {
  inf: Infinity,
  Infinity,
  '-inf': -Infinity,
  '-Infinity': -Infinity,
};
const ISO_DATE = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;
const BOOLEANS: Readonly<Record<string, boolean>> = {
  true: true,
  True: true,
  TRUE: true,
  false: false,
  False: false,
  FALSE: false,
};

/** What pandas takes for a missing value. */
const MISSING = new Set(
  '#N/A|#N/A N/A|#NA|-1.#IND|-1.#QNAN|-NaN|-nan|1.#IND|1.#QNAN|<NA>|N/A|NA|NULL|NaN|None|n/a|nan|null'.split(
    '|',
  ),
);

/**
 * A column of texts with the type that all of its values share.
 *
 * Empty fields are null. `NA`, `NaN`, `null` and their like are null in a column of numbers, booleans or dates, and
 * text in a column of text, where they may be a name or an answer. Whole numbers too large for a number stay text, so
 * that no digit of an identifier is lost.
 */
export function typeColumn(texts: readonly string[]): unknown[] {
  for (const parse of [parseNumber, parseBoolean, parseDate]) {
    const typed = parseAll(texts, parse);
    if (typed) return typed;
  }
  return texts.map(text => (text === '' ? null : text));
}

function parseAll(texts: readonly string[], parse: (text: string) => unknown): unknown[] | undefined {
  const values = new Array<unknown>(texts.length).fill(null);
  let found = 0;
  for (let i = 0; i < texts.length; i++) {
    const text = (texts[i] as string).trim();
    if (text === '' || MISSING.has(text)) continue;
    const value = parse(text);
    if (value === undefined) return undefined;
    values[i] = value;
    found++;
  }
  return found > 0 ? values : undefined;
}

function parseNumber(text: string): number | undefined {
  if (!NUMBER.test(text)) return SPECIAL[text];
  const value = Number(text);
  return Number.isSafeInteger(value) || /[.eE]/.test(text) ? value : undefined;
}

function parseBoolean(text: string): boolean | undefined {
  return Object.hasOwn(BOOLEANS, text) ? BOOLEANS[text] : undefined;
}

/** A date without a zone is in UTC, so that a file means the same on every machine. */
function parseDate(text: string): Date | undefined {
  if (!ISO_DATE.test(text)) return undefined;
  const iso = text.replace(' ', 'T');
  const date = new Date(iso.includes('T') && !/(?:Z|[+-]\d\d:?\d\d)$/.test(iso) ? `${iso}Z` : iso);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
