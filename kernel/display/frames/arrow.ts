/** apache-arrow and flechette tables and record batches. */
import { classProperty, dataProperty, isTransparent, method } from '../properties.ts';
import { shownColumns, shownRows, type TableView } from '../table.ts';

/** Type ids of the Arrow format: decimals arrive as words of 32 bits, instants as milliseconds, the nested as views. */
const decimal = 7;
const temporal = new Set([8, 10]);
const nested = new Set([12, 13, 16, 17]);

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
  const shown = (fields as Field[]).slice(0, shownColumns).map((field, i) => {
    const column = getChildAt(i);
    const at = isTransparent(column) ? (method(column, 'get') ?? method(column, 'at')) : undefined;
    const values = Array.from({ length: Math.min(rows, shownRows) }, (_, row) => cell(field, at?.(row)));
    const nulls = isTransparent(column) ? classProperty(column, 'nullCount') : undefined;
    return {
      name: String(field.name),
      type: typeText(field),
      values,
      nulls: typeof nulls === 'number' ? nulls : undefined,
    };
  });
  return { rows, columns: fields.length, shown };
}

function cell({ type }: Field, value: unknown): unknown {
  const id = type?.typeId ?? 0;
  if (typeof value === 'number' && temporal.has(id)) return new Date(value);
  if (id === decimal && ArrayBuffer.isView(value)) return decimalText(value as Uint32Array, type.scale ?? 0);
  // Rows of a struct are Proxies of Arrow's own, of which this method is part.
  const toJSON = nested.has(id) ? (value as { toJSON?: () => unknown } | null)?.toJSON : undefined;
  return typeof toJSON === 'function' ? toJSON.call(value) : value;
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
