/**
 * One process at a time: a lock file that names its owner.
 *
 * Python locks with `flock`, which Node lacks, so the two do not wait for each other; both rename whole files into place,
 * so they need not.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 100;
const HEARTBEAT_MS = 10_000;
/** An owner that we cannot ask (another machine, or a recycled process id) is gone if it was silent for so long. */
const STALE_MS = 10 * 60_000;

/**
 * Does `work` while no other process that asks for the same lock does; takes over the lock of a process that died.
 *
 * @param path the lock file; its folder is made
 */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  const owner = JSON.stringify({ pid: process.pid, host: hostname(), id: randomUUID() });
  while (!(await take(path, owner))) {
    if (await isAbandoned(path)) await remove(path);
    else await sleep(POLL_MS);
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    // A beat that is missed does no harm: the next one comes.
    utimes(path, now, now).catch(() => {});
  }, HEARTBEAT_MS);
  heartbeat.unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    if ((await read(path)) === owner) await rm(path, { force: true });
  }
}

async function take(path: string, owner: string): Promise<boolean> {
  try {
    await writeFile(path, owner, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function isAbandoned(path: string): Promise<boolean> {
  const text = await read(path);
  if (text === undefined) return false;
  const age = Date.now() - ((await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now());
  if (age > STALE_MS) return true;
  // Its owner may be between making the file and writing its name, or died there.
  if (!text.endsWith('}')) return age > HEARTBEAT_MS;
  const { pid, host } = JSON.parse(text) as { pid: number; host: string };
  return host === hostname() && !isAlive(pid);
}

/** Renames first: of two processes that see the same abandoned lock, one alone succeeds. */
async function remove(path: string): Promise<void> {
  const away = `${path}.${randomUUID().slice(0, 8)}`;
  try {
    await rename(path, away);
    await rm(away);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

async function read(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
