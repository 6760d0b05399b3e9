/** apache-arrow and flechette tables and record batches. */
import { classProperty, dataProperty, isTransparent, method } from '../properties.ts';
import { shownColumns, shownRows, type TableView } from '../table.ts';

/** Type ids of Arrow's Date and Timestamp, whose values arrive as milliseconds. */
const temporal = new Set([8, 10]);

interface Field {
  readonly name: string;
  readonly type: { readonly typeId?: number; toString(): string };
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
    const values = Array.from({ length: Math.min(rows, shownRows) }, (_, row) => instant(field, at?.(row)));
    return { name: String(field.name), type: typeText(field), values };
  });
  return { rows, columns: fields.length, shown };
}

function instant(field: Field, value: unknown): unknown {
  return typeof value === 'number' && temporal.has(field.type?.typeId ?? 0) ? new Date(value) : value;
}

/** apache-arrow's types print themselves; flechette's are plain objects and leave it to the values. */
function typeText(field: Field): string | undefined {
  const text = String(field.type);
  return text.startsWith('[object') ? undefined : text.replace(/^Dictionary<.*, (.*)>$/, '$1');
}
