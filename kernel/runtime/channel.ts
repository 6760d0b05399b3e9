/**
 * What parent and child say to each other, and on which pipes.
 *
 * The child writes its frames synchronously: order is kept, nothing is lost when it dies, and all output of a
 * cell lies in the pipe before the frame that says the cell is done.
 */
import { writeSync } from 'node:fs';

/** File descriptors in the child. 0 is empty; 1 and 2 are raw output, also of what the child itself starts. */
export const FD = { frames: 3, commands: 4, input: 5, control: 6 } as const;

export const FRAME = { stdout: 0, stderr: 1, event: 2 } as const;
export type StreamName = 'stdout' | 'stderr';

/** Length of a frame's head: payload length, kind, cell id. */
const HEAD = 9;

export interface MimeBundle {
  readonly data: Record<string, unknown>;
  readonly metadata: Record<string, unknown>;
}

export interface CellError {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/** What an interrupted cell shows. */
export const INTERRUPTED: CellError = {
  ename: 'Interrupted',
  evalue: 'the cell was interrupted',
  traceback: ['\u001b[31mInterrupted\u001b[39m: the cell was interrupted; variables keep their values'],
};

export interface ExecuteCommand {
  readonly type: 'execute';
  /** Identifies the cell's run; output frames carry it. */
  readonly cell: number;
  readonly code: string;
  /** The `n` of `[n]`, as tracebacks name the cell. */
  readonly executionCount: number;
  readonly silent: boolean;
  readonly allowStdin: boolean;
  readonly userExpressions: Readonly<Record<string, string>>;
  /** Answer `started`: an interrupt shortly before may have cut the reading of this command off. */
  readonly confirm: boolean;
}

/** The answer to an input request; without a value the wait was interrupted. */
export interface InputReply {
  readonly value?: string;
}

export type Command =
  | ExecuteCommand
  | ({ readonly type: 'input'; readonly cell: number } & InputReply)
  /** Drop the cell if it still runs; 0 only asks whether the event loop is free. */
  | { readonly type: 'abandon'; readonly cell: number }
  | {
      readonly type: 'comm';
      readonly cell: number;
      readonly msgType: string;
      readonly content: Record<string, unknown>;
      readonly buffers: readonly string[];
    };

export type Event =
  | { readonly type: 'ready' }
  | { readonly type: 'started' }
  | {
      readonly type: 'done';
      readonly error?: CellError;
      /** The cell's value; absent for undefined. */
      readonly result?: MimeBundle;
      readonly userExpressions?: Readonly<Record<string, unknown>>;
    }
  /** Answers `abandon`: the event loop is free, and the cell's late result will be dropped. */
  | { readonly type: 'abandoned' }
  /** An error outside any cell's own run: a rejection nobody handled, a throw in a timer. */
  | { readonly type: 'late-error'; readonly error: CellError }
  | {
      readonly type: 'publish';
      readonly msgType: string;
      readonly content: object;
      readonly metadata?: object;
      readonly buffers?: readonly string[];
    }
  /** Asks the client for a line. `waits`: the process is blocked until the answer comes on the input pipe. */
  | { readonly type: 'input'; readonly prompt: string; readonly password: boolean; readonly waits: boolean }
  /** `process.exit`: the parent ends the process. */
  | { readonly type: 'exit'; readonly code: number }
  /** A comm message has been handled, and what it caused has been sent. */
  | { readonly type: 'comm-handled' }
  /** The cell asks for a new process: `%reset`. */
  | { readonly type: 'reset' }
  /** Work of the cell's, such as training, that ends by itself once it is interrupted, begins or is over. */
  | { readonly type: 'graceful'; readonly begins: boolean }
  /** The comms that are open now, id to target name. */
  | { readonly type: 'comms'; readonly open: Readonly<Record<string, string>> };

/** To the second thread, which answers while the main thread is busy. */
export type ControlCommand =
  /**
   * Ends the JavaScript that runs, unless this comes too late: a cell newer than `newest` has begun, or none runs any more
   * of those that it is for.
   */
  | { readonly type: 'interrupt'; readonly id: number; readonly newest: number; readonly forCells: boolean }
  /** The running cells, of which `newest` is the newest, are to stop at their next `await`. */
  | { readonly type: 'stop'; readonly newest: number }
  /** The members of an expression's value, without running anything that has effects. */
  | { readonly type: 'members'; readonly id: number; readonly expression: string }
  /** The names a cell can use. */
  | { readonly type: 'names'; readonly id: number }
  | { readonly type: 'describe'; readonly id: number; readonly expression: string }
  /** A command of the debugger for V8's inspector. */
  | {
      readonly type: 'inspector';
      readonly id: number;
      readonly method: string;
      readonly parameters: object;
    };

export interface Member {
  readonly name: string;
  /** Its value in short, where a description asks for it. */
  readonly value?: string | undefined;
  /** As `typeof` says, and `class` for constructors. */
  readonly type: string;
}

export interface Description {
  readonly type: string;
  /** A class's name, a function's source, an object's summary. */
  readonly text: string;
  readonly members: readonly Member[];
}

/** Places in the memory that both threads see. */
export const IN_TIMER = 0;
/** The newest of the cells that an interrupt has found running. */
export const NEWEST_STOPPED = 1;
/** The newest cell that has begun. */
export const NEWEST_BEGUN = 2;
/** How many cells run. */
export const RUNNING = 3;

export type ControlReply =
  /** An interrupt has had its effect. */
  | { readonly id: number; readonly isOver: true }
  | { readonly id: number; readonly members: readonly Member[] }
  | { readonly id: number; readonly description: Description | null }
  | { readonly id: number; readonly result: object }
  | { readonly id: number; readonly failure: string };

/** What V8's inspector reports while a debugger is attached. */
export interface InspectorEvent {
  readonly event: string;
  readonly parameters: Record<string, unknown>;
}

// A cell that replaces JSON.stringify must not cut the kernel off.
const { parse, stringify } = JSON;

let scratch = Buffer.allocUnsafe(64 * 1024);

/** Writes one frame to the parent, whole, before it returns. */
function writeFrame(kind: number, cell: number, payload: string): void {
  const most = HEAD + payload.length * 3;
  if (scratch.length < most) scratch = Buffer.allocUnsafe(most);
  const length = scratch.write(payload, HEAD, 'utf8');
  scratch.writeUInt32LE(length, 0);
  scratch.writeUInt8(kind, 4);
  scratch.writeUInt32LE(cell, 5);
  writeAll(scratch.subarray(0, HEAD + length));
  if (scratch.length > 1024 * 1024) scratch = Buffer.allocUnsafe(64 * 1024);
}

function writeAll(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(FD.frames, bytes, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      // The parent holds output back; a blocking pipe never comes here.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

/** Text of one frame at most, in UTF-16 units: one long line travels in pieces. */
const PIECE = 128 * 1024;

/** Sends output as the inside of a JSON string, so that the parent can pass the bytes on without decoding them. */
export function sendText(name: StreamName, cell: number, text: string): void {
  for (let at = 0, end: number; at < text.length; at = end) {
    end = Math.min(at + PIECE, text.length);
    // A pair of surrogates stays together: its halves in two messages would be two wrong characters.
    if (end < text.length && isHighSurrogate(text.charCodeAt(end - 1))) end--;
    const json = stringify(at === 0 && end === text.length ? text : text.slice(at, end));
    writeFrame(FRAME[name], cell, json.slice(1, -1));
  }
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

export function sendEvent(cell: number, event: Event): void {
  writeFrame(FRAME.event, cell, stringify(event));
}

/** Cuts a stream of bytes into frames. A frame may arrive in pieces, a piece may hold many frames. */
export class FrameReader {
  readonly #onFrame: (kind: number, cell: number, payload: Buffer) => void;
  #pieces: Buffer[] = [];
  #held = 0;
  #needed = HEAD;

  constructor(onFrame: (kind: number, cell: number, payload: Buffer) => void) {
    this.#onFrame = onFrame;
  }

  push(chunk: Buffer): void {
    this.#pieces.push(chunk);
    this.#held += chunk.length;
    if (this.#held < this.#needed) return;
    let bytes = this.#pieces.length === 1 ? chunk : Buffer.concat(this.#pieces);
    this.#needed = HEAD;
    while (bytes.length >= HEAD) {
      const end = HEAD + bytes.readUInt32LE(0);
      if (bytes.length < end) {
        this.#needed = end;
        break;
      }
      this.#onFrame(bytes.readUInt8(4), bytes.readUInt32LE(5), bytes.subarray(HEAD, end));
      bytes = bytes.subarray(end);
    }
    this.#pieces = bytes.length ? [bytes] : [];
    this.#held = bytes.length;
  }
}

/** Encodes a JSON message with its length before it, for the pipes that the child reads. */
export function encodeLengthPrefixed(value: unknown): Buffer {
  const json = Buffer.from(stringify(value));
  const bytes = Buffer.allocUnsafe(4 + json.length);
  bytes.writeUInt32LE(json.length, 0);
  json.copy(bytes, 4);
  return bytes;
}

/** Reads length-prefixed JSON messages from chunks. */
export class JsonReader<T> {
  readonly #onMessage: (message: T) => void;
  #pieces: Buffer[] = [];
  #held = 0;
  #needed = 4;

  constructor(onMessage: (message: T) => void) {
    this.#onMessage = onMessage;
  }

  push(chunk: Buffer): void {
    this.#pieces.push(chunk);
    this.#held += chunk.length;
    if (this.#held < this.#needed) return;
    let bytes = this.#pieces.length === 1 ? chunk : Buffer.concat(this.#pieces);
    const messages: T[] = [];
    this.#needed = 4;
    while (bytes.length >= 4) {
      const end = 4 + bytes.readUInt32LE(0);
      if (bytes.length < end) {
        this.#needed = end;
        break;
      }
      messages.push(parse(bytes.toString('utf8', 4, end)) as T);
      bytes = bytes.subarray(end);
    }
    this.#pieces = bytes.length ? [bytes] : [];
    this.#held = bytes.length;
    // A listener that throws loses its own message, not those behind it.
    const failures: unknown[] = [];
    for (const message of messages) {
      try {
        this.#onMessage(message);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length) throw failures[0];
  }
}
