/** Which files a repository of the hub holds. */
import { join } from 'node:path';
import type { ListFileEntry } from '@huggingface/hub';
import { sizeOf } from './cache.ts';
import { jsonOf, replyError, type Wanted } from './errors.ts';
import { type HubOptions, prepare } from './file.ts';
import { checkFileName } from './names.ts';
import { request } from './request.ts';

/** A file of a repository. */
export interface HubFile {
  /** With `/` between folders. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
}

/**
 * Lists the files of a repository; offline, those that are cached.
 *
 * @throws as `hubFile` does
 * @example const names = (await hubFiles('EleutherAI/pythia-70m')).map(file => file.path);
 */
export async function hubFiles(repoId: string, options: HubOptions = {}): Promise<HubFile[]> {
  const { wanted, cache, offline } = await prepare(repoId, options);
  if (!offline) return listRemote(wanted);
  const commit = await cache.commitOf(wanted.revision);
  const names = commit === undefined ? [] : await cache.list(commit);
  return Promise.all(
    names.map(async path => ({ path, size: (await sizeOf(join(cache.snapshot(commit!), path))) ?? 0 })),
  );
}

export async function listRemote(wanted: Wanted): Promise<HubFile[]> {
  const { listFiles } = await import('@huggingface/hub');
  const { repoId, repoType, revision, endpoint, token } = wanted;
  const files: HubFile[] = [];
  const entries: AsyncIterable<ListFileEntry> = listFiles({
    repo: { type: repoType, name: repoId },
    // The client puts it into the address as it is.
    revision: encodeURIComponent(revision),
    recursive: true,
    hubUrl: endpoint,
    // The client's own fetch gives up at the first failure, and knows no token but the one it is given.
    fetch: async input => {
      const isOurs = new URL(String(input)).origin === new URL(endpoint).origin;
      const reply = await request(String(input), { token: isOurs ? token : undefined });
      if (reply.status !== 200) throw await replyError(reply, wanted);
      return Response.json(await jsonOf(reply, endpoint), { headers: pick(reply.headers, 'link') });
    },
  });
  for await (const { type, path, size, lfs } of entries) {
    if (type !== 'file') continue;
    checkFileName(path);
    files.push({ path, size: lfs?.size ?? size });
  }
  return files;
}

function pick(headers: Headers, name: string): Record<string, string> {
  const value = headers.get(name);
  return value === null ? {} : { [name]: value };
}
