/** Typed arrays that grow, and the bits that say which values are there. */

import type { Dtype } from '../features.ts';

export type NumericArray =
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | Float32Array
  | Float64Array;

const FIRST_CAPACITY = 64;

const DTYPES: Readonly<Record<string, Dtype | undefined>> = {
  Int8Array: 'int8',
  Int16Array: 'int16',
  Int32Array: 'int32',
  Uint8Array: 'uint8',
  Uint8ClampedArray: 'uint8',
  Uint16Array: 'uint16',
  Uint32Array: 'uint32',
  Float32Array: 'float32',
  Float64Array: 'float64',
  BigInt64Array: 'int64',
  BigUint64Array: 'uint64',
};

/** The type of the numbers in a typed array, of any realm; undefined for other values. */
export function typedArrayDtype(values: unknown): Dtype | undefined {
  if (!ArrayBuffer.isView(values)) return undefined;
  return DTYPES[Object.prototype.toString.call(values).slice('[object '.length, -1)];
}

/** A typed array with at least `length + 1` places: the same one, or a copy twice as long. */
export function grown<A extends NumericArray>(values: A, length: number): A {
  if (length < values.length) return values;
  const longer = new (values.constructor as new (length: number) => A)(
    Math.max(FIRST_CAPACITY, values.length * 2),
  );
  longer.set(values);
  return longer;
}

/** Which rows have no value; takes no memory until the first such row. */
export class NullBits {
  #bits: Uint8Array | undefined;

  mark(index: number): void {
    let bits = this.#bits ?? new Uint8Array(FIRST_CAPACITY);
    if (index >> 3 >= bits.length) {
      const longer = new Uint8Array(Math.max(bits.length * 2, (index >> 3) + 1));
      longer.set(bits);
      bits = longer;
    }
    bits[index >> 3]! |= 1 << (index & 7);
    this.#bits = bits;
  }

  has(index: number): boolean {
    const bits = this.#bits;
    return bits !== undefined && index >> 3 < bits.length && (bits[index >> 3]! & (1 << (index & 7))) !== 0;
  }
}
