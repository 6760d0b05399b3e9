/** Columns that Python calls `Json`, which files hold as text. */
import { type Feature, value } from '../features.ts';
import { parseExact } from '../formats/jsonValue.ts';
import type { Table, TypedColumn } from '../table.ts';
import { typedColumn, withColumns } from '../views.ts';

/** The table with its JSON columns read, also inside lists and structs; `said` is what Python wrote of the columns. */
export function withJson(table: Table, said: Readonly<Record<string, unknown>>): Table {
  const columns = new Map<string, TypedColumn>();
  for (const name of table.features.keys()) {
    if (!Object.hasOwn(said, name)) continue;
    const { feature, column } = typedColumn(table, name);
    const own = jsonIn(feature, said[name]);
    if (!own) continue;
    const get = (index: number): unknown => own.read(column.get(index));
    columns.set(name, { feature: own.feature, column: { length: column.length, get } });
  }
  return columns.size > 0 ? withColumns(table, columns) : table;
}

interface JsonReader {
  readonly feature: Feature;
  read(value: unknown): unknown;
}

/** How to read a column that is or holds JSON; nothing if it does not. */
function jsonIn(feature: Feature, said: unknown): JsonReader | undefined {
  const { _type: type, feature: items } = Object(said) as { _type?: unknown; feature?: unknown };
  if (type === 'Json') {
    const read = (text: unknown): unknown =>
      text === null ? null : parseExact(text as string, 'A value of a JSON column');
    return { feature: value('json'), read };
  }
  if (feature.type === 'list') {
    const item = jsonIn(feature.feature, items);
    return (
      item && {
        feature: { type: 'list', feature: item.feature },
        read: list => (list === null ? null : (list as unknown[]).map(item.read)),
      }
    );
  }
  if (feature.type !== 'struct') return undefined;
  const fields = new Map<string, JsonReader>();
  for (const [name, field] of feature.fields) {
    const own = jsonIn(field, (said as Record<string, unknown> | undefined)?.[name]);
    if (own) fields.set(name, own);
  }
  if (fields.size === 0) return undefined;
  const typed = [...feature.fields].map(
    ([name, field]) => [name, fields.get(name)?.feature ?? field] as const,
  );
  return {
    feature: { type: 'struct', fields: new Map(typed) },
    read: struct =>
      struct === null
        ? null
        : Object.fromEntries(
            Object.entries(struct as object).map(([name, field]) => {
              const own = fields.get(name);
              return [name, own ? own.read(field) : field];
            }),
          ),
  };
}
