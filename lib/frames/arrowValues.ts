/** The values of an Arrow column as plain JavaScript. */
import { plainColumn } from './plain.ts';
import type { ArrowTableLike } from './table.ts';

/** Type ids of the Arrow format whose values need a hand. */
const ARROW = { decimal: 7, date: 8, timestamp: 10 } as const;

interface ArrowColumn {
  get?(row: number): unknown;
  at?(row: number): unknown;
}

/** The column at a place, null where a row has no value. */
export function arrowValues(table: ArrowTableLike, index: number): unknown[] {
  const column = table.getChildAt(index) as ArrowColumn;
  const { typeId, scale } = table.schema.fields[index]!.type as { typeId?: number; scale?: number };
  const isInstant = typeId === ARROW.date || typeId === ARROW.timestamp;
  const values = Array.from({ length: table.numRows }, (_, row) => {
    const value = column.get ? column.get(row) : column.at?.(row);
    if (isInstant && typeof value === 'number') return new Date(value);
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
