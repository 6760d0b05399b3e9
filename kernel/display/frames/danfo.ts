/** danfo.js data frames and series: rows in `$data`, labels in `$columns` and `$index`. */
import { dataProperty } from '../properties.ts';
import { isGap, maxCounted, shownColumns, shownRows, type TableView } from '../table.ts';

export function danfoView(value: object): TableView | undefined {
  const names = dataProperty(value, '$columns');
  const data = dataProperty(value, '$data');
  if (!Array.isArray(names) || !Array.isArray(data)) return undefined;
  const dtypes = dataProperty(value, '$dtypes');
  const isSeries = dataProperty(value, '$isSeries') === true;
  const head: unknown[] = data.slice(0, shownRows);
  const counted = data.length * names.length <= maxCounted;
  const shown = names.slice(0, shownColumns).map((name, i) => ({
    name: String(name),
    type: Array.isArray(dtypes) && dtypes[i] !== undefined ? String(dtypes[i]) : undefined,
    values: head.map(row => (isSeries ? row : (row as unknown[])[i])),
    nulls: counted ? gaps(data, row => (isSeries ? row : (row as unknown[])[i])) : undefined,
  }));
  return { rows: data.length, columns: names.length, shown, index: labels(dataProperty(value, '$index')) };
}

function gaps(rows: readonly unknown[], cell: (row: unknown) => unknown): number {
  let count = 0;
  for (const row of rows) if (isGap(cell(row))) count++;
  return count;
}

/** The labels of the shown rows, unless they only count. */
function labels(index: unknown): unknown[] | undefined {
  if (!Array.isArray(index)) return undefined;
  const head: unknown[] = index.slice(0, shownRows);
  return head.some((label, row) => label !== row) ? head : undefined;
}
