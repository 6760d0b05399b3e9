/**
 * A Jupyter client made for measuring: raw ZeroMQ sockets that reconnect every 2 ms, a timestamp on each
 * arriving message, and as little work as possible between them. The content of an output message stays
 * bytes until somebody asks for it, so that a 50 MB line costs the client no parsing while the clock runs.
 */
import { createHmac, randomUUID } from 'node:crypto';
import { Dealer, Request, Subscriber } from 'zeromq';

export const DELIMITER = '<IDS|MSG>';

/** Signs the four JSON frames of a message the way the connection file asks for. */
export function sign(key, frames) {
  if (!key) return '';
  const hmac = createHmac('sha256', key);
  for (const frame of frames) hmac.update(frame);
  return hmac.digest('hex');
}

/** One arrived message; `content` and `metadata` are parsed when first read. */
class Message {
  constructor(frames, start, header, parent) {
    this.at = performance.now();
    this.type = header.msg_type;
    this.header = header;
    this.parent = parent;
    this.frames = frames;
    this.start = start;
  }

  get content() {
    this.parsed ??= JSON.parse(this.frames[this.start + 5].toString());
    return this.parsed;
  }
}

/** A request on its way: what has arrived for it so far, and when. */
export class Exchange {
  reply;
  replyAt;
  idleAt;
  /** iopub messages up to `idle`, and those that came after it. */
  messages = [];
  late = [];
  timedOut = false;

  constructor(id, type, needsIdle) {
    this.id = id;
    this.type = type;
    this.needsIdle = needsIdle;
    this.done = new Promise(resolve => {
      this.settle = resolve;
    });
  }

  get finished() {
    return this.reply !== undefined && (this.idleAt !== undefined || !this.needsIdle);
  }

  /** Milliseconds from sending to the last of reply and idle. */
  get ms() {
    return (
      Math.max(this.replyAt ?? Number.NaN, this.needsIdle ? (this.idleAt ?? Number.NaN) : 0) - this.sentAt
    );
  }

  get status() {
    return this.reply?.content.status;
  }

  /** The messages of one type, by default only those that arrived before `idle`. */
  of(type, messages = this.messages) {
    return messages.filter(message => message.type === type);
  }

  /** What was printed to one stream. */
  text(name = 'stdout', messages = this.messages) {
    let text = '';
    for (const message of this.of('stream', messages))
      if (message.content.name === name) text += message.content.text;
    return text;
  }

  /** The `text/plain` of the first result or display. */
  get value() {
    return firstShown(this.messages);
  }

  /** The same of what came after idle. */
  get lateValue() {
    return firstShown(this.late);
  }

  get error() {
    return this.of('error')[0]?.content;
  }

  /** One line for a report: how the request ended and what it showed. */
  describe() {
    const parts = [
      this.timedOut
        ? `${this.reply ? `reply ${this.status} but no idle` : 'no reply'} in time`
        : `status ${this.status}`,
    ];
    if (this.value !== undefined) parts.push(`value ${JSON.stringify(this.value).slice(0, 120)}`);
    for (const name of ['stdout', 'stderr']) {
      const text = this.text(name);
      if (text) parts.push(`${name} ${JSON.stringify(text.slice(0, 160))}`);
    }
    const error = this.error ?? (this.status === 'error' ? this.reply.content : undefined);
    if (error) parts.push(`error ${error.ename}: ${String(error.evalue).slice(0, 160)}`);
    return parts.join(', ');
  }
}

function firstShown(messages) {
  const shown = messages.find(
    message => message.type === 'execute_result' || message.type === 'display_data',
  );
  return shown?.content.data['text/plain'];
}

/**
 * @example
 * const client = new Client(connection);
 * const cell = await client.execute('1 + 1');
 * console.log(cell.value, cell.ms);
 * client.close();
 */
export class Client {
  session = randomUUID();
  exchanges = new Map();
  /** Messages without a known request. */
  strays = [];
  lastIopubAt = 0;
  #sending = {};

  constructor(connection) {
    this.connection = connection;
    const options = {
      linger: 0,
      reconnectInterval: 2,
      receiveHighWaterMark: 0,
      sendHighWaterMark: 0,
    };
    this.sockets = {
      shell: new Dealer({ ...options, routingId: this.session }),
      control: new Dealer({ ...options, routingId: this.session }),
      stdin: new Dealer({ ...options, routingId: this.session }),
      iopub: new Subscriber({ linger: 0, reconnectInterval: 2, receiveHighWaterMark: 0 }),
    };
    this.sockets.iopub.subscribe('');
    for (const [channel, socket] of Object.entries(this.sockets)) {
      socket.connect(this.address(channel));
      void this.#listen(channel, socket);
    }
  }

  address(channel) {
    const { transport, ip } = this.connection;
    const port = this.connection[`${channel}_port`];
    return transport === 'ipc' ? `ipc://${ip}-${port}` : `tcp://${ip}:${port}`;
  }

