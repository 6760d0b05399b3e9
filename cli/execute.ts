/** Runs a notebook in a kernel of its own. Needs no terminal: progress is reported through a callback. */
import {
  ConnectionClosed,
  type Incoming,
  type Json,
  launchKernel,
  type RunningKernel,
} from '../kernel/protocol/index.ts';
import { messageOf } from './errors.ts';
import { DISPLAY_NAME, KERNEL_NAME } from './kernelspec.ts';
import { type Cell, hasTag, type Notebook } from './notebook.ts';
import { Displays, OutputRecorder } from './outputs.ts';

/** How long an interrupted cell may take to end before its kernel is killed, and after how long it is interrupted again. */
const GRACE_MS = 15_000;
const AGAIN_MS = 1_000;

export interface ExecuteOptions {
  /** The kernel's command line; `{connection_file}` is replaced. */
  readonly argv: readonly string[];
  /** The folder that the cells run in: that of the notebook. */
  readonly cwd: string;
  /** Milliseconds for one cell; no limit by default. */
  readonly timeout?: number | undefined;
  /** Goes on after a failing cell. */
  readonly allowErrors?: boolean;
  /** Aborting interrupts the running cell and ends the run. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** What is happening: cell `k` of `n` code cells starts. */
export interface Progress {
  readonly k: number;
  readonly n: number;
}

export interface Execution {
  /** The notebook with its outputs, complete up to the cell where the run stopped. */
  readonly notebook: Notebook;
  readonly status: 'ok' | 'failed' | 'interrupted';
  /** Why the run stopped, or the first error of a run that went on; one line. */
  readonly reason: string | undefined;
  /** Code cells that ran, of all that hold code. */
  readonly ran: number;
  readonly cells: number;
  readonly seconds: number;
}

type Ending =
  | { readonly kind: 'done'; readonly content: Json }
  | { readonly kind: 'timeout'; readonly answered: boolean }
  | { readonly kind: 'interrupted'; readonly answered: boolean }
  | { readonly kind: 'dead'; readonly why: string };

/**
 * Runs the code cells in order and records what they show.
 *
 * A failing cell ends the run unless `allowErrors` is set or the cell is tagged `raises-exception`.
 * @throws when the kernel does not start; whatever happens afterwards is in the result
 */
export async function executeNotebook(notebook: Notebook, options: ExecuteOptions): Promise<Execution> {
  const started = performance.now();
  const result: Notebook = {
    ...notebook,
    metadata: { ...notebook.metadata },
    cells: notebook.cells.map(cleared),
  };
  const code = result.cells.filter(cell => cell.cell_type === 'code' && cell.source.trim() !== '');
  const kernel = await launchKernel({ argv: options.argv, cwd: options.cwd });
  const run = new NotebookRun(kernel, options);
  let ran = 0;
  let status: Execution['status'] = 'ok';
  let reason: string | undefined;
  try {
    result.metadata.kernelspec = { display_name: DISPLAY_NAME, language: 'typescript', name: KERNEL_NAME };
    const info = await kernel.client.request('kernel_info_request', {}, { timeout: 10_000 });
    if (info.content.language_info) result.metadata.language_info = info.content.language_info;
    for (const cell of code) {
      if (options.signal?.aborted) {
        status = 'interrupted';
        reason ??= 'interrupted';
        break;
      }
      ran++;
      options.onProgress?.({ k: ran, n: code.length });
      const outcome = await run.cell(cell);
      if (outcome.error !== undefined) reason ??= `cell ${ran} of ${code.length}: ${outcome.error}`;
      if (outcome.error !== undefined || outcome.stop)
        status = outcome.interrupted ? 'interrupted' : 'failed';
      if (outcome.stop) break;
    }
  } finally {
    run.settle();
    await kernel.stop();
  }
  // With allowErrors the errors are part of the result, unless they ended the kernel.
  if (options.allowErrors && status === 'failed' && !run.broken) status = 'ok';
  return {
    notebook: result,
    status,
    reason,
    ran,
    cells: code.length,
    seconds: (performance.now() - started) / 1_000,
  };
}

interface CellOutcome {
  readonly error?: string;
  readonly stop: boolean;
  readonly interrupted?: boolean;
}

class NotebookRun {
  /** The kernel itself is gone or does not answer. */
  broken = false;
  readonly #kernel: RunningKernel;
  readonly #options: ExecuteOptions;
  readonly #displays = new Displays();
  /** The recorder of each request, so that what a cell's timers print later lands under that cell. */
  readonly #recorders = new Map<string, OutputRecorder>();
  readonly #cells: { cell: Cell; recorder: OutputRecorder }[] = [];
  #death: string | undefined;

