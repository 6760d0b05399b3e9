/** flechette, the reader and writer of Arrow. */
import { createRequire } from 'node:module';
import type { Table } from '@uwdata/flechette';
import { registerCodecs } from '../formats/arrowCodecs.ts';

const require = createRequire(import.meta.url);

/** Loaded when Arrow is first asked for, and without a promise, as arquero is. */
export function loadFlechette(): typeof import('@uwdata/flechette') {
  const arrow = require('@uwdata/flechette') as typeof import('@uwdata/flechette');
  registerCodecs(arrow);
  return arrow;
}

/** A table of Arrow IPC bytes, its dates as `Date`s, its integers of 64 bits as bigints. */
export function arrowTable(bytes: Uint8Array | ArrayBuffer): Table {
  const { tableFromIPC } = loadFlechette();
  // Of a Buffer, values that are bytes would be Buffers.
  const view = Buffer.isBuffer(bytes)
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : bytes;
  return tableFromIPC(view, { useDate: true, useBigInt: true });
}
