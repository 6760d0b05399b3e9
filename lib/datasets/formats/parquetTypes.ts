/** Parquet's types as features, and its values as ours. */
import type { FileMetaData, SchemaElement, SchemaTree } from 'hyparquet';
import { type Dtype, type Feature, value } from '../features.ts';
import { parseExact } from './jsonValue.ts';
import { narrowInteger, scaledInteger } from './numbers.ts';

/** A column, or a part of a nested one. */
export interface ParquetColumn {
  readonly name: string;
  readonly feature: Feature;
  /** Turns a value that is not null into ours. */
  read(value: unknown): unknown;
}

type Read = (value: unknown) => unknown;
const asIs: Read = value => value;

/** @throws if the type is one that cannot be read */
export function parquetColumn(tree: SchemaTree): ParquetColumn {
  const { name, repetition_type: repetition, converted_type: converted } = tree.element;
  const group = tree.children[0];
  if (group && converted === 'LIST' && tree.children.length === 1) {
    // Old writers leave out the group between the list and its items.
    return listOf(name, parquetColumn(group.children.length === 1 ? group.children[0]! : group));
  }
  if (group && converted === 'MAP') return { name, feature: value('json'), read: plainJson };
  const single = group ? structOf(name, tree.children.map(parquetColumn)) : leaf(tree.element);
  return repetition === 'REPEATED' && !group ? listOf(name, single) : single;
}

/**
 * Takes decimals and JSON for the integers and bytes that they are stored as, which `parquetColumn`, called before, reads
 * exactly: hyparquet multiplies, and 3 × 0.1 is not 0.3, and it rounds great integers in JSON.
 */
export function stripInexact(metadata: FileMetaData): void {
  for (const element of metadata.schema) {
    if (!isDecimal(element) && !isJson(element)) continue;
    delete element.converted_type;
    delete element.logical_type;
  }
}

function isDecimal({ converted_type: converted, logical_type: logical }: SchemaElement): boolean {
  return converted === 'DECIMAL' || logical?.type === 'DECIMAL';
}

function isJson({ converted_type: converted, logical_type: logical }: SchemaElement): boolean {
  return converted === 'JSON' || logical?.type === 'JSON';
}

function listOf(name: string, item: ParquetColumn): ParquetColumn {
  const read: Read = list => Array.from(list as ArrayLike<unknown>, part => orNull(part, item.read));
  return { name, feature: { type: 'list', feature: item.feature }, read };
}

function structOf(name: string, fields: readonly ParquetColumn[]): ParquetColumn {
  const feature: Feature = {
    type: 'struct',
    fields: new Map(fields.map(field => [field.name, field.feature])),
  };
  const read: Read = struct =>
    Object.fromEntries(
      fields.map(field => [field.name, orNull((struct as Record<string, unknown>)[field.name], field.read)]),
    );
  return { name, feature, read };
}

function leaf(element: SchemaElement): ParquetColumn {
  const { name, type, converted_type: converted, logical_type: logical } = element;
  const of = (dtype: Dtype, read: Read = asIs): ParquetColumn => ({ name, feature: value(dtype), read });
  if (isDecimal(element)) {
    const scale = element.scale ?? (logical?.type === 'DECIMAL' ? logical.scale : 0);
    return of('float64', unscaled => scaledInteger(unscaled as number | bigint | Uint8Array, scale));
  }
  if (converted === 'BSON' || converted === 'INTERVAL') {
    throw new Error(`the column "${name}" is of the type ${converted}, which cannot be read`);
  }
  // As Arrow writes columns without any value, whatever numbers they are laid out as.
  if (logical?.type === 'NULL') return of('null');
  if (logical?.type === 'UUID') return of('string');
  if (logical?.type === 'FLOAT16') return of('float32');
  if (isJson(element)) {
    return of('json', bytes =>
      parseExact(Buffer.from(bytes as Uint8Array).toString(), `A value of the column "${name}"`),
    );
  }
  if (logical?.type === 'VARIANT') return of('json', plainJson);
  if (type === 'INT96' || logical?.type === 'TIMESTAMP' || converted?.startsWith('TIMESTAMP')) {
    return of('timestamp');
  }
  if (converted === 'DATE') return of('date');
  switch (type) {
    case 'BOOLEAN':
      return of('bool');
    case 'FLOAT':
      return of('float32');
    case 'DOUBLE':
      return of('float64');
    case 'INT32':
    case 'INT64':
      return of(integerDtype(element), narrowInteger);
    default:
      return of(
        converted === 'UTF8' || converted === 'ENUM' || logical?.type === 'STRING' ? 'string' : 'binary',
      );
  }
}

function integerDtype({ type, converted_type: converted, logical_type: logical }: SchemaElement): Dtype {
  if (logical?.type === 'INTEGER') return `${logical.isSigned ? '' : 'u'}int${logical.bitWidth}` as Dtype;
  const match = /^(U?)INT_(\d+)$/.exec(converted ?? '');
  if (match) return `${match[1]!.toLowerCase()}int${match[2]}` as Dtype;
  return type === 'INT32' ? 'int32' : 'int64';
}

function orNull(value: unknown, read: Read): unknown {
  return value === null || value === undefined ? null : read(value);
}

/** Values without a type of their own, their integers narrowed. */
function plainJson(value: unknown): unknown {
  if (typeof value === 'bigint') return narrowInteger(value);
  if (Array.isArray(value)) return value.map(item => orNull(item, plainJson));
  if (typeof value !== 'object' || value === null || value instanceof Date || ArrayBuffer.isView(value))
    return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, orNull(part, plainJson)]));
}
