/** The process that runs cells: started, spoken to, replaced when it dies. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import { fileURLToPath } from 'node:url';
import {
  type Command,
  type ControlCommand,
  type ControlReply,
  type Event,
  encodeLengthPrefixed,
  FD,
  FRAME,
  FrameReader,
  type InputReply,
  type InspectorEvent,
  JsonReader,
  type StreamName,
} from '../runtime/channel.ts';

export interface ChildEvents {
  /** Output as the inside of a JSON string, in UTF-8; `cell` is 0 for what came over descriptors 1 and 2. */
  onText(name: StreamName, cell: number, json: Buffer): void;
  onEvent(cell: number, event: Event): void;
  /** V8's inspector reports something to the debugger. */
  onInspector(event: InspectorEvent): void;
  /** All output has been handed over; a new process is already starting. */
  onDeath(why: DeathReport): void;
}

export interface DeathReport {
  readonly ename: string;
  readonly evalue: string;
}

export interface ChildOptions {
  /** Limit of V8's old space in megabytes; V8 chooses by default. */
  readonly heapMegabytes?: number | undefined;
}

const MAIN = fileURLToPath(new URL('../runtime/main.js', import.meta.url));
/** How long output of a dead process may still trickle in through pipes that its own children hold open. */
const DRAIN_MS = 100;
const LOOK_TIMEOUT_MS = 1_000;
/** An interrupt has its effect when the native call that it meets returns. */
const INTERRUPT_TIMEOUT_MS = 60_000;
/** V8 answers between two instructions; only a native call can keep it from it. */
const INSPECTOR_TIMEOUT_MS = 10_000;

type ControlRequest = Extract<ControlCommand, { id: number }>;
type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

/** What Node says when a process ends while the second thread's inspector session is open. */
const NODES_OWN_WORDS = 'Waiting for the debugger to disconnect...\n';

export class KernelChild {
  readonly #events: ChildEvents;
  readonly #options: ChildOptions;
  #process!: ChildProcess;
  /** The end of what the process wrote to descriptor 2: V8 says there why it gives up. */
  #lastWords = '';
  /** The code with which the process said it would end. */
  #exitCode: number | undefined;
  #looks = new Map<number, (reply: ControlReply | undefined) => void>();
  #nextLook = 1;
  #stopping = false;
  #replacing = false;
  #paused = false;

  constructor(events: ChildEvents, options: ChildOptions) {
    this.#events = events;
    this.#options = options;
    this.#start();
  }

  send(command: Command): void {
    this.#pipe(FD.commands).write(encodeLengthPrefixed(command));
  }

  /** @param waits whether the process is blocked on its input pipe */
  answerInput(cell: number, reply: InputReply, waits: boolean): void {
    if (waits) this.#pipe(FD.input).write(encodeLengthPrefixed(reply));
    else this.send({ type: 'input', cell, ...reply });
  }

  /** Lets the running cells, of which the given one is the newest, stop at their next `await`. */
  stopCells(newest: number): void {
    this.#control({ type: 'stop', newest });
  }

  /** Ends the JavaScript that runs now, unless a cell newer than the given one has begun by then; resolves when it has. */
  async terminate(newest: number, forCells: boolean): Promise<void> {
    await this.look({ type: 'interrupt', newest, forCells }, INTERRUPT_TIMEOUT_MS);
  }

  get pid(): number {
    return this.#process.pid!;
  }

  /** Looks at values without running anything that has effects; undefined when the process cannot answer in time. */
  look(
    request: WithoutId<ControlRequest>,
    timeout: number = LOOK_TIMEOUT_MS,
  ): Promise<ControlReply | undefined> {
    const id = this.#nextLook++;
    return new Promise(resolve => {
      // An answer that has arrived counts, however late this process comes to read it.
      const timer = setTimeout(() => setImmediate(() => settle(undefined)), timeout);
      const settle = (reply: ControlReply | undefined): void => {
        clearTimeout(timer);
        this.#looks.delete(id);
        resolve(reply);
      };
      this.#looks.set(id, settle);
      this.#control({ ...request, id });
    });
  }

  /**
   * Sends a command to V8's inspector.
   * @throws when the inspector refuses it, or the process cannot answer: it has died, or is inside a native call
   */
  async inspect<Result>(method: string, parameters: object = {}): Promise<Result> {
    const reply = await this.look({ type: 'inspector', method, parameters }, INSPECTOR_TIMEOUT_MS);
    if (reply && 'result' in reply) return reply.result as Result;
    throw new Error(
      reply && 'failure' in reply ? reply.failure : 'the process that runs cells does not answer',
    );
  }

