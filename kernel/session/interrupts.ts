/**
 * Stopping what runs: lets a pending await go, ends running JavaScript, and says so when neither is possible.
 *
 * A cell that stops by itself within the grace period keeps its `finally` blocks; then its JavaScript is ended, again
 * and again at growing intervals, until every interrupted cell has answered. Work that has said that it ends by itself,
 * such as training, is given the time to, until a second interrupt.
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
/** Milliseconds after which the user is told why the cell goes on. */
const STUCK_AFTER = 900;
/** Milliseconds that a cell has to end once the work is over that ends by itself. */
const WORK_OVER_MS = 200;

/** Asks the event loop alone, where a timer that an earlier cell left may be looping. */
const NO_CELL = 0;

export class Interrupts {
  readonly #child: KernelChild;
  readonly #onOver: () => void;
  /** The cells that the latest interrupt has not stopped yet. */
  #unanswered = new Set<number>();
  /** How many ends of JavaScript are on their way. */
  #terminating = 0;
  /** The cells with work that ends by itself. It may outlive its cell, whose interrupt is another's then. */
  readonly #graceful = new Set<number>();
  #lastTerminated = Number.NEGATIVE_INFINITY;
  /** Ends the JavaScript that the latest interrupt means. */
  #forced: () => void = () => {};

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
  press(
    cells: readonly number[],
    newest: number,
    isStopped: boolean,
    onStuck: (cell: number, endsItself: boolean) => void,
  ): void {
    // Ending JavaScript would cut a step in two, whichever cell it belongs to.
    const isGentle = this.#graceful.size > 0 && this.#unanswered.size === 0;
    const unanswered = new Set(cells.length ? cells : [NO_CELL]);
    this.#unanswered = unanswered;
    // A later interrupt takes over.
    const isOver = () => this.#unanswered !== unanswered || unanswered.size === 0;
    this.#forced = () => this.#terminate(newest, cells.length > 0);
    if (!isGentle && isStopped) this.#forced();
    if (cells.length) this.#child.stopCells(Math.max(...cells));
    if (isGentle) this.#abandon(cell => !this.#graceful.has(cell));
    else {
      this.#abandon();
      if (cells.length) void signalDescendants(this.#child.pid, 'SIGINT');
      this.#force(GRACE_MS, isOver);
    }
    setTimeout(() => {
      if (isOver()) return;
      for (const cell of unanswered) if (cell !== NO_CELL) onStuck(cell, isGentle);
    }, STUCK_AFTER);
  }

  /** Notes that work of a cell's begins that ends by itself, or that it is over. */
  noteGraceful(cell: number, begins: boolean): void {
    if (begins) {
      this.#graceful.add(cell);
      return;
    }
    if (!this.#graceful.delete(cell)) return;
    const unanswered = this.#unanswered;
    const isOver = () => this.#unanswered !== unanswered || !unanswered.has(cell);
    if (!isOver()) this.#force(WORK_OVER_MS, isOver);
  }

  #abandon(chosen: (cell: number) => boolean = () => true): void {
    for (const cell of this.#unanswered) if (chosen(cell)) this.#child.send({ type: 'abandon', cell });
  }

  /** Ends JavaScript after a while, and again at growing intervals. */
  #force(wait: number, isOver: () => boolean): void {
    setTimeout(() => {
      if (isOver()) return;
      this.#forced();
      // What ends the JavaScript that runs may have ended the reading of the command.
      setTimeout(() => {
        if (isOver()) return;
        this.#abandon();
        this.#force(Math.min(wait * 2, LONGEST_WAIT), isOver);
      }, COMMAND_MS);
    }, wait);
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

  /** Notes that the process is gone, and that nothing is left to stop. */
  over(): void {
    this.#graceful.clear();
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
