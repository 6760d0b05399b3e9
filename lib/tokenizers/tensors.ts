/** Rows of whole numbers as one typed array with its dimensions. */
import { kindOf } from './texts.ts';

/** What `new ort.Tensor(type, data, dims)` of ONNX Runtime takes. */
export interface IntTensor {
  readonly type: 'int64';
  readonly data: BigInt64Array;
  readonly dims: readonly number[];
}

/**
 * @param values whole numbers, or equally long rows of them
 * @param name of the column, for messages
 * @param rank how many dimensions there are at least, for values that are empty
 * @throws if rows differ in length or hold something else than whole numbers
 */
export function toTensor(values: readonly unknown[], name: string, rank: number): IntTensor {
  const dims: number[] = [];
  for (let level: unknown = values; Array.isArray(level); level = level[0]) dims.push(level.length);
  while (dims.length < rank) dims.push(0);
  const data = new BigInt64Array(dims.reduce((product, size) => product * size, 1));
  let at = 0;
  const write = (value: unknown, depth: number): void => {
    if (depth === dims.length) {
      if (!Number.isInteger(value))
        throw new TypeError(`${name} holds ${kindOf(value)}, and tensors are made of whole numbers.`);
      data[at++] = BigInt(value as number);
      return;
    }
    if (!Array.isArray(value) || value.length !== dims[depth]) {
      const length = Array.isArray(value) ? value.length : kindOf(value);
      throw new RangeError(
        `The rows of ${name} differ in length (${dims[depth]} and ${length}), so they make no tensor; set padding: true, and truncation: true with maxLength if rows are long.`,
      );
    }
    for (const item of value) write(item, depth + 1);
  };
  write(values, 0);
  return { type: 'int64', data, dims };
}

/** Whether a value is a tensor or a list of lists, rather than one list. */
export function isRows<Row extends object>(value: unknown): value is readonly Row[] | IntTensor {
  return Array.isArray(value) ? typeof value[0] === 'object' : 'dims' in Object(value);
}

/** The rows of a tensor of two dimensions; rows that are rows already stay what they are. */
export function rowsOf<Row>(rows: readonly Row[] | IntTensor): readonly (Row | BigInt64Array)[] {
  if (!('dims' in rows)) return rows;
  const { data, dims } = rows;
  const [count = 0, width = 0] = dims;
  if (dims.length !== 2)
    throw new RangeError(
      `Rows of ids have two dimensions, and this tensor has ${dims.length}; the ids of one row are its data.`,
    );
  return Array.from({ length: count }, (_, i) => data.subarray(i * width, (i + 1) * width));
}
