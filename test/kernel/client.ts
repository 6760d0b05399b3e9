/**
 * A Jupyter client for the tests, written straight over ZeroMQ: it frames and signs by itself, so that a mistake in
 * the kernel's own protocol code cannot hide behind the same mistake here.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, onTestFinished } from 'vitest';
import { Dealer, Request, Subscriber } from 'zeromq';

/** The build under test: `dist/`, or the folder that `TUNELAB_DIST` names. */
export const DIST: string =
  process.env.TUNELAB_DIST ?? join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'dist');

const KERNEL = join(DIST, 'kernel', 'main.js');
/** Milliseconds after which something counts as hung, however busy the machine is. */
const PATIENCE = 150_000;
/** For `expect.poll`: completion and help leave out what is not known in time, so a busy kernel is asked again. */
export const PATIENT = { timeout: PATIENCE } as const;
const PORTS = ['shell_port', 'control_port', 'stdin_port', 'iopub_port', 'hb_port'] as const;

type Channel = 'shell' | 'control' | 'stdin' | 'iopub';
type Port = (typeof PORTS)[number];

export interface Connection extends Record<Port, number> {
  readonly transport: 'tcp' | 'ipc';
  readonly ip: string;
  readonly key: string;
  readonly signature_scheme: string;
}

export interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
  readonly username: string;
  readonly date: string;
  readonly version: string;
  readonly subshell_id?: string;
}

/** The fields that the tests look at by name; every message has some of them. */
export interface Content {
  readonly status?: string;
  readonly execution_state?: string;
  readonly execution_count?: number;
  readonly code?: string;
  readonly name?: string;
  readonly text?: string;
  readonly ename?: string;
  readonly evalue?: string;
  readonly traceback?: string[];
  readonly data?: Record<string, unknown>;
  readonly metadata?: Record<string, unknown>;
  readonly transient?: { readonly display_id?: string };
  readonly prompt?: string;
  readonly password?: boolean;
  readonly wait?: boolean;
  readonly matches?: string[];
  readonly cursor_start?: number;
  readonly cursor_end?: number;
  readonly found?: boolean;
  readonly indent?: string;
  readonly restart?: boolean;
  readonly comm_id?: string;
  readonly target_name?: string;
  readonly comms?: Record<string, { readonly target_name: string }>;
  readonly history?: [number, number, unknown][];
  readonly user_expressions?: Record<string, Content>;
  readonly payload?: readonly Record<string, unknown>[];
  readonly subscription?: string;
  readonly [field: string]: unknown;
}

export interface Message {
  readonly channel: Channel;
  readonly type: string;
  readonly header: Header;
  readonly parent: Partial<Header>;
  readonly metadata: Record<string, unknown>;
  readonly content: Content;
  readonly buffers: readonly Uint8Array[];
  /** What stands before the delimiter: iopub's topic. */
  readonly prefix: readonly Uint8Array[];
}

export interface ExecuteOptions {
  readonly silent?: boolean;
  readonly storeHistory?: boolean;
  readonly userExpressions?: Record<string, string>;
  readonly allowStdin?: boolean;
  readonly stopOnError?: boolean;
  /** The subshell that is to run the cell; the parent shell by default. */
  readonly subshell?: string;
  /** Answers input requests, and so allows them; a promise that never settles leaves the prompt open. */
  readonly onInput?: (prompt: string, password: boolean) => string | Promise<string>;
}

/** A request and everything that came for it, late output included. */
export class Exchange {
  readonly id: string;
  readonly type: string;
  /** The iopub messages in order. */
  readonly messages: Message[] = [];
  /** What came behind `idle`. */
  readonly late: Message[] = [];
  readonly inputRequests: Message[] = [];
  reply: Message | undefined;
  idle = false;
  readonly onInput: ExecuteOptions['onInput'];
  readonly done: Promise<this>;
  #resolve!: (exchange: this) => void;

