/** Arrow's types as features, and its values as ours. */
import type { DataType, Type } from '@uwdata/flechette';
import { type Dtype, type Feature, value } from '../features.ts';
import { narrowInteger, scaledInteger } from './numbers.ts';

export interface ArrowReader {
  readonly feature: Feature;
  /** Turns a value that is not null into ours. */
  read(value: unknown): unknown;
}

type Read = ArrowReader['read'];
const asIs: Read = value => value;

/** flechette's numbers of types; it is loaded when an Arrow file is first read. */
export type ArrowTypes = typeof Type;

export function arrowReader(type: DataType, types: ArrowTypes): ArrowReader {
  const of = (dtype: Dtype, read: Read = asIs): ArrowReader => ({ feature: value(dtype), read });
  switch (type.typeId) {
    case types.Null:
      return of('null');
    case types.Bool:
      return of('bool');
    case types.Int:
      return of(`${type.signed ? '' : 'u'}int${type.bitWidth}` as Dtype, narrowInteger);
    case types.Time:
      return of(type.bitWidth === 32 ? 'int32' : 'int64', narrowInteger);
    case types.Duration:
      return of('int64', narrowInteger);
    case types.Float:
      return of(type.precision === 2 ? 'float64' : 'float32');
    case types.Decimal:
      return of('float64', unscaled => scaledInteger(unscaled as number | bigint, type.scale));
    case types.Date:
      return of('date');
    case types.Timestamp:
      return of('timestamp');
    case types.Utf8:
    case types.LargeUtf8:
    case types.Utf8View:
      return of('string');
    case types.Binary:
    case types.LargeBinary:
    case types.BinaryView:
    case types.FixedSizeBinary:
      // The bytes lie in those of the file, which are not to be changed through a row.
      return of('binary', bytes => (bytes as Uint8Array).slice());
    case types.Dictionary:
      return arrowReader(type.dictionary, types);
    case types.RunEndEncoded:
      return arrowReader(type.children[1]!.type, types);
    case types.List:
    case types.LargeList:
    case types.ListView:
    case types.LargeListView:
    case types.FixedSizeList:
      return listOf(arrowReader(type.children[0]!.type, types));
    case types.Struct:
      return structOf(type.children.map(({ name, type: own }) => [name, arrowReader(own, types)] as const));
    case types.Map:
      return of('json', entries => Object.fromEntries(plainJson(entries) as [string, unknown][]));
    default:
      return of('json', plainJson);
  }
}

function listOf(item: ArrowReader): ArrowReader {
  const read: Read = list => Array.from(list as Iterable<unknown>, part => orNull(part, item.read));
  return { feature: { type: 'list', feature: item.feature }, read };
}

function structOf(fields: readonly (readonly [string, ArrowReader])[]): ArrowReader {
  const read: Read = struct =>
    Object.fromEntries(
      fields.map(([name, field]) => [name, orNull((struct as Record<string, unknown>)[name], field.read)]),
    );
  return {
    feature: { type: 'struct', fields: new Map(fields.map(([name, { feature }]) => [name, feature])) },
    read,
  };
}

function orNull(value: unknown, read: Read): unknown {
  return value === null || value === undefined ? null : read(value);
}

/** Values without a type of their own, their integers narrowed. */
function plainJson(value: unknown): unknown {
  if (typeof value === 'bigint') return narrowInteger(value);
  if (Array.isArray(value)) return value.map(item => orNull(item, plainJson));
  return value;
}