  /** The frames of a message, signed; each argument is an object to be written as JSON. */
  pack(header, parent, metadata, content) {
    const frames = [header, parent, metadata, content].map(part => Buffer.from(JSON.stringify(part)));
    return [DELIMITER, sign(this.connection.key, frames), ...frames];
  }

  header(type) {
    return {
      msg_id: randomUUID(),
      session: this.session,
      username: 'bench',
      date: new Date().toISOString(),
      msg_type: type,
      version: '5.3',
    };
  }

  /** Queues frames on a socket; sends on one socket never overlap. */
  sendFrames(channel, frames) {
    this.#sending[channel] = (this.#sending[channel] ?? Promise.resolve()).then(() => {
      if (!this.closed) return this.sockets[channel].send(frames);
    });
    return this.#sending[channel];
  }

  /** Sends a request and returns its exchange at once. */
  send(type, content = {}, { channel = 'shell', needsIdle = true, input } = {}) {
    const header = this.header(type);
    const exchange = new Exchange(header.msg_id, type, needsIdle);
    exchange.input = input;
    this.exchanges.set(exchange.id, exchange);
    if (this.exchanges.size > 300) this.exchanges.delete(this.exchanges.keys().next().value);
    const frames = this.pack(header, {}, {}, content);
    exchange.sentAt = performance.now();
    void this.sendFrames(channel, frames);
    return exchange;
  }

  /** Waits until an exchange has finished; marks it `timedOut` when it has not within `timeout` milliseconds. */
  async wait(exchange, timeout = 30_000) {
    let timer;
    const late = new Promise(resolve => {
      timer = setTimeout(resolve, timeout, 'late');
    });
    if ((await Promise.race([exchange.done, late])) === 'late') exchange.timedOut = true;
    clearTimeout(timer);
    return exchange;
  }

  request(type, content, { timeout, ...options } = {}) {
    return this.wait(this.send(type, content, options), timeout);
  }

  /** Starts a cell without waiting for it. `input` answers every `input_request`. */
  start(code, { input, ...content } = {}) {
    return this.send(
      'execute_request',
      {
        code,
        silent: false,
        store_history: true,
        user_expressions: {},
        allow_stdin: input !== undefined,
        stop_on_error: true,
        ...content,
      },
      { input },
    );
  }

  execute(code, { timeout, ...options } = {}) {
    return this.wait(this.start(code, options), timeout);
  }

  /** Resolves when iopub has been silent for `quiet` milliseconds, at the latest after `limit`. */
  async drain(quiet = 1_000, limit = 15_000) {
    const started = performance.now();
    this.lastIopubAt = started;
    while (performance.now() - this.lastIopubAt < quiet && performance.now() - started < limit) {
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }

  /** Sends one heartbeat and returns the milliseconds until its echo, or undefined. */
  async heartbeat(timeout = 2_000) {
    const socket = new Request({ linger: 0, receiveTimeout: timeout });
    socket.connect(this.address('hb'));
    const sentAt = performance.now();
    try {
      await socket.send('beat');
      await socket.receive();
      return performance.now() - sentAt;
    } catch {
      return undefined;
    } finally {
      socket.close();
    }
  }

  close() {
    if (this.closed) return;
    this.closed = true;
    for (const socket of Object.values(this.sockets)) socket.close();
  }

  async #listen(channel, socket) {
    for await (const frames of socket) {
      // The frame before the delimiter is a topic of any length and any bytes.
      const start = frames.findIndex(
        frame => frame.length === DELIMITER.length && frame.equals(DELIMITER_BYTES),
      );
      if (start < 0 || frames.length < start + 6) continue;
      const parent = JSON.parse(frames[start + 3].toString());
      const message = new Message(frames, start, JSON.parse(frames[start + 2].toString()), parent);
      if (channel === 'iopub') this.lastIopubAt = message.at;
      const exchange = this.exchanges.get(parent.msg_id);
      if (!exchange) {
        if (this.strays.length < 1_000) this.strays.push(message);
      } else if (channel === 'stdin') this.#answer(message, exchange);
      else if (channel === 'iopub') {
        const idle = message.type === 'status' && message.content.execution_state === 'idle';
        if (idle && exchange.idleAt === undefined) exchange.idleAt = message.at;
        (exchange.idleAt !== undefined && !idle ? exchange.late : exchange.messages).push(message);
      } else {
        exchange.reply = message;
        exchange.replyAt = message.at;
      }
      if (exchange?.finished) exchange.settle('done');
    }
  }

  #answer(message, exchange) {
    exchange.inputRequest = message.content;
    const content = { status: 'ok', value: exchange.input ?? '' };
    void this.sendFrames('stdin', this.pack(this.header('input_reply'), message.header, {}, content));
  }
}

const DELIMITER_BYTES = Buffer.from(DELIMITER);
