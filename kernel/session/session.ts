/** One kernel session: takes requests, runs the cells of each shell in order, publishes what they do. */
import type { DebugAdapter } from '../debugger/adapter.ts';
import { type ConnectionInfo, type Incoming, type Json, KernelSockets } from '../protocol/index.ts';
import { type CellError, type Event, INTERRUPTED, type MimeBundle } from '../runtime/channel.ts';
import { type DeathReport, KernelChild } from './child.ts';
import { signalDescendants } from './descendants.ts';
import { findHandler } from './handlers/index.ts';
import { defaultHistoryFile, History } from './history.ts';
import { Inputs } from './inputs.ts';
import { COMMAND_MS, Interrupts } from './interrupts.ts';
import { OutputBatcher } from './output.ts';
import { type ShellId, Shells, shellOf } from './shells.ts';
import { CellTypes, type TypesMode, type Verdict } from './types.ts';

export interface SessionOptions {
  readonly heapMegabytes?: number | undefined;
  /** What a mistake in a cell's types means. */
  readonly types: TypesMode;
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
  readonly shell: ShellId;
}

interface RunningCell extends Cell {
  /** Whether the child has said that it has the cell; asked only after an interrupt. */
  started: boolean;
  settle(outcome: CellOutcome): void;
}

/** Bytes of output that may wait for slow clients before the cell has to wait too. */
const BACKLOG = 8 * 1024 * 1024;
/** Cells whose late output still finds its way home; one that goes on printing is not forgotten. */
const REMEMBERED_CELLS = 1_000;
/** Milliseconds that the first cell waits for somebody to see its output. */
const FIRST_SUBSCRIBER = 1_000;

