/** Writes files that are there as a whole or not at all. */
import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';

/**
 * Lets a function write a file under a temporary name and gives it its own name when that is done.
 *
 * @throws if the file cannot be written; what was at the path stays
 */
export async function writeWhole(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${path}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    await write(temporary);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (!syscall) throw error;
    throw new Error(`Cannot write ${resolve(path)}: ${REASONS[code ?? ''] ?? (error as Error).message}`);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist.',
  EISDIR: 'it is a folder.',
  ENOTDIR: 'a part of the path is not a folder.',
  EACCES: 'permission denied.',
  ENOSPC: 'the disk is full.',
};
