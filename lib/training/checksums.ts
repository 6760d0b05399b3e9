/** Checksums of a checkpoint's files: one flipped bit in a weight is still a number, and training would go on with it. */
import { createReadStream, existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

const CHUNK_BYTES = 1 << 22;

/** @returns the CRC-32 of each file in a folder and the folders in it, by its path there */
export async function checksumsOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter(entry => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const sums: Record<string, string> = {};
  for (const file of files) sums[file.slice(folder.length + 1)] = await checksumOf(file);
  return sums;
}

/** @throws naming the first file that is missing or no longer what it was */
export async function checkFiles(folder: string, sums: Readonly<Record<string, string>>): Promise<void> {
  for (const [file, sum] of Object.entries(sums)) {
    const path = join(folder, file);
    const now = existsSync(path) ? await checksumOf(path) : undefined;
    if (now === sum) continue;
    const how = now === undefined ? 'is missing' : `is damaged (its checksum was ${sum} and is ${now})`;
    throw new Error(`${file} in ${folder} ${how}: resume from another checkpoint.`);
  }
}

async function checksumOf(path: string): Promise<string> {
  let sum = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
    sum = crc32(chunk as Buffer, sum);
  }
  return sum.toString(16).padStart(8, '0');
}
