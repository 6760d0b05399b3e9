/** Row objects turned into columns. */

/**
 * The columns of row objects: all the keys that any row has, in order of first appearance; what a row lacks is null.
 *
 * @param origin what an error names: a file or a function
 * @throws naming the first row that is not an object
 */
export function columnsOfRows(rows: Iterable<unknown>, origin: string): Map<string, unknown[]> {
  const columns = new Map<string, unknown[]>();
  let count = 0;
  for (const row of rows) {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      throw new TypeError(
        `${origin}: row ${count} is ${Array.isArray(row) ? 'an array' : String(row)}, not an object.`,
      );
    }
    for (const [name, value] of Object.entries(row)) {
      let column = columns.get(name);
      if (!column) {
        column = new Array<unknown>(count).fill(null);
        columns.set(name, column);
      }
      column.push(value ?? null);
    }
    count++;
    for (const column of columns.values()) if (column.length < count) column.push(null);
  }
  return columns;
}
