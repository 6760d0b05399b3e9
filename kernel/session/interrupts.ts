/**
 * Stopping what runs: lets a pending await go, ends running JavaScript, and says so when neither is possible.
 *
 * A cell that stops by itself within the grace period keeps its `finally` blocks; then its JavaScript is ended, again
 * and again at growing intervals, until every interrupted cell has answered.
 */
import type { KernelChild } from './child.ts';
import { signalDescendants } from './descendants.ts';

/** Milliseconds that a cell has to end at an await before its JavaScript is ended, and between further attempts. */
const GRACE_MS = 40;
const LONGEST_WAIT = 1_000;
/** Milliseconds after the end of JavaScript in which a command may have been lost with it. */
const AFTERMATH_MS = 2_000;
/** Milliseconds that the end of the JavaScript takes, and a command after it. */
export const COMMAND_MS = 60;
/** Milliseconds after which the user is told that nothing helps. */
const STUCK_AFTER = 900;

/** Asks the event loop alone, where a timer that an earlier cell left may be looping. */
const NO_CELL = 0;

export class Interrupts {
  readonly #child: KernelChild;
  readonly #onOver: () => void;
  /** The cells that the latest interrupt has not stopped yet. */
  #unanswered = new Set<number>();
  /** How many ends of JavaScript are on their way. */
  #terminating = 0;
  #lastTerminated = Number.NEGATIVE_INFINITY;

  /** @param onOver called when everything that was interrupted has stopped */
  constructor(child: KernelChild, onOver: () => void) {
    this.#child = child;
    this.#onOver = onOver;
  }

  /**
   * Interrupts the running cells, or what an earlier cell left looping.
   * @param newest the newest cell there is: those that begin later are not meant
   * @param isStopped whether the debugger has stopped them: what goes on then must not run first
   * @param onStuck called when a running cell has not stopped after a while
   */
  press(cells: readonly number[], newest: number, isStopped: boolean, onStuck: (cell: number) => void): void {
    const unanswered = new Set(cells.length ? cells : [NO_CELL]);
    this.#unanswered = unanswered;
    // A later interrupt takes over.
    const isOver = () => this.#unanswered !== unanswered || unanswered.size === 0;
    const abandon = () => {
      for (const cell of unanswered) this.#child.send({ type: 'abandon', cell });
    };
    if (isStopped) this.#terminate(newest, cells.length > 0);
    if (cells.length) this.#child.stopCells(Math.max(...cells));
    abandon();
    if (cells.length) void signalDescendants(this.#child.pid, 'SIGINT');
    const press = (wait: number): void => {
      setTimeout(() => {
        if (isOver()) return;
        this.#terminate(newest, cells.length > 0);
        // What ends the JavaScript that runs may have ended the reading of the command.
        setTimeout(() => {
          if (isOver()) return;
          abandon();
          press(Math.min(wait * 2, LONGEST_WAIT));
        }, COMMAND_MS);
      }, wait);
    };
    press(GRACE_MS);
    setTimeout(() => {
      if (isOver()) return;
      for (const cell of unanswered) if (cell !== NO_CELL) onStuck(cell);
    }, STUCK_AFTER);
  }

  #terminate(newest: number, forCells: boolean): void {
    this.#terminating++;
    void this.#child.terminate(newest, forCells).then(() => {
      this.#terminating--;
      this.#lastTerminated = performance.now();
    });
  }

  /** Notes that a cell has ended, however it did. */
  answered(cell: number): void {
    if (this.#unanswered.delete(cell) && this.#unanswered.size === 0) this.#onOver();
  }

  /** Notes that nothing is left to stop. */
  over(): void {
    this.#unanswered.clear();
  }

  /**
   * Resolves when no end of JavaScript is on its way any more: it would meet the next command in place of what it was
   * for. Waits only so long: a command that is lost all the same is sent again.
   */
  async settled(): Promise<void> {
    const start = performance.now();
    while (this.#terminating > 0 && performance.now() - start < AFTERMATH_MS) {
      // Something has to run for it to have its effect on.
      this.#child.send({ type: 'abandon', cell: NO_CELL });
      await new Promise(resolve => setTimeout(resolve, 5));
    }
  }

  /** Whether a command may get lost: what ended the JavaScript may end the reading of a command with it. */
  get mayLoseCommands(): boolean {
    return this.#terminating > 0 || performance.now() - this.#lastTerminated < AFTERMATH_MS;
  }
}
