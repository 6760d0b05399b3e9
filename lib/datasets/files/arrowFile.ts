/** Writes tables as Arrow's IPC stream, the format in which Python's `datasets` keeps its data. */
import { open } from 'node:fs/promises';
import type { DataType, Field } from '@uwdata/flechette';
import { writeWhole } from '../../host.ts';
import type { Feature } from '../features.ts';
import { toJson } from '../formats/jsonValue.ts';
import type { Table } from '../table.ts';
import { huggingfaceMetadata } from './pythonFeatures.ts';
import { checkWellFormed } from './wellFormed.ts';

type Flechette = typeof import('@uwdata/flechette');

const BATCH_ROWS = 10_000;
const END_OF_STREAM_BYTES = 8;

/**
 * @param metadata more to write down beside the columns' types, by key
 * @throws if the file cannot be written, a value of a `json` column is no JSON, or a text holds half a character
 */
export async function writeArrow(
  path: string,
  table: Table,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const arrow = await import('@uwdata/flechette');
  const schemaMetadata = new Map([
    ['huggingface', huggingfaceMetadata(table.features)],
    ...Object.entries(metadata),
  ]);
  await writeWhole(path, async temporary => {
    const file = await open(temporary, 'wx');
    try {
      let start = 0;
      do {
        const end = Math.min(start + BATCH_ROWS, table.rowCount);
        const bytes = encodeBatch(arrow, table, start, end, schemaMetadata);
        const isLast = end === table.rowCount;
        // Each batch is encoded as a stream of its own; together they have one schema and one end.
        const from = start === 0 ? 0 : schemaBytes(bytes);
        await file.write(bytes.subarray(from, isLast ? bytes.length : bytes.length - END_OF_STREAM_BYTES));
        start = end;
      } while (start < table.rowCount);
      await file.sync();
    } finally {
      await file.close();
    }
  });
}

/** A whole table as the bytes of such a stream. */
export function tableToArrow(arrow: Flechette, table: Table): Uint8Array {
  const metadata = new Map([['huggingface', huggingfaceMetadata(table.features)]]);
  return encodeBatch(arrow, table, 0, table.rowCount, metadata);
}

function encodeBatch(
  arrow: Flechette,
  table: Table,
  start: number,
  end: number,
  metadata: Map<string, string>,
): Uint8Array {
  const names = [...table.features.keys()];
  const columns = names.map(name => {
    const feature = table.features.get(name)!;
    const column = table.column(name);
    const values = Array.from({ length: end - start }, (_, i) => {
      const value = column.get(start + i);
      checkWellFormed(name, start + i, value);
      return toArrow(value, feature);
    });
    // flechette builds no nulls inside lists and structs: booleans, all of them null, are laid out the same.
    const { data } = arrow.columnFromArray(values, arrowType(arrow, feature, arrow.bool()));
    return new arrow.Column([...data], arrowType(arrow, feature));
  });
  const fields = names.map(name => arrowField(arrow, name, table.features.get(name)!));
  const schema = { version: arrow.Version.V5, endianness: arrow.Endianness.Little, fields, metadata };
  return arrow.tableToIPC(new arrow.Table(schema, columns), { format: 'stream' })!;
}

/** Length of the schema message that a stream begins with: two words, and as many bytes as the second says. */
function schemaBytes(stream: Uint8Array): number {
  return 8 + new DataView(stream.buffer, stream.byteOffset).getInt32(4, true);
}

function arrowField(arrow: Flechette, name: string, feature: Feature, nulls?: DataType): Field {
  const isJson = feature.type === 'value' && feature.dtype === 'json';
  const metadata = isJson
    ? new Map([
        ['ARROW:extension:name', 'arrow.json'],
        ['ARROW:extension:metadata', ''],
      ])
    : null;
  return arrow.field(name, arrowType(arrow, feature, nulls), true, metadata);
}

/** @param nulls the type of columns that hold nothing but null, inside others too */
function arrowType(arrow: Flechette, feature: Feature, nulls: DataType = arrow.nullType()): DataType {
  if (feature.type === 'classLabel') return arrow.int64();
  if (feature.type === 'list') return arrow.list(arrowField(arrow, 'item', feature.feature, nulls));
  if (feature.type === 'struct') {
    return arrow.struct([...feature.fields].map(([name, field]) => arrowField(arrow, name, field, nulls)));
  }
  switch (feature.dtype) {
    case 'null':
      return nulls;
    case 'string':
    case 'json':
      return arrow.utf8();
    case 'date':
      return arrow.dateDay();
    case 'timestamp':
      return arrow.timestamp(arrow.TimeUnit.MILLISECOND, null);
    default:
      return arrow[feature.dtype]();
  }
}

function toArrow(value: unknown, feature: Feature): unknown {
  if (value === null || value === undefined) return null;
  if (feature.type === 'value') return feature.dtype === 'json' ? toJson(value) : value;
  if (feature.type === 'list') return Array.from(value as unknown[], item => toArrow(item, feature.feature));
  if (feature.type === 'classLabel') return value;
  const struct = value as Record<string, unknown>;
  return Object.fromEntries([...feature.fields].map(([name, field]) => [name, toArrow(struct[name], field)]));
}
