/**
 * The parent shell and the subshells beside it (JEP 91): shells whose cells do not wait for each other.
 *
 * JavaScript has one thread: a subshell's cell runs while the cells of the other shells await something (a timer, the
 * network, a child process), and waits while one of them computes. All shells share their variables, the execution
 * count and the history; an interrupt stops what runs in any of them.
 */
import { randomUUID } from 'node:crypto';
import type { Header, Incoming } from '../protocol/index.ts';
import { ExecutionQueue } from './queue.ts';

/** A subshell's id; the parent shell has none. */
export type ShellId = string | null;

export function shellOf({ subshell_id }: Header): ShellId {
  return subshell_id ?? null;
}

export class Shells {
  readonly #queues = new Map<ShellId, ExecutionQueue>();
  readonly #execute: (request: Incoming) => Promise<void>;

  constructor(execute: (request: Incoming) => Promise<void>) {
    this.#execute = execute;
    this.#open(null);
  }

  /** The queue of a shell, or undefined where there is no such shell. */
  get(id: ShellId): ExecutionQueue | undefined {
    return this.#queues.get(id);
  }

  create(): string {
    const id = randomUUID();
    this.#open(id);
    return id;
  }

  /** Forgets a subshell. What it runs comes to its end. @returns the requests that it has not started */
  delete(id: string): Incoming[] | undefined {
    const waiting = this.#queues.get(id)?.clear();
    this.#queues.delete(id);
    return waiting;
  }

  /** The subshells, oldest first. */
  get subshells(): string[] {
    return [...this.#queues.keys()].filter(id => id !== null);
  }

  /** Takes the requests that have not started out of every shell. */
  clear(): Incoming[] {
    return [...this.#queues.values()].flatMap(queue => queue.clear());
  }

  #open(id: ShellId): void {
    this.#queues.set(id, new ExecutionQueue(this.#execute));
  }
}
