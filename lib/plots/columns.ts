/** Reads columns for plots out of whatever holds them: a data frame, rows, columns or plain arrays. */

/** A sequence of values: an array, a typed array, a Set, anything that can be iterated and is not text. */
export type Values = Iterable<unknown> & object;

/** A data frame that answers as arquero's tables do. */
export interface FrameLike {
  columnNames(): string[];
  array(name: string): ArrayLike<unknown>;
}

/** What a plot takes its columns from: a frame, an array of row objects, or an object of arrays. */
export type PlotData =
  | FrameLike
  | readonly Readonly<Record<string, unknown>>[]
  | Readonly<Record<string, Values>>;

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
  const names = columnNames(data);
  if (!names.includes(column)) {
    throw new RangeError(`There is no column "${column}"; the columns are: ${names.join(', ') || '(none)'}.`);
  }
  return { name: column, values: valuesOf(data, column) };
}

/** Whether a value can be read by column name, as against a plain sequence of values. */
export function isPlotData(value: unknown): value is PlotData {
  if (isFrame(value)) return true;
  if (Array.isArray(value)) return value.length > 0 && isRecord(value[0]);
  return isRecord(value) && Object.values(value).every(isValues);
}

export function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

function columnNames(data: PlotData): string[] {
  if (isFrame(data)) return data.columnNames();
  if (isRows(data)) return [...new Set(data.flatMap(row => Object.keys(row)))];
  return Object.keys(data);
}

function valuesOf(data: PlotData, name: string): unknown[] {
  if (isFrame(data)) return Array.from(data.array(name));
  if (isRows(data)) return data.map(row => row[name]);
  return Array.from((data as Record<string, Values>)[name] as Values);
}

function isFrame(value: unknown): value is FrameLike {
  const frame = value as Partial<FrameLike> | null | undefined;
  return typeof frame?.columnNames === 'function' && typeof frame.array === 'function';
}

function isRows(data: PlotData): data is readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(data);
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

/** Values as positions: numbers and dates stay what they are, booleans and text are categories. */
export function toPositions({ values }: NamedValues): Position[] {
  return values.map(value => {
    if (value === null || value === undefined) return null;
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
    if (typeof value === 'bigint') return Number(value);
    if (typeof value === 'number') return Number.isFinite(value) ? value : null;
    return String(value);
  });
}

function show(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