  constructor(kernel: RunningKernel, options: ExecuteOptions) {
    this.#kernel = kernel;
    this.#options = options;
    kernel.process.once('exit', (exitCode, signal) => {
      this.#death = `the kernel ended unexpectedly with ${signal ?? `exit code ${exitCode}`}`;
    });
    kernel.client.onIopub = message => this.#recorders.get(message.parentHeader.msg_id ?? '')?.add(message);
  }

  async cell(cell: Cell): Promise<CellOutcome> {
    const recorder = new OutputRecorder(this.#displays);
    this.#cells.push({ cell, recorder });
    const ending = await this.#execute(cell.source, recorder);
    switch (ending.kind) {
      case 'done':
        if (typeof ending.content.execution_count === 'number')
          recorder.executionCount ??= ending.content.execution_count;
        recorder.pages(ending.content.payload);
        break;
      case 'timeout':
        recorder.error('CellTimeout', `the cell ran longer than ${this.#options.timeout! / 1_000} s`);
        break;
      case 'interrupted':
        break;
      case 'dead':
        recorder.error('KernelDied', ending.why);
    }
    // The same list: late output of this cell still arrives in it.
    cell.outputs = recorder.outputs;
    cell.execution_count = recorder.executionCount;
    return this.#judge(cell, ending);
  }

  /** Takes over what arrived after each cell's own end. */
  settle(): void {
    for (const { cell, recorder } of this.#cells) cell.execution_count = recorder.executionCount;
  }

  #judge(cell: Cell, ending: Ending): CellOutcome {
    if (ending.kind === 'dead') {
      this.broken = true;
      return { error: ending.why, stop: true };
    }
    if (ending.kind === 'interrupted') return { error: 'interrupted', stop: true, interrupted: true };
    if (ending.kind === 'timeout') {
      this.broken = !ending.answered;
      const how = ending.answered ? '' : ', and did not stop when interrupted';
      return {
        error: `the cell ran longer than ${this.#options.timeout! / 1_000} s${how}`,
        stop: this.broken || !this.#options.allowErrors,
      };
    }
    const { content } = ending;
    if (content.status === 'ok' || hasTag(cell, 'raises-exception')) return { stop: false };
    const error =
      content.status === 'error'
        ? `${content.ename}: ${content.evalue}`
        : `the kernel answered ${content.status}`;
    return { error: messageOf(error), stop: !this.#options.allowErrors };
  }

  async #execute(source: string, recorder: OutputRecorder): Promise<Ending> {
    const { client } = this.#kernel;
    const { signal, timeout } = this.#options;
    const reply: Promise<Ending> = client
      .execute(source, { onOutput: message => this.#claim(message, recorder) })
      .then(({ content }): Ending => ({ kind: 'done', content }))
      .catch((error: unknown): Ending => ({ kind: 'dead', why: this.#whyDead(error) }));

    let timer: NodeJS.Timeout | undefined;
    let again: NodeJS.Timeout | undefined;
    let onAbort: (() => void) | undefined;
    const stopped = new Promise<'timeout' | 'interrupted'>(resolve => {
      if (timeout) timer = setTimeout(resolve, timeout, 'timeout');
      onAbort = () => resolve('interrupted');
      signal?.addEventListener('abort', onAbort);
    });
    try {
      const first = await Promise.race([reply, stopped]);
      if (typeof first !== 'string')
        return signal?.aborted && first.kind === 'done' ? { kind: 'interrupted', answered: true } : first;
      // An interrupt may overtake the cell that it is for: they travel on two channels.
      const interrupt = () => void client.interrupt(GRACE_MS).catch(() => {});
      interrupt();
      again = setInterval(interrupt, AGAIN_MS);
      const last = await Promise.race([reply, delay(GRACE_MS)]);
      if (last === undefined) this.#kernel.process.kill('SIGKILL');
      return last?.kind === 'dead' ? last : { kind: first, answered: last !== undefined };
    } finally {
      clearTimeout(timer);
      clearInterval(again);
      if (onAbort) signal?.removeEventListener('abort', onAbort);
    }
  }

  /** The first message of a request tells its id; what follows comes through `onIopub`, after the request's end too. */
  #claim(message: Incoming, recorder: OutputRecorder): void {
    const id = message.parentHeader.msg_id;
    if (id === undefined || this.#recorders.has(id)) return;
    this.#recorders.set(id, recorder);
    recorder.add(message);
  }

  #whyDead(error: unknown): string {
    if (this.#death !== undefined) return this.#death;
    return error instanceof ConnectionClosed ? 'the connection to the kernel was closed' : messageOf(error);
  }
}

/** A code cell without the outputs of an earlier run; other cells as they are. */
function cleared(cell: Cell): Cell {
  return cell.cell_type === 'code' ? { ...cell, outputs: [], execution_count: null } : { ...cell };
}

function delay(ms: number): Promise<undefined> {
  return new Promise(resolve => setTimeout(resolve, ms, undefined).unref());
}
