/** The rows of a table that a batch asks for. */
import { int32, type Value } from '../graph/index.ts';

/** Which rows are asked for, each once, and the indices counted through these instead of through the table. */
export function numberRows({ data, shape }: Value): { rows: Int32Array; indices: Value<'int32'> } {
  const numbers = new Map<number, number>();
  const indices = Int32Array.from(data as Int32Array, row => {
    const number = numbers.get(row) ?? numbers.size;
    numbers.set(row, number);
    return number;
  });
  return { rows: Int32Array.from(numbers.keys()), indices: int32(indices, shape) };
}

/** A copy of some rows of a table. */
export function takeRows({ shape, data }: Value<'float32'>, rows: Int32Array): Value<'float32'> {
  const width = shape[1]!;
  const result = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    result.set(data.subarray(row * width, (row + 1) * width), i * width);
  });
  return { dtype: 'float32', shape: [rows.length, width], data: result };
}

/** Puts rows back where they were taken from. */
export function putRows(table: Value<'float32'>, rows: Int32Array, values: Value): void {
  const width = table.shape[1]!;
  rows.forEach((row, i) => {
    table.data.set((values.data as Float32Array).subarray(i * width, (i + 1) * width), row * width);
  });
}
