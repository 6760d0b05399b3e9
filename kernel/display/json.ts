/** Makes a copy of a value that JSON can carry. */
import { types } from 'node:util';

const maxDepth = 200;

/**
 * A copy in which typed arrays are arrays, dates ISO text, infinities null and cycles the text `[Circular]`;
 * what JSON has no form for (functions, symbols, undefined) is left out. Throws what a `toJSON` or getter throws.
 *
 * @example
 * jsonSafe({ x: new Float32Array([1, 2]) }); // { x: [1, 2] }
 */
export function jsonSafe(value: unknown): unknown {
  return copy(value, []);
}

function copy(value: unknown, parents: object[]): unknown {
  switch (typeof value) {
    case 'string':
      return value.toWellFormed();
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : null;
    case 'bigint':
      return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
    case 'object':
      return value === null ? null : copyObject(value, parents);
    default:
      return undefined;
  }
}

function copyObject(value: object, parents: object[]): unknown {
  if (parents.includes(value)) return '[Circular]';
  if (parents.length >= maxDepth) return '[nested too deeply]';
  if (types.isDate(value)) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (types.isTypedArray(value)) return Array.from(value as Iterable<unknown>, item => copy(item, parents));
  const { toJSON } = value as { toJSON?: unknown };
  parents.push(value);
  try {
    if (typeof toJSON === 'function') return copy(toJSON.call(value, ''), parents);
    if (Array.isArray(value)) return Array.from(value, item => copy(item, parents) ?? null);
    const result: Record<string, unknown> = {};
    for (const key of Object.keys(value)) {
      const item = copy((value as Record<string, unknown>)[key], parents);
      if (item !== undefined && key !== '__proto__') result[key] = item;
    }
    return result;
  } finally {
    parents.pop();
  }
}
