/** arquero tables, and others with `numRows()`, `numCols()`, `columnNames()` and `get(name, row)` or `object(row)`. */
import { method } from '../properties.ts';
import { shownColumns, shownRows, type TableView } from '../table.ts';

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
  return { rows, columns: Number(numCols()), shown: names.map(name => ({ name, values: column(name) })) };
}
