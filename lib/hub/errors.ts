/** Says in one sentence what an answer of the hub means for the person who asked. */
import { nearest } from '../host.ts';
import { encodeFileName, type RepoType, repoPath } from './names.ts';
import { type HubReply, request } from './request.ts';

/** What was asked for. */
export interface Wanted {
  readonly repoId: string;
  readonly repoType: RepoType;
  readonly revision: string;
  readonly endpoint: string;
  readonly token: string | undefined;
  readonly filename?: string;
}

/** An error with the sentence for a status that is no success; `code` is `ENOENT` for what does not exist. */
export async function replyError(reply: HubReply, wanted: Wanted): Promise<Error> {
  reply.discard();
  const reason = reply.headers.get('x-error-code') ?? '';
  const repo = `${wanted.endpoint}/${repoPath(wanted.repoId, wanted.repoType)}`;
  const { status } = reply;
  if (status === 403 || reason === 'GatedRepo') {
    const advice = wanted.token
      ? `ask for access on its page, or use a token (HF_TOKEN) of an account that has it`
      : `ask for access on its page and set HF_TOKEN to a token of that account`;
    return coded(`${repo} is gated or private: ${advice}.`, 'EACCES');
  }
  if (status === 401) {
    const advice = wanted.token
      ? 'the token that was sent (HF_TOKEN) gives no access'
      : 'for a private one set HF_TOKEN';
    return coded(
      `${repo} does not exist, or is gated or private: check the name "${wanted.repoId}"; ${advice}.`,
      'EACCES',
    );
  }
  if (status !== 404) return new Error(`${repo} answered ${status}, which tunelab does not expect.`);
  if (reason === 'RepoNotFound') {
    return coded(`There is no ${wanted.repoType} "${wanted.repoId}" at ${wanted.endpoint}.`, 'ENOENT');
  }
  if (reason === 'RevisionNotFound' || wanted.filename === undefined) {
    const others = await quietly(() => listRevisions(wanted));
    return coded(`${repo} has no revision "${wanted.revision}"${hint(wanted.revision, others)}.`, 'ENOENT');
  }
  const others = await quietly(() => listNames(wanted));
  return coded(`${repo} has no file "${wanted.filename}"${hint(wanted.filename, others)}.`, 'ENOENT');
}

/** An error with a code that says which kind it is, as those of Node have: `ENOENT`. */
export function coded(message: string, code: string): Error {
  return Object.assign(new Error(message), { code });
}

function hint(name: string, names: readonly string[]): string {
  const near = nearest(name, names);
  if (near.length === 0) return '';
  return `; ${near.length < names.length ? 'the nearest are' : 'it has'} ${near.join(', ')}`;
}

/** A list that only makes an error more helpful: when it cannot be had, the error goes without it. */
async function quietly(list: () => Promise<string[]>): Promise<string[]> {
  return list().catch(() => []);
}

async function listNames({ repoId, repoType, revision, endpoint, token }: Wanted): Promise<string[]> {
  const url = `${endpoint}/api/${repoType}s/${repoId}/tree/${encodeURIComponent(revision)}?recursive=true`;
  const entries = (await fetchJson(url, token)) as { type: string; path: string }[];
  return entries.filter(({ type }) => type === 'file').map(({ path }) => path);
}

async function listRevisions({ repoId, repoType, endpoint, token }: Wanted): Promise<string[]> {
  const refs = (await fetchJson(`${endpoint}/api/${repoType}s/${repoId}/refs`, token)) as {
    branches: { name: string }[];
    tags: { name: string }[];
  };
  return [...refs.branches, ...refs.tags].map(({ name }) => name);
}

async function fetchJson(url: string, token: string | undefined): Promise<unknown> {
  const reply = await request(url, { token });
  if (reply.status === 200) return reply.json();
  reply.discard();
  throw new Error(`${url} answered ${reply.status}`);
}

/** @throws if the answer is something else, such as the login page of a network */
export async function jsonOf(reply: HubReply, endpoint: string): Promise<unknown> {
  try {
    return await reply.json();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Error(
      `${endpoint} does not answer as a Hugging Face hub does (no JSON); check HF_ENDPOINT, and whether this network wants a login first.`,
    );
  }
}

/** The address of a file at a revision. */
export function resolveUrl(wanted: Wanted & { readonly filename: string }): string {
  const { endpoint, repoId, repoType, revision, filename } = wanted;
  return `${endpoint}/${repoPath(repoId, repoType)}/resolve/${encodeURIComponent(revision)}/${encodeFileName(filename)}`;
}
