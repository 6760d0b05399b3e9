/** Tables made of other tables without copying a value. */
import { type Feature, featureName, sameFeature, value } from './features.ts';
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
 * The rows of tables one after another; what a table has no column for is null.
 *
 * @throws if a column has different types in two tables
 */
export function concatTables(tables: readonly Table[]): Table {
  const filled = tables.filter(table => table.rowCount > 0);
  if (filled.length < 2) return filled[0] ?? tables[0]!;
  const features = new Map<string, Feature>();
  for (const table of filled) {
    for (const [name, feature] of table.features) {
      const earlier = features.get(name);
      if (!earlier || isNull(earlier)) features.set(name, feature);
      else if (!isNull(feature) && !sameFeature(earlier, feature)) {
        throw new TypeError(
          `Column "${name}" is ${featureName(earlier)} in one data set and ${featureName(feature)} in another; ` +
            `make them the same first, with castColumn("${name}", …).`,
        );
      }
    }
  }
  const ends: number[] = [];
  for (const table of filled) ends.push((ends.at(-1) ?? 0) + table.rowCount);
  const columns = [...features].map(([name, feature]) => {
    const parts = filled.map(table => (table.features.has(name) ? table.column(name) : undefined));
    return [name, { feature, column: new JoinedColumn(parts, ends) }] as const;
  });
  return new ColumnTable(ends.at(-1)!, new Map(columns));
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

function isNull(feature: Feature): boolean {
  return sameFeature(feature, value('null'));
}
