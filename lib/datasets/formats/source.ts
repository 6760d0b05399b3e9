/** Where a file's bytes come from: this machine, or elsewhere. */
import { readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileError } from '../../host.ts';

/** A file that can be read from the start, or in parts. */
export interface Source {
  /** The file's name in messages. */
  readonly name: string;
  /** In bytes, as it is stored. */
  readonly size: number;
  /** Its path, if it lies on this machine. */
  readonly path?: string;
  /** The bytes in order; leaving the loop early closes the file. */
  bytes(): AsyncGenerator<Uint8Array, void, undefined>;
  /** Bytes `from` to, but without, `to`. */
  slice(from: number, to: number): Promise<Uint8Array>;
}

const CHUNK_BYTES = 1 << 18;
const CHUNKS_A_TURN = 16;

/**
 * A file on this machine.
 *
 * @throws if it is not there, is a folder or may not be read
 */
export async function localSource(path: string): Promise<Source> {
  const file = await openFile(path);
  const stat = await file.stat().finally(() => file.close());
  if (stat.isDirectory()) {
    throw Object.assign(new Error(`Cannot read ${resolve(path)}: it is a folder.`), { code: 'EISDIR' });
  }
  const { size } = stat;
  async function* bytes(): AsyncGenerator<Uint8Array, void, undefined> {
    const file = await openFile(path);
    try {
      for (let count = 1; ; count++) {
        const buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
        // A tenth faster than waiting for each piece; other work gets its turn every few milliseconds.
        const length = readSync(file.fd, buffer, 0, CHUNK_BYTES, null);
        if (length === 0) return;
        if (count % CHUNKS_A_TURN === 0) await setImmediate();
        yield buffer.subarray(0, length);
      }
    } finally {
      await file.close();
    }
  }
  return {
    name: basename(path),
    size,
    path,
    bytes,
    async slice(from, to) {
      const file = await openFile(path);
      try {
        const buffer = Buffer.allocUnsafeSlow(to - from);
        const { bytesRead } = await file.read(buffer, 0, to - from, from);
        return buffer.subarray(0, bytesRead);
      } finally {
        await file.close();
      }
    },
  };
}

async function openFile(path: string): Promise<FileHandle> {
  return open(path).catch(error => {
    throw fileError(error, 'read', path);
  });
}
