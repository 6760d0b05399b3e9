/** Questions with their answers, read from rows under any names. */

export interface Pair {
  readonly input: string;
  readonly output: string;
}

/** @throws naming the row, and the column of it that is missing or holds no text */
export function readPairs(rows: Iterable<object>, inputKey: string, outputKey: string): Pair[] {
  return Array.from(rows, (row, index) => ({
    input: readText(row, inputKey, index),
    output: readText(row, outputKey, index),
  }));
}

function readText(row: object, column: string, index: number): string {
  const value = (row as Readonly<Record<string, unknown>>)[column];
  if (typeof value === 'string') return value;
  if (!Object.hasOwn(row, column)) {
    const columns = Object.keys(row).join(', ') || '(none)';
    throw new RangeError(
      `Row ${index} has no column "${column}"; its columns are: ${columns}. Name two of them: { inputKey, outputKey }.`,
    );
  }
  const kind = value === null ? 'null' : `a value of type ${typeof value}`;
  throw new TypeError(`The column "${column}" of row ${index} holds ${kind}; a runner learns from texts.`);
}
