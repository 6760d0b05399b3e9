/** Long work that ends in order when its cell is interrupted. In a terminal an interrupt ends the process. */
import { kernelHost } from './display.ts';

/** Is thrown where an interrupted cell's work ends; the kernel shows its message alone. */
export class Interrupted extends Error {
  override name = 'Interrupted';
}

/**
 * Runs work that calls `nextTurn` again and again: when its cell is interrupted it ends there, with its `finally` blocks.
 * A second interrupt ends it wherever it is.
 */
export function gracefully<T>(work: () => Promise<T>): Promise<T> {
  const host = kernelHost();
  return host?.gracefully ? host.gracefully(work) : work();
}

/** Whether the user has interrupted the cell that runs. */
export function isInterrupted(): boolean {
  return kernelHost()?.isInterrupted?.() ?? false;
}

/**
 * Lets everything else in the process have its turn: output, progress, an interrupt.
 *
 * @throws {Interrupted} if the cell has been interrupted
 */
export async function nextTurn(): Promise<void> {
  await new Promise(resolve => setImmediate(resolve));
  if (isInterrupted()) throw new Interrupted('the cell was interrupted');
}