  constructor(id: string, type: string, onInput: ExecuteOptions['onInput'], failure: () => string) {
    this.id = id;
    this.type = type;
    this.onInput = onInput;
    this.done = new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(this.#hung(failure()))), PATIENCE).unref();
      this.#resolve = exchange => {
        clearTimeout(timer);
        resolve(exchange);
      };
    });
    // A test that has failed already does not wait for all that it sent.
    this.done.catch(() => {});
  }

  receive(message: Message): void {
    if (message.channel === 'stdin') this.inputRequests.push(message);
    else if (message.channel !== 'iopub') this.reply = message;
    else {
      (this.idle ? this.late : this.messages).push(message);
      if (message.content.execution_state === 'idle') this.idle = true;
    }
    if (this.reply && this.idle) this.#resolve(this);
  }

  get status(): string | undefined {
    return this.reply?.content.status;
  }

  /** The iopub messages, late ones too: on a busy machine what comes later may come before `idle`, or the other way round. */
  get all(): Message[] {
    return [...this.messages, ...this.late];
  }

  of(type: string): Message[] {
    return this.messages.filter(message => message.type === type);
  }

  get stdout(): string {
    return textOf(this.messages, 'stdout');
  }

  get stderr(): string {
    return textOf(this.messages, 'stderr');
  }

  /** `text/plain` of the result. */
  get value(): unknown {
    return this.data?.['text/plain'];
  }

  get data(): Record<string, unknown> | undefined {
    return this.of('execute_result')[0]?.content.data;
  }

  /** What each `display_data` showed. */
  get displayed(): Record<string, unknown>[] {
    return this.of('display_data').map(({ content }) => content.data!);
  }

  /** The content of the first error shown. */
  get error(): Content | undefined {
    return this.of('error')[0]?.content;
  }

  /** The first error's traceback without colours. */
  get traceback(): string {
    return plainTraceback(this.error);
  }

  #hung(log: string): string {
    const got = [...this.messages.map(({ type }) => type), ...(this.reply ? [`reply ${this.status}`] : [])];
    return `${this.type} hangs; it got ${got.join(', ') || 'nothing'}; the kernel wrote: ${log || 'nothing'}`;
  }
}

export function textOf(messages: readonly Message[], name: 'stdout' | 'stderr'): string {
  const streams = messages.filter(({ type, content }) => type === 'stream' && content.name === name);
  return streams.map(({ content }) => content.text).join('');
}

export function plainTraceback(error: Content | undefined): string {
  return stripVTControlCharacters((error?.traceback ?? []).join('\n'));
}

/** One client on the kernel's sockets. */
export class Client {
  readonly connection: Connection;
  readonly session: string = randomUUID();
  /** Everything on iopub, whoever caused it. */
  readonly iopub: Message[] = [];
  readonly #sockets: Record<Exclude<Channel, 'iopub'>, Dealer>;
  readonly #subscriber = new Subscriber({ receiveHighWaterMark: 0, linger: 0 });
  readonly #exchanges = new Map<string, Exchange>();
  readonly #sending: Partial<Record<Channel, Promise<void>>> = {};
  #closed = false;

