/** Files of this machine into a repository of the hub, in one commit. */
import { readFile } from 'node:fs/promises';
import type { CommitOperation } from '@huggingface/hub';
import { coded } from './errors.ts';
import { type HubOptions, hubFile, prepare } from './file.ts';
import { listRemote } from './listing.ts';
import { checkFileName } from './names.ts';

export interface PushOptions extends Omit<HubOptions, 'cacheDir' | 'localFilesOnly'> {
  /** Whether only its owner sees the repository, if it is made now; public where nothing is said. */
  readonly private?: boolean;
  /** The commit's message. */
  readonly commitMessage?: string;
}

/** What a push makes of a repository. */
export interface Push {
  /** Content by file name, with `/` between folders. */
  readonly files: ReadonlyMap<string, Blob>;
  /** Which of the files that are there, and are not pushed, go. */
  readonly replaces?: (path: string) => boolean;
  /** What becomes of the repository's `README.md`, if it has one. */
  readonly readme?: (text: string) => string;
}

/**
 * Makes the repository, and the branch that `revision` names, if they are not there, and commits files to it.
 *
 * @param repoId `organisation/name`, or a name in the token's own account
 * @returns the commit's address on the hub
 * @throws with `code` `EACCES` if there is no token or it may not write there; if the hub cannot be reached
 * @example await pushFiles('me/answers', { files: new Map([['data/train.jsonl', new Blob([text])]]) }, { repoType: 'dataset' });
 */
export async function pushFiles(repoId: string, push: Push, options: PushOptions = {}): Promise<string> {
  const { commitMessage = 'Upload with tunelab' } = options;
  for (const path of push.files.keys()) checkFileName(path);
  const { wanted, offline } = await prepare(repoId, options);
  if (offline) {
    throw new Error('HF_HUB_OFFLINE or HF_DATASETS_OFFLINE is set: nothing can be pushed to the hub.');
  }
  const { token: accessToken, endpoint: hubUrl, repoType: type, revision: branch } = wanted;
  if (!accessToken) {
    throw coded(
      `Pushing to ${repoId} needs a token that may write: set HF_TOKEN, or give { token }.`,
      'EACCES',
    );
  }
  const hub = await import('@huggingface/hub');
  try {
    const name = repoId.includes('/')
      ? repoId
      : `${(await hub.whoAmI({ accessToken, hubUrl })).name}/${repoId}`;
    const repo = { type, name };
    const visibility = options.private ? 'private' : 'public';
    await unlessThere(hub, hub.createRepo({ repo, accessToken, hubUrl, visibility }));
    // The hub makes the branches of pull requests itself.
    if (branch !== 'main' && !branch.startsWith('refs/pr/')) {
      await unlessThere(hub, hub.createBranch({ repo, accessToken, hubUrl, branch }));
    }
    const there = (await listRemote({ ...wanted, repoId: name })).map(({ path }) => path);
    const operations: CommitOperation[] = [...push.files].map(([path, content]) => ({
      operation: 'addOrUpdate',
      path,
      content,
    }));
    for (const path of there) {
      if (!push.files.has(path) && push.replaces?.(path)) operations.push({ operation: 'delete', path });
    }
    if (push.readme && there.includes('README.md')) {
      const text = await readFile(await hubFile(name, 'README.md', options), 'utf8');
      const changed = push.readme(text);
      if (changed !== text) {
        operations.push({ operation: 'addOrUpdate', path: 'README.md', content: new Blob([changed]) });
      }
    }
    const done = await hub.commit({ repo, accessToken, hubUrl, branch, operations, title: commitMessage });
    return done!.commit.url;
  } catch (error) {
    if (!(error instanceof hub.HubApiError)) throw error;
    if (error.statusCode === 401 || error.statusCode === 403) {
      throw coded(`The token gives no right to write to ${repoId} at ${hubUrl}.`, 'EACCES');
    }
    throw new Error(`${hubUrl} answered ${error.statusCode} to the push to ${repoId}: ${error.message}`);
  }
}

type Hub = typeof import('@huggingface/hub');

async function unlessThere(hub: Hub, making: Promise<unknown>): Promise<void> {
  try {
    await making;
  } catch (error) {
    // 409: it is there already.
    if (!(error instanceof hub.HubApiError && error.statusCode === 409)) throw error;
  }
}
