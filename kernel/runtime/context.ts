/**
 * Which cell is running: output, errors and comms belong to the cell that started them, however late they come.
 *
 * Promise hooks carry the cell through awaits and microtasks, wrapped timers through callbacks. AsyncLocalStorage
 * would do it too, but in Node 20 it keeps a stack that ending a runaway microtask leaves corrupt, and Node aborts.
 */
import { promiseHooks } from 'node:v8';
import { Script } from 'node:vm';

/** No cell: the runtime's own work. */
export const NO_CELL = 0;

let current = NO_CELL;
/** Receives what no tracked context started: callbacks of native I/O. */
let latest = NO_CELL;
let running = NO_CELL;
const stack: number[] = [];
const cellOfPromise = new WeakMap<object, number>();
const abandoned = new Set<number>();

/** The cell that output written now belongs to. */
export function currentCell(): number {
  return current || latest;
}

/** The cell that the client waits for. */
export function runningCell(): number {
  return running;
}

export function setRunningCell(cell: number): void {
  running = cell;
}

export function cellOf(promise: object): number {
  return cellOfPromise.get(promise) ?? currentCell();
}

/** Runs `body` as part of a cell. */
export function runInCell<T>(cell: number, body: () => T): T {
  const previous = current;
  current = cell;
  if (cell !== NO_CELL) latest = cell;
  try {
    return body();
  } finally {
    current = previous;
  }
}

/** After an interrupt: what the cell left behind does not go on. */
export function abandonCell(cell: number): void {
  abandoned.add(cell);
}

/** At the start of a turn of the event loop: hooks that an interrupt cut off have left their traces. */
export function resetContext(): void {
  stack.length = 0;
  current = NO_CELL;
}

/** Shared with the second thread: 1 while a timer's callback runs, where only SIGINT may stop it. */
export const inTimer = new Int32Array(new SharedArrayBuffer(4));

/** Starts tracking. `terminate` ends the JavaScript that is about to run. */
export function trackContext(terminate: () => void): void {
  promiseHooks.createHook({
    init(promise) {
      if (current !== NO_CELL) cellOfPromise.set(promise, current);
    },
    before(promise) {
      const cell = cellOfPromise.get(promise) ?? NO_CELL;
      if (abandoned.size > 0 && abandoned.has(cell)) {
        // No `after` follows: what comes next must not be taken for this cell's.
        current = stack.at(0) ?? NO_CELL;
        terminate();
        return;
      }
      stack.push(current);
      current = cell;
    },
    after() {
      current = stack.pop() ?? NO_CELL;
    },
    settled: undefined as unknown as () => void,
  });
  wrapTimers();
}

/** Set for the trampoline below while it runs. */
let pendingCallback: () => void = () => {};
const TRAMPOLINE_NAME = Symbol.for('tunelab.timer');

function wrapTimers(): void {
  Object.defineProperty(globalThis, TRAMPOLINE_NAME, { value: () => pendingCallback(), enumerable: false });
  const trampoline = new Script(`globalThis[Symbol.for('tunelab.timer')]()`, { filename: 'tunelab:timer' });

  /** Ending a timer's callback from outside aborts Node; a script with `breakOnSigint` can be left safely. */
  const guarded = (cell: number, callback: () => void, timer: () => unknown): void => {
    if (abandoned.has(cell)) {
      clearTimeout(timer() as NodeJS.Timeout);
      return;
    }
    runInCell(cell, () => {
      pendingCallback = callback;
      Atomics.store(inTimer, 0, 1);
      try {
        trampoline.runInThisContext({ breakOnSigint: true });
      } catch (error) {
        // An interval that had to be stopped is not to loop again.
        if ((error as NodeJS.ErrnoException | undefined)?.code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED')
          clearTimeout(timer() as NodeJS.Timeout);
        throw error;
      } finally {
        Atomics.store(inTimer, 0, 0);
      }
    });
  };

  type Schedule = (callback: (...args: unknown[]) => void, ...rest: unknown[]) => unknown;
  const globals = globalThis as unknown as Record<string, Schedule>;
  for (const [name, callbackArguments] of [
    ['setTimeout', 2],
    ['setInterval', 2],
    ['setImmediate', 1],
  ] as const) {
    const original = globals[name]!;
    const wrapped = function (this: unknown, callback: unknown, ...rest: unknown[]): unknown {
      const cell = current;
      if (typeof callback !== 'function' || cell === NO_CELL)
        return original.call(this, callback as () => void, ...rest);
      const args = rest.splice(callbackArguments - 1);
      const timer = original.call(
        this,
        function (this: unknown) {
          guarded(
            cell,
            () => Reflect.apply(callback, this, args),
            () => timer,
          );
        },
        ...rest,
      );
      return timer;
    };
    // util.promisify(setTimeout) and the like.
    Object.defineProperties(wrapped, {
      ...Object.getOwnPropertyDescriptors(original),
      name: { value: name, configurable: true },
    });
    globals[name] = wrapped;
  }

  const nextTick = process.nextTick.bind(process) as (
    callback: (...args: unknown[]) => void,
    ...args: unknown[]
  ) => void;
  process.nextTick = ((callback: (...args: unknown[]) => void, ...args: unknown[]) => {
    const cell = current;
    nextTick(
      cell === NO_CELL || typeof callback !== 'function'
        ? callback
        : (...values) => runInCell(cell, () => callback(...values)),
      ...args,
    );
  }) as typeof process.nextTick;

  const microtask = globalThis.queueMicrotask;
  globalThis.queueMicrotask = callback => {
    const cell = current;
    microtask(
      cell === NO_CELL || typeof callback !== 'function' ? callback : () => runInCell(cell, callback),
    );
  };
}
