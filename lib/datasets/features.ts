/** What the columns of a data set hold, in the terms of Python's `datasets`. */

/** The scalar types, by the names that Arrow and Python's `datasets` give them. */
export type Dtype =
  | 'null'
  | 'bool'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64'
  | 'float32'
  | 'float64'
  | 'string'
  | 'binary'
  | 'date'
  | 'timestamp'
  | 'json';

/**
 * The type of one column; `json` holds what no single type describes.
 *
 * Integers of 64 bits are numbers where a number holds them exactly, else bigints. Dates and timestamps are `Date`s.
 */
export type Feature =
  | { readonly type: 'value'; readonly dtype: Dtype }
  | { readonly type: 'classLabel'; readonly names: readonly string[] }
  | { readonly type: 'list'; readonly feature: Feature }
  | { readonly type: 'struct'; readonly fields: FeatureMap };

/** Feature by column name, in column order; a Map, since a column may be called `__proto__`. */
export type FeatureMap = ReadonlyMap<string, Feature>;

/**
 * The names of the classes that a column's integers stand for; `-1` is no class, as in Python.
 *
 * @throws if a name is given twice or is not text
 * @example
 * const label = new ClassLabel(['World', 'Sports', 'Business', 'Sci/Tech']);
 * label.str2int('Sports'); // 1
 * label.int2str(3); // 'Sci/Tech'
 */
export class ClassLabel {
  readonly type = 'classLabel';
  readonly names: readonly string[];

  constructor(names: readonly string[]) {
    if (!Array.isArray(names) || names.some(name => typeof name !== 'string')) {
      throw new TypeError("ClassLabel needs an array of class names: new ClassLabel(['no', 'yes']).");
    }
    const repeated = names.find((name, i) => names.indexOf(name) !== i);
    if (repeated !== undefined) throw new RangeError(`ClassLabel: the name "${repeated}" is given twice.`);
    this.names = [...names];
  }

  get numClasses(): number {
    return this.names.length;
  }

  /** @throws if there is no class of that name */
  str2int(name: string): number {
    const index = this.names.indexOf(name);
    if (index >= 0) return index;
    throw new RangeError(`There is no class "${name}"; the classes are: ${this.names.join(', ')}.`);
  }

  /** @throws if there is no class of that number */
  int2str(index: number): string {
    const name = this.names[index];
    if (name !== undefined) return name;
    throw new RangeError(`There is no class ${index}; there are ${this.names.length}, from 0.`);
  }
}

/** A feature that holds values of one scalar type. */
export function value(dtype: Dtype): Feature {
  return { type: 'value', dtype };
}

/** Whether two features describe the same values. */
export function sameFeature(a: Feature, b: Feature): boolean {
  if (a.type === 'value') return b.type === 'value' && a.dtype === b.dtype;
  if (a.type === 'classLabel') {
    return (
      b.type === 'classLabel' &&
      a.names.length === b.names.length &&
      a.names.every((name, i) => name === b.names[i])
    );
  }
  if (a.type === 'list') return b.type === 'list' && sameFeature(a.feature, b.feature);
  if (b.type !== 'struct' || a.fields.size !== b.fields.size) return false;
  return [...a.fields].every(([name, field]) => {
    const other = b.fields.get(name);
    return other !== undefined && sameFeature(field, other);
  });
}

/**
 * The type that holds the values of both; nothing if there is none. Null joins with anything, also inside lists and
 * structs, and a struct has the fields of both.
 *
 * @param joinsNumbers whether numbers of different types become those of a type that holds both
 */
export function joinFeatures(a: Feature, b: Feature, joinsNumbers: boolean): Feature | undefined {
  if (isNull(b) || sameFeature(a, b)) return a;
  if (isNull(a)) return b;
  if (a.type === 'list' && b.type === 'list') {
    const feature = joinFeatures(a.feature, b.feature, joinsNumbers);
    return feature && { type: 'list', feature };
  }
  if (a.type === 'struct' && b.type === 'struct') {
    const fields = new Map(a.fields);
    for (const [name, field] of b.fields) {
      const joined = joinFeatures(fields.get(name) ?? value('null'), field, joinsNumbers);
      if (!joined) return undefined;
      fields.set(name, joined);
    }
    return { type: 'struct', fields };
  }
  if (!joinsNumbers || a.type !== 'value' || b.type !== 'value') return undefined;
  const dtype = joinNumbers(a.dtype, b.dtype);
  return dtype && value(dtype);
}

function isNull(feature: Feature): boolean {
  return feature.type === 'value' && feature.dtype === 'null';
}

function joinNumbers(a: Dtype, b: Dtype): Dtype | undefined {
  const [kindA, bitsA] = numberType(a);
  const [kindB, bitsB] = numberType(b);
  if (kindA === undefined || kindB === undefined) return undefined;
  if (kindA === kindB) return bitsA > bitsB ? a : b;
  if (kindA === 'float' || kindB === 'float') return 'float64';
  // Unsigned integers need a bit more where they have a sign.
  const bits = Math.max(kindA === 'int' ? bitsA : 2 * bitsA, kindB === 'int' ? bitsB : 2 * bitsB);
  return bits <= 64 ? (`int${bits}` as Dtype) : undefined;
}

function numberType(dtype: Dtype): [kind: string | undefined, bits: number] {
  const match = /^(u?int|float)(\d+)$/.exec(dtype);
  return [match?.[1], Number(match?.[2])];
}

/** A feature in a few words, for a table's head: `string`, `list<int64>`, `class label (4)`. */
export function featureName(feature: Feature): string {
  switch (feature.type) {
    case 'value':
      return feature.dtype;
    case 'classLabel':
      return `class label (${feature.names.length})`;
    case 'list':
      return `list<${featureName(feature.feature)}>`;
    case 'struct':
      return `struct<${[...feature.fields].map(([name, field]) => `${name}: ${featureName(field)}`).join(', ')}>`;
  }
}
