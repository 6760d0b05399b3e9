/** Stores of lists and of structs: their items and fields are columns of their own. */
import type { Dtype, Feature } from '../features.ts';
import type { Column } from '../table.ts';
import { grown, NullBits, typedArrayDtype } from './growing.ts';
import type { Store } from './store.ts';

const MAX_DEPTH = 64;

/** A column to which any value can be added. */
export interface Child extends Column {
  readonly feature: Feature;
  push(value: unknown): void;
}

/** Lists: all their items in one column, and where each list ends in it. */
export class ListStore implements Store {
  length = 0;
  #ends = new Uint32Array(0);
  readonly #nulls = new NullBits();

  readonly items: Child;
  /** Where all lists are typed arrays: the type of their numbers, which need not hold those of another list. */
  readonly dtype: Dtype | undefined;

  constructor(items: Child, dtype?: Dtype) {
    this.items = items;
    this.dtype = dtype;
  }

  get feature(): Feature {
    return { type: 'list', feature: this.items.feature };
  }

  add(value: unknown): boolean {
    if (!isList(value) || (this.dtype !== undefined && typedArrayDtype(value) !== this.dtype)) return false;
    for (let i = 0; i < value.length; i++) this.items.push(value[i]);
    this.#close();
    return true;
  }

  addNull(): void {
    this.#nulls.mark(this.length);
    this.#close();
  }

  get(index: number): unknown[] | null {
    if (this.#nulls.has(index)) return null;
    const start = index === 0 ? 0 : this.#ends[index - 1]!;
    const length = this.#ends[index]! - start;
    const list = new Array<unknown>(length);
    for (let i = 0; i < length; i++) list[i] = this.items.get(start + i);
    return list;
  }

  #close(): void {
    this.#ends = grown(this.#ends, this.length) as Uint32Array<ArrayBuffer>;
    this.#ends[this.length++] = this.items.length;
  }
}

/** Objects with named fields, a column each; a field that an object lacks is null. */
export class StructStore implements Store {
  length = 0;
  readonly #fields: Map<string, Child>;
  readonly #makeField: ((length: number) => Child) | undefined;
  readonly #nulls = new NullBits();

  /** @param makeField makes the column of a field not seen before; without it, such a field does not fit */
  constructor(fields: Map<string, Child>, makeField?: (length: number) => Child) {
    this.#fields = fields;
    this.#makeField = makeField;
  }

  get feature(): Feature {
    return {
      type: 'struct',
      fields: new Map([...this.#fields].map(([name, field]) => [name, field.feature])),
    };
  }

  add(value: unknown): boolean {
    if (!isPlainObject(value)) return false;
    const names = Object.keys(value);
    for (const name of names) {
      if (this.#fields.has(name)) continue;
      if (!this.#makeField) return false;
      this.#fields.set(name, this.#makeField(this.length));
    }
    for (const [name, field] of this.#fields) field.push(Object.hasOwn(value, name) ? value[name] : null);
    this.length++;
    return true;
  }

  addNull(): void {
    this.#nulls.mark(this.length);
    for (const field of this.#fields.values()) field.push(null);
    this.length++;
  }

  get(index: number): Record<string, unknown> | null {
    if (this.#nulls.has(index)) return null;
    const object: Record<string, unknown> = {};
    for (const [name, field] of this.#fields) setField(object, name, field.get(index));
    return object;
  }
}

/** Sets a property of the object itself, also one called `__proto__`. */
export function setField(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') object[name] = value;
  else Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}

/** Arrays and typed arrays; bytes are no list but one value. */
export function isList(value: unknown): value is ArrayLike<unknown> {
  if (Array.isArray(value)) return true;
  return ArrayBuffer.isView(value) && !(value instanceof DataView) && !(value instanceof Uint8Array);
}

/** Whether what an object holds can be taken of it one after another, at once. */
export function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

/** Whether what an object holds can be taken of it one after another, as promises. */
export function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

/** An object literal, of any realm. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** @throws for values nested so deep that they may be a circle */
export function checkDepth(depth: number): void {
  if (depth > MAX_DEPTH) throw new RangeError(`values are nested deeper than ${MAX_DEPTH} levels`);
}
