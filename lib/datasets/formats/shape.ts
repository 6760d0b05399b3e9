/** Finds out the types of values that are looked at once and not kept, by the rules of `ColumnBuilder`. */
import { checkDepth, setField } from '../columns/nested.ts';
import { type Dtype, type Feature, type FeatureMap, value as valueFeature } from '../features.ts';

export const BOOL = 1;
export const INT = 2;
export const FLOAT = 4;
/** An integer that a number cannot hold exactly and 64 bits can. */
const BIG = 8;
/** Such an integer that needs the sign's bit. */
const UNSIGNED = 16;
export const NEGATIVE = 32;
export const STRING = 64;
export const LIST = 128;
export const STRUCT = 256;

const INTEGERS = INT | BIG | UNSIGNED | NEGATIVE;

/** What a shape shares with its parts. */
interface Seen {
  skipsGreat: boolean;
  hasGreat: boolean;
  hasBigints: boolean;
  isRegular: boolean;
}

/** What the values of one column, or of a part of it, have been so far. */
export class Shape {
  /** A bit for each kind of value. */
  kinds = 0;
  /** What the items of lists have been. */
  items: Shape | undefined;
  /** The keys of objects as JSON has them, in order of first appearance. */
  readonly keys: Uint8Array[] = [];
  /** What the values at each of these keys have been. */
  readonly fields: Shape[] = [];
  readonly #names: string[] = [];
  readonly #places = new Map<string, number>();
  readonly #depth: number;
  readonly #seen: Seen;

  constructor(
    depth = 0,
    seen: Seen = { skipsGreat: false, hasGreat: false, hasBigints: false, isRegular: true },
  ) {
    checkDepth(depth);
    this.#depth = depth;
    this.#seen = seen;
  }

  /**
   * Adds an object from a parser that rounds great integers.
   *
   * @returns whether it has numbers beyond 2^53; those are left out, and the object is to be added again once parsed exactly
   */
  addRounded(object: object): boolean {
    this.#seen.skipsGreat = true;
    this.#seen.hasGreat = false;
    this.addObject(object);
    this.#seen.skipsGreat = false;
    return this.#seen.hasGreat;
  }

  add(value: unknown): void {
    switch (typeof value) {
      case 'string':
        this.kinds |= STRING;
        return;
      case 'number':
        if (Number.isSafeInteger(value)) this.kinds |= value < 0 ? INT | NEGATIVE : INT;
        else if (this.#seen.skipsGreat && Math.abs(value) > Number.MAX_SAFE_INTEGER)
          this.#seen.hasGreat = true;
        else this.kinds |= FLOAT;
        return;
      case 'boolean':
        this.kinds |= BOOL;
        return;
      case 'bigint':
        this.#seen.hasBigints = true;
        this.kinds |= value < 0n ? BIG | NEGATIVE : value < 2n ** 63n ? BIG : UNSIGNED;
        return;
      default:
        if (Array.isArray(value)) this.#addList(value);
        else if (value !== null && value !== undefined) this.addObject(value);
    }
  }

  addObject(object: object): void {
    const isFirst = (this.kinds & STRUCT) === 0;
    this.kinds |= STRUCT;
    let at = 0;
    for (const key in object) {
      let index = at;
      if (this.#names[at] !== key) {
        if (!isFirst) this.#seen.isRegular = false;
        index = this.#places.get(key) ?? -1;
        if (index < 0) {
          index = this.#names.push(key) - 1;
          this.#places.set(key, index);
          this.keys.push(Buffer.from(JSON.stringify(key)));
          this.fields.push(new Shape(this.#depth + 1, this.#seen));
        }
      }
      this.fields[index]!.add((object as Record<string, unknown>)[key]);
      at++;
    }
    if (at !== this.#names.length) this.#seen.isRegular = false;
  }

  /** The features of objects that were added. */
  features(): FeatureMap {
    return new Map(this.#names.map((name, i) => [name, this.fields[i]!.feature()]));
  }

  feature(): Feature {
    const kinds = this.kinds;
    if (kinds === LIST) return { type: 'list', feature: this.items!.feature() };
    if (kinds === STRUCT) return { type: 'struct', fields: this.features() };
    return valueFeature(this.#dtype());
  }

  /** Whether all objects, however deep, had the same keys in the same order. */
  get isRegular(): boolean {
    return this.#seen.isRegular;
  }

  /** Whether any value, however deep, was a bigint. */
  get hasBigints(): boolean {
    return this.#seen.hasBigints;
  }

  #dtype(): Dtype {
    const kinds = this.kinds;
    if (kinds === 0) return 'null';
    if (kinds === STRING) return 'string';
    if (kinds === BOOL) return 'bool';
    if (kinds & FLOAT && !(kinds & ~(FLOAT | INT | NEGATIVE))) return 'float64';
    if (kinds & ~INTEGERS) return 'json';
    if (!(kinds & UNSIGNED)) return 'int64';
    return kinds & NEGATIVE ? 'json' : 'uint64';
  }

  #addList(values: readonly unknown[]): void {
    this.kinds |= LIST;
    this.items ??= new Shape(this.#depth + 1, this.#seen);
    for (let i = 0; i < values.length; i++) this.items.add(values[i]);
  }
}

/** A value with every field that its type has, in the type's order; what it lacks is null. */
export function conform(value: unknown, feature: Feature): unknown {
  if (value === null || value === undefined) return null;
  if (feature.type === 'list') return (value as unknown[]).map(item => conform(item, feature.feature));
  if (feature.type === 'struct') return conformObject(value, feature.fields);
  return value;
}

/** @param value an object; its own keys alone count */
export function conformObject(value: object, features: FeatureMap): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, feature] of features) {
    const own = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : null;
    setField(result, name, conform(own, feature));
  }
  return result;
}
