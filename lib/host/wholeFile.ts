/** Files: written as a whole or not at all, and what is said when one cannot be read or written. */
import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';

/**
 * Lets a function write a file under a temporary name beside it, and gives it its own name when that is done.
 *
 * @throws if the file cannot be written; what was at the path stays
 */
export async function writeWhole(
  path: string,
  write: (temporary: string) => Promise<unknown>,
): Promise<void> {
  const temporary = `${path}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    await write(temporary);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    const { path: place, code } = error as NodeJS.ErrnoException;
    // Writing may also call what reads other files, or a network.
    throw place === temporary || code === 'ENOSPC' ? fileError(error, 'write', path) : error;
  }
}

/** The system's error with a sentence that names the file by the path that the user gave; another error as it is. */
export function fileError(error: unknown, verb: 'read' | 'write', path: string): unknown {
  const { code = '', syscall, message } = error as NodeJS.ErrnoException;
  if (syscall === undefined) return error;
  const reason = code === 'ENOENT' && verb === 'write' ? 'its folder does not exist.' : REASONS[code];
  return Object.assign(new Error(`Cannot ${verb} ${resolve(path)}: ${reason ?? message}`), { code });
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder.',
  EISDIR: 'it is a folder.',
  ENOTDIR: 'a part of the path is not a folder.',
  EACCES: 'permission denied.',
  ENOSPC: 'the disk is full.',
};
