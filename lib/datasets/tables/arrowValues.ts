/** The values of an Arrow column as plain JavaScript. */
import { plainColumn } from './plain.ts';
import type { ArrowTableLike } from './tabular.ts';

/** Type ids of the Arrow format whose values need a hand. */
const ARROW = { int: 2, float: 3, decimal: 7, date: 8, timestamp: 10, struct: 13, map: 17 } as const;
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
  /** Of a list its items, of a struct its fields, of a map its entries. */
  readonly children?: readonly { readonly name: string; readonly type: ArrowType }[] | null;
}

/** The column at a place, null where a row has no value; numbers without gaps keep their typed array. */
export function arrowValues(table: ArrowTableLike, index: number): ArrayLike<unknown> {
  const column = table.getChildAt(index) as ArrowColumn;
  const type = table.schema.fields[index]!.type as ArrowType;
  // A float of precision 0 has 16 bits, which lie in an array of integers.
  const isNumber = type.typeId === ARROW.int || (type.typeId === ARROW.float && type.precision !== 0);
  if (isNumber && column.nullCount === 0) {
    const values = column.toArray?.();
    if (PLAIN_ARRAYS.some(array => values instanceof array)) return values as ArrayLike<number>;
  }
  const values = Array.from({ length: table.numRows }, (_, row) =>
    unpacked(column.get ? column.get(row) : column.at?.(row), type),
  );
  return plainColumn(values);
}

/** A value without what apache-arrow and flechette keep it in: views, numbers that are dates, words that are decimals. */
function unpacked(value: unknown, { typeId, scale = 0, children }: ArrowType): unknown {
  if (value === null || value === undefined) return null;
  if ((typeId === ARROW.date || typeId === ARROW.timestamp) && typeof value === 'number') {
    return new Date(value);
  }
  if (typeId === ARROW.decimal && ArrayBuffer.isView(value)) return decimal(value as Uint32Array, scale);
  if (!children) return value;
  if (ARROW_LISTS.has(typeId)) {
    const { type } = children[0]!;
    // A list of numbers comes as a typed array, and one of bytes would pass for binary data.
    return Array.from(value as Iterable<unknown>, item => unpacked(item, type));
  }
  if (typeId === ARROW.struct) {
    const struct = value as Record<string, unknown>;
    return Object.fromEntries(children.map(({ name, type }) => [name, unpacked(struct[name], type)]));
  }
  // flechette has a list of pairs for a map, apache-arrow an object.
  if (typeId === ARROW.map && Array.isArray(value)) {
    const [key, item] = children[0]!.type.children!;
    return value.map(([name, part]) => [unpacked(name, key!.type), unpacked(part, item!.type)]);
  }
  return value;
}

/** A decimal's 32-bit words, lowest first, in two's complement. */
function decimal(words: Uint32Array, scale: number): number {
  let whole = 0n;
  for (let i = words.length - 1; i >= 0; i--) whole = (whole << 32n) | BigInt(words[i] as number);
  return Number(BigInt.asIntN(32 * words.length, whole)) / 10 ** scale;
}
