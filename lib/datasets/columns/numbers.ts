/** Stores of numbers, booleans and points in time, in typed arrays. */
import { type Dtype, type Feature, value as valueFeature } from '../features.ts';
import { grown, NullBits, type NumericArray } from './growing.ts';
import type { Store } from './store.ts';

const ARRAYS: Partial<Record<Dtype, new (length: number) => NumericArray>> = {
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  float32: Float32Array,
};

const LIMITS: Partial<Record<Dtype, readonly [min: number, max: number]>> = {
  int8: [-(2 ** 7), 2 ** 7 - 1],
  int16: [-(2 ** 15), 2 ** 15 - 1],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  uint8: [0, 2 ** 8 - 1],
  uint16: [0, 2 ** 16 - 1],
  uint32: [0, 2 ** 32 - 1],
  uint64: [0, Number.MAX_SAFE_INTEGER],
};

/** Numbers of one type; integers of 64 bits as far as a number holds them exactly. */
export class NumberStore implements Store {
  readonly dtype: Dtype;
  readonly feature: Feature;
  length = 0;
  #values: NumericArray;
  readonly #nulls = new NullBits();
  readonly #limits: readonly [number, number] | undefined;

  /** @param values numbers to begin with; they are taken over, not copied */
  constructor(dtype: Dtype, values?: NumericArray) {
    this.dtype = dtype;
    this.feature = valueFeature(dtype);
    this.#values = values ?? new (ARRAYS[dtype] ?? Float64Array)(0);
    this.length = this.#values.length;
    this.#limits = LIMITS[dtype];
  }

  add(value: unknown): boolean {
    let number: number;
    if (typeof value === 'number') number = value;
    else if (typeof value === 'bigint') {
      number = Number(value);
      if (!Number.isSafeInteger(number)) return false;
    } else return false;
    const limits = this.#limits;
    if (limits && !(Number.isInteger(number) && number >= limits[0] && number <= limits[1])) return false;
    this.#values = grown(this.#values, this.length);
    this.#values[this.length++] = number;
    return true;
  }

  addNull(): void {
    this.#nulls.mark(this.length);
    this.#values = grown(this.#values, this.length);
    this.#values[this.length++] = 0;
  }

  get(index: number): number | null {
    return this.#nulls.has(index) ? null : this.#values[index]!;
  }
}

const NONE = 2;

/** Booleans, a byte each. */
export class BooleanStore implements Store {
  readonly feature = valueFeature('bool');
  length = 0;
  #values = new Uint8Array(0);

  add(value: unknown): boolean {
    if (typeof value !== 'boolean') return false;
    this.#append(value ? 1 : 0);
    return true;
  }

  addNull(): void {
    this.#append(NONE);
  }

  get(index: number): boolean | null {
    const value = this.#values[index];
    return value === NONE ? null : value === 1;
  }

  #append(value: number): void {
    this.#values = grown(this.#values, this.length) as Uint8Array<ArrayBuffer>;
    this.#values[this.length++] = value;
  }
}

/** Dates, as milliseconds since 1970; NaN where there is none. */
export class TimeStore implements Store {
  readonly feature: Feature;
  length = 0;
  #values = new Float64Array(0);

  constructor(dtype: 'date' | 'timestamp') {
    this.feature = valueFeature(dtype);
  }

  add(value: unknown): boolean {
    if (!(value instanceof Date) || Number.isNaN(value.getTime())) return false;
    this.#append(value.getTime());
    return true;
  }

  addNull(): void {
    this.#append(Number.NaN);
  }

  get(index: number): Date | null {
    const time = this.#values[index]!;
    return Number.isNaN(time) ? null : new Date(time);
  }

  #append(time: number): void {
    this.#values = grown(this.#values, this.length) as Float64Array<ArrayBuffer>;
    this.#values[this.length++] = time;
  }
}
