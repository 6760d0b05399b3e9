/** Numbers and ranges as the summaries and titles of plots say them. */

/** A number with thousands separators and at most four significant digits after them: 1,400, 0.0123, 5e-7. */
export function formatNumber(value: number): string {
  if (value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e15))
    return Number(value.toPrecision(4)).toExponential();
  const digits = Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(4));
  return digits.toLocaleString('en-US', { maximumFractionDigits: 8 });
}

/** Numbers that stand beside each other, with the same number of decimals: 0.30, 0.36. */
export function formatAlike(values: readonly (number | null)[]): string[] {
  const texts = values.map(value => (value === null ? '' : formatNumber(value)));
  if (texts.some(text => text.includes('e'))) return texts;
  const decimals = Math.max(0, ...texts.map(text => (text.split('.')[1] ?? '').length));
  return values.map(value =>
    value === null
      ? ''
      : value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals }),
  );
}

/** `question 12 to 230`, of categories the first and the last to appear; nothing if there are no values. */
export function rangeOf(name: string, values: readonly (number | string | null)[]): string {
  const present = values.filter(value => value !== null);
  if (present.length === 0) return `${name} empty`;
  const ordered = present.every(isMeasured) ? present : [...new Set(present)];
  let [low, high] = [ordered[0]!, ordered[ordered.length - 1]!];
  if (ordered === present) {
    for (const value of present) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  const say = (value: number | string): string =>
    typeof value === 'number' ? formatNumber(value) : shortDate(value);
  return `${name} ${say(low)} to ${say(high)}`;
}

/** Numbers and dates have a lowest and a highest; categories have an order of appearance. */
function isMeasured(value: number | string): boolean {
  return typeof value === 'number' || ISO_TIME.test(value);
}

const ISO_TIME = /^[+-]?\d{4,6}-\d\d-\d\dT[\d:.]+Z$/;

/** A date of ISO text without a time that says nothing; other text as it is. */
export function shortDate(text: string): string {
  return text.replace(/^(\d{4}-\d\d-\d\d)T00:00:00\.000Z$/, '$1');
}

/** `; 3 missing or infinite left out`, or nothing. */
export function leftOut(count: number): string {
  return count > 0 ? `; ${formatNumber(count)} missing or infinite left out` : '';
}

/** The length of the longest text. */
export function longest(texts: readonly string[]): number {
  return Math.max(...texts.map(({ length }) => length));
}

const LABEL_LIMIT = 40;

/** A category's name on one line, of at most 40 characters. */
export function shorten(label: string): string {
  const line = label.replace(/\s+/g, ' ').trim();
  return line.length > LABEL_LIMIT ? `${line.slice(0, LABEL_LIMIT - 1)}…` : line;
}

/** Names shortened so that different ones stay different: those that begin alike keep their ends, or get a number. */
export function shortenAll(labels: readonly string[]): string[] {
  const distinct = [...new Set(labels)];
  const alike = new Map<string, number>();
  for (const name of distinct.map(shorten)) alike.set(name, (alike.get(name) ?? 0) + 1);
  const taken = new Set<string>();
  const numbers = new Map<string, number>();
  const names = new Map<string, string>();
  for (const label of distinct) {
    const short = alike.get(shorten(label)) === 1 ? shorten(label) : shortenMiddle(label);
    let name = short;
    for (let i = numbers.get(short) ?? 2; taken.has(name); i++) {
      name = `${short} (${i})`;
      numbers.set(short, i + 1);
    }
    taken.add(name);
    names.set(label, name);
  }
  return labels.map(label => names.get(label)!);
}

function shortenMiddle(label: string): string {
  const line = label.replace(/\s+/g, ' ').trim();
  const half = LABEL_LIMIT / 2;
  return line.length > LABEL_LIMIT ? `${line.slice(0, half - 1)}…${line.slice(-half)}` : line;
}

/** The name of a category: what is missing is `(empty)`, a date its day. */
export function nameOf(value: unknown): string {
  if (value === null || value === undefined || value === '') return '(empty)';
  return value instanceof Date ? value.toISOString().slice(0, 10) : String(value);
}
