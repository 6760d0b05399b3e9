/** Writes tables as Parquet. */
import type { SchemaElement } from 'hyparquet';
import type { Writer } from 'hyparquet-writer';
import { writeWhole } from '../../host.ts';
import type { Dtype, Feature, FeatureMap } from '../features.ts';
import { toJson } from '../formats/jsonValue.ts';
import type { Table } from '../table.ts';
import { huggingfaceMetadata } from './pythonFeatures.ts';
import { checkWellFormed } from './wellFormed.ts';

/** @throws if the file cannot be written, or a text holds half a character */
export async function writeParquet(path: string, table: Table): Promise<void> {
  const library = await import('hyparquet-writer');
  const content = parquetContent(table);
  await writeWhole(path, temporary => write(library, library.fileWriter(temporary), content));
}

/** The bytes of a Parquet file. */
export async function parquetBytes(table: Table): Promise<ArrayBuffer> {
  const library = await import('hyparquet-writer');
  const writer = new library.ByteWriter();
  await write(library, writer, parquetContent(table));
  return writer.getBuffer();
}

type Library = typeof import('hyparquet-writer');

async function write(
  { ParquetWriter }: Library,
  writer: Writer,
  { columnData, schema, kvMetadata }: ParquetContent,
): Promise<void> {
  const parquet = new ParquetWriter({ writer, schema, kvMetadata });
  await parquet.write({ columnData });
  // Only now the older name too, which older readers know: under it the library would encode values itself, and round bigints.
  for (const element of schema) if (element.logical_type?.type === 'JSON') element.converted_type = 'JSON';
  await parquet.finish();
}

interface ParquetContent {
  readonly columnData: { name: string; data: unknown[] }[];
  readonly schema: SchemaElement[];
  readonly kvMetadata: { key: string; value: string }[];
}

function parquetContent(table: Table): ParquetContent {
  const { features } = table;
  if (features.size === 0)
    throw new RangeError('A Parquet file has at least one column; the data set has none.');
  const columnData = [...features].map(([name, feature]) => {
    const column = table.column(name);
    return {
      name,
      data: Array.from({ length: table.rowCount }, (_, i) => {
        const value = column.get(i);
        checkWellFormed(name, i, value);
        return toParquet(value, feature);
      }),
    };
  });
  const schema = [{ name: 'root', num_children: features.size }, ...fieldElements(features)];
  return { columnData, schema, kvMetadata: [{ key: 'huggingface', value: huggingfaceMetadata(features) }] };
}

function fieldElements(features: FeatureMap): SchemaElement[] {
  return [...features].flatMap(([name, feature]) => elements(name, feature));
}

function elements(name: string, feature: Feature): SchemaElement[] {
  const optional = { name, repetition_type: 'OPTIONAL' } as const;
  switch (feature.type) {
    case 'value':
      return [{ ...optional, ...TYPES[feature.dtype] }];
    case 'classLabel':
      return [{ ...optional, ...TYPES.int64 }];
    case 'list':
      return [
        { ...optional, converted_type: 'LIST', num_children: 1 },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        ...elements('element', feature.feature),
      ];
    case 'struct':
      return [{ ...optional, num_children: feature.fields.size }, ...fieldElements(feature.fields)];
  }
}

const TYPES: Readonly<Record<Dtype, Omit<SchemaElement, 'name'>>> = {
  null: { type: 'INT32', logical_type: { type: 'NULL' } },
  bool: { type: 'BOOLEAN' },
  int8: { type: 'INT32', converted_type: 'INT_8' },
  int16: { type: 'INT32', converted_type: 'INT_16' },
  int32: { type: 'INT32' },
  int64: { type: 'INT64' },
  uint8: { type: 'INT32', converted_type: 'UINT_8' },
  uint16: { type: 'INT32', converted_type: 'UINT_16' },
  uint32: { type: 'INT32', converted_type: 'UINT_32' },
  uint64: { type: 'INT64', converted_type: 'UINT_64' },
  float32: { type: 'FLOAT' },
  float64: { type: 'DOUBLE' },
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  binary: { type: 'BYTE_ARRAY' },
  date: { type: 'INT32', converted_type: 'DATE' },
  timestamp: {
    type: 'INT64',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'MILLIS' },
  },
  json: { type: 'BYTE_ARRAY', logical_type: { type: 'JSON' } },
};

/** Parquet's integers of 64 bits are written from bigints, and JSON from its bytes. */
function toParquet(value: unknown, feature: Feature): unknown {
  if (value === null || value === undefined) return null;
  if (feature.type === 'classLabel') return BigInt(value as number);
  if (feature.type === 'list')
    return Array.from(value as unknown[], item => toParquet(item, feature.feature));
  if (feature.type === 'value') {
    if (feature.dtype === 'json') return new TextEncoder().encode(toJson(value));
    const is64 = feature.dtype === 'int64' || feature.dtype === 'uint64';
    return is64 ? BigInt(value as number | bigint) : value;
  }
  const struct = value as Record<string, unknown>;
  return Object.fromEntries(
    [...feature.fields].map(([name, field]) => [name, toParquet(struct[name], field)]),
  );
}
