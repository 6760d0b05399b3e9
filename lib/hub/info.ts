/** What the hub says about a repository. */
import type { Contents, RepoCache } from './cache.ts';
import { coded, jsonOf, replyError, type Wanted } from './errors.ts';
import { type HubOptions, prepare } from './file.ts';
import { listRemote } from './listing.ts';
import { isCommit } from './names.ts';
import { request } from './request.ts';

/**
 * The commit that a revision stands for; offline, when something was last downloaded.
 *
 * @throws as `hubFile` does
 * @example const commit = await hubCommit('EleutherAI/pythia-70m');
 */
export async function hubCommit(repoId: string, options: HubOptions = {}): Promise<string> {
  const asked = await prepare(repoId, options);
  return asked.offline ? cachedCommit(asked) : (await headOf(asked.wanted)).commit;
}

interface HubInfo {
  /** The commit that the revision stands for. */
  readonly commit: string;
  /** What it holds; undefined offline if nobody noted it. */
  readonly contents: Contents | undefined;
}

/**
 * Asks for a repository's commit and what it holds; offline, as `rememberRevision` noted it.
 *
 * @throws as `hubFile` does
 * @example const { commit, contents } = await hubInfo('stanfordnlp/imdb', { repoType: 'dataset' });
 */
export async function hubInfo(repoId: string, options: HubOptions = {}): Promise<HubInfo> {
  const asked = await prepare(repoId, options);
  if (!asked.offline) return infoOf(asked.wanted);
  const commit = await cachedCommit(asked);
  return { commit, contents: await asked.cache.contentsOf(commit) };
}

/**
 * Notes that a revision stands for a commit of which files are cached, for the next time that there is no connection.
 *
 * @param options `revision`: the branch or tag
 * @param contents what the commit holds, to be noted too
 */
export async function rememberRevision(
  repoId: string,
  commit: string,
  options: HubOptions = {},
  contents?: Contents,
): Promise<void> {
  const { wanted, cache } = await prepare(repoId, options);
  if (contents) await cache.noteContents(commit, contents);
  await cache.remember(wanted.revision, commit);
}

/** @throws as `hubFile` does */
export async function infoOf(wanted: Wanted): Promise<{ commit: string; contents: Contents }> {
  const { commit, card } = await headOf(wanted);
  const files = await listRemote({ ...wanted, revision: commit });
  return { commit, contents: { card, names: files.map(({ path }) => path) } };
}

/** @throws with `code` `ENOENT` if nothing of the revision was downloaded */
async function cachedCommit({ wanted, cache }: { wanted: Wanted; cache: RepoCache }): Promise<string> {
  const commit = await cache.commitOf(wanted.revision);
  if (commit !== undefined) return commit;
  throw coded(
    `Nothing of the revision "${wanted.revision}" of ${wanted.repoId} is cached in ${cache.folder}, and the network may not be used (HF_HUB_OFFLINE, HF_DATASETS_OFFLINE or localFilesOnly); download it once with a connection.`,
    'ENOENT',
  );
}

async function headOf(wanted: Wanted): Promise<{ commit: string; card: Contents['card'] }> {
  const { endpoint, repoId, repoType, revision, token } = wanted;
  const url = `${endpoint}/api/${repoType}s/${repoId}/revision/${encodeURIComponent(revision)}`;
  const reply = await request(url, { token });
  if (reply.status !== 200) throw await replyError(reply, wanted);
  const { sha, cardData } = (await jsonOf(reply, endpoint)) as { sha?: unknown; cardData?: unknown };
  if (typeof sha === 'string' && isCommit(sha)) return { commit: sha, card: Object(cardData) };
  throw new Error(
    `${endpoint} does not answer as a Hugging Face hub does (no commit for "${revision}"); check HF_ENDPOINT.`,
  );
}