  constructor(connection: Connection, routingId: string = randomUUID()) {
    this.connection = connection;
    const options = { linger: 0, receiveHighWaterMark: 0, sendHighWaterMark: 0, routingId };
    this.#sockets = { shell: new Dealer(options), control: new Dealer(options), stdin: new Dealer(options) };
    this.#subscriber.subscribe('');
    for (const socket of [this.#subscriber, ...Object.values(this.#sockets)]) socket.reconnectInterval = 10;
    this.#subscriber.connect(this.#endpoint('iopub_port'));
    for (const channel of ['shell', 'control', 'stdin'] as const) {
      this.#sockets[channel].connect(this.#endpoint(`${channel}_port`));
      void this.#read(channel, this.#sockets[channel]);
    }
    void this.#read('iopub', this.#subscriber);
  }

  /** What the kernel writes to stderr; a client alone cannot see it. */
  get log(): string {
    return '';
  }

  /** Waits until the kernel answers and its output arrives here. */
  async ready(): Promise<void> {
    // A subscription takes a moment to arrive; a request whose idle status is seen proves it.
    for (let attempt = 0; attempt < 300; attempt++) {
      const info = this.request('kernel_info_request');
      const answered = () => info.reply !== undefined;
      await until(answered, 'the kernel’s first answer');
      if (
        await until(() => info.idle, 'its status', 200).then(
          () => true,
          () => false,
        )
      )
        return;
    }
    throw new Error(`no output of the kernel arrives; it wrote: ${this.log}`);
  }

  /** Sends a request; `done` resolves when both its reply and its `idle` have arrived. */
  request(
    type: string,
    content: object = {},
    options: Pick<ExecuteOptions, 'onInput' | 'subshell'> & {
      channel?: 'shell' | 'control';
      buffers?: Uint8Array[];
    } = {},
  ): Exchange {
    const header = this.header(type, options.subshell);
    const exchange = new Exchange(header.msg_id, type, options.onInput, () => this.log);
    this.#exchanges.set(header.msg_id, exchange);
    const frames = this.frames(header, content, { buffers: options.buffers ?? [] });
    this.sendFrames(options.channel ?? 'shell', frames);
    return exchange;
  }

  /** Sends a cell. A failing cell is not an exception. */
  execute(code: string, options: ExecuteOptions = {}): Exchange {
    return this.request(
      'execute_request',
      {
        code,
        silent: options.silent ?? false,
        store_history: options.storeHistory ?? true,
        user_expressions: options.userExpressions ?? {},
        allow_stdin: options.allowStdin ?? options.onInput !== undefined,
        stop_on_error: options.stopOnError ?? true,
      },
      options,
    );
  }

  /** Runs a cell to its end. */
  run(code: string, options: ExecuteOptions = {}): Promise<Exchange> {
    return this.execute(code, options).done;
  }

  /** Runs a cell that must succeed. */
  async ok(code: string, options: ExecuteOptions = {}): Promise<Exchange> {
    const exchange = await this.run(code, options);
    if (exchange.status !== 'ok')
      throw new Error(`cell is ${exchange.status}: ${code}\n${exchange.traceback}`);
    return exchange;
  }

  /** The reply's content to a request. */
  async ask(
    type: string,
    content: object = {},
    options: { channel?: 'shell' | 'control' } = {},
  ): Promise<Content> {
    return (await this.request(type, content, options).done).reply!.content;
  }

  /** Waits until all shell requests sent so far have arrived: requests on one channel overtake nothing. */
  async arrived(): Promise<void> {
    await this.ask('kernel_info_request');
  }

  async interrupt(): Promise<void> {
    await this.ask('interrupt_request', {}, { channel: 'control' });
  }

  /** Sends a message that has no reply; what it causes is gathered all the same. */
  notify(type: string, content: object, buffers: Uint8Array[] = []): Exchange {
    return this.request(type, content, { buffers });
  }

  /** Whether the kernel echoes on the heartbeat channel. */
  async heartbeat(payload: string): Promise<string> {
    const socket = new Request({ linger: 0, receiveTimeout: PATIENCE, sendTimeout: PATIENCE });
    try {
      socket.connect(this.#endpoint('hb_port'));
      await socket.send(payload);
      const [echo] = await socket.receive();
      return echo!.toString();
    } finally {
      socket.close();
    }
  }

  close(): void {
    this.#closed = true;
    for (const socket of [...Object.values(this.#sockets), this.#subscriber]) socket.close();
  }

  // --- frames -----------------------------------------------------------------------------------------------------

  header(type: string, subshell?: string): Header {
    return {
      ...(subshell !== undefined && { subshell_id: subshell }),
      msg_id: randomUUID(),
      msg_type: type,
      session: this.session,
      username: 'tester',
      date: new Date().toISOString(),
      version: '5.4',
    };
  }

  /** A signed message. */
  frames(
    header: object,
    content: object,
    rest: { parent?: object; buffers?: Uint8Array[] } = {},
  ): Uint8Array[] {
    const parts = [header, rest.parent ?? {}, {}, content].map(part => Buffer.from(JSON.stringify(part)));
    return [Buffer.from('<IDS|MSG>'), Buffer.from(this.sign(parts)), ...parts, ...(rest.buffers ?? [])];
  }

  sign(parts: readonly Uint8Array[]): string {
    const { key, signature_scheme } = this.connection;
    if (!key) return '';
    const hmac = createHmac(signature_scheme.replace('hmac-', ''), key);
    for (const part of parts) hmac.update(part);
    return hmac.digest('hex');
  }

  /** Sends frames as they are. */
  sendFrames(channel: Exclude<Channel, 'iopub'>, frames: (Uint8Array | string)[]): void {
    const send = () => (this.#closed ? Promise.resolve() : this.#sockets[channel].send(frames));
    const sent = (this.#sending[channel] ?? Promise.resolve()).then(send);
    this.#sending[channel] = sent.catch(error => {
      if (!this.#closed) throw error;
    });
  }

  #endpoint(port: Port): string {
    const { transport, ip } = this.connection;
    return transport === 'ipc'
      ? `ipc://${ip}-${this.connection[port]}`
      : `tcp://${ip}:${this.connection[port]}`;
  }

  async #read(channel: Channel, socket: Dealer | Subscriber): Promise<void> {
    for await (const frames of socket) {
      const message = this.#decode(channel, frames);
      if (channel === 'iopub') this.iopub.push(message);
      const exchange = this.#exchanges.get(message.parent.msg_id ?? '');
      exchange?.receive(message);
      if (channel === 'stdin' && exchange?.onInput) void this.#answer(message, exchange.onInput);
    }
  }

  #decode(channel: Channel, frames: readonly Uint8Array[]): Message {
    const at = frames.findIndex(frame => Buffer.from(frame).toString() === '<IDS|MSG>');
    const parts = frames.slice(at + 2, at + 6);
    const signature = Buffer.from(frames[at + 1]!).toString();
    if (at < 0 || parts.length < 4 || signature !== this.sign(parts)) {
      throw new Error(`the kernel sent a malformed or wrongly signed message on ${channel}`);
    }
    const [header, parent, metadata, content] = parts.map(
      part => JSON.parse(Buffer.from(part).toString()) as unknown,
    );
    return {
      channel,
      type: (header as Header).msg_type,
      header: header as Header,
      parent: parent as Partial<Header>,
      metadata: metadata as Record<string, unknown>,
      content: content as Content,
      buffers: frames.slice(at + 6),
      prefix: frames.slice(0, at),
    };
  }

  async #answer(request: Message, onInput: NonNullable<ExecuteOptions['onInput']>): Promise<void> {
    const value = await onInput(request.content.prompt ?? '', request.content.password === true);
    this.sendFrames(
      'stdin',
      this.frames(
        this.header('input_reply', request.parent.subshell_id),
        { status: 'ok', value },
        { parent: request.header },
      ),
    );
  }
}

export interface KernelOptions {
  readonly transport?: 'tcp' | 'ipc';
  /** Further command-line arguments of the kernel. */
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** The notebook's folder; a new one by default. */
  readonly folder?: string;
  readonly historyFile?: string;
  readonly key?: string;
  readonly signatureScheme?: string;
  /** The kernel's command line. @param file the connection file, which is there already */
  readonly commandLine?: (file: string) => readonly string[];
}

/** A kernel process with a client connected to it. */
export class Kernel extends Client {
  readonly process: ChildProcess;
  /** Where its cells run. */
  readonly folder: string;
  readonly connectionFile: string;
  /** Its exit code and signal, once it has ended. */
  readonly exited: Promise<[code: number | null, signal: NodeJS.Signals | null]>;
  #log = '';

  constructor(process: ChildProcess, connection: Connection, connectionFile: string, folder: string) {
    super(connection);
    this.connectionFile = connectionFile;
    this.process = process;
    this.folder = folder;
    this.exited = new Promise(resolve => process.once('close', (...how) => resolve(how)));
    process.stderr!.on('data', chunk => {
      this.#log += chunk;
    });
  }

  override get log(): string {
    return this.#log;
  }

  get pid(): number {
    return this.process.pid!;
  }

  /** Writes a file into the notebook's folder. */
  write(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }

  /**
   * Kills the kernel and what it has started.
   * @throws when the process that ran cells does not end by itself
   */
  async stop(): Promise<void> {
    const started = descendants(this.pid);
    const forCells = cellProcesses(this.pid);
    this.close();
    if (this.process.exitCode === null && this.process.signalCode === null) {
      this.process.kill('SIGKILL');
      await this.exited;
    }
    const left = () => forCells.filter(isAlive);
    await until(() => left().length === 0, 'the end of the process that ran cells').finally(() => {
      for (const pid of started.filter(isAlive)) process.kill(pid, 'SIGKILL');
    });
  }
}

/** Keeps a cell waiting: code that awaits or blocks goes into the cell, and `open` lets it go on. */
export function newGate({ folder }: Kernel): { readonly wait: string; readonly block: string; open(): void } {
  const file = join(folder, `gate-${randomUUID()}`);
  const isShut = `!process.getBuiltinModule("node:fs").existsSync(${JSON.stringify(file)})`;
  return {
    wait: `while (${isShut}) await new Promise(done => setTimeout(done, 5));`,
    block: `while (${isShut});`,
    open: () => writeFileSync(file, ''),
  };
}

/** A folder that is gone after the file's tests. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tunelab-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/** A kernel for all tests of a file. */
export async function kernelForFile(options: KernelOptions = {}): Promise<Kernel> {
  const folder = options.folder ?? temporaryFolder();
  const kernel = await startKernel({ ...options, folder });
  afterAll(() => kernel.stop());
  return kernel;
}

/** A kernel for the test that is running. */
export async function kernelForTest(options: KernelOptions = {}): Promise<Kernel> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'tunelab-test-'));
  const kernel = await startKernel({ ...options, folder });
  onTestFinished(async () => {
    await kernel.stop();
    if (!options.folder) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  });
  return kernel;
}

