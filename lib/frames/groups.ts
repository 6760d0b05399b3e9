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

/** Calls a function with the number of each row. */
type Scan = (visit: (row: number) => void) => void;

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
  const everyRow: Scan = visit => {
    for (let row = 0; row < column.length; row++) visit(row);
  };
  let found: Numbers | undefined;
  const groups: GroupedColumn['groups'] = names => {
    found ??= numberRows(column.length, everyRow, row => identity(column[row]));
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

/** Dates of the same time are equal, and equal to its number, as in arquero. */
function identity(value: unknown): unknown {
  return value instanceof Date ? value.getTime() : value;
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
  const scan: Scan = visit => table.scan(row => visit(row!));
  const pair = (left: Numbers, right: Numbers): Numbers =>
    numberRows(table.totalRows(), scan, row => left.keys[row]! * right.size + right.keys[row]!);
  const one: Numbers = { keys: new Uint32Array(table.totalRows()), rows: [0], size: 1 };
  return { ...parts.reduce<Numbers>(pair, one), names, get: parts.flatMap(({ get }) => get) };
}

function knowsGroups(column: Partial<GroupedColumn> | undefined): column is GroupedColumn {
  return typeof column?.groups === 'function';
}

/** Numbers the rows that a scan visits by their keys; the others keep 0, as in arquero. */
function numberRows(length: number, scan: Scan, keyOf: (row: number) => unknown): Numbers {
  const keys = new Uint32Array(length);
  const index = new Map<unknown, number>();
  const rows: number[] = [];
  scan(row => {
    const value = keyOf(row);
    let key = index.get(value);
    if (key === undefined) {
      key = rows.length;
      rows.push(row);
      index.set(value, key);
    }
    keys[row] = key;
  });
  return { keys, rows, size: rows.length };
}
