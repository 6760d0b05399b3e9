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

/** `1 row`, `1,400 rows`. */
export function plural(count: number, noun: string): string {
  return `${formatNumber(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `question 12 to 230`; nothing if there are no numbers. */
export function rangeOf(name: string, values: readonly (number | string | null)[]): string {
  let [low, high]: [number | string, number | string] = [Infinity, -Infinity];
  for (const value of values) {
    if (value === null) continue;
    if (low === Infinity || value < low) low = value;
    if (high === -Infinity || value > high) high = value;
  }
  if (low === Infinity) return `${name} empty`;
  const say = (value: number | string): string =>
    typeof value === 'number' ? formatNumber(value) : shortDate(value);
  return `${name} ${say(low)} to ${say(high)}`;
}

/** A date of ISO text without a time that says nothing; other text as it is. */
export function shortDate(text: string): string {
  return text.replace(/^(\d{4}-\d\d-\d\d)T00:00:00\.000Z$/, '$1');
}

/** `; 3 empty left out`, or nothing. */
export function leftOut(count: number): string {
  return count > 0 ? `; ${formatNumber(count)} empty left out` : '';
}

const LABEL_LIMIT = 40;

/** A category's name on one line, of at most 40 characters. */
export function shorten(label: string): string {
  const line = label.replace(/\s+/g, ' ').trim();
  return line.length > LABEL_LIMIT ? `${line.slice(0, LABEL_LIMIT - 1)}…` : line;
}

/** The name of a category: what is missing is `(empty)`, a date its day. */
export function nameOf(value: unknown): string {
  if (value === null || value === undefined || value === '') return '(empty)';
  return value instanceof Date ? value.toISOString().slice(0, 10) : String(value);
}
