/** Asking the client for a line, synchronously: `prompt`, `confirm`, `alert`, `promptPassword`, `process.stdin`. */
import { readSync } from 'node:fs';
import { FD, type InputReply, sendEvent } from './channel.ts';
import { currentCell } from './context.ts';

/** The client said that it cannot give input, or the wait was interrupted. */
export class InputError extends Error {
  override name = 'InputError';
}

const withoutInput = new Set<number>();

/** Notes that the client of a cell's request has no way to answer. */
export function forbidInput(cell: number): void {
  withoutInput.add(cell);
}

/**
 * Sends an `input_request` and blocks until the answer comes.
 * @throws {InputError} when the client allows no input, or the user interrupts
 */
export function requestInput(cell: number, prompt: string, password: boolean): string {
  ask(cell, prompt, password, true);
  const head = readExactly(4);
  return answered(JSON.parse(readExactly(head.readUInt32LE(0)).toString('utf8')) as InputReply);
}

/** The cells whose readers of `process.stdin` wait for a line. */
const readers = new Map<number, (reply: InputReply) => void>();

/** As `requestInput`, without blocking: for readers of `process.stdin`. */
export async function requestLine(cell: number): Promise<string> {
  const reply = new Promise<InputReply>(resolve => {
    readers.set(cell, resolve);
  });
  ask(cell, '', false, false);
  return answered(await reply);
}

/** Takes the answer to `requestLine`. */
export function receiveLine(cell: number, reply: InputReply): void {
  readers.get(cell)?.(reply);
  readers.delete(cell);
}

function ask(cell: number, prompt: string, password: boolean, waits: boolean): void {
  if (withoutInput.has(cell))
    throw new InputError('this client takes no input; run the cell where a person can answer');
  sendEvent(cell, { type: 'input', prompt, password, waits });
}

function answered({ value }: InputReply): string {
  if (value === undefined) throw new InputError('interrupted while waiting for input');
  return value;
}

function readExactly(length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  for (let at = 0; at < length; ) {
    try {
      const count = readSync(FD.input, bytes, at, length - at, null);
      if (count === 0) process.exit(1);
      at += count;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
  return bytes;
}

/** Gives cells the browser's dialog functions, and one for secrets. */
export function installDialogs(): void {
  const ask = (message: unknown, password = false): string =>
    requestInput(currentCell(), message === undefined ? '' : String(message), password);
  const dialogs = {
    prompt: (message?: unknown, initial?: unknown): string | null => {
      const answer = ask(initial === undefined ? message : `${String(message ?? '')} [${String(initial)}] `);
      return answer === '' && initial !== undefined ? String(initial) : answer;
    },
    confirm: (message?: unknown): boolean => /^y(es)?$/i.test(ask(`${String(message ?? '')} [y/N] `).trim()),
    alert: (message?: unknown): void => {
      ask(`${String(message ?? 'Alert')} [Enter] `);
    },
    promptPassword: (message: unknown = 'Password: '): string => ask(message, true),
  };
  for (const [name, value] of Object.entries(dialogs)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true, enumerable: false });
  }
}
