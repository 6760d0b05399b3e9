/** Columns that know their groups, which arquero asks a column for before it makes keys of its own. */
import type { ColumnTable } from 'arquero';

/** The number of each row's group; groups are numbered in the order of their first rows. */
interface Numbers {
  readonly keys: Uint32Array;
  /** The first row of each group. */
  readonly rows: number[];
  /** How many groups there are. */
  readonly size: number;
}

/** Groups as arquero takes them: with names, and values by their rows. */
interface Groups extends Numbers {
  readonly names: string[];
  readonly get: ((row: number) => unknown)[];
}

interface GroupedColumn {
  groups(names: string[]): Groups;
}

/**
 * A copy of a column with a `groups` method, if its values are texts, numbers, truth values, dates and nulls; other columns
 * come back as they are.
 *
 * arquero builds a new string for each row, and again for each question. A Map needs none, and since a frame's columns
 * do not change, the groups are found once, when they are first asked for.
 */
export function withGroups(values: ArrayLike<unknown>): ArrayLike<unknown> {
  const isNumeric = NUMERIC.some(type => values instanceof type);
  if (!isNumeric && !(Array.isArray(values) && values.every(isSimple))) return values;
  const column = (values as unknown[]).slice();
  let found: Numbers | undefined;
  const groups: GroupedColumn['groups'] = names => {
    found ??= numberRows(column);
    return { ...found, names, get: [row => column[row]] };
  };
  // Not enumerable: the column is an array to everybody else.
  return Object.defineProperty(column, 'groups', { value: groups });
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
    value === null ||
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean' ||
    value instanceof Date
  );
}

/**
 * The groups that several columns make together, or one in the rows that a filter leaves; undefined for those that arquero
 * finds as well: where it asks the column itself, or has to look at the values.
 */
export function groupsOf(table: ColumnTable, keys: readonly unknown[]): Groups | undefined {
  const names = [...new Set(keys)].filter(key => typeof key === 'string');
  const columns = names.map(name => table.column(name) as Partial<GroupedColumn> | undefined);
  const isAsked = names.length === 1 && !table.isFiltered();
  if (isAsked || names.length === 0 || names.length < keys.length || !columns.every(knowsGroups))
    return undefined;
  const parts = columns.map((column, i) => column.groups([names[i]!]));
  const rows = table.isFiltered() ? keptRows(table) : undefined;
  const numbers = parts
    .map<Numbers>(part => (rows ? numberRows(part.keys, rows) : part))
    .reduce((left, right) => numberRows(pairKeys(left, right), rows));
  return { ...numbers, names, get: parts.flatMap(({ get }) => get) };
}

function knowsGroups(column: Partial<GroupedColumn> | undefined): column is GroupedColumn {
  return typeof column?.groups === 'function';
}

/** The rows that a table's filter leaves, in their own order whatever the table's is. */
function keptRows(table: ColumnTable): Uint32Array {
  const rows = new Uint32Array(table.numRows());
  let kept = 0;
  table.scan(row => {
    rows[kept++] = row!;
  });
  return rows;
}

/** One whole number for each row's two groups; a Map is faster with those of 32 bits. */
function pairKeys(left: Numbers, right: Numbers): Int32Array | Float64Array {
  const isSmall = left.size * right.size < 2 ** 31;
  const pairs = isSmall ? new Int32Array(left.keys.length) : new Float64Array(left.keys.length);
  for (let row = 0; row < pairs.length; row++) pairs[row] = left.keys[row]! * right.size + right.keys[row]!;
  return pairs;
}

/**
 * The hot path: numbers the groups of equal values. Dates of the same time are equal, as in arquero.
 *
 * @param rows the rows to look at, if not all; the others keep 0, as in arquero
 */
function numberRows(values: ArrayLike<unknown>, rows?: Uint32Array): Numbers {
  const keys = new Uint32Array(values.length);
  const index = new Map<unknown, number>();
  const firsts: number[] = [];
  const length = rows?.length ?? values.length;
  for (let i = 0; i < length; i++) {
    const row = rows ? rows[i]! : i;
    const value = values[row];
    const same = value instanceof Date ? value.getTime() : value;
    let key = index.get(same);
    if (key === undefined) {
      key = firsts.length;
      firsts.push(row);
      index.set(same, key);
    }
    keys[row] = key;
  }
  return { keys, rows: firsts, size: firsts.length };
}
