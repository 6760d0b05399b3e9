/** What the hub says about a repository. */
import { jsonOf, replyError, type Wanted } from './errors.ts';
import { type HubOptions, prepare } from './file.ts';
import { isCommit } from './names.ts';
import { request } from './request.ts';

export interface HubInfo {
  /** The commit that the revision stands for. */
  readonly commit: string;
  /**
   * The block of settings at the head of the repository's README; empty if it has none, undefined if it is not known
   * offline.
   */
  readonly card: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Asks for a repository's commit and card; offline, those that are cached.
 *
 * @throws as `hubFile` does
 * @example const { commit } = await hubInfo('EleutherAI/pythia-70m');
 */
export async function hubInfo(repoId: string, options: HubOptions = {}): Promise<HubInfo> {
  const { wanted, cache, offline } = await prepare(repoId, options);
  if (!offline) return infoOf(wanted);
  const commit = await cache.commitOf(wanted.revision);
  if (commit !== undefined) return { commit, card: await cache.cardOf(commit) };
  throw Object.assign(
    new Error(
      `Nothing of the revision "${wanted.revision}" of ${repoId} is cached in ${cache.folder}, and the network may not be used (HF_HUB_OFFLINE, HF_DATASETS_OFFLINE or localFilesOnly); download it once with a connection.`,
    ),
    { code: 'ENOENT' },
  );
}

/**
 * Notes that a revision stands for a commit of which files are cached, for the next time that there is no connection.
 *
 * @param options `revision`: the branch or tag
 * @param card what the hub said of the commit, to be noted too
 */
export async function rememberRevision(
  repoId: string,
  commit: string,
  options: HubOptions = {},
  card?: HubInfo['card'],
): Promise<void> {
  const { wanted, cache } = await prepare(repoId, options);
  if (card) await cache.noteCard(commit, card);
  await cache.remember(wanted.revision, commit);
}

export async function infoOf(wanted: Wanted): Promise<HubInfo> {
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
