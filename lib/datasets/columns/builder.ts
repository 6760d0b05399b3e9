/** Builds a column of values: of a given feature, or of the one that the values turn out to have. */
import { type Feature, featureName, value as valueFeature } from '../features.ts';
import { typedArrayDtype } from './growing.ts';
import { checkDepth, isList, isPlainObject, ListStore, StructStore } from './nested.ts';
import { NullStore } from './nulls.ts';
import { BooleanStore, NumberStore, TimeStore } from './numbers.ts';
import { BigStore, binaryStore, fitsBits, jsonStore, LabelStore, stringStore } from './objects.ts';
import { cannotKeep, showValue } from './showValue.ts';
import type { Store } from './store.ts';

/** A value is not of its column's declared type. */
export class UnfitValueError extends TypeError {}

/**
 * A column that takes values one by one.
 *
 * Without a declared feature: integers are `int64`, other numbers `float64`, `Date`s `timestamp`, bytes `binary`, typed
 * arrays lists of the type that they have, as long as all are of one; a
 * column of both integers and other numbers is `float64`; objects get the fields that any of them has; values of kinds
 * that no other type holds together make a column of `json`.
 */
export class ColumnBuilder {
  #store: Store;
  readonly #declared: boolean;
  readonly #depth: number;

  constructor(feature?: Feature, depth = 0) {
    checkDepth(depth);
    this.#declared = feature !== undefined;
    this.#depth = depth;
    this.#store = feature ? storeOf(feature, depth) : new NullStore();
  }

  get feature(): Feature {
    return this.#store.feature;
  }

  get length(): number {
    return this.#store.length;
  }

  get(index: number): unknown {
    return this.#store.get(index);
  }

  /** @throws saying what is wrong with the value, without its place */
  push(value: unknown): void {
    if (value === null || value === undefined) this.#store.addNull();
    else if (!this.#store.add(value)) this.#refit(value);
  }

  /** The finished column. */
  finish(): Store {
    return this.#store;
  }

  /** Puts a store in place that holds both what there is and the value. */
  #refit(value: unknown): void {
    const wider = this.#declared ? widerInteger(this.#store, value) : this.#widerStore(value);
    if (!wider) throw new UnfitValueError(`${showValue(value)} is not ${featureName(this.feature)}`);
    for (let i = 0; i < this.#store.length; i++) {
      const earlier = this.#store.get(i);
      if (earlier === null) wider.addNull();
      else wider.add(earlier);
    }
    this.#store = wider;
    if (!wider.add(value)) throw new TypeError(`internal: ${showValue(value)} fits no column`);
  }

  #widerStore(value: unknown): Store {
    const own = this.#storeFor(value);
    const store = this.#store;
    if (store instanceof NullStore) return own;
    if (store instanceof NumberStore && typeof value === 'number') return new NumberStore('float64');
    // A typed array, and after it a list of other numbers.
    if (store instanceof ListStore && isList(value))
      return new ListStore(new ColumnBuilder(undefined, this.#depth + 1));
    return widerInteger(store, value) ?? jsonStore();
  }

  #storeFor(value: unknown): Store {
    switch (typeof value) {
      case 'string':
        return stringStore();
      case 'number':
        return new NumberStore(Number.isSafeInteger(value) ? 'int64' : 'float64');
      case 'boolean':
        return new BooleanStore();
      case 'bigint':
        if (Number.isSafeInteger(Number(value))) return new NumberStore('int64');
        if (fitsBits(value, 'int64')) return new BigStore('int64');
        if (fitsBits(value, 'uint64')) return new BigStore('uint64');
        throw new RangeError(`${value}n does not fit 64 bits`);
      default:
        return this.#objectStore(value);
    }
  }

  #objectStore(value: unknown): Store {
    const child = (): ColumnBuilder => new ColumnBuilder(undefined, this.#depth + 1);
    if (value instanceof Date) {
      if (Number.isNaN(value.getTime())) throw new RangeError('a Date is invalid');
      return new TimeStore('timestamp');
    }
    if (value instanceof Uint8Array) return binaryStore();
    if (isList(value)) {
      const dtype = typedArrayDtype(value);
      const items = dtype ? new ColumnBuilder(valueFeature(dtype), this.#depth + 1) : child();
      return new ListStore(items, dtype);
    }
    if (isPlainObject(value)) {
      return new StructStore(new Map(), length => {
        const field = child();
        for (let i = 0; i < length; i++) field.push(null);
        return field;
      });
    }
    throw cannotKeep(value);
  }
}

/** An empty store for integers of the same type too great for a number; nothing if the value is none. */
function widerInteger(store: Store, value: unknown): Store | undefined {
  if (!(store instanceof NumberStore) || typeof value !== 'bigint') return undefined;
  const { dtype } = store;
  const fits = (dtype === 'int64' || dtype === 'uint64') && fitsBits(value, dtype);
  return fits ? new BigStore(dtype) : undefined;
}

function storeOf(feature: Feature, depth: number): Store {
  if (feature.type === 'classLabel') return new LabelStore(feature.names);
  if (feature.type === 'list') return new ListStore(new ColumnBuilder(feature.feature, depth + 1));
  if (feature.type === 'struct') {
    const fields = [...feature.fields].map(
      ([name, field]) => [name, new ColumnBuilder(field, depth + 1)] as const,
    );
    return new StructStore(new Map(fields));
  }
  switch (feature.dtype) {
    case 'null':
      return new NullStore();
    case 'bool':
      return new BooleanStore();
    case 'string':
      return stringStore();
    case 'binary':
      return binaryStore();
    case 'json':
      return jsonStore();
    case 'date':
    case 'timestamp':
      return new TimeStore(feature.dtype);
    default:
      return new NumberStore(feature.dtype);
  }
}
