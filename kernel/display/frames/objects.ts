/** Arrays of alike, flat objects: the rows of a JSON file or of a query's result. */
import { types } from 'node:util';
import type { MimeBundle } from '../bundle.ts';
import { inspectValue } from '../inspect.ts';
import { isPlainObject } from '../properties.ts';
import { shownColumns, shownRows, tableHtml } from '../table.ts';

/** More distinct keys than this in the first rows, and the objects are no rows. */
const maxKeys = 500;

/** A table beside the usual text form, where the first rows are flat and have mostly the same keys. */
export function objectsBundle(value: unknown[]): MimeBundle | undefined {
  const rows = value.slice(0, shownRows);
  if (rows.length === 0 || !rows.every(isPlainObject)) return undefined;
  const names = rowKeys(rows);
  if (!names) return undefined;
  const columns = names.slice(0, shownColumns).map(name => ({ name, values: rows.map(row => row[name]) }));
  const html = tableHtml({ rows: value.length, columns: names.length, shown: columns });
  return { data: { 'text/plain': inspectValue(value), 'text/html': html }, metadata: {} };
}

/** The keys that the rows share, or undefined when they are not the rows of one table. */
function rowKeys(rows: Record<string, unknown>[]): string[] | undefined {
  const counts = new Map<string, number>();
  let values = 0;
  let flat = 0;
  for (const row of rows) {
    for (const [key, property] of Object.entries(Object.getOwnPropertyDescriptors(row))) {
      if (!property.enumerable) continue;
      if (!('value' in property)) return undefined;
      counts.set(key, (counts.get(key) ?? 0) + 1);
      values++;
      if (isFlat(property.value)) flat++;
    }
    if (counts.size > maxKeys) return undefined;
  }
  // Nine cells of ten are simple values, and three of four are filled.
  if (values === 0 || flat < 0.9 * values || values < 0.75 * counts.size * rows.length) return undefined;
  return [...counts.keys()];
}

function isFlat(value: unknown): boolean {
  return value === null || (typeof value !== 'object' && typeof value !== 'function') || types.isDate(value);
}
