/** One shell's execute requests: each starts when the one before it has been answered. */
import type { Incoming } from '../protocol/index.ts';

export class ExecutionQueue {
  readonly #execute: (request: Incoming) => Promise<void>;
  readonly #waiting: Incoming[] = [];
  #executing = false;

  /** @param execute runs a request and resolves when it is answered; must not reject */
  constructor(execute: (request: Incoming) => Promise<void>) {
    this.#execute = execute;
  }

  push(request: Incoming): void {
    this.#waiting.push(request);
    if (!this.#executing) void this.#drain();
  }

  /** Takes out the requests that have not started. */
  clear(): Incoming[] {
    return this.#waiting.splice(0);
  }

  async #drain(): Promise<void> {
    this.#executing = true;
    for (let request = this.#waiting.shift(); request; request = this.#waiting.shift())
      await this.#execute(request);
    this.#executing = false;
  }
}
