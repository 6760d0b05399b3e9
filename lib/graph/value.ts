/** Tensors with their numbers: what goes into a session and comes out of it. */
import type { DataType } from './tensor.ts';

export interface DataArrays {
  readonly float32: Float32Array;
  readonly int32: Int32Array;
  readonly int64: BigInt64Array;
  readonly uint8: Uint8Array;
  /** 0 or 1. */
  readonly bool: Uint8Array;
}

/** A tensor in memory, in row-major order. */
export interface Value<T extends DataType = DataType> {
  readonly dtype: T;
  readonly shape: readonly number[];
  readonly data: DataArrays[T];
}

/**
 * A float32 tensor; the array is not copied.
 *
 * @throws if the shape asks for another number of values
 * @example const x = float32([1, 2, 3, 4], [2, 2]);
 */
export function float32(data: Float32Array | readonly number[], shape: readonly number[]): Value<'float32'> {
  return checked({
    dtype: 'float32',
    shape,
    data: data instanceof Float32Array ? data : Float32Array.from(data),
  });
}

/**
 * An int32 tensor, as token ids and labels are; the array is not copied.
 *
 * @throws if the shape asks for another number of values
 */
export function int32(data: Int32Array | readonly number[], shape: readonly number[]): Value<'int32'> {
  return checked({ dtype: 'int32', shape, data: data instanceof Int32Array ? data : Int32Array.from(data) });
}

/** A tensor of zeros. */
export function emptyValue<T extends DataType>(dtype: T, shape: readonly number[]): Value<T> {
  const size = shape.reduce((product, dim) => product * dim, 1);
  return { dtype, shape, data: new ARRAYS[dtype](size) as DataArrays[T] };
}

export const ARRAYS = {
  float32: Float32Array,
  uint8: Uint8Array,
  int32: Int32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
} as const;

function checked<T extends DataType>(value: Value<T>): Value<T> {
  const size = value.shape.reduce((product, dim) => product * dim, 1);
  if (size === value.data.length) return value;
  throw new RangeError(`${value.data.length} values do not fill the shape [${value.shape.join(', ')}].`);
}

/** Tensors by name. */
export type Values = Readonly<Record<string, Value>>;

/** A record with the same names and other values. */
export function mapValues<T, U>(
  record: Readonly<Record<string, T>>,
  change: (value: T, name: string) => U,
): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value, name)]));
}
