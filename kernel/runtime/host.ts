/** What cells and libraries find in the process: `Symbol.for('tunelab.host')`, `Deno.jupyter`, the `tslab` module. */
import { createDenoJupyter, createTslab, type MimeBundle, toMimeBundle } from '../display/index.ts';
import { sendEvent } from './channel.ts';
import { registerMagic } from './commands.ts';
import type { Comms } from './comms.ts';
import { currentCell, isInterrupted } from './context.ts';
import { TYPESCRIPT_VERSION } from './names.ts';

export const HOST = Symbol.for('tunelab.host');

/** Sends messages on iopub as the running cell. */
export const displayHost = {
  send(msgType: string, content: object, metadata: object = {}, buffers: readonly Uint8Array[] = []): void {
    sendEvent(currentCell(), {
      type: 'publish',
      msgType,
      content,
      metadata,
      buffers: buffers.map(encodeBuffer),
    });
  },
};

export function encodeBuffer(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

export function createHost(comms: Comms) {
  /** How much work of each cell ends by itself. */
  const graceful = new Map<number, number>();
  return {
    isNotebook: true,
    display(bundle: Partial<MimeBundle>, options: { displayId?: string; update?: boolean } = {}): void {
      const content = {
        data: bundle.data ?? {},
        metadata: bundle.metadata ?? {},
        transient: options.displayId === undefined ? {} : { display_id: options.displayId },
      };
      displayHost.send(options.update ? 'update_display_data' : 'display_data', content);
    },
    clearOutput({ wait = false }: { wait?: boolean } = {}): void {
      displayHost.send('clear_output', { wait });
    },
    /** Runs work that looks at `isInterrupted` again and again: a first interrupt leaves it to end by itself. */
    async gracefully<T>(work: () => Promise<T>): Promise<T> {
      const cell = currentCell();
      const count = graceful.get(cell) ?? 0;
      graceful.set(cell, count + 1);
      if (count === 0) sendEvent(cell, { type: 'graceful', begins: true });
      try {
        return await work();
      } finally {
        const left = graceful.get(cell)! - 1;
        if (left > 0) graceful.set(cell, left);
        else {
          graceful.delete(cell);
          sendEvent(cell, { type: 'graceful', begins: false });
        }
      }
    },
    /** Whether the user has interrupted the cell that this is called in. */
    isInterrupted: () => isInterrupted(currentCell()),
    /** What the kernel would show for a cell's last value. */
    format: toMimeBundle,
    /** Adds a magic of a library's: `%name` lines and `%%name` cells. */
    registerMagic,
    openComm: comms.open.bind(comms),
    registerCommTarget: comms.registerTarget.bind(comms),
  } as const;
}

/** `Deno` in a cell: its notebook functions, and a clear word about everything else. */
export function denoNamespace(): object {
  return new Proxy(
    { jupyter: createDenoJupyter(displayHost) },
    {
      get(target, name, receiver) {
        if (name in target || typeof name === 'symbol') return Reflect.get(target, name, receiver);
        throw new TypeError(
          `there is no Deno.${name} here: cells run on Node, and only Deno.jupyter is provided`,
        );
      },
    },
  );
}
export const tslabModule = () => createTslab(displayHost, TYPESCRIPT_VERSION);
