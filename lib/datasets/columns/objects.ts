/** Stores of what typed arrays cannot hold: text, bytes, great integers, class labels' names and mixed values. */
import { ClassLabel, type Feature, value as valueFeature } from '../features.ts';
import { checkDepth, isList, isPlainObject, setField } from './nested.ts';
import { NumberStore } from './numbers.ts';
import { cannotKeep } from './showValue.ts';
import type { Store } from './store.ts';

const INT64 = [-(2n ** 63n), 2n ** 63n - 1n] as const;
const UINT64 = [0n, 2n ** 64n - 1n] as const;

/** Values in an array, if they pass a test. */
export class ArrayStore implements Store {
  readonly feature: Feature;
  readonly #accepts: (value: unknown) => boolean;
  readonly #copy: (value: unknown) => unknown;
  readonly #values: unknown[] = [];

  /** @param copy what is taken in and handed out of values that can be changed */
  constructor(
    feature: Feature,
    accepts: (value: unknown) => boolean,
    copy: (value: unknown) => unknown = value => value,
  ) {
    this.feature = feature;
    this.#accepts = accepts;
    this.#copy = copy;
  }

  get length(): number {
    return this.#values.length;
  }

  add(value: unknown): boolean {
    if (!this.#accepts(value)) return false;
    this.#values.push(this.#copy(value));
    return true;
  }

  addNull(): void {
    this.#values.push(null);
  }

  get(index: number): unknown {
    return this.#copy(this.#values[index]);
  }
}

export function stringStore(): Store {
  return new ArrayStore(valueFeature('string'), value => typeof value === 'string');
}

export function binaryStore(): Store {
  return new ArrayStore(
    valueFeature('binary'),
    value => value instanceof Uint8Array,
    // Not slice, which for a Buffer shares the bytes.
    bytes => bytes && Uint8Array.from(bytes as Uint8Array),
  );
}

/** Integers of 64 bits of which some are too great for a number; the others are numbers. */
export class BigStore implements Store {
  readonly feature: Feature;
  readonly #values: (number | bigint | null)[] = [];

  readonly dtype: 'int64' | 'uint64';

  constructor(dtype: 'int64' | 'uint64') {
    this.dtype = dtype;
    this.feature = valueFeature(dtype);
  }

  get length(): number {
    return this.#values.length;
  }

  add(value: unknown): boolean {
    if (typeof value !== 'bigint' && !Number.isSafeInteger(value)) return false;
    if (!fitsBits(BigInt(value as bigint | number), this.dtype)) return false;
    const number = Number(value);
    this.#values.push(Number.isSafeInteger(number) ? number : (value as bigint));
    return true;
  }

  addNull(): void {
    this.#values.push(null);
  }

  get(index: number): number | bigint | null {
    return this.#values[index]!;
  }
}

/** Values of any kinds that JSON has, beside each other. */
export function jsonStore(): Store {
  return new ArrayStore(
    valueFeature('json'),
    () => true,
    value => copyJson(value),
  );
}

/**
 * Plain loops: every row of such a column is copied when it is read.
 *
 * @throws naming a part that no column holds
 */
function copyJson(value: unknown, depth = 0): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') throw cannotKeep(value);
  if (typeof value !== 'object' || value === null) return value;
  checkDepth(depth);
  if (Array.isArray(value)) return value.map(item => copyJson(item, depth + 1));
  if (isPlainObject(value)) {
    const copy: Record<string, unknown> = {};
    for (const name of Object.keys(value)) setField(copy, name, copyJson(value[name], depth + 1));
    return copy;
  }
  if (value instanceof Date || value instanceof Uint8Array || isList(value)) return structuredClone(value);
  throw cannotKeep(value);
}

export function fitsBits(value: bigint, dtype: 'int64' | 'uint64'): boolean {
  const [min, max] = dtype === 'int64' ? INT64 : UINT64;
  return value >= min && value <= max;
}

/** Class numbers, given as numbers or as the classes' names. */
export class LabelStore implements Store {
  readonly feature: Feature;
  readonly #label: ClassLabel;
  readonly #numbers = new NumberStore('int64');

  constructor(names: readonly string[]) {
    this.#label = new ClassLabel(names);
    this.feature = this.#label;
  }

  get length(): number {
    return this.#numbers.length;
  }

  add(value: unknown): boolean {
    const { names } = this.#label;
    if (typeof value === 'string') return names.includes(value) && this.#numbers.add(names.indexOf(value));
    if (typeof value !== 'number' && typeof value !== 'bigint') return false;
    return value >= -1 && value < names.length && this.#numbers.add(value);
  }

  addNull(): void {
    this.#numbers.addNull();
  }

  get(index: number): number | null {
    return this.#numbers.get(index);
  }
}
