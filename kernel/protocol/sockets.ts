/** The kernel's five sockets. Sends on one socket never overlap; output waits for slow clients, but not for dead ones. */
import { Router, XPublisher } from 'zeromq';
import { type ConnectionInfo, endpoint, type PortName } from './connection.ts';
import type { Channel, Incoming } from './messages.ts';
import { type Outgoing, Wire, WireError } from './wire.ts';

/** Messages that may wait for a client before iopub holds back: what an interrupted flood still has to deliver. */
const IOPUB_HIGH_WATER_MARK = 50;
/** How long a client that reads nothing may hold everybody up, in milliseconds. */
const STALLED_CLIENT_MS = 3_000;
const LEAST_ATTEMPTS = 100;

/** How long messages to a full queue are dropped then, and the pause after each message meanwhile. */
const LOSSY_MS = 30_000;
const LOSSY_PACE_MS = 4;

interface Sendable {
  send(frames: Uint8Array[]): Promise<void>;
}

/** Sends in order, one at a time: an overlapping send on a ZeroMQ socket fails and its message is lost. */
class SendQueue {
  readonly #socket: Sendable;
  readonly #waiting: { frames: Uint8Array[]; bytes: number }[] = [];
  #sending = false;
  /** Bytes handed over and not yet taken by ZeroMQ. */
  bytes = 0;
  onDrain: (() => void) | undefined;

  constructor(socket: Sendable) {
    this.#socket = socket;
  }

  push(frames: Uint8Array[]): void {
    let bytes = 0;
    for (const frame of frames) bytes += frame.byteLength;
    this.bytes += bytes;
    this.#waiting.push({ frames, bytes });
    if (!this.#sending) void this.#run();
  }

  async #run(): Promise<void> {
    this.#sending = true;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      await this.#socket.send(next.frames);
      this.bytes -= next.bytes;
    }
    this.#sending = false;
    this.onDrain?.();
  }

  async idle(): Promise<void> {
    while (this.#sending) await new Promise(resolve => setImmediate(resolve));
  }
}

export interface SocketEvents {
  onMessage(channel: 'shell' | 'control' | 'stdin', message: Incoming): void;
  onDropped(channel: Channel, reason: string): void;
}

export class KernelSockets {
  readonly wire: Wire;
  readonly #info: ConnectionInfo;
  readonly #events: SocketEvents;
  readonly #routers = {
    shell: new Router({ linger: 500 }),
    control: new Router({ linger: 500 }),
    stdin: new Router({ linger: 500 }),
  };
  readonly #heartbeat = new Router({ linger: 0 });
  readonly #iopub = new XPublisher({
    linger: 500,
    sendHighWaterMark: IOPUB_HIGH_WATER_MARK,
  });
  readonly #queues: Record<Channel, SendQueue>;
  #closed = false;
  #lossy = false;
  #onSubscribed!: () => void;
  /** Resolves when the first client listens to iopub. */
  readonly subscribed: Promise<void> = new Promise(resolve => {
    this.#onSubscribed = resolve;
  });

  constructor(info: ConnectionInfo, events: SocketEvents) {
    this.#info = info;
    this.#events = events;
    this.wire = new Wire(info.key, info.signature_scheme);
    // A client that reads slowly holds output back instead of losing it.
    this.#setLossy(false);
    // Every subscriber is seen, not only the first to a topic.
    this.#iopub.verbosity = 'allSubs';
    const { shell, control, stdin } = this.#routers;
    for (const router of [shell, control, stdin]) {
      router.sendHighWaterMark = 0;
      router.receiveHighWaterMark = 0;
      // A restarted client may come back under its old identity.
      router.handover = true;
    }
    this.#queues = {
      shell: new SendQueue(shell),
      control: new SendQueue(control),
      stdin: new SendQueue(stdin),
      iopub: new SendQueue({ send: frames => this.#publish(frames) }),
    };
  }

  /** Binds all sockets; the heartbeat first, so that a waiting client sees a live kernel at once. */
  async bind(): Promise<void> {
    const at = (port: PortName) => endpoint(this.#info, port);
    await Promise.all([
      this.#heartbeat.bind(at('hb_port')),
      this.#iopub.bind(at('iopub_port')),
      this.#routers.control.bind(at('control_port')),
      this.#routers.stdin.bind(at('stdin_port')),
      this.#routers.shell.bind(at('shell_port')),
    ]);
    void this.#echoHeartbeat();
    void this.#welcomeSubscribers();
    for (const channel of ['control', 'stdin', 'shell'] as const) void this.#read(channel);
  }

  send(channel: Channel, message: Outgoing): void {
    if (!this.#closed) this.#queues[channel].push(this.wire.encode(message));
  }

  /** Bytes of output that clients have not taken yet. */
  get outputBacklog(): number {
    return this.#queues.iopub.bytes;
  }

  onOutputDrained(listener: () => void): void {
    this.#queues.iopub.onDrain = listener;
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.#queues).map(queue => queue.idle()));
    this.#closed = true;
    for (const socket of [...Object.values(this.#routers), this.#heartbeat, this.#iopub]) socket.close();
  }

  async #publish(frames: Uint8Array[]): Promise<void> {
    const start = performance.now();
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#iopub.send(frames);
        // With nothing held back, those who read need time to do so.
        if (this.#lossy) await new Promise(resolve => setTimeout(resolve, LOSSY_PACE_MS));
        return;
      } catch (error) {
        if (this.#closed) return;
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
        // A client's queue is full. ZeroMQ has no event for the time when it is not.
        // This process may itself have stood still for that long.
        if (performance.now() - start < STALLED_CLIENT_MS || attempt < LEAST_ATTEMPTS)
          await new Promise(resolve => setTimeout(resolve, 1));
        else this.#leaveStalledClientBehind();
      }
    }
  }

  /** A subscriber stopped reading: go on without it rather than stop for everybody. */
  #leaveStalledClientBehind(): void {
    const reason = `a client has read nothing for ${STALLED_CLIENT_MS} ms; output to it is dropped`;
    this.#events.onDropped('iopub', reason);
    this.#setLossy(true);
    setTimeout(() => {
      if (!this.#closed) this.#setLossy(false);
    }, LOSSY_MS).unref();
  }

  /** Whether messages to a client whose queue is full are dropped instead of held back. */
  #setLossy(lossy: boolean): void {
    this.#lossy = lossy;
    this.#iopub.noDrop = !lossy;
  }

  async #read(channel: 'shell' | 'control' | 'stdin'): Promise<void> {
    for await (const frames of this.#routers[channel]) {
      let message: Incoming;
      try {
        message = this.wire.decode(frames);
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
        this.#events.onDropped(channel, error.message);
        continue;
      }
      this.#events.onMessage(channel, message);
    }
  }

  async #echoHeartbeat(): Promise<void> {
    for await (const frames of this.#heartbeat) await this.#heartbeat.send(frames);
  }

  /** JEP 65: a new subscriber is told that it is connected, so that it need not guess. */
  async #welcomeSubscribers(): Promise<void> {
    for await (const [subscription] of this.#iopub) {
      if (subscription?.[0] !== 1) continue;
      this.#onSubscribed();
      const topic = subscription.subarray(1).toString('utf8');
      this.send('iopub', {
        type: 'iopub_welcome',
        content: { subscription: topic },
        identities: [subscription.subarray(1)],
      });
    }
  }
}
