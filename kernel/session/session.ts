/** One kernel session: takes requests, runs cells in order, publishes what they do. */
import { type ConnectionInfo, type Incoming, type Json, KernelSockets } from '../protocol/index.ts';
import {
  type CellError,
  type Event,
  INTERRUPTED,
  type InputReply,
  type MimeBundle,
} from '../runtime/channel.ts';
import { type DeathReport, KernelChild } from './child.ts';
import { signalDescendants } from './descendants.ts';
import { findHandler } from './handlers/index.ts';
import { defaultHistoryFile, History } from './history.ts';
import { OutputBatcher } from './output.ts';

export interface SessionOptions {
  readonly heapMegabytes?: number | undefined;
  readonly onExit: (code: number) => void;
}

export interface CellOutcome {
  readonly error?: CellError | undefined;
  readonly result?: MimeBundle | undefined;
  readonly userExpressions?: Readonly<Record<string, unknown>> | undefined;
}

interface Cell {
  readonly id: number;
  /** What an answer needs of the request; the rest of it may be large. */
  readonly request: Pick<Incoming, 'headerBytes' | 'identities'>;
  readonly silent: boolean;
}

interface RunningCell extends Cell {
  /** Whether the child has said that it has the cell; asked only after an interrupt. */
  started: boolean;
  settle(outcome: CellOutcome): void;
}

/** Bytes of output that may wait for slow clients before the cell has to wait too. */
const BACKLOG = 8 * 1024 * 1024;
/** Cells whose late output still finds its way home. */
const REMEMBERED_CELLS = 5_000;
/** Milliseconds that the first cell waits for somebody to see its output. */
const FIRST_SUBSCRIBER = 1_000;
/** Milliseconds that a cell has to end at an await before its JavaScript is ended, and between further attempts. */
const GRACE_MS = 40;
const LONGEST_WAIT = 1_000;
/** Milliseconds after the end of JavaScript in which a command may have been lost with it. */
const AFTERMATH_MS = 2_000;
/** Milliseconds that the end of the JavaScript takes, and a command after it. */
const COMMAND_MS = 60;
/** Milliseconds after which the user is told that nothing helps. */
const STUCK_AFTER = 900;

export class Session {
  readonly child: KernelChild;
  readonly history: History;
  readonly connection: ConnectionInfo;
  executionCount = 0;
  /** Comms that are open, id to target name. */
  comms: Readonly<Record<string, string>> = {};
  readonly #sockets: KernelSockets;
  readonly #options: SessionOptions;
  readonly #output: OutputBatcher;
  readonly #cells = new Map<number, Cell>();
  readonly #queue: Incoming[] = [];
  #executing = false;
  /** Settles when somebody listens, or has had the time to. */
  #audience: Promise<void> | undefined;
  #running: RunningCell | undefined;
  /** The input request that waits for its answer. */
  #input: { readonly waits: boolean } | undefined;
  /** Comm messages that the child has not handled yet. */
  readonly #commsInHand = new Map<number, () => void>();
  #lastTerminated = Number.NEGATIVE_INFINITY;
  #interrupts = 0;
  /** Whether an interrupt waits for a sign of life from the child's event loop. */
  #unanswered = false;
  #nextCell = 1;
  #latestCell = 0;