  /** Stops reading the process's output: its writes wait, its memory stays small. */
  set paused(paused: boolean) {
    if (paused === this.#paused) return;
    this.#paused = paused;
    for (const pipe of [this.#pipe(FD.frames), this.#process.stdout!, this.#process.stderr!]) {
      if (paused) pipe.pause();
      else pipe.resume();
    }
  }

  /** Replaces the process on purpose: no death is reported. */
  async replace(): Promise<void> {
    this.#replacing = true;
    const gone = new Promise(resolve => this.#process.once('close', resolve));
    this.#process.kill('SIGKILL');
    await gone;
  }

  /** Ends the process for good. */
  stop(): void {
    this.#stopping = true;
    this.#process.kill('SIGKILL');
  }

  #control(command: ControlCommand): void {
    this.#pipe(FD.control).write(encodeLengthPrefixed(command));
  }

  #pipe(descriptor: number): Socket {
    return this.#process.stdio[descriptor] as Socket;
  }

  #start(): void {
    const { heapMegabytes } = this.#options;
    const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
    if (heapMegabytes !== undefined) flags.push(`--max-old-space-size=${heapMegabytes}`);
    const child = spawn(process.execPath, [...flags, MAIN], {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
    });
    this.#process = child;
    this.#lastWords = '';
    this.#exitCode = undefined;
    this.#paused = false;

    const frames = new FrameReader((kind, cell, payload) => {
      if (kind === FRAME.event) {
        const event = JSON.parse(payload.toString('utf8')) as Event;
        if (event.type === 'exit') {
          this.#exitCode = event.code;
          child.kill('SIGKILL');
        } else this.#events.onEvent(cell, event);
      } else this.#events.onText(kind === FRAME.stdout ? 'stdout' : 'stderr', cell, payload);
    });
    this.#pipe(FD.frames).on('data', chunk => frames.push(chunk));
    const replies = new JsonReader<ControlReply | InspectorEvent>(reply => {
      if ('event' in reply) this.#events.onInspector(reply);
      else this.#looks.get(reply.id)?.(reply);
    });
    this.#pipe(FD.control).on('data', chunk => replies.push(chunk));
    this.#readRaw('stdout');
    this.#readRaw('stderr');
    // A pipe to a process that has just died breaks; its exit is handled below.
    for (const pipe of child.stdio) pipe?.on('error', () => {});

    child.once('error', error => {
      process.stderr.write(`tunelab: cannot start the process that runs cells: ${error.message}\n`);
      process.exit(1);
    });
    child.once('exit', (code, signal) => {
      // What it wrote last is still to be read.
      this.paused = false;
      let over = false;
      const finish = (): void => {
        if (over) return;
        over = true;
        this.#died(this.#exitCode ?? code, this.#exitCode === undefined ? signal : null);
      };
      child.once('close', finish);
      // On a busy machine the timer may come before what has arrived: the rest of the event loop's turn reads that.
      setTimeout(() => setImmediate(finish), DRAIN_MS).unref();
    });
  }

  #readRaw(name: StreamName): void {
    const decoder = new StringDecoder('utf8');
    this.#process[name]!.on('data', (chunk: Buffer) => {
      const text = decoder.write(chunk).replace(NODES_OWN_WORDS, '');
      if (name === 'stderr') this.#lastWords = (this.#lastWords + text).slice(-4_000);
      if (text) this.#events.onText(name, 0, Buffer.from(JSON.stringify(text).slice(1, -1)));
    });
  }

  #died(code: number | null, signal: NodeJS.Signals | null): void {
    for (const settle of [...this.#looks.values()]) settle(undefined);
    if (this.#stopping) return;
    const report = this.#report(code, signal);
    this.#start();
    if (this.#replacing) this.#replacing = false;
    else this.#events.onDeath(report);
  }

  #report(code: number | null, signal: NodeJS.Signals | null): DeathReport {
    const consequence = 'All variables are gone; the next cell runs in a new process.';
    if (
      /heap out of memory|Reached heap limit|invalid array length Allocation failed|Allocation failed -/.test(
        this.#lastWords,
      )
    ) {
      const { heapMegabytes } = this.#options;
      const limit = heapMegabytes === undefined ? '' : ` of ${heapMegabytes} MB`;
      return {
        ename: 'OutOfMemory',
        evalue: `JavaScript ran out of its heap${limit}. ${consequence} A larger heap: set TUNELAB_HEAP_MB=8192, or tunelab install --heap-mb 8192`,
      };
    }
    if (signal === 'SIGKILL') {
      return {
        ename: 'ProcessKilled',
        evalue: `the process that runs cells was killed (SIGKILL), perhaps because the machine ran out of memory. ${consequence}`,
      };
    }
    if (signal)
      return {
        ename: 'ProcessCrashed',
        evalue: `the process that runs cells crashed (${signal}). ${consequence}`,
      };
    return {
      ename: 'ProcessExited',
      evalue: `the process that runs cells ended with exit code ${code}. ${consequence}`,
    };
  }
}
