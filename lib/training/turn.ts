/** Letting the event loop go round. */

/**
 * Lets everything else in the process have its turn: output, progress, an interrupt. In a notebook it never comes back once
 * its cell was interrupted, which ends the loop that waits for it.
 */
export function nextTurn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}
