/**
 * Which cell is running: output, errors and comms belong to the cell that started them, however late they come.
 *
 * Promise hooks carry the cell through awaits and microtasks, wrapped timers through callbacks. AsyncLocalStorage
 * would do it too, but in Node 20 it keeps a stack that ending a runaway microtask leaves corrupt, and Node aborts.
 */
import { EventEmitter } from 'node:events';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import { promiseHooks } from 'node:v8';
import { Script } from 'node:vm';
import { IN_TIMER, NEWEST_BEGUN, NEWEST_STOPPED, RUNNING } from './channel.ts';

/** No cell: the runtime's own work. */
export const NO_CELL = 0;

let current = NO_CELL;
/** Receives what no tracked context started: callbacks of native I/O. */
let latest = NO_CELL;
/** The cells that the client waits for: one of each shell at most. */
const running = new Set<number>();
let lastThrown: { readonly error: unknown; readonly cell: number } | undefined;
const stack: number[] = [];
const cellOfPromise = new WeakMap<object, number>();
const abandoned = new Set<number>();

/** The cell that output written now belongs to. */
export function currentCell(): number {
  return current || latest;
}

/** Whether the client waits for the cell. */
export function isRunning(cell: number): boolean {
  return running.has(cell);
}

export function beginCell(cell: number): void {
  running.add(cell);
  latest = cell;
  Atomics.store(signals, RUNNING, running.size);
  Atomics.store(signals, NEWEST_BEGUN, Math.max(cell, Atomics.load(signals, NEWEST_BEGUN)));
}

export function endCell(cell: number): void {
  running.delete(cell);
  Atomics.store(signals, RUNNING, running.size);
}

let onFailure: (cell: number, error: unknown) => void = () => {};

/** @param listener ends a cell that something outside its own run has failed */
export function onCellFailure(listener: (cell: number, error: unknown) => void): void {
  onFailure = listener;
}

/** Ends a running cell with an error that its code cannot be given. */
export function failRunningCell(cell: number, error: unknown): void {
  if (running.has(cell)) onFailure(cell, error);
}

/** Whether the cell has been ended from outside; its late result is dropped. */
export function isAbandoned(cell: number): boolean {
  return abandoned.has(cell);
}

/** Whether the user has interrupted the cell. */
export function isInterrupted(cell: number): boolean {
  return abandoned.has(cell) || (running.has(cell) && cell <= Atomics.load(signals, NEWEST_STOPPED));
}

/** What an interrupted cell's next `await` throws. */
export class Interrupted extends Error {
  override name = 'Interrupted';
  constructor() {
    super('the cell was interrupted');
  }
}

/** Cells call this with what each `await` gives: an interrupted cell ends there. */
export function resume<T>(value: T): T {
  if (current !== NO_CELL && isInterrupted(current)) throw new Interrupted();
  return value;
}

/** The cell whose callback threw an error that nobody caught. */
export function cellOfError(error: unknown): number {
  return lastThrown?.error === error ? lastThrown!.cell : currentCell();
}

export function cellOf(promise: object): number {
  return cellOfPromise.get(promise) ?? currentCell();
}

/** Runs `body` as part of a cell. */
export function runInCell<T>(cell: number, body: () => T): T {
  const previous = current;
  current = cell;
  try {
    return body();
  } catch (error) {
    // Where it arrives uncaught, nothing else says whose it is.
    lastThrown = { error, cell };
    throw error;
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

/** Shared with the second thread: whether a timer's callback runs, which cells are to stop and which have begun. */
export const signals = new Int32Array(new SharedArrayBuffer(16));

/** Starts tracking. */
export function trackContext(): void {
  promiseHooks.createHook({
    init(promise) {
      if (current !== NO_CELL) cellOfPromise.set(promise, current);
    },
    before(promise) {
      stack.push(current);
      current = cellOfPromise.get(promise) ?? NO_CELL;
    },
    after() {
      current = stack.pop() ?? NO_CELL;
    },
    settled: undefined as unknown as () => void,
  });
  wrapTimers();
  wrapEmitters();
  wrapFileCallbacks();
  // `import { setTimeout } from 'node:timers'` is the global one.
  Object.assign(timers, { setTimeout, setInterval, setImmediate });
  syncBuiltinESMExports();
}

/** What an emitter that a cell has made tells its listeners belongs to that cell: child processes, sockets, streams. */
function wrapEmitters(): void {
  const cellOfEmitter = new WeakMap<object, number>();
  const statics = EventEmitter as unknown as { init(this: object, options: unknown): void };
  const { init } = statics;
  statics.init = function (options) {
    if (current !== NO_CELL) cellOfEmitter.set(this, current);
    init.call(this, options);
  };
  const { emit } = EventEmitter.prototype;
  EventEmitter.prototype.emit = function (...args: Parameters<typeof emit>): boolean {
    const cell = current === NO_CELL ? cellOfEmitter.get(this) : undefined;
    return cell === undefined
      ? Reflect.apply(emit, this, args)
      : runInCell(cell, () => Reflect.apply(emit, this, args));
  };
}

/** `fs.readFile(path, callback)` and the like: the callback belongs to the cell that called. */
function wrapFileCallbacks(): void {
  const functions = fs as unknown as Record<string, (...args: unknown[]) => unknown>;
  for (const name of Object.keys(functions)) {
    const original = functions[name];
    if (typeof original !== 'function' || typeof functions[`${name}Sync`] !== 'function') continue;
    const wrapped = function (this: unknown, ...args: unknown[]): unknown {
      const callback = args.at(-1);
      const cell = current;
      if (cell !== NO_CELL && typeof callback === 'function') {
        args[args.length - 1] = function (this: unknown, ...results: unknown[]): unknown {
          return runInCell(cell, () => Reflect.apply(callback, this, results));
        };
      }
      return Reflect.apply(original, this, args);
    };
    // util.promisify finds its own version there.
    functions[name] = Object.defineProperties(wrapped, Object.getOwnPropertyDescriptors(original));
  }
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
      Atomics.store(signals, IN_TIMER, 1);
      try {
        trampoline.runInThisContext({ breakOnSigint: true });
      } catch (error) {
        // An interval that had to be stopped is not to loop again.
        if ((error as NodeJS.ErrnoException | undefined)?.code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED')
          clearTimeout(timer() as NodeJS.Timeout);
        throw error;
      } finally {
        Atomics.store(signals, IN_TIMER, 0);
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
