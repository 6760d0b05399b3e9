/** A progress bar, as tqdm: one updating output in a notebook, one line in a terminal, nothing elsewhere. */
import { chooseOutput, type ProgressOutput } from './progressOutput.ts';
import { smoothed } from './smoothed.ts';

export interface ProgressOptions {
  /** What is being done, before the bar. */
  readonly description?: string;
  /** What is counted, such as `row`; `it` where nothing is said. */
  readonly unit?: string;
  /** How many items there will be, for an iterable that does not know its length. */
  readonly total?: number;
  /** How many items were done before, by a run that this one goes on from; the rate does not count them. */
  readonly initial?: number;
  /** Shows nothing before so many seconds, and nothing at all if the work is done by then; 0 where nothing is said. */
  readonly delay?: number;
}

/** Updates of an output are at least this far apart, in milliseconds. */
const INTERVAL = 100;

/** The bars that run, outermost first. */
const running: ProgressBar[] = [];

/** A running count with a bar. Iterating counts by itself; otherwise call `update` and `close`. */
export class ProgressBar {
  readonly unit: string;
  /** How many items there will be; undefined if nobody knows. */
  readonly total: number | undefined;
  #description: string;
  #postfix = '';
  #done: number;
  #closed = false;
  readonly #started = performance.now();
  readonly #shownFrom: number;
  #lastShown = -Infinity;
  #pending: NodeJS.Timeout | undefined;
  #lastDone: number;
  readonly #initial: number;
  readonly #rate = smoothed();
  readonly #output: ProgressOutput;

  /** @throws if `total` is not a number of items */
  constructor(total: number | undefined, options: ProgressOptions = {}) {
    if (total !== undefined && !(total >= 0)) {
      throw new RangeError(`progress: the total must be 0 or more, not ${total}.`);
    }
    this.#description = options.description ?? '';
    this.unit = options.unit ?? 'it';
    this.total = total;
    this.#initial = this.#done = this.#lastDone = options.initial ?? 0;
    this.#shownFrom = this.#started + 1000 * (options.delay ?? 0);
    this.#output = chooseOutput(running);
    running.push(this);
    this.#showSoon();
  }

  get description(): string {
    return this.#description;
  }

  /** How many items are done. */
  get done(): number {
    return this.#done;
  }

  /** Counts `count` more items as done and shows it, at most ten times a second; the last state always comes. */
  update(count = 1): void {
    this.#done += count;
    this.#showSoon();
  }

  /** Says something else before the bar. */
  setDescription(description: string): void {
    this.#description = description;
    this.#showSoon();
  }

  /**
   * Says figures behind the bar, replacing those before.
   *
   * @example bar.setPostfix({ loss: 2.3117, lr: 1e-5 }); // …, loss 2.312, lr 0.00001
   */
  setPostfix(figures: Readonly<Record<string, number | string>>): void {
    const say = (value: number | string): string =>
      typeof value === 'number' ? String(Number(value.toPrecision(4))) : value;
    this.#postfix = Object.entries(figures)
      .map(([name, value]) => `${name} ${say(value)}`)
      .join(', ');
    this.#showSoon();
  }

  /** Shows the last state and ends the output; counting further shows nothing. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#pending);
    if (performance.now() >= this.#shownFrom) this.#show();
    running.splice(running.indexOf(this), 1);
  }

  #showSoon(): void {
    const now = performance.now();
    const wait = Math.max(this.#shownFrom, this.#lastShown + INTERVAL) - now;
    if (this.#closed) return;
    if (wait <= 0) this.#show();
    else this.#pending ??= setTimeout(() => this.#show(), wait).unref();
  }

  #show(): void {
    clearTimeout(this.#pending);
    this.#pending = undefined;
    const now = performance.now();
    const seconds = (now - this.#started) / 1000;
    if (this.#done !== this.#lastDone) {
      this.#rate.add(this.#done - this.#lastDone, (now - Math.max(this.#lastShown, this.#started)) / 1000);
    }
    const count = this.#done - this.#initial;
    const average = count > 0 && seconds > 0 ? count / seconds : undefined;
    this.#lastShown = now;
    this.#lastDone = this.#done;
    this.#output({
      description: this.#description,
      unit: this.unit,
      // A total that was too small says nothing.
      total: this.total !== undefined && this.#done > this.total ? undefined : this.total,
      done: this.#done,
      seconds,
      rate: this.#closed ? average : this.#rate.value(),
      postfix: this.#postfix,
      closed: this.#closed,
    });
  }
}

/**
 * Shows how far a loop is: around an iterable, around an async iterable, or by hand for a known number of steps.
 *
 * @param items what the loop runs over, or how many steps there will be
 * @throws if `items` is neither
 * @example for (const row of progress(rows, { description: 'hydrating', unit: 'rows' })) hydrate(row);
 * @example for await (const row of progress(stream, { total: 1400 })) use(row);
 * @example const bar = progress(100); bar.update(10); bar.close();
 */
export function progress(total: number, options?: ProgressOptions): ProgressBar;
export function progress<T>(items: Iterable<T>, options?: ProgressOptions): Iterable<T>;
export function progress<T>(items: AsyncIterable<T>, options?: ProgressOptions): AsyncIterable<T>;
export function progress<T>(
  items: number | Iterable<T> | AsyncIterable<T>,
  options: ProgressOptions = {},
): ProgressBar | Iterable<T> | AsyncIterable<T> {
  if (typeof items === 'number') return new ProgressBar(items, options);
  const total = options.total ?? lengthOf(items);
  if (typeof items === 'object' && items !== null && Symbol.asyncIterator in items) {
    return { [Symbol.asyncIterator]: () => countAsync(items, new ProgressBar(total, options)) };
  }
  if (items !== null && items !== undefined && Symbol.iterator in Object(items)) {
    return { [Symbol.iterator]: () => count(items as Iterable<T>, new ProgressBar(total, options)) };
  }
  throw new TypeError(
    `progress needs something to iterate over, or a number of steps, not ${String(items)}.`,
  );
}

function* count<T>(items: Iterable<T>, bar: ProgressBar): Generator<T, void, undefined> {
  try {
    for (const item of items) {
      yield item;
      bar.update();
    }
  } finally {
    bar.close();
  }
}

async function* countAsync<T>(items: AsyncIterable<T>, bar: ProgressBar): AsyncGenerator<T, void, undefined> {
  try {
    for await (const item of items) {
      yield item;
      bar.update();
    }
  } finally {
    bar.close();
  }
}

/** Of arrays, sets and maps, and of data sets and frames, which count rows. */
function lengthOf(items: unknown): number | undefined {
  const { length, size, numRows } = Object(items) as Record<string, unknown>;
  const rows: unknown = typeof numRows === 'function' ? numRows.call(items) : numRows;
  return [length, size, rows].find((value): value is number => typeof value === 'number');
}
