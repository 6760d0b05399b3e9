/** Runs work that may have to wait, and does not where nothing makes it wait. */

/**
 * Work that yields the promises it waits for and gets back what they resolve to; so one piece of code serves functions
 * that return values and functions that return promises.
 */
export type Steps<T> = Generator<PromiseLike<unknown>, T, unknown>;

/** Runs to the end; returns a promise only if the work had to wait. */
export function run<T>(steps: Steps<T>): T | Promise<T> {
  const step = steps.next();
  return step.done ? step.value : runAsync(steps, step.value);
}

async function runAsync<T>(steps: Steps<T>, first: PromiseLike<unknown>): Promise<T> {
  let pending = first;
  for (;;) {
    const proceed = await pending.then(
      value => () => steps.next(value),
      error => () => steps.throw(error),
    );
    const step = proceed();
    if (step.done) return step.value;
    pending = step.value;
  }
}

export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}
