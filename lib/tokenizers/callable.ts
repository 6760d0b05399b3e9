/** Objects that can be called. */

/** What a call of the object does. */
export const call: unique symbol = Symbol('call');

/**
 * A class whose instances are functions: `instance(…)` is `instance[call](…)`. They have the methods of their class and
 * none of a function's.
 */
export abstract class Callable {
  constructor() {
    const self = (...given: never[]): unknown => instance[call](...given);
    const instance = Object.setPrototypeOf(self, new.target.prototype) as this;
    // A function's own name and length would hide the class's.
    for (const key of ['name', 'length']) Reflect.deleteProperty(self, key);
    // biome-ignore lint/correctness/noConstructorReturn: a subclass puts its fields on what is returned here.
    return instance;
  }

  abstract [call](...given: never[]): unknown;
}
