/** One file of a repository of the hub as a path on this machine. */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { nearest } from '../host.ts';
import { RepoCache, sizeOf } from './cache.ts';
import { type Blob, download } from './download.ts';
import { hubCacheDir, hubEndpoint, hubToken, isOffline } from './environment.ts';
import { coded, replyError, resolveUrl, type Wanted } from './errors.ts';
import { withLock } from './lock.ts';
import { checkFileName, checkRepoId, checkRevision, isCommit, type RepoType } from './names.ts';
import { HubUnreachable, request } from './request.ts';

export interface HubOptions {
  /** What the repository holds; a model where nothing is said. */
  readonly repoType?: RepoType;
  /** A branch, tag or commit; `main` where nothing is said. */
  readonly revision?: string;
  /** Instead of `HF_TOKEN` and the token file. */
  readonly token?: string;
  /** The hub's address, instead of `HF_ENDPOINT`. */
  readonly endpoint?: string;
  /** The folder of the cache, instead of `HF_HUB_CACHE`. */
  readonly cacheDir?: string;
  /** Take what is cached and never ask the network, as with `HF_HUB_OFFLINE`. */
  readonly localFilesOnly?: boolean;
}

/**
 * The path of a file of a repository on the Hugging Face hub, downloaded if it is not in the cache yet.
 *
 * The cache is the one of Python's `huggingface_hub`: each finds what the other downloaded. A download that broke off goes
 * on where it stopped, and a file is there whole and checked or not at all. Without a connection the cached file of
 * that revision serves.
 *
 * @param repoId `organisation/name`
 * @param filename with `/` between folders
 * @throws with `code` `ENOENT` if there is no such repository, revision or file, or offline if it is not cached; `EACCES` if the repository is
 *   gated or private; if the hub cannot be reached; if the bytes are not those that the hub announced
 * @example const path = await hubFile('EleutherAI/pythia-70m', 'tokenizer.json');
 */
export async function hubFile(repoId: string, filename: string, options: HubOptions = {}): Promise<string> {
  checkFileName(filename);
  const { wanted, cache, offline } = await prepare(repoId, options);
  const { revision } = wanted;
  const known = isCommit(revision) || offline ? await cached(cache, revision, filename) : undefined;
  if (known !== undefined) return known;
  if (offline) throw await notCached(cache, wanted, filename);
  let found: Found;
  try {
    found = await look({ ...wanted, filename });
  } catch (error) {
    const path = error instanceof HubUnreachable ? await cached(cache, revision, filename) : undefined;
    if (path === undefined) throw error;
    console.warn(`${(error as Error).message} The cached ${filename} of ${repoId} is used.`);
    return path;
  }
  return store(cache, { ...wanted, filename }, found);
}

/** What each call works out of its options. */
export async function prepare(
  repoId: string,
  options: HubOptions,
): Promise<{ wanted: Wanted; cache: RepoCache; offline: boolean }> {
  checkRepoId(repoId);
  const { repoType = 'model', revision = 'main' } = options;
  checkRevision(revision);
  const endpoint = options.endpoint?.replace(/\/+$/, '') ?? hubEndpoint();
  if (!URL.canParse(endpoint)) {
    throw new Error(
      `"${endpoint}" is no address of a hub; set HF_ENDPOINT to one such as https://huggingface.co.`,
    );
  }
  const token = options.token?.trim() ?? (await hubToken());
  if (token !== undefined && !/^[\x21-\x7e]*$/.test(token)) {
    // The token itself must not come into a saved notebook.
    throw new Error(
      'The token for the hub holds a space, a line break or another character that no token has.',
    );
  }
  return {
    wanted: { repoId, repoType, revision, endpoint, token },
    cache: new RepoCache(options.cacheDir ?? hubCacheDir(), repoId, repoType),
    offline: options.localFilesOnly ?? isOffline(repoType),
  };
}

async function cached(cache: RepoCache, revision: string, filename: string): Promise<string | undefined> {
  const commit = await cache.commitOf(revision);
  return commit === undefined ? undefined : cache.find(commit, filename);
}

interface Found extends Blob {
  readonly commit: string;
}

/** Asks the hub which commit and which bytes a file name stands for. */
export async function look(wanted: Wanted & { readonly filename: string }): Promise<Found> {
  const reply = await request(resolveUrl(wanted), { method: 'HEAD', token: wanted.token, stopAtLink: true });
  if (reply.status >= 400) throw await replyError(reply, wanted);
  reply.discard();
  const { headers } = reply;
  const commit = headers.get('x-repo-commit') ?? '';
  const etag = (headers.get('x-linked-etag') ?? headers.get('etag') ?? '').replace(/^W\/|"/g, '');
  const size = Number(headers.get('x-linked-size') ?? headers.get('content-length') ?? Number.NaN);
  if (!isCommit(commit) || !/^\w[\w-]*$/.test(etag) || !Number.isSafeInteger(size)) {
    throw new Error(
      `${wanted.endpoint} does not answer as a Hugging Face hub does (no commit, ETag or size for ${wanted.filename}); check HF_ENDPOINT.`,
    );
  }
  return { commit, etag, size };
}

async function store(
  cache: RepoCache,
  wanted: Wanted & { readonly filename: string },
  { commit, etag, size }: Found,
): Promise<string> {
  const { revision, filename } = wanted;
  const path = await cache.find(commit, filename);
  if (path !== undefined && (await sizeOf(path)) === size) {
    await cache.remember(revision, commit);
    return path;
  }
  const blob = cache.blob(etag);
  await makeFolder(dirname(blob));
  return withLock(join(cache.locks, `${etag}.tunelab.lock`), async () => {
    // The commit's own address: a push in between cannot change what is fetched.
    if ((await sizeOf(blob)) !== size) await download({ ...wanted, revision: commit }, { etag, size }, blob);
    const linked = await cache.link(etag, commit, filename);
    await cache.remember(revision, commit);
    return linked;
  });
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new Error(
      `The cache cannot be written: ${(error as Error).message}; set HF_HUB_CACHE to a folder that can.`,
    );
  }
}

async function notCached(cache: RepoCache, { repoId, revision }: Wanted, filename: string): Promise<Error> {
  const commit = await cache.commitOf(revision);
  const names = commit === undefined ? [] : await cache.list(commit);
  const there =
    names.length === 0
      ? `Nothing of its revision "${revision}" is cached in ${cache.folder}`
      : `Cached of it ${names.length === 1 ? 'is' : 'are'} ${nearest(filename, names).join(', ')}`;
  return coded(
    `${filename} of ${repoId} is not cached, and the network may not be used (HF_HUB_OFFLINE, HF_DATASETS_OFFLINE or localFilesOnly). ${there}; download it once with a connection.`,
    'ENOENT',
  );
}