async function startKernel(options: KernelOptions & { folder: string }): Promise<Kernel> {
  for (let attempt = 1; ; attempt++) {
    const connection = await newConnection(options);
    const file = join(options.folder, `connection-${randomUUID()}.json`);
    writeFileSync(file, JSON.stringify(connection));
    const commandLine = options.commandLine?.(file) ?? ['--connection-file', file, ...(options.args ?? [])];
    const child = spawnKernel(commandLine, options);
    const kernel = new Kernel(child, connection, file, options.folder);
    const failed = kernel.exited.then(([code, signal]) => {
      throw new Error(`the kernel ended with ${code ?? signal}: ${kernel.log}`);
    });
    failed.catch(() => {});
    try {
      await Promise.race([kernel.ready(), failed]);
      return kernel;
    } catch (error) {
      await kernel.stop();
      // Somebody took one of the ports between the look and the start.
      if (attempt < 10 && kernel.log.includes('in use')) continue;
      throw error;
    }
  }
}

/** Starts the kernel's process with a history of its own. */
export function spawnKernel(
  args: readonly string[],
  options: KernelOptions & { folder: string },
): ChildProcess {
  const { NODE_OPTIONS: _ours, ...inherited } = process.env;
  return spawn(process.execPath, [KERNEL, ...args], {
    cwd: options.folder,
    env: {
      ...inherited,
      TUNELAB_HISTORY_FILE: options.historyFile ?? join(options.folder, 'history.jsonl'),
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

export async function newConnection(options: KernelOptions & { folder: string }): Promise<Connection> {
  const transport = options.transport ?? 'tcp';
  const ports = transport === 'tcp' ? await freePorts(PORTS.length) : [1, 2, 3, 4, 5];
  return {
    transport,
    ip: transport === 'tcp' ? '127.0.0.1' : join(options.folder, 'ipc'),
    key: options.key ?? randomUUID(),
    signature_scheme: options.signatureScheme ?? 'hmac-sha256',
    ...(Object.fromEntries(PORTS.map((port, index) => [port, ports[index]])) as Record<Port, number>),
  };
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      server =>
        new Promise<number>(resolve => {
          server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
        }),
    ),
  );
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))));
  return ports;
}

