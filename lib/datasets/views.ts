/** Tables made of other tables without copying a value. */
import { type Feature, type FeatureMap, featureName, joinFeatures, sameFeature, value } from './features.ts';
import { conform } from './formats/shape.ts';
import type { Row } from './jsonl.ts';
import { type Column, ColumnTable, noColumn, type Table, type TypedColumn } from './table.ts';

/** Rows of a table in a given order; a row may come more than once. */
class SelectedTable implements Table {
  readonly base: Table;
  readonly indices: Uint32Array;

  constructor(base: Table, indices: Uint32Array) {
    this.base = base;
    this.indices = indices;
  }

  get rowCount(): number {
    return this.indices.length;
  }

  get features(): Table['features'] {
    return this.base.features;
  }

  column(name: string): Column {
    const column = this.base.column(name);
    const { indices } = this;
    return { length: indices.length, get: index => column.get(indices[index]!) };
  }

  row(index: number): Row {
    return this.base.row(this.indices[index]!);
  }
}

/** The rows at the indices, in their order. The indices are kept, not copied. */
export function selectRows(table: Table, indices: Uint32Array): Table {
  if (!(table instanceof SelectedTable)) return new SelectedTable(table, indices);
  // One look-up however many selections are made one after another.
  return new SelectedTable(
    table.base,
    indices.map(index => table.indices[index]!),
  );
}

/** Rows `start` to `end`, without `end`. */
export function sliceRows(table: Table, start: number, end: number): Table {
  if (start === 0 && end === table.rowCount) return table;
  return selectRows(
    table,
    Uint32Array.from({ length: Math.max(0, end - start) }, (_, i) => start + i),
  );
}

/** Some of the columns, by new name and present name. */
export function pickColumns(table: Table, names: ReadonlyMap<string, string>): Table {
  if (table instanceof SelectedTable) return new SelectedTable(pickColumns(table.base, names), table.indices);
  return new ColumnTable(
    table.rowCount,
    new Map([...names].map(([name, present]) => [name, typedColumn(table, present)])),
  );
}

/** The table with further columns, or others in place of those of the same name. */
export function withColumns(table: Table, columns: ReadonlyMap<string, TypedColumn>): Table {
  const all = new Map<string, TypedColumn>();
  for (const name of table.features.keys()) {
    all.set(name, columns.get(name) ?? typedColumn(table, name));
  }
  for (const [name, column] of columns) all.set(name, column);
  return new ColumnTable(table.rowCount, all);
}

/** A column and its type, both from a table. */
export function typedColumn(table: Table, name: string): TypedColumn {
  const feature = table.features.get(name);
  if (!feature) throw noColumn(name, table.features.keys());
  return { feature, column: table.column(name) };
}

/**
 * The rows of tables one after another; what a table has no column for is null, also inside structs.
 *
 * Columns of `file`s, which nobody can cast before they are joined, may differ also in the type of their numbers, if one type
 * holds the values of both: `int32` and `int64`, or integers up to 2^53 and `float64`.
 *
 * @param kind what each table is, for messages
 * @throws if a column has in two tables types that cannot be joined
 */
export function concatTables(tables: readonly Table[], kind: 'data set' | 'file' = 'data set'): Table {
  const filled = tables.filter(table => table.rowCount > 0);
  if (filled.length < 2) return filled[0] ?? tables[0]!;
  const features = joinColumns(
    filled.map(table => table.features),
    kind,
  );
  const ends: number[] = [];
  for (const table of filled) ends.push((ends.at(-1) ?? 0) + table.rowCount);
  const columns = [...features].map(([name, feature]) => {
    const parts = filled.map(table => joinable(table, name, feature));
    return [name, { feature, column: new JoinedColumn(parts, ends) }] as const;
  });
  return new ColumnTable(ends.at(-1)!, new Map(columns));
}

/**
 * The columns of rows that have columns of all of these.
 *
 * @throws as `concatTables`
 */
export function joinColumns(
  columns: readonly FeatureMap[],
  kind: 'data set' | 'file' = 'data set',
): Map<string, Feature> {
  const joined = new Map<string, Feature>();
  for (const [name, feature] of columns.flatMap(features => [...features])) {
    const earlier = joined.get(name) ?? feature;
    const both = joinFeatures(earlier, feature, kind === 'file');
    if (!both) {
      const advice =
        kind === 'file'
          ? `load them apart, make the columns the same with castColumn("${name}", …), and use concatenateDatasets`
          : `make them the same first, with castColumn("${name}", …)`;
      throw new TypeError(
        `Column "${name}" is ${featureName(earlier)} in one ${kind} and ${featureName(feature)} in another; ${advice}.`,
      );
    }
    joined.set(name, both);
  }
  return joined;
}

/** The column of a table, if it has it, as one of a type that its own was joined to. */
function joinable(table: Table, name: string, feature: Feature): Column | undefined {
  const own = table.features.get(name);
  if (!own) return undefined;
  const column = table.column(name);
  if (sameFeature(own, feature)) return column;
  // Integers of 64 bits that become float64 must be ones that a number holds.
  const rowsToCheck = becomesFloat(own, feature) ? column.length : 0;
  for (let i = 0; i < rowsToCheck; i++) {
    if (!isRounded(column.get(i), own, feature)) continue;
    throw new RangeError(
      `Column "${name}" is ${featureName(own)} in one file, with integers beyond 2^53, and ${featureName(feature)} in another, which would round them; load them apart and cast one of the two.`,
    );
  }
  return { length: column.length, get: index => conform(column.get(index), feature) };
}

function becomesFloat(own: Feature, joined: Feature): boolean {
  if (own.type === 'list') return joined.type === 'list' && becomesFloat(own.feature, joined.feature);
  if (own.type === 'struct') {
    return (
      joined.type === 'struct' &&
      [...own.fields].some(([name, field]) => becomesFloat(field, joined.fields.get(name)!))
    );
  }
  return (
    own.type === 'value' &&
    (own.dtype === 'int64' || own.dtype === 'uint64') &&
    sameFeature(joined, value('float64'))
  );
}

/** Whether a value has an integer that float64 would round. */
function isRounded(value: unknown, own: Feature, joined: Feature): boolean {
  if (value === null) return false;
  if (own.type === 'list' && joined.type === 'list') {
    return (value as unknown[]).some(item => isRounded(item, own.feature, joined.feature));
  }
  if (own.type === 'struct' && joined.type === 'struct') {
    return [...own.fields].some(([name, field]) =>
      isRounded((value as Row)[name], field, joined.fields.get(name)!),
    );
  }
  return typeof value === 'bigint' && becomesFloat(own, joined);
}

/** Columns one after another; null where a part has none. */
class JoinedColumn implements Column {
  readonly length: number;
  readonly #parts: readonly (Column | undefined)[];
  readonly #ends: readonly number[];

  constructor(parts: readonly (Column | undefined)[], ends: readonly number[]) {
    this.#parts = parts;
    this.#ends = ends;
    this.length = ends.at(-1)!;
  }

  get(index: number): unknown {
    let [from, to] = [0, this.#ends.length - 1];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (index < this.#ends[middle]!) to = middle;
      else from = middle + 1;
    }
    return this.#parts[from]?.get(index - (from === 0 ? 0 : this.#ends[from - 1]!)) ?? null;
  }
}
