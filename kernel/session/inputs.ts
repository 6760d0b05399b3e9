/** The questions that cells have asked their clients: at most one a cell, and each answer goes to the cell that asked. */
import type { Incoming } from '../protocol/index.ts';
import type { InputReply } from '../runtime/channel.ts';
import type { KernelChild } from './child.ts';
import { type ShellId, shellOf } from './shells.ts';

interface Question {
  readonly shell: ShellId;
  /** Whether the process that runs cells is blocked until the answer comes. */
  readonly waits: boolean;
}

export class Inputs {
  readonly #child: KernelChild;
  /** By cell, the newest last. */
  readonly #open = new Map<number, Question>();

  constructor(child: KernelChild) {
    this.#child = child;
  }

  opened(cell: number, question: Question): void {
    this.#open.delete(cell);
    this.#open.set(cell, question);
  }

  /** Takes an `input_reply`. */
  receive({ header, content }: Incoming): void {
    if (header.msg_type !== 'input_reply') return;
    const newest = [...this.#open].reverse();
    // Clients that know nothing of subshells answer the question that they saw last.
    const asked = newest.find(([, { shell }]) => shell === shellOf(header)) ?? newest[0];
    if (asked) this.#answer(...asked, { value: String(content.value ?? '') });
  }

  /** Nobody will answer any more. */
  cancel(): void {
    for (const asked of [...this.#open]) this.#answer(...asked, {});
  }

  /** Forgets the question of a cell that has ended. */
  forget(cell: number): void {
    this.#open.delete(cell);
  }

  #answer(cell: number, { waits }: Question, reply: InputReply): void {
    this.#open.delete(cell);
    this.#child.answerInput(cell, reply, waits);
  }
}
