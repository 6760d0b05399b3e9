/** The values of an Arrow column as plain JavaScript. */
import { plainColumn } from './plain.ts';
import type { ArrowTableLike } from './tabular.ts';

/** Type ids of the Arrow format whose values need a hand. */
const ARROW = { int: 2, float: 3, decimal: 7, date: 8, timestamp: 10 } as const;
/** Lists, of one length, large, and as views. */
const ARROW_LISTS: ReadonlySet<number | undefined> = new Set([12, 16, 21, 25, 26]);

/** Of the arrays that Arrow's columns lie in, those whose numbers are the values. */
const PLAIN_ARRAYS = [
  Int8Array,
  Int16Array,
  Int32Array,
  Uint8Array,
  Uint16Array,
  Uint32Array,
  Float32Array,
  Float64Array,
];

interface ArrowColumn {
  readonly nullCount?: number;
  get?(row: number): unknown;
  at?(row: number): unknown;
  toArray?(): unknown;
}

interface ArrowType {
  readonly typeId?: number;
  readonly precision?: number;
  readonly scale?: number;
}

/** The column at a place, null where a row has no value; numbers without gaps keep their typed array. */
export function arrowValues(table: ArrowTableLike, index: number): ArrayLike<unknown> {
  const column = table.getChildAt(index) as ArrowColumn;
  const { typeId, precision, scale } = table.schema.fields[index]!.type as ArrowType;
  // A float of precision 0 has 16 bits, which lie in an array of integers.
  const isNumber = typeId === ARROW.int || (typeId === ARROW.float && precision !== 0);
  if (isNumber && column.nullCount === 0) {
    const values = column.toArray?.();
    if (PLAIN_ARRAYS.some(type => values instanceof type)) return values as ArrayLike<number>;
  }
  const isInstant = typeId === ARROW.date || typeId === ARROW.timestamp;
  const values = Array.from({ length: table.numRows }, (_, row) => {
    const value = column.get ? column.get(row) : column.at?.(row);
    if (isInstant && typeof value === 'number') return new Date(value);
    // A list of numbers comes as a typed array, and one of bytes would pass for binary data.
    if (ARROW_LISTS.has(typeId) && ArrayBuffer.isView(value)) return Array.from(value as unknown as number[]);
    if (typeId === ARROW.decimal && ArrayBuffer.isView(value))
      return decimal(value as unknown as Uint32Array, scale ?? 0);
    return value;
  });
  return plainColumn(values);
}

/** A decimal's 32-bit words, lowest first, in two's complement. */
function decimal(words: Uint32Array, scale: number): number {
  let whole = 0n;
  for (let i = words.length - 1; i >= 0; i--) whole = (whole << 32n) | BigInt(words[i] as number);
  return Number(BigInt.asIntN(32 * words.length, whole)) / 10 ** scale;
}
