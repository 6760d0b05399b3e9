/** `castColumn` and `classEncodeColumn`: the same values as another type. */
import { inspect } from 'node:util';
import { ColumnBuilder } from '../columns/builder.ts';
import { isList, isPlainObject } from '../columns/nested.ts';
import { showValue } from '../columns/showValue.ts';
import { ClassLabel, type Dtype, type Feature, featureName, value as valueFeature } from '../features.ts';
import { parseInstant } from '../instant.ts';
import { columnOf, pushAt, type Table, type TypedColumn } from '../table.ts';
import { typedColumn, withColumns } from '../views.ts';
import { lessByCodePoint } from './sort.ts';

const DTYPES: readonly Dtype[] = [
  'null',
  'bool',
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
  'float32',
  'float64',
  'string',
  'binary',
  'date',
  'timestamp',
  'json',
];

/** A column's type: a scalar type by name, class labels, or a list or struct of types. */
export type FeatureSpec = Dtype | Feature;

/** @throws if it is no type, or one has a part that is none */
export function toFeature(spec: FeatureSpec): Feature {
  const feature = typeof spec === 'string' ? valueFeature(spec) : spec;
  switch (feature?.type) {
    case 'value':
      if (DTYPES.includes(feature.dtype)) return feature;
      break;
    case 'classLabel':
      return new ClassLabel(feature.names);
    case 'list':
      if (feature.feature === undefined) break;
      toFeature(feature.feature);
      return feature;
    case 'struct':
      if (!(feature.fields instanceof Map)) break;
      for (const field of feature.fields.values()) toFeature(field);
      return feature;
  }
  const shown =
    typeof spec === 'string' ? showValue(spec) : inspect(spec, { depth: 1, breakLength: Infinity });
  throw new TypeError(
    `${shown} is no column type; give one of ${DTYPES.join(', ')}, a ClassLabel, { type: 'list', feature } or { type: 'struct', fields: new Map(…) }.`,
  );
}

/**
 * The table with a column of another type.
 *
 * @throws naming the first row whose value has no equivalent there
 */
export function castColumn(table: Table, name: string, spec: FeatureSpec): Table {
  const feature = toFeature(spec);
  return withColumns(table, new Map([[name, cast(name, typedColumn(table, name), feature)]]));
}

function cast(name: string, { column }: TypedColumn, feature: Feature): TypedColumn {
  const values = Array.from({ length: column.length }, (_, i) => converted(column.get(i), feature, name, i));
  return columnOf(name, values, feature);
}

/**
 * One value as one of another type.
 *
 * @throws naming column and row if it has no equivalent there
 */
export function castValue(value: unknown, feature: Feature, name: string, row: number): unknown {
  const builder = new ColumnBuilder(feature);
  pushAt(builder, converted(value ?? null, feature, name, row), name, row);
  return builder.get(0);
}

function converted(value: unknown, feature: Feature, name: string, row: number): unknown {
  const result = convert(value, feature);
  if (result !== undefined) return result;
  throw new TypeError(
    `Column "${name}", row ${row}: ${showValue(value)} cannot become ${featureName(feature)}.`,
  );
}

/** The value as one of the type; undefined if there is none. What does not fit its range is left to the column. */
function convert(value: unknown, feature: Feature): unknown {
  if (value === null) return null;
  if (feature.type === 'classLabel') return convertLabel(value, feature.names);
  if (feature.type === 'list') {
    if (!isList(value)) return undefined;
    const items = Array.from(value, item => convert(item ?? null, feature.feature));
    return items.includes(undefined) ? undefined : items;
  }
  if (feature.type === 'struct') {
    if (!isPlainObject(value)) return undefined;
    const fields = [...feature.fields].map(
      ([name, field]) => [name, convert(Object.hasOwn(value, name) ? value[name] : null, field)] as const,
    );
    return fields.some(([, field]) => field === undefined) ? undefined : Object.fromEntries(fields);
  }
  return convertScalar(value, feature.dtype);
}

/** Text is a class's name, or else its number as Python's `int` reads it. */
function convertLabel(value: unknown, names: readonly string[]): unknown {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value !== 'string' || names.includes(value)) return value;
  return /^\s*[+-]?\d+\s*$/.test(value) ? Number(value) : undefined;
}

const TRUTH: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
  ['1', true],
  ['0', false],
]);

/** Texts stand for what Arrow's cast takes them for. */
function convertScalar(value: unknown, dtype: Dtype): unknown {
  switch (dtype) {
    case 'null':
      return value === null ? null : undefined;
    case 'json':
      return value;
    case 'bool':
      if (typeof value === 'string') return TRUTH.get(value.toLowerCase());
      // As in Arrow every number but 0 is true, NaN too.
      if (typeof value === 'number' || typeof value === 'bigint') return Number(value) !== 0;
      return typeof value === 'boolean' ? value : undefined;
    case 'string':
      if (value instanceof Date) return value.toISOString();
      return typeof value === 'object' ? undefined : String(value);
    case 'binary':
      if (typeof value === 'string') return new TextEncoder().encode(value);
      return value instanceof Uint8Array ? value : undefined;
    case 'date':
    case 'timestamp':
      return toDate(value, dtype);
    case 'float32':
    case 'float64':
      return typeof value === 'string' ? parseFloat64(value) : toNumber(value);
    default:
      return typeof value === 'string' ? parseInteger(value) : toNumber(value);
  }
}

function toNumber(value: unknown): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return Number(value);
  return value instanceof Date ? value.getTime() : undefined;
}

function parseInteger(text: string): number | bigint | undefined {
  if (!/^-?\d+$/.test(text)) return undefined;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

function parseFloat64(text: string): number | undefined {
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) return Number(text);
  const word = /^([+-]?)(?:(nan)|inf(?:inity)?)$/i.exec(text);
  if (!word) return undefined;
  return word[2] ? Number.NaN : word[1] === '-' ? -Infinity : Infinity;
}

const DAY = 24 * 60 * 60 * 1000;

function toDate(value: unknown, dtype: 'date' | 'timestamp'): Date | undefined {
  if (typeof value !== 'string' && typeof value !== 'number' && !(value instanceof Date)) return undefined;
  const time = (typeof value === 'string' ? parseInstant(value) : new Date(value))?.getTime();
  if (time === undefined || Number.isNaN(time)) return undefined;
  return new Date(dtype === 'date' ? Math.floor(time / DAY) * DAY : time);
}

/**
 * The different values of a column of some tables as text, in order.
 *
 * @throws if the column is not there or holds lists, objects, bytes or mixed values
 */
export function classNames(tables: readonly Table[], name: string): string[] {
  const names = new Set<string>();
  for (const table of tables) {
    const { column, feature } = typedColumn(table, name);
    if (feature.type !== 'value' || feature.dtype === 'json' || feature.dtype === 'binary') {
      throw new TypeError(
        `Column "${name}" is ${featureName(feature)}; only text, numbers and booleans become classes.`,
      );
    }
    for (let i = 0; i < column.length; i++) {
      const text = convertScalar(column.get(i), 'string');
      if (typeof text === 'string') names.add(text);
    }
  }
  return [...names].sort((a, b) => (lessByCodePoint(a, b) ? -1 : 1));
}
