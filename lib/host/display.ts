/**
 * Shows values in a notebook or a terminal.
 *
 * A notebook is our kernel, which leaves a host object under a global symbol in the process that runs cells, or Deno's
 * kernel, which offers `Deno.jupyter.broadcast`. Without either, text goes to standard output.
 */
import { inspect } from 'node:util';

const HOST = Symbol.for('tunelab.host');
const DISPLAY = Symbol.for('Jupyter.display');

/** What a notebook shows: the same thing in several forms, by MIME type. */
export interface DisplayBundle {
  readonly data: Record<string, unknown>;
  readonly metadata?: Record<string, unknown>;
}

export interface DisplayOptions {
  /** A name for the output, by which a later call can replace it. */
  readonly displayId?: string;
  /** Replace every output of that name instead of adding one. */
  readonly update?: boolean;
}

/** What the kernel puts under `Symbol.for('tunelab.host')`. */
export interface Host {
  readonly isNotebook: true;
  display(bundle: DisplayBundle, options?: DisplayOptions): void;
  clearOutput(options?: { wait?: boolean }): void;
  /** How the notebook shows a value that is a cell's last; hosts without it get HTML or text. */
  format?(value: unknown): DisplayBundle | Promise<DisplayBundle>;
  /** Runs work that a first interrupt leaves to end by itself. */
  gracefully?<T>(work: () => Promise<T>): Promise<T>;
  /** Whether the user has interrupted the running cell. */
  isInterrupted?(): boolean;
}

/** Whether output goes to a notebook. */
export function isNotebook(): boolean {
  return findHost() !== null;
}

/**
 * Shows a value as a notebook shows the last value of a cell: by its `Symbol.for('Jupyter.display')`, as the MIME
 * bundle that it is, as the HTML it can make of itself, or as text. In a terminal, prints its text.
 *
 * @returns a promise that is settled once the value is shown; only values that draw themselves, such as plots, take time
 * @throws if `update` is asked for without a `displayId`
 * @example await display(plot.line({ y: losses }));
 * @example display({ 'text/html': '<b>done</b>', 'text/plain': 'done' }, { displayId: 'state' });
 */
export async function display(value: unknown, options: DisplayOptions = {}): Promise<void> {
  if (options.update && options.displayId === undefined) {
    throw new TypeError('display({ update: true }) needs the displayId of the output to replace.');
  }
  // A terminal needs the words alone, so a plot that has them is not drawn.
  if (!isNotebook() && inspect.custom in Object(value))
    return show({ data: { 'text/plain': inspect(value) } });
  const format = typeof value === 'string' || isMimeMap(value) ? undefined : kernelHost()?.format;
  if (format) {
    const bundle = format(value);
    return show(bundle instanceof Promise ? await bundle : bundle, options);
  }
  const own = ownDisplay(value);
  show(toBundle(own instanceof Promise ? await own : (own ?? value), own !== undefined), options);
}

/**
 * Removes the outputs of the running cell; does nothing in a terminal.
 *
 * @param options `wait`: remove them only when the next output comes, so that the page does not jump
 */
export function clearOutput(options: { wait?: boolean } = {}): void {
  findHost()?.clearOutput(options);
}

/** Shows a bundle at once, in the notebook or, its plain text, in the terminal. */
export function show(bundle: DisplayBundle, options: DisplayOptions = {}): void {
  const host = findHost();
  if (host) host.display(bundle, options);
  else process.stdout.write(`${String(bundle.data['text/plain'] ?? '')}\n`);
}

/**
 * What a `Symbol.for('Jupyter.display')` method returns to have metadata beside its data, such as a picture's size: our
 * kernel takes both, Deno's takes the data alone.
 */
export function displayResult({ data, metadata }: DisplayBundle): Record<string, unknown> {
  return kernelHost() ? { data, metadata } : data;
}

function findHost(): Host | null {
  return kernelHost() ?? denoHost();
}

/** Our kernel, if this runs in one of its cells. */
export function kernelHost(): Host | null {
  const host = (globalThis as Record<symbol, unknown>)[HOST] as Host | undefined;
  return host?.isNotebook ? host : null;
}

type Broadcast = (type: string, content: Record<string, unknown>) => Promise<void>;

/** Deno's kernel as a host. Outside of its kernel Deno throws at the mere mention of `Deno.jupyter`. */
function denoHost(): Host | null {
  let broadcast: Broadcast | undefined;
  try {
    const { Deno } = globalThis as { Deno?: { jupyter?: { broadcast?: Broadcast } } };
    broadcast = Deno?.jupyter?.broadcast;
  } catch {
    return null;
  }
  if (typeof broadcast !== 'function') return null;
  const send = broadcast;
  return {
    isNotebook: true,
    display({ data, metadata = {} }, { displayId, update } = {}) {
      const transient = displayId === undefined ? {} : { display_id: displayId };
      void send(update ? 'update_display_data' : 'display_data', { data, metadata, transient });
    },
    clearOutput({ wait = false } = {}) {
      void send('clear_output', { wait });
    },
  };
}

function ownDisplay(value: unknown): unknown {
  const method = (value as Record<symbol, unknown> | null | undefined)?.[DISPLAY];
  return typeof method === 'function' ? method.call(value) : undefined;
}

function toBundle(value: unknown, isBundle: boolean): DisplayBundle {
  if (isBundle || isMimeMap(value)) {
    const { data, metadata } = value as Partial<DisplayBundle>;
    if (isMimeMap(data)) return { data: data as Record<string, unknown>, metadata: metadata ?? {} };
    return { data: value as Record<string, unknown> };
  }
  const text = typeof value === 'string' ? value : inspect(value);
  const { toHTML } = (value ?? {}) as { toHTML?: unknown };
  if (typeof toHTML === 'function')
    return { data: { 'text/html': String(toHTML.call(value)), 'text/plain': text } };
  return { data: { 'text/plain': text } };
}

/** An object whose every key is a MIME type. */
function isMimeMap(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every(key => /^[a-z]+\/[\w.+-]+$/.test(key));
}
