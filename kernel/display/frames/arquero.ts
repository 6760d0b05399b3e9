/** arquero tables, and others with `numRows()`, `numCols()`, `columnNames()` and `get(name, row)` or `object(row)`. */
import { isTransparent, method } from '../properties.ts';
import { isGap, maxCounted, shownColumns, shownRows, type TableView } from '../table.ts';

export function arqueroView(value: object): TableView | undefined {
  const numRows = method(value, 'numRows');
  const numCols = method(value, 'numCols');
  const columnNames = method(value, 'columnNames');
  const get = method(value, 'get');
  const object = method(value, 'object');
  if (!numRows || !numCols || !columnNames || !(get || object)) return undefined;
  const rows = Number(numRows());
  const names = (columnNames() as unknown[]).slice(0, shownColumns).map(String);
  const numbers = Array.from({ length: Math.min(rows, shownRows) }, (_, row) => row);
  // `get` counts rows after filtering and in the table's order, so a view of a large table stays a view.
  const column = (name: string): unknown[] =>
    numbers.map(row => (get ? get(name, row) : (object!(row) as Record<string, unknown>)[name]));
  const nulls = gapCounter(value, names.length);
  return {
    rows,
    columns: Number(numCols()),
    shown: names.map(name => ({ name, values: column(name), nulls: nulls?.(name) })),
  };
}

/** Counts the gaps of a column in the rows that a filter leaves; undefined where there are too many cells to look at. */
function gapCounter(value: object, columns: number): ((name: string) => number | undefined) | undefined {
  const column = method(value, 'column');
  const total = Number(method(value, 'totalRows')?.());
  if (!column || !(total * columns <= maxCounted)) return undefined;
  const mask = method(value, 'mask')?.() as { get(row: number): number } | null | undefined;
  return name => {
    const values = column(name);
    if (!isTransparent(values)) return undefined;
    // Columns of Arrow know.
    if ((values as { nullCount?: unknown }).nullCount === 0) return 0;
    const at = Array.isArray(values) || ArrayBuffer.isView(values) ? undefined : method(values, 'at');
    let gaps = 0;
    for (let row = 0; row < total; row++) {
      if (mask && !mask.get(row)) continue;
      if (isGap(at ? at(row) : (values as unknown[])[row])) gaps++;
    }
    return gaps;
  };
}