export class Session {
  readonly child: KernelChild;
  readonly history: History;
  readonly types: CellTypes;
  readonly connection: ConnectionInfo;
  executionCount = 0;
  /** Comms that are open, id to target name. */
  comms: Readonly<Record<string, string>> = {};
  readonly #sockets: KernelSockets;
  readonly #options: SessionOptions;
  readonly #output: OutputBatcher;
  readonly #cells = new Map<number, Cell>();
  readonly shells: Shells = new Shells(request => this.#execute(request));
  /** Settles when somebody listens, or has had the time to. */
  #audience: Promise<void> | undefined;
  /** What each shell runs, in the order it was started. */
  readonly #running = new Map<number, RunningCell>();
  readonly #interrupts: Interrupts;
  /** Loaded when a front end first asks for it. */
  #loadingDebugger: Promise<DebugAdapter> | undefined;
  #debugger: DebugAdapter | undefined;
  /** The latest `debug_request`: the parent of the debugger's events. */
  #debugRequest: Uint8Array | undefined;
  readonly #inputs: Inputs;
  /** Lets go of the checks of cells' types. */
  readonly #checks = new Set<(verdict: Verdict) => void>();
  /** Comm messages that the child has not handled yet. */
  readonly #commsInHand = new Map<number, () => void>();
  #nextCell = 1;
  #latestCell = 0;

  constructor(connection: ConnectionInfo, options: SessionOptions) {
    this.connection = connection;
    this.#options = options;
    this.history = new History(defaultHistoryFile(), log);
    this.types = new CellTypes(options.types, look => this.child.look(look), log);
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
          this.#output.write(name, cell || this.#latestRunning() || this.#latestCell, json);
          if (this.#sockets.outputBacklog > BACKLOG) this.child.paused = true;
        },
        onEvent: (cell, event) => this.#onEvent(cell, event),
        onInspector: ({ event, parameters }) => this.#debugger?.onInspector(event, parameters),
        onDeath: report => this.#onDeath(report),
      },
      options,
    );
    this.#inputs = new Inputs(this.child);
    this.#interrupts = new Interrupts(this.child, () => this.#debugger?.interruptIsOver());
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
      this.#inputs.receive(message);
      return;
    }
    const shell = this.shells.get(channel === 'shell' ? shellOf(message.header) : null);
    if (!shell) this.#refuse(message, unknownSubshell(shellOf(message.header)));
    else if (message.header.msg_type === 'execute_request') shell.push(message);
    // Everything else is answered while a cell runs.
    else void this.#handle(channel, message);
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

  async #execute(request: Incoming): Promise<void> {
    // Some clients send their first cell before their subscription has arrived; its output would be lost.
    this.#audience ??= Promise.race([
      this.#sockets.subscribed,
      new Promise<void>(resolve => setTimeout(resolve, FIRST_SUBSCRIBER).unref()),
    ]);
    await this.#audience;
    // A cell must not outrun its breakpoints.
    await this.#debugger?.attaching;
    await this.#handle('shell', request);
  }

  /** Requests that wait behind a failed one in its shell are answered without being run. */
  abortBehind(request: Incoming): void {
    this.abort(this.shells.get(shellOf(request.header))?.clear() ?? []);
  }

  /** Answers requests that will not be run. */
  abort(requests: readonly Incoming[]): void {
    for (const request of requests)
      this.#refuse(request, { status: 'aborted', execution_count: this.executionCount });
  }

  /** Answers a shell request without handling it. */
  #refuse(request: Incoming, content: Json): void {
    this.publish('status', { execution_state: 'busy' }, request.headerBytes);
    // Comm messages have no reply.
    if (request.header.msg_type.endsWith('_request')) this.#reply('shell', request, content);
    this.publish('status', { execution_state: 'idle' }, request.headerBytes);
  }

  /** What its types say about a cell that is to run next; an interrupt ends the wait. */
  async checkTypes(code: string): Promise<Verdict> {
    const label = `Cell[${this.executionCount}]`;
    let end!: (verdict: Verdict) => void;
    const ended = new Promise<Verdict>(resolve => {
      end = resolve;
    });
    this.#checks.add(end);
    // A checker that fails stops nobody.
    const checked = this.types.check(code, label).catch((error: Error): Verdict => {
      log(`internal: the types of a cell were not checked: ${error.stack}`);
      return {};
    });
    try {
      return await Promise.race([checked, ended]);
    } finally {
      this.#checks.delete(end);
    }
  }

  /** Runs code in the child and resolves when it is done and all its output is published. */
  async runCell(
    request: Incoming,
    options: { code: string; silent: boolean; allowStdin: boolean; userExpressions: Record<string, string> },
  ): Promise<CellOutcome> {
    await this.#interrupts.settled();
    const cell = this.#registerCell(request, options.silent);
    return new Promise(resolve => {
      const running: RunningCell = {
        ...cell,
        started: false,
        settle: outcome => {
          this.#running.delete(cell.id);
          this.#output.flush();
          resolve(outcome);
        },
      };
      this.#running.set(cell.id, running);
      const confirm = this.#interrupts.mayLoseCommands;
      const { executionCount } = this;
      const start = (): void => {
        this.child.send({ type: 'execute', cell: cell.id, executionCount, confirm, ...options });
        if (!confirm) return;
        setTimeout(() => {
          if (this.#running.has(cell.id) && !running.started) start();
        }, COMMAND_MS);
      };
      start();
    });
  }

  /** Gives a request's later output its parent header. */
  #registerCell(request: Incoming, silent: boolean): Cell {
    // ZeroMQ's frames and Node's small buffers are views of 8 KB blocks, which a remembered view would keep alive.
    const headerBytes = new Uint8Array(request.headerBytes);
    const identities = request.identities.map(identity => new Uint8Array(identity));
    const shell = shellOf(request.header);
    const cell = { id: this.#nextCell++, request: { headerBytes, identities }, silent, shell };
    this.#cells.set(cell.id, cell);
    this.#latestCell = cell.id;
    if (this.#cells.size > REMEMBERED_CELLS) this.#cells.delete(this.#cells.keys().next().value as number);
    return cell;
  }

  /** The cell whose code speaks now; it is the last to be forgotten. */
  #ownerOf(id: number): Cell | undefined {
    const cell = this.#cells.get(id) ?? this.#running.get(id);
    if (cell && id !== this.#latestCell) {
      this.#cells.delete(id);
      this.#cells.set(id, cell);
    }
    return cell;
  }

  #latestRunning(): number | undefined {
    return [...this.#running.keys()].at(-1);
  }

  #publishFor(
    cell: number,
    type: string,
    content: Json | Uint8Array,
    metadata?: Json,
    buffers?: readonly Uint8Array[],
  ): void {
    const owner = this.#ownerOf(cell);
    if (owner?.silent) return;
    this.publish(type, content, owner?.request.headerBytes, metadata, buffers);
  }

  #onEvent(cell: number, event: Event): void {
    const running = this.#running.get(cell);
    switch (event.type) {
      case 'done':
        this.#interrupts.answered(cell);
        if (running) this.#finish(running, event);
        break;
      case 'graceful':
        this.#interrupts.noteGraceful(cell, event.begins);
        break;
      case 'abandoned':
        this.#interrupts.noteGraceful(cell, false);
        this.#interrupts.answered(cell);
        if (running) this.#finish(running, { error: INTERRUPTED });
        break;
      case 'started':
        if (running) running.started = true;
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
        void this.#reset(cell);
        break;
      case 'ready':
        this.types.prepare();
        break;
      default:
    }
  }

  /** Ends a cell once what came over the other pipes has been read: two turns of the event loop poll them all. */
  #finish(running: RunningCell, outcome: CellOutcome): void {
    // Not later: a timer of the cell may ask the next question meanwhile.
    this.#inputs.forget(running.id);
    setImmediate(() =>
      setImmediate(() => {
        // A cell that is done may also see its process die.
        if (this.#running.get(running.id) === running) running.settle(outcome);
      }),
    );
  }

  /** Replaces the child as a cell has asked; what runs in other shells ends with it. */
  async #reset(cell: number): Promise<void> {
    const cells = [...this.#running.values()];
    await this.child.replace();
    this.#forgetState();
    this.#interrupts.over();
    this.#debugger?.processReplaced();
    for (const running of cells) this.#finish(running, running.id === cell ? {} : { error: RESET });
  }

  /** Comms and variables end with the process that held them. */
  #forgetState(): void {
    this.types.reset();
    this.comms = {};
    for (const id of [...this.#commsInHand.keys()]) this.#commHandled(id);
  }

  #onDeath({ ename, evalue }: DeathReport): void {
    this.#output.flush();
    this.#forgetState();
    this.#interrupts.over();
    this.#debugger?.processReplaced();
    const error = { ename, evalue, traceback: [`\u001b[31m${ename}\u001b[39m: ${evalue}`] };
    const cells = [...this.#running.values()];
    for (const running of cells) {
      // It is not to be sent again, to the new process.
      running.started = true;
      this.#finish(running, { error });
    }
    const isChecked = this.#checks.size > 0;
    // A cell that is being checked was to run with what the process knew.
    for (const end of this.#checks) end({ error });
    // A new process knows nothing of what the waiting cells rely on.
    if (cells.length || isChecked) setImmediate(() => setImmediate(() => this.abort(this.shells.clear())));
    else if (this.#latestCell) this.#publishFor(this.#latestCell, 'error', error);
  }

  // --- interrupt, input, end --------------------------------------------------------------------------------------

  /** Stops what runs, in every shell. */
  interrupt(): void {
    if (this.#checks.size) this.types.giveUp();
    for (const end of this.#checks) end({ error: INTERRUPTED });
    this.#inputs.cancel();
    const isStopped = this.#debugger?.isStopped === true;
    this.#interrupts.press([...this.#running.keys()], this.#latestCell, isStopped, (cell, endsItself) => {
      const text = endsItself
        ? 'tunelab: the cell ends at its next step; interrupt again to stop it at once.\n'
        : 'tunelab: the cell is inside a native call that cannot be stopped; it stops when the call returns. To stop it now, restart the kernel: all variables are lost then.\n';
      this.publish('stream', { name: 'stderr', text }, this.#running.get(cell)?.request.headerBytes);
    });
    this.#debugger?.interrupt();
  }

  #requestInput(cell: number, { prompt, password, waits }: Extract<Event, { type: 'input' }>): void {
    const owner = this.#ownerOf(cell);
    if (!owner) {
      this.child.answerInput(cell, {}, waits);
      return;
    }
    this.#output.flush();
    this.#inputs.opened(cell, { shell: owner.shell, waits });
    this.#sockets.send('stdin', {
      type: 'input_request',
      content: { prompt, password },
      parent: owner.request.headerBytes,
      identities: owner.request.identities,
    });
  }

  /** The debugger, for a `debug_request`. */
  async debugAdapter(request: Incoming): Promise<DebugAdapter> {
    this.#debugRequest = Buffer.from(request.headerBytes);
    this.#loadingDebugger ??= import('../debugger/adapter.ts').then(
      ({ DebugAdapter }) =>
        new DebugAdapter({
          inspector: this.child,
          publish: event => {
            this.#output.flush();
            this.publish('debug_event', event, this.#debugRequest);
          },
          log,
        }),
    );
    this.#debugger = await this.#loadingDebugger;
    return this.#debugger;
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
      this.types.stop();
      await this.history.save();
      await this.#sockets.close();
      this.#options.onExit(0);
    });
  }
}

/** What the cells of other shells show when one resets the kernel. */
const RESET: CellError = {
  ename: 'Reset',
  evalue: 'another shell has reset the kernel; all variables are gone',
  traceback: ['\u001b[31mReset\u001b[39m: another shell has reset the kernel; all variables are gone'],
};

/** The answer to a request for a subshell that is not there. */
export function unknownSubshell(id: unknown): Json {
  const evalue = `there is no subshell ${JSON.stringify(id)}; list_subshell_request names those that are open`;
  return { status: 'error', ename: 'UnknownSubshell', evalue, traceback: [] };
}

export function log(message: string): void {
  process.stderr.write(`[tunelab] ${message}\n`);
}
