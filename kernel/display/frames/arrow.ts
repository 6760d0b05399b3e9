/** apache-arrow and flechette tables and record batches, and columns alone. */
import { classProperty, dataProperty, isPlainObject, isTransparent, method } from '../properties.ts';
import { shownColumns, shownRows, type TableColumn, type TableView } from '../table.ts';

/** Type ids of the Arrow format: decimals arrive as words of 32 bits, instants as milliseconds, the nested as views. */
const decimal = 7;
const temporal = new Set([8, 10]);
const nested = new Set([12, 13, 16, 17, 21, 25, 26]);

interface Field {
  readonly name: string;
  readonly type: { readonly typeId?: number; readonly scale?: number; toString(): string };
}

export function arrowView(value: object): TableView | undefined {
  const schema = classProperty(value, 'schema');
  const getChildAt = method(value, 'getChildAt');
  if (!getChildAt || !isTransparent(schema)) return undefined;
  const fields = dataProperty(schema, 'fields');
  const rows = classProperty(value, 'numRows');
  if (!Array.isArray(fields) || typeof rows !== 'number') return undefined;
  const shown = (fields as Field[])
    .slice(0, shownColumns)
    .map((field, i) => shownColumn(field, rows, getChildAt(i)));
  return { rows, columns: fields.length, shown };
}

/** A column without a table. */
export function arrowColumnView(value: object): TableView | undefined {
  const type = dataProperty(value, 'type');
  if (!isTransparent(type) || typeof dataProperty(type, 'typeId') !== 'number') return undefined;
  if (!(method(value, 'get') ?? method(value, 'at'))) return undefined;
  const rows = classProperty(value, 'length');
  if (typeof rows !== 'number') return undefined;
  const field = { name: '', type: type as Field['type'] };
  return { rows, columns: 1, shown: [shownColumn(field, rows, value)] };
}

function shownColumn(field: Field, rows: number, column: unknown): TableColumn {
  const at = isTransparent(column) ? (method(column, 'get') ?? method(column, 'at')) : undefined;
  const nulls = isTransparent(column) ? classProperty(column, 'nullCount') : undefined;
  return {
    name: String(field.name),
    type: typeText(field),
    values: Array.from({ length: Math.min(rows, shownRows) }, (_, row) => cell(field, at?.(row))),
    nulls: typeof nulls === 'number' ? nulls : undefined,
  };
}

function cell({ type }: Field, value: unknown): unknown {
  const id = type?.typeId ?? 0;
  if (typeof value === 'number' && temporal.has(id)) return new Date(value);
  if (id === decimal && ArrayBuffer.isView(value)) return decimalText(value as Uint32Array, type.scale ?? 0);
  return nested.has(id) ? content(value) : value;
}

/** What is in the views that apache-arrow gives of lists and structs, views in them included. */
function content(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Date || ArrayBuffer.isView(value)) {
    return value;
  }
  // Rows of a struct are Proxies of Arrow's own, of which this method is part.
  const { toJSON } = value as { toJSON?: unknown };
  const own: unknown = typeof toJSON === 'function' ? toJSON.call(value) : value;
  if (Array.isArray(own)) return own.map(content);
  if (!isPlainObject(own)) return own;
  return Object.fromEntries(Object.entries(own).map(([key, item]) => [key, content(item)]));
}

/** Two's complement, lowest word first; text, so that no digit is lost. */
function decimalText(words: Uint32Array, scale: number): string {
  let whole = 0n;
  for (let i = words.length - 1; i >= 0; i--) whole = (whole << 32n) | BigInt(words[i]!);
  whole = BigInt.asIntN(32 * words.length, whole);
  const digits = String(whole < 0n ? -whole : whole).padStart(scale + 1, '0');
  const point = digits.length - scale;
  return `${whole < 0n ? '-' : ''}${digits.slice(0, point)}${scale > 0 ? `.${digits.slice(point)}` : ''}`;
}

/** apache-arrow's types print themselves; flechette's are plain objects and leave it to the values. */
function typeText(field: Field): string | undefined {
  const text = String(field.type);
  return text.startsWith('[object') ? undefined : text.replace(/^Dictionary<.*, (.*)>$/, '$1');
}
