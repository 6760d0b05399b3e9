/** Parquet files as columns. */
import { basename } from 'node:path';
import { plainColumn } from '../datasets/index.ts';

/** Values of a column from a row on. */
interface Chunk {
  readonly rowStart: number;
  readonly columnData: ArrayLike<unknown>;
}

/**
 * The columns of a Parquet file; 64-bit whole numbers are numbers where no digit is lost.
 *
 * @throws if the file is not Parquet, or is cut off
 */
export async function readParquet(path: string): Promise<Map<string, ArrayLike<unknown>>> {
  const { asyncBufferFromFile, parquetMetadataAsync, parquetRead, parquetSchema } = await import('hyparquet');
  const { compressors } = await import('hyparquet-compressors');
  const chunks = new Map<string, Chunk[]>();
  let rows: number;
  try {
    const file = await asyncBufferFromFile(path);
    const metadata = await parquetMetadataAsync(file);
    rows = Number(metadata.num_rows);
    for (const { element } of parquetSchema(metadata).children) chunks.set(element.name, []);
    await parquetRead({
      file,
      metadata,
      compressors,
      // Bytes that the file does not call text are no text.
      utf8: false,
      onChunk: ({ columnName, ...chunk }) => chunks.get(columnName)?.push(chunk),
    });
  } catch (error) {
    throw new SyntaxError(`${basename(path)} cannot be read as Parquet: ${(error as Error).message}`);
  }
  return new Map(Array.from(chunks, ([name, parts]) => [name, join(parts, rows)]));
}

/** One array of a column's chunks: typed where all of them are, which takes a third of the memory. */
function join(chunks: readonly Chunk[], rows: number): ArrayLike<unknown> {
  if (chunks.length > 0 && chunks.every(({ columnData }) => isNumbers(columnData))) {
    const column = new Float64Array(rows);
    for (const { rowStart, columnData } of chunks) column.set(columnData as ArrayLike<number>, rowStart);
    return column;
  }
  const column = new Array<unknown>(rows).fill(null);
  for (const { rowStart, columnData } of chunks) {
    for (let i = 0; i < columnData.length; i++) column[rowStart + i] = columnData[i];
  }
  return plainColumn(column);
}

function isNumbers(values: ArrayLike<unknown>): boolean {
  return [Float64Array, Float32Array, Int32Array, Uint32Array].some(type => values instanceof type);
}
