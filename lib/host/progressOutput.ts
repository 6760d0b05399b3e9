/** Where a progress bar shows: an output of the notebook, a line of the terminal, or nowhere. */
import { randomUUID } from 'node:crypto';
import { isNotebook, show } from './display.ts';
import { type ProgressState, toHtml, toText } from './progressText.ts';

export type ProgressOutput = (state: ProgressState) => void;

/** What is asked of the bars around a new one. */
interface Outer {
  readonly done: number;
}

/** @param around the bars that run already, outermost first */
export function chooseOutput(around: readonly Outer[]): ProgressOutput {
  if (isNotebook()) return notebookOutput(around.at(-1));
  return process.stdout.isTTY ? terminalOutput(around.length) : () => {};
}

/** Outputs of inner bars that have ended, with how far the outer bar was then. */
const spares = new WeakMap<Outer, { readonly displayId: string; readonly done: number }>();

/**
 * An inner bar takes over the output of the one before it, so that a thousand epochs do not make a thousand bars. The
 * outer bar must have moved on: one that was left by an interrupt never does, and would keep bars from their own cells.
 */
function notebookOutput(outer: Outer | undefined): ProgressOutput {
  const spare = outer && spares.get(outer);
  let update = spare !== undefined && outer !== undefined && outer.done > spare.done;
  const displayId = update && spare ? spare.displayId : `tunelab-progress-${randomUUID()}`;
  return state => {
    show({ data: { 'text/html': toHtml(state), 'text/plain': toText(state) } }, { displayId, update });
    update = true;
    if (state.closed && outer) spares.set(outer, { displayId, done: outer.done });
  };
}

/** Rewrites its line, below those of the bars around it; `\x1b[K` clears what a longer text before left over. */
function terminalOutput(depth: number): ProgressOutput {
  return state => {
    const width = Math.max(20, (process.stdout.columns ?? 80) - 1);
    const text = toText(state).slice(0, width);
    const line =
      depth === 0
        ? `\r${text}\x1b[K${state.closed ? '\n' : ''}`
        : // An inner bar goes when it is done: the outer one tells the rest.
          `${'\n'.repeat(depth)}\r${state.closed ? '' : text}\x1b[K\x1b[${depth}A\r`;
    process.stdout.write(line);
  };
}
