/** Fetches the bytes of one file: resumed where they broke off, checked, and then renamed into place. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProgressBar } from '../host.ts';
import { sizeOf } from './cache.ts';
import { replyError, resolveUrl, type Wanted } from './errors.ts';
import { HubUnreachable, isConnectionError, request } from './request.ts';

const MEGABYTE = 1e6;
/** So often in a row may a connection break without a byte before the download gives up. */
const BREAKS = 5;
const FIRST_WAIT_MS = 500;

export interface Blob {
  readonly etag: string;
  /** In bytes. */
  readonly size: number;
}

/**
 * Downloads a file to `path`, going on with what an earlier attempt left in `path.tunelab.incomplete`.
 *
 * @throws if the bytes are not those that the hub announced; then nothing is kept
 */
export async function download(
  wanted: Wanted & { readonly filename: string },
  { etag, size }: Blob,
  path: string,
): Promise<void> {
  // Python's older clients go on with `<etag>.incomplete` without a check, so that name is left to them.
  const incomplete = `${path}.tunelab.incomplete`;
  const resumed = ((await sizeOf(incomplete)) ?? 0) > 0;
  await fetchBytes(wanted, size, incomplete);
  let wrong = await difference(incomplete, etag, size);
  if (wrong && resumed) {
    await rm(incomplete);
    await fetchBytes(wanted, size, incomplete);
    wrong = await difference(incomplete, etag, size);
  }
  if (wrong) {
    await rm(incomplete);
    throw new Error(
      `${wanted.filename} of ${wanted.repoId} did not arrive as the hub announced it: ${wrong}. Nothing of it was kept; try again, without a proxy or mirror between.`,
    );
  }
  await rename(incomplete, path);
}

async function fetchBytes(
  wanted: Wanted & { readonly filename: string },
  size: number,
  incomplete: string,
): Promise<void> {
  const file = await open(incomplete, 'a');
  let have = (await file.stat()).size;
  const bar = size >= MEGABYTE ? new DownloadBar(wanted.filename, size) : undefined;
  try {
    if (have > size) await file.truncate((have = 0));
    for (let breaks = 0; have < size; ) {
      const before = have;
      const reply = await request(resolveUrl(wanted), {
        token: wanted.token,
        ...(have > 0 ? { range: [have] as const } : {}),
      });
      if (reply.status !== 200 && reply.status !== 206) throw await replyError(reply, wanted);
      const starts = reply.status === 206 && have > 0 ? rangeStart(reply.headers) : 0;
      if (starts !== have) {
        await file.truncate((have = 0));
        if (starts !== 0) {
          reply.discard();
          continue;
        }
      }
      try {
        for await (const piece of reply.bytes()) {
          await file.appendFile(piece);
          have += piece.length;
          bar?.show(have);
          if (have > size) break;
        }
      } catch (error) {
        if (!isConnectionError(error)) throw error;
      }
      if (have >= size) break;
      breaks = have > before ? 1 : breaks + 1;
      if (breaks === BREAKS) {
        throw new HubUnreachable(
          `The connection broke ${BREAKS} times in a row at byte ${have} of ${size} of ${wanted.filename} (${wanted.repoId}); what came is kept, call again to go on from there.`,
        );
      }
      await sleep(FIRST_WAIT_MS * 2 ** (breaks - 1));
    }
    await file.sync();
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ENOSPC'
      ? new Error(
          `The disk is full: ${wanted.filename} of ${wanted.repoId} needs ${size} bytes (${incomplete}).`,
        )
      : error;
  } finally {
    bar?.close();
    await file.close();
  }
}

/** Where the bytes of a partial answer begin; -1 if it does not say. */
function rangeStart(headers: Headers): number {
  const match = /^bytes (\d+)-/.exec(headers.get('content-range') ?? '');
  return match ? Number(match[1]) : -1;
}

/** What is wrong with a file's bytes: an ETag of 64 digits is their SHA-256, of 40 digits Git's own hash of them. */
async function difference(path: string, etag: string, size: number): Promise<string | undefined> {
  const actual = await sizeOf(path);
  if (actual !== size) return `it has ${actual} bytes instead of ${size}`;
  const [algorithm, head] = /^[0-9a-f]{64}$/.test(etag)
    ? ['sha256', '']
    : /^[0-9a-f]{40}$/.test(etag)
      ? ['sha1', `blob ${size}\0`]
      : [];
  if (algorithm === undefined) return undefined;
  const hash = createHash(algorithm).update(head ?? '');
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(piece);
  const digest = hash.digest('hex');
  return digest === etag ? undefined : `its ${algorithm} is ${digest} instead of ${etag}`;
}

/** Counts whole megabytes. */
class DownloadBar {
  readonly #bar: ProgressBar;

  constructor(filename: string, size: number) {
    this.#bar = new ProgressBar(Math.floor(size / MEGABYTE), { description: filename, unit: 'MB' });
  }

  show(bytes: number): void {
    const done = Math.floor(bytes / MEGABYTE);
    if (done > this.#bar.done) this.#bar.update(done - this.#bar.done);
  }

  close(): void {
    this.#bar.close();
  }
}
