/** Parquet, read by hyparquet: a row group at a time, and of it only the parts that are asked for. */
import type { AsyncBuffer, FileMetaData } from 'hyparquet';
import { setField } from '../columns/nested.ts';
import type { FeatureMap } from '../features.ts';
import type { Row } from '../jsonl.ts';
import { type Table, TableBuilder } from '../table.ts';
import { withClassLabels } from './classLabels.ts';
import { expandLz4Block } from './lz4.ts';
import { type ParquetColumn, parquetColumn, stripInexact } from './parquetTypes.ts';
import type { Source } from './source.ts';

/** So many rows are read first where the file says in which pages they are. */
const FIRST_ROWS = 100;

/** @throws if the file is not Parquet, is damaged or cut off */
export async function readParquet(source: Source, maxBytes: number): Promise<Table> {
  const file = await openParquet(source);
  if (file.expandedBytes > maxBytes) {
    throw new RangeError(
      `${source.name} expands to ${file.expandedBytes} bytes, more than ${maxBytes}; read it with streaming: true, or allow more with maxBytes.`,
    );
  }
  const builder = new TableBuilder(file.features);
  for await (const rows of file.batches()) for (const row of rows) builder.push(row);
  return builder.finish();
}

/** The columns as arrays, typed where no number is missing: what a data frame keeps, in half of the time of its rows. */
export async function readParquetColumns(source: Source): Promise<Map<string, ArrayLike<unknown>>> {
  return (await openParquet(source)).columns();
}

/** Rows one by one; of the first row group, the first pages alone are read before more are asked for. */
export async function* streamParquet(source: Source): AsyncGenerator<Row, void, undefined> {
  const file = await openParquet(source);
  for await (const rows of file.batches()) yield* rows;
}

/** The columns, of which the end of the file tells; no row is read. */
export async function parquetFeatures(source: Source): Promise<FeatureMap> {
  return (await openParquet(source)).features;
}

interface ParquetFile {
  readonly features: FeatureMap;
  /** What its row groups say that they expand to. */
  readonly expandedBytes: number;
  batches(): AsyncGenerator<Row[], void, undefined>;
  columns(): Promise<Map<string, ArrayLike<unknown>>>;
}

/** Values of a column from a row on. */
interface Chunk {
  readonly rowStart: number;
  readonly columnData: ArrayLike<unknown>;
}

async function openParquet(source: Source): Promise<ParquetFile> {
  const { parquetMetadataAsync, parquetRead, parquetSchema } = await import('hyparquet');
  const { compressors } = await import('hyparquet-compressors');
  const { file, attempt } = bufferOf(source);
  const metadata = await attempt(() => parquetMetadataAsync(file));
  const columns = await attempt(async () => parquetSchema(metadata).children.map(parquetColumn));
  stripInexact(metadata);
  const common = {
    file,
    metadata,
    compressors: { ...compressors, LZ4_RAW: expandLz4Block },
    // Bytes that the file does not call text are no text.
    utf8: false,
  };

  async function* batches(): AsyncGenerator<Row[], void, undefined> {
    let start = 0;
    for (const [i, group] of metadata.row_groups.entries()) {
      const end = start + Number(group.num_rows);
      const hasPageIndex = group.columns.every(column => column.offset_index_offset !== undefined);
      const cut = i === 0 && hasPageIndex ? Math.min(start + FIRST_ROWS, end) : end;
      if (start < cut) yield await rows(start, cut);
      if (cut < end) yield await rows(cut, end);
      start = end;
    }
  }

  function rows(rowStart: number, rowEnd: number): Promise<Row[]> {
    return attempt(async () => {
      let result: Row[] = [];
      await parquetRead({
        ...common,
        rowStart,
        rowEnd,
        useOffsetIndex: true,
        onComplete: values => {
          result = values.map(row => rowOf(row, columns));
        },
      });
      return result;
    });
  }

  async function wholeColumns(): Promise<Map<string, ArrayLike<unknown>>> {
    const chunks = new Map<string, Chunk[]>(columns.map(({ name }) => [name, []]));
    const onChunk = ({ columnName, ...chunk }: Chunk & { columnName: string }) =>
      chunks.get(columnName)?.push(chunk);
    return attempt(async () => {
      await parquetRead({ ...common, onChunk });
      const count = Number(metadata.num_rows);
      return new Map(columns.map(({ name, read }) => [name, join(chunks.get(name)!, count, read)]));
    });
  }

  const features = new Map(columns.map(({ name, feature }) => [name, feature]));
  const expandedBytes = metadata.row_groups.reduce((sum, group) => sum + Number(group.total_byte_size), 0);
  return {
    features: withClassLabels(features, huggingFaceMetadata(metadata)),
    expandedBytes,
    batches,
    columns: wholeColumns,
  };
}

function rowOf(values: readonly unknown[], columns: readonly ParquetColumn[]): Row {
  const row: Row = {};
  for (const [i, { name, read }] of columns.entries()) {
    const value = values[i];
    setField(row, name, value === null || value === undefined ? null : read(value));
  }
  return row;
}

/** One array of a column's chunks: typed where all of them are. */
function join(chunks: readonly Chunk[], count: number, read: ParquetColumn['read']): ArrayLike<unknown> {
  const isNumeric = chunks.length > 0 && chunks.every(({ columnData }) => isNumbers(columnData));
  const column: { [row: number]: unknown } & ArrayLike<unknown> = isNumeric
    ? new Float64Array(count)
    : new Array<unknown>(count).fill(null);
  for (const { rowStart, columnData } of chunks) {
    for (let i = 0; i < columnData.length; i++) {
      const value = columnData[i];
      column[rowStart + i] = value === null || value === undefined ? null : read(value);
    }
  }
  return column;
}

function isNumbers(values: ArrayLike<unknown>): boolean {
  return [Float64Array, Float32Array, Int32Array, Uint32Array].some(type => values instanceof type);
}

function huggingFaceMetadata({ key_value_metadata: entries }: FileMetaData): string | undefined {
  return entries?.find(({ key }) => key === 'huggingface')?.value;
}

/** A source as hyparquet wants it; errors of reading pass as they are, others say that the file is no good. */
function bufferOf(source: Source): { file: AsyncBuffer; attempt: <T>(work: () => Promise<T>) => Promise<T> } {
  let failure: unknown;
  const file: AsyncBuffer = {
    byteLength: source.size,
    async slice(from, to = source.size) {
      try {
        const bytes = await source.slice(from, to);
        return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
      } catch (error) {
        failure = error;
        throw error;
      }
    },
  };
  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (failure !== undefined) throw failure;
      throw new Error(
        `${source.name} is no Parquet file that can be read, or it is damaged or cut off: ${(error as Error).message}.`,
      );
    }
  };
  return { file, attempt };
}
