/** A client of any Jupyter kernel: sends requests, gathers replies and output. Used by `tunelab run`, the tests and the lab's server. */
import { Dealer, Subscriber } from 'zeromq';
import { type ConnectionInfo, endpoint } from './connection.ts';
import type { Channel, Incoming, Json } from './messages.ts';
import { Wire } from './wire.ts';

export interface RequestOptions {
  /** Milliseconds until the request is given up; none by default. */
  readonly timeout?: number | undefined;
  /** Called with each iopub message that belongs to the request, in order, before the promise resolves; they are not gathered then. */
  readonly onOutput?: ((message: Incoming) => void) | undefined;
  /** Answers an `input_request`: gets the prompt, returns the line. Without it the kernel is told that there is no input. */
  readonly onInput?: ((prompt: string, password: boolean) => string | Promise<string>) | undefined;
}

export interface Reply {
  readonly content: Json;
  readonly message: Incoming;
  /** The iopub messages of the request in order, `status` messages included; none when `onOutput` took them. */
  readonly output: readonly Incoming[];
}

/** The kernel did not answer in time. */
export class RequestTimeout extends Error {
  override name = 'RequestTimeout';
}

/** The kernel's connection was closed while a request waited. */
export class ConnectionClosed extends Error {
  override name = 'ConnectionClosed';
}

interface Pending {
  reply: Incoming | undefined;
  idle: boolean;
  readonly output: Incoming[];
  readonly options: RequestOptions;
  settle(result: Reply | Error): void;
}

/**
 * Talks to a kernel over its five sockets.
 *
 * @example
 * const client = new KernelClient(readConnectionFile('kernel.json'));
 * await client.ready();
 * const { output } = await client.execute('1 + 1');
 * client.close();
 */
export class KernelClient {
  readonly #wire: Wire;
  readonly #sockets;
  readonly #iopub = new Subscriber({ receiveHighWaterMark: 0, linger: 0 });
  readonly #pending = new Map<string, Pending>();
  readonly #sending: Record<string, Promise<void>> = {};
  #closed = false;
  /** Gets every iopub message, whoever caused it. */
  onIopub: ((message: Incoming) => void) | undefined;

  constructor(info: ConnectionInfo) {
    this.#wire = new Wire(info.key, info.signature_scheme, 'client');
    const options = {
      linger: 200,
      receiveHighWaterMark: 0,
      sendHighWaterMark: 0,
      reconnectInterval: 5,
      routingId: this.#wire.session,
    };
    this.#sockets = { shell: new Dealer(options), control: new Dealer(options), stdin: new Dealer(options) };
    this.#iopub.reconnectInterval = 5;
    this.#iopub.subscribe('');
    this.#iopub.connect(endpoint(info, 'iopub_port'));
    for (const channel of ['shell', 'control', 'stdin'] as const)
      this.#sockets[channel].connect(endpoint(info, `${channel}_port`));
    for (const channel of ['iopub', 'shell', 'control', 'stdin'] as const) void this.#read(channel);
  }

  /**
   * Waits until the kernel answers and its output reaches this client.
   * @returns the content of `kernel_info_reply`
   */
  async ready(timeout = 30_000): Promise<Json> {
    const deadline = Date.now() + timeout;
    // A subscription takes a moment to arrive; a request whose idle status is seen proves it.
    for (let wait = 250; ; wait *= 2) {
      try {
        return (await this.request('kernel_info_request', {}, { timeout: wait })).content;
      } catch (error) {
        if (!(error instanceof RequestTimeout) || Date.now() > deadline) throw error;
      }
    }
  }

  /** Sends a request and resolves when both its reply and its `idle` status are there. */
  request(
    type: string,
    content: Json,
    options: RequestOptions = {},
    channel: 'shell' | 'control' = 'shell',
  ): Promise<Reply> {
    if (this.#closed) return Promise.reject(new ConnectionClosed('the connection to the kernel is closed'));
    const header = this.#wire.newHeader(type);
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const pending: Pending = {
        reply: undefined,
        idle: false,
        output: [],
        options,
        settle: result => {
          clearTimeout(timer);
          this.#pending.delete(header.msg_id);
          if (result instanceof Error) reject(result);
          else resolve(result);
        },
      };
      this.#pending.set(header.msg_id, pending);
      if (options.timeout !== undefined) {
        timer = setTimeout(
          () => pending.settle(new RequestTimeout(`no answer to ${type} within ${options.timeout} ms`)),
          options.timeout,
        );
      }
      this.#send(channel, this.#wire.encode({ type, content }, header));
    });
  }

  /** Sends a message that has no reply (`comm_open`, `comm_msg`, `comm_close`). */
  notify(type: string, content: Json, buffers: readonly Uint8Array[] = []): string {
    const header = this.#wire.newHeader(type);
    this.#send('shell', this.#wire.encode({ type, content, buffers }, header));
    return header.msg_id;
  }

  /** Runs a cell. A failing cell is not an exception: look at `content.status`. */
  execute(
    code: string,
    options: RequestOptions & {
      silent?: boolean;
      storeHistory?: boolean;
      stopOnError?: boolean;
      userExpressions?: Json;
    } = {},
  ): Promise<Reply> {
    return this.request(
      'execute_request',
      {
        code,
        silent: options.silent ?? false,
        store_history: options.storeHistory ?? true,
        user_expressions: options.userExpressions ?? {},
        allow_stdin: options.onInput !== undefined,
        stop_on_error: options.stopOnError ?? true,
      },
      options,
    );
  }

  /** Asks the kernel to interrupt the running cell. */
  async interrupt(timeout = 5_000): Promise<void> {
    await this.request('interrupt_request', {}, { timeout }, 'control');
  }

  async shutdown(restart = false, timeout = 5_000): Promise<void> {
    await this.request('shutdown_request', { restart }, { timeout }, 'control');
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const pending of [...this.#pending.values()])
      pending.settle(new ConnectionClosed('the connection to the kernel was closed'));
    for (const socket of [...Object.values(this.#sockets), this.#iopub]) socket.close();
  }

  #send(channel: Exclude<Channel, 'iopub'>, frames: Uint8Array[]): void {
    const send = () => (this.#closed ? Promise.resolve() : this.#sockets[channel].send(frames));
    this.#sending[channel] = (this.#sending[channel] ?? Promise.resolve()).then(send);
  }

  async #read(channel: Channel): Promise<void> {
    const socket = channel === 'iopub' ? this.#iopub : this.#sockets[channel];
    for await (const frames of socket) {
      const message = this.#wire.decode(frames);
      if (channel === 'iopub') this.onIopub?.(message);
      const pending = this.#pending.get(message.parentHeader.msg_id ?? '');
      if (!pending) continue;
      if (channel === 'stdin') void this.#answerInput(message, pending);
      else if (channel === 'iopub') {
        if (pending.options.onOutput) pending.options.onOutput(message);
        else pending.output.push(message);
        if (message.header.msg_type === 'status' && message.content.execution_state === 'idle')
          pending.idle = true;
      } else pending.reply = message;
      if (pending.reply && (pending.idle || pending.reply.header.msg_type === 'shutdown_reply')) {
        pending.settle({ content: pending.reply.content, message: pending.reply, output: pending.output });
      }
    }
  }

  async #answerInput(request: Incoming, pending: Pending): Promise<void> {
    const { prompt, password } = request.content as { prompt: string; password: boolean };
    const value = (await pending.options.onInput?.(prompt, password)) ?? '';
    this.#send(
      'stdin',
      this.#wire.encode({
        type: 'input_reply',
        content: { status: 'ok', value },
        parent: request.headerBytes,
      }),
    );
  }
}
