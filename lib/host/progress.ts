/** A progress bar, as tqdm: one updating output in a notebook, one line in a terminal, nothing elsewhere. */
import { randomUUID } from 'node:crypto';
import { isNotebook, show } from './display.ts';

export interface ProgressOptions {
  /** What is being done, before the bar. */
  readonly description?: string;
  /** What is counted, such as `row`; `it` where nothing is said. */
  readonly unit?: string;
  /** How many items there will be, for an iterable that does not know its length. */
  readonly total?: number;
}

/** Updates of a notebook's output are at least this far apart, in milliseconds. */
const INTERVAL = 100;
const BAR_CHARACTERS = 20;

/** A running count with a bar. Iterating counts by itself; otherwise call `update` and `close`. */
export class ProgressBar {
  readonly description: string;
  readonly unit: string;
  /** How many items there will be; undefined if nobody knows. */
  readonly total: number | undefined;
  #done = 0;
  #closed = false;
  readonly #started = performance.now();
  #lastShown = -Infinity;
  readonly #output: Output;

  constructor(total: number | undefined, options: ProgressOptions = {}) {
    this.description = options.description ?? '';
    this.unit = options.unit ?? 'it';
    this.total = total;
    this.#output = chooseOutput();
    this.#show();
  }

  /** How many items are done. */
  get done(): number {
    return this.#done;
  }

  /** Counts `count` more items as done and shows it, at most ten times a second. */
  update(count = 1): void {
    this.#done += count;
    if (!this.#closed && performance.now() - this.#lastShown >= INTERVAL) this.#show();
  }

  /** Shows the last state and ends the output; counting further shows nothing. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#show();
  }

  #show(): void {
    this.#lastShown = performance.now();
    this.#output({
      description: this.description,
      unit: this.unit,
      total: this.total,
      done: this.#done,
      seconds: (this.#lastShown - this.#started) / 1000,
      closed: this.#closed,
    });
  }
}

/**
 * Shows how far a loop is: around an iterable, around an async iterable, or by hand for a known number of steps.
 *
 * @param items what the loop runs over, or how many steps there will be
 * @throws if `items` is neither
 * @example for (const row of progress(rows, { description: 'hydrating', unit: 'row' })) hydrate(row);
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

function lengthOf(items: unknown): number | undefined {
  const { length, size } = Object(items) as { length?: unknown; size?: unknown };
  return [length, size].find((value): value is number => typeof value === 'number');
}

interface State {
  readonly description: string;
  readonly unit: string;
  readonly total: number | undefined;
  readonly done: number;
  readonly seconds: number;
  readonly closed: boolean;
}

type Output = (state: State) => void;

function chooseOutput(): Output {
  if (isNotebook()) return notebookOutput();
  return process.stdout.isTTY ? writeLine : () => {};
}

function notebookOutput(): Output {
  const displayId = `tunelab-progress-${randomUUID()}`;
  let update = false;
  return state => {
    show({ data: { 'text/html': toHtml(state), 'text/plain': toText(state) } }, { displayId, update });
    update = true;
  };
}

/** Rewrites the current line; `\x1b[K` clears what a longer line before left over. */
function writeLine(state: State): void {
  const width = Math.max(20, (process.stdout.columns ?? 80) - 1);
  process.stdout.write(`\r${toText(state).slice(0, width)}\x1b[K${state.closed ? '\n' : ''}`);
}

/** `hydrating: 45% |█████████···········| 630/1,400 row, 00:02 elapsed, 00:03 left, 310 row/s` */
function toText(state: State): string {
  const fraction = fractionOf(state);
  const filled = Math.round((fraction ?? 0) * BAR_CHARACTERS);
  const bar = `|${'█'.repeat(filled)}${'·'.repeat(BAR_CHARACTERS - filled)}|`;
  const percent = fraction === undefined ? '' : `${Math.floor(fraction * 100)}% ${bar} `;
  return `${state.description ? `${state.description}: ` : ''}${percent}${countsOf(state)}, ${timesOf(state)}`;
}

function toHtml(state: State): string {
  const fraction = fractionOf(state);
  const stopped = state.closed && state.total !== undefined && state.done < state.total;
  const colour = stopped
    ? 'var(--jp-warn-color1, #dd6b1a)'
    : state.closed
      ? 'var(--jp-success-color1, #0f9a80)'
      : 'var(--jp-brand-color1, #3f7fe0)';
  const track = 'background:var(--jp-layout-color3, rgba(127,127,127,.3))';
  const bar =
    fraction === undefined
      ? ''
      : `<div style="flex:0 1 16em;height:.6em;border-radius:.3em;overflow:hidden;${track}">` +
        `<div style="width:${(fraction * 100).toFixed(1)}%;height:100%;background:${colour}"></div></div>` +
        `<span style="min-width:3em;text-align:right">${Math.floor(fraction * 100)}%</span>`;
  const label = state.description ? `<span>${escapeHtml(state.description)}</span>` : '';
  const muted = 'color:var(--jp-content-font-color2, #727882)';
  return (
    '<div style="display:flex;flex-wrap:wrap;align-items:center;gap:.2em .8em;' +
    'font-family:var(--jp-content-font-family, system-ui, sans-serif);font-variant-numeric:tabular-nums">' +
    `${label}${bar}<span>${escapeHtml(countsOf(state))}</span>` +
    `<span style="${muted}">${escapeHtml(timesOf(state))}</span></div>`
  );
}

/** How much is done, from 0 to 1; nothing if nobody knows how much there is. */
function fractionOf({ done, total }: State): number | undefined {
  if (total === undefined || !Number.isFinite(total)) return undefined;
  return total <= 0 ? 1 : Math.min(1, done / total);
}

function countsOf({ done, total, unit }: State): string {
  const of = total === undefined || !Number.isFinite(total) ? '' : `/${total.toLocaleString('en-US')}`;
  return `${done.toLocaleString('en-US')}${of} ${unit}`;
}

function timesOf({ done, total, seconds, unit, closed }: State): string {
  const parts = [`${clock(seconds)} elapsed`];
  if (done > 0 && seconds > 0) {
    const rate = done / seconds;
    if (!closed && total !== undefined && Number.isFinite(total)) {
      parts.push(`${clock(Math.max(0, total - done) / rate)} left`);
    }
    parts.push(rate >= 1 ? `${short(rate)} ${unit}/s` : `${short(1 / rate)} s/${unit}`);
  }
  return parts.join(', ');
}

/** `01:05`, or `2:03:09` from an hour on. */
function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return whole >= 3600 ? `${Math.floor(whole / 3600)}:${minutes}` : minutes;
}

function short(rate: number): string {
  return rate.toLocaleString(
    'en-US',
    rate < 10 ? { maximumFractionDigits: 2 } : { maximumFractionDigits: 0 },
  );
}

function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
