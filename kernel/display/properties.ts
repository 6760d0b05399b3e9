/**
 * Looks at a value's properties without running its code: accessors are seen, not called, and a Proxy
 * anywhere on the prototype chain ends the search.
 */
import { types } from 'node:util';

/** The descriptor of `key` on `value` or the nearest prototype that has it. */
export function findDescriptor(value: object, key: PropertyKey): PropertyDescriptor | undefined {
  for (let holder: object | null = value; holder !== null; holder = Object.getPrototypeOf(holder)) {
    if (types.isProxy(holder)) return undefined;
    const descriptor = Object.getOwnPropertyDescriptor(holder, key);
    if (descriptor) return descriptor;
  }
  return undefined;
}

/** The value of a data property; undefined for accessors and for what is absent. */
export function dataProperty(value: object, key: PropertyKey): unknown {
  return findDescriptor(value, key)?.value;
}

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** A method of the value, bound to it; undefined where there is none. */
export function method(value: object, key: PropertyKey): ((...args: unknown[]) => unknown) | undefined {
  const found = dataProperty(value, key);
  return typeof found === 'function' ? (found as Method).bind(value) : undefined;
}

/**
 * Reads a property that a class defines as a getter on its prototype (`numRows`, `outerHTML`), or a data property.
 * Own accessors stay unread. The getter may throw: call this only once the kind of value is known.
 */
export function classProperty(value: object, key: PropertyKey): unknown {
  const descriptor = findDescriptor(value, key);
  if (descriptor?.get === undefined) return descriptor?.value;
  return Object.hasOwn(value, key) ? undefined : descriptor.get.call(value);
}

/** Whether a value is an object, functions excepted, whose properties can be read without running a trap. */
export function isTransparent(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !types.isProxy(value);
}

/** Whether a value is an object literal, or one without prototype. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (!isTransparent(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return true;
  // Object literals of another realm (node:vm) have that realm's Object.prototype.
  return (
    !types.isProxy(prototype) &&
    Object.getPrototypeOf(prototype) === null &&
    Object.hasOwn(prototype, 'isPrototypeOf')
  );
}

/** Whether an awaitable came back; reading `then` may run the value's code. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
  );
}