  constructor(connection: ConnectionInfo, options: SessionOptions) {
    this.connection = connection;
    this.#options = options;
    this.history = new History(defaultHistoryFile(), log);
    this.#output = new OutputBatcher((cell, content) => this.#publishFor(cell, 'stream', content));
    this.#sockets = new KernelSockets(connection, {
      onMessage: (channel, message) => this.#receive(channel, message),
      onDropped: (channel, reason) => log(`dropped a message on ${channel}: ${reason}`),
    });
    this.#sockets.onOutputDrained(() => {
      this.child.paused = false;
    });
    this.child = new KernelChild(
      {
        onText: (name, cell, json) => {
          this.#output.write(name, cell || this.#running?.id || this.#latestCell, json);
          if (this.#sockets.outputBacklog > BACKLOG) this.child.paused = true;
        },
        onEvent: (cell, event) => this.#onEvent(cell, event),
        onDeath: report => this.#onDeath(report),
      },
      options,
    );
  }

  async start(): Promise<void> {
    await this.#sockets.bind();
    this.publish('status', { execution_state: 'starting' });
  }

  publish(
    type: string,
    content: Json | Uint8Array,
    parent?: Uint8Array,
    metadata?: Json,
    buffers?: readonly Uint8Array[],
  ): void {
    this.#sockets.send('iopub', { type, content, parent, metadata, buffers });
  }

  // --- requests ---------------------------------------------------------------------------------------------------

  #receive(channel: 'shell' | 'control' | 'stdin', message: Incoming): void {
    if (channel === 'stdin') {
      this.#receiveInput(message);
    } else if (message.header.msg_type === 'execute_request') {
      this.#queue.push(message);
      if (!this.#executing) void this.#drainQueue();
    } else {
      // Everything else is answered while a cell runs.
      void this.#handle(channel, message);
    }
  }

  async #handle(channel: 'shell' | 'control', message: Incoming): Promise<void> {
    const { msg_type } = message.header;
    const handler = findHandler(msg_type);
    if (!handler) {
      log(`ignored a message of unknown type ${JSON.stringify(msg_type)} on ${channel}`);
      return;
    }
    this.publish('status', { execution_state: 'busy' }, message.headerBytes);
    let content: Json | undefined;
    try {
      content = await handler(message, this);
    } catch (error) {
      const { name, message: text, stack } = error as Error;
      log(`internal: ${msg_type} failed: ${stack}`);
      content = { status: 'error', ename: name, evalue: `internal: ${text}`, traceback: [] };
    }
    if (content) this.#reply(channel, message, content);
    this.#output.flush();
    this.publish('status', { execution_state: 'idle' }, message.headerBytes);
  }

  #reply(channel: 'shell' | 'control', request: Incoming, content: Json): void {
    this.#sockets.send(channel, {
      type: request.header.msg_type.replace(/_request$/, '_reply'),
      content,
      parent: request.headerBytes,
      identities: request.identities,
    });
  }

  // --- execution --------------------------------------------------------------------------------------------------

  async #drainQueue(): Promise<void> {
    this.#executing = true;
    // Some clients send their first cell before their subscription has arrived; its output would be lost.
    this.#audience ??= Promise.race([
      this.#sockets.subscribed,
      new Promise<void>(resolve => setTimeout(resolve, FIRST_SUBSCRIBER).unref()),
    ]);
    await this.#audience;
    for (let message = this.#queue.shift(); message; message = this.#queue.shift()) {
      await this.#handle('shell', message);
    }
    this.#executing = false;
  }

  /** Requests that wait behind a failed one are answered without being run. */
  abortQueue(): void {
    for (const message of this.#queue.splice(0)) {
      this.publish('status', { execution_state: 'busy' }, message.headerBytes);
      this.#reply('shell', message, { status: 'aborted', execution_count: this.executionCount });
      this.publish('status', { execution_state: 'idle' }, message.headerBytes);
    }
  }

  /** Runs code in the child and resolves when it is done and all its output is published. */
  runCell(
    request: Incoming,
    options: { code: string; silent: boolean; allowStdin: boolean; userExpressions: Record<string, string> },
  ): Promise<CellOutcome> {
    const cell = this.#registerCell(request, options.silent);
    return new Promise(resolve => {
      this.#running = {
        ...cell,
        started: false,
        settle: outcome => {
          this.#running = undefined;
          this.#input = undefined;
          this.#output.flush();
          resolve(outcome);
        },
      };
      const confirm = performance.now() - this.#lastTerminated < AFTERMATH_MS;
      const { executionCount } = this;
      const start = (): void => {
        this.child.send({ type: 'execute', cell: cell.id, executionCount, confirm, ...options });
        if (!confirm) return;
        setTimeout(() => {
          if (this.#running?.id === cell.id && !this.#running.started) start();
        }, COMMAND_MS);
      };
      start();
    });
  }

  /** Gives a request's later output its parent header. */
  #registerCell(request: Incoming, silent: boolean): Cell {
    // ZeroMQ's frames point into the block they were read in; a copy does not keep 8 KB alive for each cell.
    const headerBytes = Buffer.from(request.headerBytes);
    const identities = request.identities.map(identity => Buffer.from(identity));
    const cell = { id: this.#nextCell++, request: { headerBytes, identities }, silent };
    this.#cells.set(cell.id, cell);
    this.#latestCell = cell.id;
    this.#cells.delete(cell.id - REMEMBERED_CELLS);
    return cell;
  }

  #publishFor(
    cell: number,
    type: string,
    content: Json | Uint8Array,
    metadata?: Json,
    buffers?: readonly Uint8Array[],
  ): void {
    const owner = this.#cells.get(cell);
    if (owner?.silent) return;
    this.publish(type, content, owner?.request.headerBytes, metadata, buffers);
  }

  #onEvent(cell: number, event: Event): void {
    switch (event.type) {
      case 'done':
        this.#unanswered = false;
        if (this.#running?.id === cell) this.#finish(this.#running, event);
        break;
      case 'abandoned':
        this.#unanswered = false;
        if (this.#running?.id === cell) this.#finish(this.#running, { error: INTERRUPTED });
        break;
      case 'started':
        if (this.#running?.id === cell) this.#running.started = true;
        break;
      case 'late-error':
        this.#output.flush();
        this.#publishFor(cell, 'error', { ...event.error });
        break;
      case 'publish':
        this.#output.flush();
        this.#publishFor(
          cell,
          event.msgType,
          event.content as Json,
          event.metadata as Json | undefined,
          event.buffers?.map(text => Buffer.from(text, 'base64')),
        );
        break;
      case 'input':
        this.#requestInput(cell, event);
        break;
      case 'comms':
        this.comms = event.open;
        break;
      case 'comm-handled':
        this.#commHandled(cell);
        break;
      case 'reset':
        void this.#reset();
        break;
      default:
    }
  }

  /** Ends a cell once what came over the other pipes has been read: two turns of the event loop poll them all. */
  #finish(running: RunningCell, outcome: CellOutcome): void {
    setImmediate(() =>
      setImmediate(() => {
        // A cell that is done may also see its process die.
        if (this.#running === running) running.settle(outcome);
      }),
    );
  }

  async #reset(): Promise<void> {
    const running = this.#running;
    await this.child.replace();
    this.#forgetComms();
    if (running) this.#finish(running, {});
  }

  /** Comms end with the process that held them. */
  #forgetComms(): void {
    this.comms = {};
    for (const id of [...this.#commsInHand.keys()]) this.#commHandled(id);
  }

  #onDeath({ ename, evalue }: DeathReport): void {
    this.#output.flush();
    this.#forgetComms();
    const error = { ename, evalue, traceback: [`\u001b[31m${ename}\u001b[39m: ${evalue}`] };
    if (this.#running) {
      // A new process knows nothing of what the waiting cells rely on.
      const running = this.#running;
      this.#finish(running, { error });
      setImmediate(() => setImmediate(() => this.abortQueue()));
    } else if (this.#latestCell) this.#publishFor(this.#latestCell, 'error', error);
  }

  // --- interrupt, input, end --------------------------------------------------------------------------------------

  /**
   * Stops the running cell, or a timer that an earlier cell left looping: lets a pending await go, ends running
   * JavaScript, and says so when neither is possible.
   */
  interrupt(): void {
    const running = this.#running;
    this.#answerInput({});
    const attempt = ++this.#interrupts;
    this.#unanswered = true;
    const abandon = () => this.child.send({ type: 'abandon', cell: running?.id ?? 0 });
    const isOver = () => this.#interrupts !== attempt || !this.#unanswered;
    if (running) this.child.stopCell(running.id);
    abandon();
    if (running) void signalDescendants(this.child.pid, 'SIGINT');
    const press = (wait: number): void => {
      setTimeout(() => {
        if (isOver()) return;
        this.child.terminate();
        this.#lastTerminated = performance.now();
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
      if (isOver() || !running) return;
      const text =
        'tunelab: the cell is inside a native call that cannot be stopped; it stops when the call returns. To stop it now, restart the kernel: all variables are lost then.\n';
      this.publish('stream', { name: 'stderr', text }, running.request.headerBytes);
    }, STUCK_AFTER);
  }

  #requestInput(cell: number, { prompt, password, waits }: Extract<Event, { type: 'input' }>): void {
    const owner = this.#cells.get(cell);
    if (!owner) {
      this.child.answerInput({}, waits);
      return;
    }
    this.#output.flush();
    this.#input = { waits };
    this.#sockets.send('stdin', {
      type: 'input_request',
      content: { prompt, password },
      parent: owner.request.headerBytes,
      identities: owner.request.identities,
    });
  }

  #receiveInput(message: Incoming): void {
    if (message.header.msg_type === 'input_reply')
      this.#answerInput({ value: String(message.content.value ?? '') });
  }

  #answerInput(reply: InputReply): void {
    if (!this.#input) return;
    const { waits } = this.#input;
    this.#input = undefined;
    this.child.answerInput(reply, waits);
  }

  /** Passes a comm message on to the cell's code and resolves when that has handled it. */
  forwardComm(message: Incoming): Promise<void> {
    const { id } = this.#registerCell(message, false);
    const handled = new Promise<void>(resolve => this.#commsInHand.set(id, resolve));
    const buffers = message.buffers.map(bytes => Buffer.from(bytes).toString('base64'));
    this.child.send({
      type: 'comm',
      cell: id,
      msgType: message.header.msg_type,
      content: { ...message.content, metadata: message.metadata },
      buffers,
    });
    return handled;
  }

  #commHandled(id: number): void {
    this.#commsInHand.get(id)?.();
    this.#commsInHand.delete(id);
  }

  /** Ends the kernel after the answer to a shutdown request has left. */
  shutdown(): void {
    setImmediate(async () => {
      await signalDescendants(this.child.pid, 'SIGTERM');
      this.child.stop();
      await this.history.save();
      await this.#sockets.close();
      this.#options.onExit(0);
    });
  }
}

export function log(message: string): void {
  process.stderr.write(`[tunelab] ${message}\n`);
}
