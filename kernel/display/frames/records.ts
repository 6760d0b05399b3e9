/** Frames that hand out records, as Deno's kernel knows them: `{ schema, head(n), toRecords() }`. */
import { classProperty, dataProperty, isPlainObject, isTransparent, method } from '../properties.ts';
import { shownColumns, shownRows, type TableView } from '../table.ts';

export function recordsView(value: object): TableView | undefined {
  const head = method(value, 'head');
  if (!head || !method(value, 'toRecords')) return undefined;
  const schema = classProperty(value, 'schema');
  const top = head(shownRows);
  if (!isTransparent(schema) || typeof top !== 'object' || top === null) return undefined;
  const all = (top as { toRecords(): unknown }).toRecords();
  if (!Array.isArray(all)) return undefined;
  const records = all.slice(0, shownRows).filter(isTransparent);
  const declared = Object.keys(schema);
  const names = declared.length > 0 ? declared : [...new Set(records.flatMap(record => Object.keys(record)))];
  const shown = names.slice(0, shownColumns).map(name => ({
    name,
    type: typeText(dataProperty(schema, name)),
    values: records.map(record => dataProperty(record, name)),
  }));
  return {
    rows: rowCount(value) ?? (all.length < shownRows ? all.length : undefined),
    columns: names.length,
    shown,
  };
}

function rowCount(value: object): number | undefined {
  const shape = classProperty(value, 'shape');
  const count = Array.isArray(shape) ? shape[0] : classProperty(value, 'height');
  return typeof count === 'number' ? count : undefined;
}

function typeText(type: unknown): string | undefined {
  if (typeof type === 'string') return type;
  // A class instance that prints itself, as polars' types do; an object literal has nothing short to say.
  if (!isTransparent(type) || isPlainObject(type)) return undefined;
  const text = String(type);
  return text.startsWith('[object') ? undefined : text;
}
