/** Folders `checkpoint-N` in an output folder: there whole, or not at all. */
import { randomUUID } from 'node:crypto';
import { access, constants, mkdir, readdir, rename, rm, statfs } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';

const NAME = /^checkpoint-(\d+)$/;
const UNFINISHED = /^\.checkpoint-\d+\.[\da-f]{8}\.tmp$/;

export const checkpointFolder = (outputDir: string, step: number): string =>
  join(outputDir, `checkpoint-${step}`);

/** The step of a checkpoint's folder. */
export const stepOfCheckpoint = (folder: string): number => Number(NAME.exec(basename(folder))?.[1]);

/**
 * Makes a checkpoint under a temporary name and renames it when it is whole; one of the same step is replaced.
 *
 * @param bytes that it will take, about
 * @param write fills the folder that it is given
 * @returns the checkpoint's folder
 * @throws naming the folder and, if the disk is full, how much is needed; nothing of the checkpoint is left then
 */
export async function writeCheckpoint(
  outputDir: string,
  step: number,
  bytes: number,
  write: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = checkpointFolder(outputDir, step);
  const unfinished = temporaryName(outputDir, step);
  try {
    await mkdir(unfinished, { recursive: true });
    await write(unfinished);
    await removeCheckpoint(folder);
    await rename(unfinished, folder);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    // What else goes wrong is no matter of the folder.
    if ((error as NodeJS.ErrnoException | null)?.code === undefined) throw error;
    throw new Error(
      `${folder} could not be saved: ${await reasonOf(error as NodeJS.ErrnoException, outputDir, bytes)}. Mend that and call trainer.saveCheckpoint(), or write the model elsewhere with trainer.saveModel('folder'); earlier checkpoints are whole.`,
      { cause: error },
    );
  }
  return folder;
}

async function reasonOf(
  { code, message }: NodeJS.ErrnoException,
  folder: string,
  bytes: number,
): Promise<string> {
  const needed = `about ${megabytes(bytes)} are needed`;
  if (code === 'EFBIG') return `a file would be larger than this process may write; ${needed}`;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return message;
  const { bavail, bsize } = await statfs(folder);
  return `the disk is full; ${needed} and ${megabytes(bavail * bsize)} are free`;
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/**
 * Prepares the output folder of a run that is to save there: better now than after the first hundred steps.
 *
 * @throws if it is no folder or cannot be written to
 */
export async function prepareFolder(outputDir: string): Promise<void> {
  try {
    await mkdir(outputDir, { recursive: true });
    await access(outputDir, constants.W_OK);
  } catch (error) {
    throw new Error(
      `outputDir ${outputDir} cannot be written to (${(error as Error).message}); choose another, or saveStrategy 'no'.`,
      { cause: error },
    );
  }
  await removeUnfinished(outputDir);
}

/** Removes a checkpoint, if it is there, so that no half of it is ever seen. */
export async function removeCheckpoint(folder: string): Promise<void> {
  const removed = temporaryName(join(folder, '..'), stepOfCheckpoint(folder));
  try {
    await rename(folder, removed);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  await rm(removed, { recursive: true });
}

const temporaryName = (outputDir: string, step: number): string =>
  join(outputDir, `.checkpoint-${step}.${randomUUID().slice(0, 8)}.tmp`);

/** Removes what a run left that was killed while it saved. */
async function removeUnfinished(outputDir: string): Promise<void> {
  for (const name of await namesIn(outputDir)) {
    if (UNFINISHED.test(name)) await rm(join(outputDir, name), { recursive: true });
  }
}

/** The checkpoints in an output folder, the latest last. */
export async function listCheckpoints(outputDir: string): Promise<string[]> {
  const names = (await namesIn(outputDir)).filter(name => NAME.test(name));
  return names.map(name => join(outputDir, name)).sort((a, b) => stepOfCheckpoint(a) - stepOfCheckpoint(b));
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/**
 * Removes the oldest checkpoints beyond a limit; the last one and the best one stay.
 *
 * @param checkpoints of this run, the latest last
 * @returns those that are left
 */
export async function rotateCheckpoints(
  checkpoints: readonly string[],
  limit: number | undefined,
  best: string | undefined,
): Promise<string[]> {
  const kept = [...checkpoints];
  const isProtected = (folder: string): boolean =>
    folder === kept.at(-1) || (best !== undefined && resolve(folder) === resolve(best));
  while (kept.length > (limit ?? Infinity)) {
    const oldest = kept.findIndex(folder => !isProtected(folder));
    if (oldest < 0) break;
    await removeCheckpoint(kept[oldest]!);
    kept.splice(oldest, 1);
  }
  return kept;
}
