/** Comms: two-way channels between a cell's code and a front end, as widgets use them. */
import { randomUUID } from 'node:crypto';
import { sendEvent } from './channel.ts';
import { currentCell, runInCell } from './context.ts';
import { displayHost } from './host.ts';

export interface CommMessage {
  readonly data: unknown;
  readonly metadata: unknown;
  readonly buffers: readonly Uint8Array[];
}

export class Comm {
  readonly commId: string;
  readonly targetName: string;
  /** The cell that opened the comm: what its handlers print appears there. */
  readonly cell: number;
  onMessage: ((message: CommMessage) => unknown) | undefined;
  onClose: ((message: CommMessage) => unknown) | undefined;
  readonly #closed: (comm: Comm) => void;

  constructor(commId: string, targetName: string, cell: number, closed: (comm: Comm) => void) {
    this.commId = commId;
    this.targetName = targetName;
    this.cell = cell;
    this.#closed = closed;
  }

  send(data: unknown, buffers: readonly Uint8Array[] = []): void {
    displayHost.send('comm_msg', { comm_id: this.commId, data: data ?? {} }, {}, buffers);
  }

  close(data: unknown = {}): void {
    // First: whoever hears of the end may ask at once which comms are open.
    this.#closed(this);
    displayHost.send('comm_close', { comm_id: this.commId, data });
  }
}

export class Comms {
  readonly #open = new Map<string, Comm>();
  readonly #targets = new Map<string, (comm: Comm, message: CommMessage) => unknown>();

  /** Opens a comm to the front end's handler of that name. */
  open(
    targetName: string,
    data: unknown = {},
    options: { commId?: string; metadata?: object; buffers?: readonly Uint8Array[] } = {},
  ): Comm {
    const comm = this.#add(options.commId ?? randomUUID(), targetName, currentCell());
    displayHost.send(
      'comm_open',
      { comm_id: comm.commId, target_name: targetName, data },
      options.metadata,
      options.buffers,
    );
    return comm;
  }

  /** Takes comms that the front end opens under this name. */
  registerTarget(targetName: string, handler: (comm: Comm, message: CommMessage) => unknown): void {
    this.#targets.set(targetName, handler);
  }

  /** A `comm_open`, `comm_msg` or `comm_close` from the front end. */
  receive(cell: number, msgType: string, content: Record<string, unknown>, buffers: readonly string[]): void {
    const commId = String(content.comm_id);
    const message = {
      data: content.data,
      metadata: content.metadata,
      buffers: buffers.map(text => new Uint8Array(Buffer.from(text, 'base64'))),
    };
    if (msgType === 'comm_open') {
      const handler = this.#targets.get(String(content.target_name));
      if (!handler) {
        runInCell(cell, () => displayHost.send('comm_close', { comm_id: commId, data: {} }));
        return;
      }
      const comm = this.#add(commId, String(content.target_name), cell);
      runInCell(cell, () => handler(comm, message));
      return;
    }
    const comm = this.#open.get(commId);
    if (!comm) return;
    if (msgType === 'comm_close') this.#remove(comm);
    const handler = msgType === 'comm_close' ? comm.onClose : comm.onMessage;
    if (handler) runInCell(cell, () => handler(message));
  }

  #add(commId: string, targetName: string, cell: number): Comm {
    const comm = new Comm(commId, targetName, cell, closed => this.#remove(closed));
    this.#open.set(commId, comm);
    this.#report();
    return comm;
  }

  #remove(comm: Comm): void {
    this.#open.delete(comm.commId);
    this.#report();
  }

  #report(): void {
    const open = Object.fromEntries(
      [...this.#open.values()].map(({ commId, targetName }) => [commId, targetName]),
    );
    sendEvent(0, { type: 'comms', open });
  }
}
