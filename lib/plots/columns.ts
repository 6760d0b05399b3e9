/** Reads columns for plots out of whatever holds them: a data frame, rows, columns or plain arrays. */
import { type Columns, openColumns, type Tabular } from '../datasets/index.ts';
import { shortenAll } from './words.ts';

/** A sequence of values: an array, a typed array, a Set, anything that can be iterated and is not text. */
export type Values = Iterable<unknown> & object;

/** What a plot takes its columns from: a frame of any library, a data set, row objects, or an object of arrays. */
export type PlotData = Tabular;

/** A column: its name in the data, or its values. */
export type Column = string | Values;

/** Values with the name that an axis shows. */
export interface NamedValues {
  readonly name: string;
  readonly values: readonly unknown[];
}

/**
 * The values of a column.
 *
 * @param fallbackName the name of a column that was given as bare values
 * @throws if the data has no such column, or a name was given and no data
 */
export function readColumn(data: PlotData | undefined, column: Column, fallbackName: string): NamedValues {
  if (typeof column !== 'string') return { name: fallbackName, values: Array.from(column) };
  if (!data) {
    throw new TypeError(
      `"${column}" names a column, but there is no data: pass a frame first, or the values themselves.`,
    );
  }
  if (Array.isArray(data)) return { name: column, values: ofRows(data, column) };
  const columns = openColumns(data) as Columns;
  if (!columns.names.includes(column)) throw unknownColumn(column, columns.names);
  return { name: column, values: Array.from(columns.values(column)) };
}

/** The first of these columns that the data has. */
export function findColumn(data: PlotData, names: readonly string[]): NamedValues | undefined {
  const has = Array.isArray(data)
    ? (name: string) => data.some(row => name in row)
    : (name: string) => openColumns(data)?.names.includes(name);
  const name = names.find(has);
  return name === undefined ? undefined : readColumn(data, name, name);
}

/** Rows are read directly: a plot needs two of their columns, not all. */
function ofRows(rows: readonly Readonly<Record<string, unknown>>[], column: string): unknown[] {
  if (!rows.some(row => column in row)) {
    throw unknownColumn(column, [...new Set(rows.flatMap(row => Object.keys(row)))]);
  }
  return rows.map(row => row[column]);
}

function unknownColumn(column: string, names: readonly string[]): RangeError {
  return new RangeError(`There is no column "${column}"; the columns are: ${names.join(', ') || '(none)'}.`);
}

/** Whether a value can be read by column name, as against a plain sequence of values. */
export function isPlotData(value: unknown): value is PlotData {
  if (Array.isArray(value)) return value.length > 0 && isRecord(value[0]);
  return openColumns(value) !== undefined;
}

export function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !isValues(value) && !(value instanceof Date);
}

/**
 * The values as numbers, with null where there is nothing to draw (null, undefined, NaN, infinities).
 *
 * @throws naming the first value that is no number
 */
export function toNumbers({ name, values }: NamedValues, advice = ''): (number | null)[] {
  return values.map((value, i) => {
    if (value === null || value === undefined) return null;
    const number = typeof value === 'bigint' ? Number(value) : value;
    if (typeof number !== 'number') {
      throw new TypeError(
        `"${name}" must hold numbers, but row ${i} has ${show(value)}.${advice && ` ${advice}`}`,
      );
    }
    return Number.isFinite(number) ? number : null;
  });
}

/** A position on an axis: a number, a date as ISO text, or a category. */
export type Position = number | string | null;

/** Values as positions: numbers and dates stay what they are, booleans and text are categories with short names. */
export function toPositions({ values }: NamedValues): Position[] {
  const categories = [
    ...new Set(values.filter(value => typeof value === 'string' || typeof value === 'boolean').map(String)),
  ];
  const names = new Map(shortenAll(categories).map((name, i) => [categories[i], name]));
  return values.map(value => {
    if (value === null || value === undefined) return null;
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
    if (typeof value === 'bigint') return Number(value);
    if (typeof value === 'number') return Number.isFinite(value) ? value : null;
    return names.get(String(value)) ?? String(value);
  });
}

function show(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
