/** Python's `range`. */

/**
 * The integers from `start` to, but without, `stop`; from 0 if only one number is given.
 *
 * @throws if a number is not an integer, or the step is 0
 * @example ds.select(range(100))
 * @example [...range(10, 0, -5)] // [10, 5]
 */
export function range(stop: number): Iterable<number>;
export function range(start: number, stop: number, step?: number): Iterable<number>;
export function range(first: number, second?: number, step = 1): Iterable<number> {
  const [start, stop] = second === undefined ? [0, first] : [first, second];
  if (![start, stop, step].every(Number.isInteger) || step === 0) {
    throw new RangeError(
      `range needs integers and a step that is not 0, not ${[first, second, step].join(', ')}.`,
    );
  }
  return {
    *[Symbol.iterator]() {
      for (let i = start; step > 0 ? i < stop : i > stop; i += step) yield i;
    },
  };
}
