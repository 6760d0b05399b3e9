/** Output and input of cells: `console`, `process.stdout`, `process.stderr`, `process.stdin`, writes to descriptors 1 and 2. */
import { Console } from 'node:console';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { Readable, Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { type StreamName, sendEvent, sendText } from './channel.ts';
import { currentCell, failRunningCell, isRunning } from './context.ts';
import { requestLine } from './input.ts';

/** A stream whose writes reach the parent, under the right cell, before `write` returns. */
class CellStream extends Writable {
  readonly fd: number;
  readonly isTTY = false;
  readonly #name: StreamName;
  readonly #decoder = new StringDecoder('utf8');

  constructor(name: StreamName) {
    super({ decodeStrings: false });
    this.#name = name;
    this.fd = name === 'stdout' ? 1 : 2;
  }

  override write(chunk: unknown, encoding?: unknown, callback?: unknown): boolean {
    const done = typeof encoding === 'function' ? encoding : callback;
    if (typeof chunk === 'string' && typeof encoding === 'string' && !/^utf-?8$/i.test(encoding))
      return this.write(Buffer.from(chunk, encoding as BufferEncoding), callback);
    if (typeof chunk === 'string') sendText(this.#name, currentCell(), chunk);
    else if (chunk instanceof Uint8Array)
      sendText(
        this.#name,
        currentCell(),
        this.#decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)),
      );
    else
      throw new TypeError(
        `The "chunk" argument must be a string or a Uint8Array; it is ${chunk === null ? 'null' : typeof chunk}`,
      );
    if (typeof done === 'function') process.nextTick(done as () => void);
    return true;
  }

  override end(chunk?: unknown): this {
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) this.write(chunk);
    return this;
  }

  override _write(chunk: unknown, _encoding: string, callback: () => void): void {
    this.write(chunk);
    callback();
  }

  getColorDepth(): number {
    return 1;
  }

  hasColors(): boolean {
    return false;
  }
}

/** A reader that has its line often closes soon after; only one that still reads then wants another. */
const READ_AGAIN_AFTER = 5;

/** Asks the client for a line when a running cell reads, and not before: a prompt that nobody needs stays on the screen. */
class CellInput extends Readable {
  readonly fd = 0;
  readonly isTTY = false;
  #wanted = false;
  /** The cell whose question is open. */
  #asking = 0;

  override _read(): void {
    this.#wanted = true;
    this.#askSoon();
  }

  override resume(): this {
    super.resume();
    if (this.#wanted) this.#askSoon();
    return this;
  }

  #askSoon(): void {
    const cell = currentCell();
    setTimeout(() => void this.#ask(cell), READ_AGAIN_AFTER);
  }

  async #ask(cell: number): Promise<void> {
    if (!this.#wanted || this.isPaused() || !isRunning(cell) || cell === this.#asking) return;
    this.#asking = cell;
    let line: string | null;
    try {
      line = `${await requestLine(cell)}\n`;
    } catch (error) {
      // No input can be had: the reader sees the end of it, and the cell, which may wait for ever, ends.
      line = null;
      failRunningCell(cell, error);
    }
    // A later cell asks anew; a question that its cell has left behind is not waited for.
    if (this.#asking !== cell) return;
    this.#asking = 0;
    this.#wanted = false;
    this.push(line);
  }
}

export function installStreams(): void {
  const stdout = new CellStream('stdout');
  const stderr = new CellStream('stderr');
  let stdin: CellInput | undefined;
  Object.defineProperties(process, {
    stdout: { configurable: true, enumerable: true, get: () => stdout },
    stderr: { configurable: true, enumerable: true, get: () => stderr },
    stdin: { configurable: true, enumerable: true, get: () => (stdin ??= new CellInput()) },
  });

  // Node's own console also hands every argument to the inspector, which keeps the last thousand alive.
  const console = new Console({ stdout, stderr, ignoreErrors: false });
  console.clear = () =>
    sendEvent(currentCell(), { type: 'publish', msgType: 'clear_output', content: { wait: false } });
  Object.defineProperty(globalThis, 'console', {
    value: console,
    configurable: true,
    writable: true,
    enumerable: false,
  });

  // Raw writes would travel on another pipe and overtake what console printed before them.
  const writeSync = fs.writeSync as (fd: number, data: unknown, ...rest: unknown[]) => number;
  fs.writeSync = ((fd: number, data: unknown, ...rest: unknown[]): number => {
    if ((fd !== 1 && fd !== 2) || rest.some(value => typeof value === 'number'))
      return writeSync(fd, data, ...rest);
    (fd === 1 ? stdout : stderr).write(data);
    return Buffer.byteLength(data as string);
  }) as typeof fs.writeSync;
  syncBuiltinESMExports();
}
