/** What stands in a table's cells: the values of one column, formatted alike. */
import { inspect, types } from 'node:util';
import { inspectValue } from './inspect.ts';

/** Characters of a cell's text, and of the title that shows more of it. */
const maxText = 80;
const maxTitle = 300;
/** Cells at least this long may be cut off by the style sheet, so they get a title. */
const longText = 34;
/** Significant digits that a column's numbers keep. */
const significant = 5;

/** One cell: its text, and what to show on hover where the text is not all. */
export interface Cell {
  readonly text: string;
  readonly full?: string;
  readonly missing?: boolean;
}

/** Whether a column holds numbers and nothing else but gaps. */
export function isNumeric(values: readonly unknown[]): boolean {
  let numbers = 0;
  for (const value of values) {
    if (typeof value === 'number' || typeof value === 'bigint') numbers++;
    else if (value !== null && value !== undefined) return false;
  }
  return numbers > 0;
}

/**
 * The TypeScript type of a column's values, gaps aside: `number`, `string`, `Date`, ..., or `mixed`.
 *
 * @example
 * columnType([1, null, 2.5]); // 'number'
 */
export function columnType(values: readonly unknown[]): string {
  const found = new Set<string>();
  for (const value of values) if (value !== null && value !== undefined) found.add(typeName(value));
  if (found.size === 0) return 'null';
  return found.size === 1 ? [...found][0]! : 'mixed';
}

/** The cells of a column: numbers with the same decimals, dates without a time where none has one. */
export function formatColumn(values: readonly unknown[]): Cell[] {
  const decimals = decimalsOf(values);
  const dateOnly = values.every(value => !isValidDate(value) || value.getTime() % 86_400_000 === 0);
  return values.map(value => formatCell(value, decimals, dateOnly));
}

function typeName(value: unknown): string {
  if (typeof value !== 'object') return typeof value;
  if (types.isDate(value)) return 'Date';
  if (Array.isArray(value)) return 'array';
  return types.isTypedArray(value) ? 'typed array' : 'object';
}

function isValidDate(value: unknown): value is Date {
  return types.isDate(value) && !Number.isNaN(Date.prototype.getTime.call(value));
}

function formatCell(value: unknown, decimals: number, dateOnly: boolean): Cell {
  if (value === null || value === undefined) return { text: String(value), missing: true };
  switch (typeof value) {
    case 'number':
      return formatNumber(value, decimals);
    case 'string':
      return textCell(value);
    case 'bigint':
      return textCell(inspectValue(value).replace(/n$/, ''));
    case 'symbol':
    case 'boolean':
      return textCell(inspectValue(value));
    default:
      if (isValidDate(value)) return { text: dateText(value, dateOnly) };
      if (types.isDate(value)) return { text: 'Invalid Date', missing: true };
      return textCell(oneLine(value));
  }
}

function formatNumber(value: number, decimals: number): Cell {
  if (Number.isNaN(value)) return { text: 'NaN', missing: true };
  if (!Number.isFinite(value)) return { text: String(value) };
  if (Number.isInteger(value) && (decimals === 0 || Math.abs(value) >= 1e15)) {
    return { text: Object.is(value, -0) ? '-0' : String(value) };
  }
  const fixed = value.toFixed(decimals);
  // What the column's decimals would round away, or blow up, stands in exponential form.
  const distorted = Math.abs(Number(fixed) - value) > 0.01 * Math.abs(value) || Math.abs(value) >= 1e12;
  const text = distorted ? shortExponential(value) : fixed;
  return Number(text) === value ? { text } : { text, full: String(value) };
}

/** Decimals that show a column's largest number to five digits (two decimals at least), fewer where all need fewer. */
function decimalsOf(values: readonly unknown[]): number {
  const fractions = values.filter(
    value => typeof value === 'number' && Number.isFinite(value) && value % 1 !== 0,
  );
  if (fractions.length === 0) return 0;
  const largest = Math.max(...(fractions as number[]).map(Math.abs));
  // A column of tiny numbers, such as learning rates, reads better in exponential form.
  if (largest < 1e-4) return 1;
  const wanted = Math.min(8, Math.max(2, significant - 1 - Math.floor(Math.log10(largest))));
  const needed = (fractions as number[]).map(value => {
    const rounded = value.toFixed(wanted).replace(/0+$/, '');
    return rounded.length - rounded.indexOf('.') - 1;
  });
  return Math.max(1, ...needed);
}

function shortExponential(value: number): string {
  return Number(value.toPrecision(significant - 1)).toExponential();
}

function dateText(date: Date, dateOnly: boolean): string {
  const iso = Date.prototype.toISOString.call(date);
  if (dateOnly) return iso.slice(0, iso.indexOf('T'));
  return iso.replace('T', ' ').replace(/(\.000)?Z$/, '');
}

function textCell(value: string): Cell {
  const text = value.slice(0, maxText).replace(/\r\n?|\n/g, '↵') + (value.length > maxText ? '…' : '');
  if (value.length < longText && text === value) return { text };
  return { text, full: value.slice(0, maxTitle) + (value.length > maxTitle ? '…' : '') };
}

/** Lists and objects in a cell, short and on one line. */
function oneLine(value: unknown): string {
  try {
    const options = {
      depth: 1,
      maxArrayLength: 8,
      maxStringLength: maxText,
      breakLength: Number.POSITIVE_INFINITY,
    };
    return inspect(value, { ...options, compact: true, customInspect: false, showProxy: true });
  } catch {
    return '[cannot be shown]';
  }
}