/** Waits until a condition holds. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  milliseconds = PATIENCE,
): Promise<void> {
  const deadline = Date.now() + milliseconds;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited ${milliseconds} ms for ${what}`);
    await sleep(5);
  }
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds));
}

/** Whether a process runs. One that has ended counts as such before its parent has heard of it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return !/\) Z /.test(read(`/proc/${pid}/stat`));
}

/** The processes that a process has started, and what they have started. Linux only. */
export function descendants(pid: number): number[] {
  const children: number[] = [];
  for (const task of entries(`/proc/${pid}/task`)) {
    children.push(...read(`/proc/${pid}/task/${task}/children`).split(' ').filter(Boolean).map(Number));
  }
  return children.flatMap(child => [child, ...descendants(child)]);
}

/** Of the processes that a kernel has started, those that run cells. Linux only. */
export function cellProcesses(kernel: number): number[] {
  return descendants(kernel).filter(pid => read(`/proc/${pid}/cmdline`).includes('runtime/main.js'));
}

/** Resident megabytes of a process and all it has started. Linux only. */
export function residentMegabytes(pid: number): number {
  const pages = [pid, ...descendants(pid)].map(one => Number(read(`/proc/${one}/statm`).split(' ')[1] ?? 0));
  return (pages.reduce((sum, count) => sum + count, 0) * 4_096) / 2 ** 20;
}

/** The command lines of all that a process has started. Linux only. */
export function commandsUnder(pid: number): string[] {
  return descendants(pid).map(one => read(`/proc/${one}/cmdline`).split('\0').join(' ').trim());
}

/** The TypeScript servers that a kernel has started. Linux only. */
export function typeServers(kernel: number): number[] {
  return descendants(kernel).filter(pid => read(`/proc/${pid}/cmdline`).includes('--lsp') && isAlive(pid));
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Numbers in [0, 1) that are the same in every run. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
