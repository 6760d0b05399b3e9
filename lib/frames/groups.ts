/** Columns that know their groups, which arquero asks a column for before it makes keys of its own. */

/** What arquero's `groupby` takes from a column. */
interface Groups {
  /** The group of each row. */
  readonly keys: Uint32Array;
  readonly get: readonly ((row: number) => unknown)[];
  readonly names: readonly string[];
  /** The first row of each group. */
  readonly rows: readonly number[];
  readonly size: number;
}

/**
 * A copy of a column with a `groups` method, if its values are texts, numbers, booleans and nulls; other columns come
 * back as they are.
 *
 * arquero builds a new string for each row, and again for each question. A Map needs none, and since a frame's columns
 * do not change, the groups are found once, when they are first asked for.
 */
export function withGroups(values: ArrayLike<unknown>): ArrayLike<unknown> {
  const isNumeric = NUMERIC.some(type => values instanceof type);
  if (!isNumeric && !(Array.isArray(values) && values.every(isSimple))) return values;
  const column = (values as unknown[]).slice();
  let found: Omit<Groups, 'names'> | undefined;
  // Not enumerable: the column is an array to everybody else.
  return Object.defineProperty(column, 'groups', {
    value(names: readonly string[]): Groups {
      found ??= findGroups(column);
      return { ...found, names };
    },
  });
}

const NUMERIC = [
  Float64Array,
  Float32Array,
  Int32Array,
  Uint32Array,
  Int16Array,
  Uint16Array,
  Int8Array,
  Uint8Array,
];

/** Whether a Map tells a value from others as arquero's keys do. */
function isSimple(value: unknown): boolean {
  return (
    value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
  );
}

function findGroups(column: ArrayLike<unknown>): Omit<Groups, 'names'> {
  const keys = new Uint32Array(column.length);
  const index = new Map<unknown, number>();
  const rows: number[] = [];
  for (let row = 0; row < column.length; row++) {
    const value = column[row];
    let key = index.get(value);
    if (key === undefined) {
      key = rows.length;
      rows.push(row);
      index.set(value, key);
    }
    keys[row] = key;
  }
  return { keys, get: [row => column[row]], rows, size: rows.length };
}
