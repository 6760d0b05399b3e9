/** Where the hub is, where its files are kept and who asks, from the same environment variables as Python's client. */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { RepoType } from './names.ts';

const TRUE_VALUES: readonly string[] = ['1', 'ON', 'YES', 'TRUE'];

/** The hub's address without a slash at its end: `HF_ENDPOINT`, or the public hub. */
export function hubEndpoint(): string {
  return (process.env.HF_ENDPOINT || 'https://huggingface.co').replace(/\/+$/, '');
}

/** The folder that downloads are kept in, shared with Python: `HF_HUB_CACHE`, else `hub` in `HF_HOME`. */
export function hubCacheDir(): string {
  return expandHome(process.env.HF_HUB_CACHE || process.env.HUGGINGFACE_HUB_CACHE || join(hubHome(), 'hub'));
}

/** Whether `HF_HUB_OFFLINE` forbids the network, or for a data set `HF_DATASETS_OFFLINE`. */
export function isOffline(repoType: RepoType): boolean {
  const { HF_HUB_OFFLINE, TRANSFORMERS_OFFLINE, HF_DATASETS_OFFLINE } = process.env;
  return (
    isTrue(HF_HUB_OFFLINE || TRANSFORMERS_OFFLINE) || (repoType === 'dataset' && isTrue(HF_DATASETS_OFFLINE))
  );
}

/** The user's token: `HF_TOKEN`, or what `hf auth login` left in the token file; undefined if there is none. */
export async function hubToken(): Promise<string | undefined> {
  if (isTrue(process.env.HF_HUB_DISABLE_IMPLICIT_TOKEN)) return undefined;
  const named = (process.env.HF_TOKEN || process.env.HUGGING_FACE_HUB_TOKEN)?.trim();
  if (named) return named;
  const path = expandHome(process.env.HF_TOKEN_PATH || join(hubHome(), 'token'));
  try {
    return (await readFile(path, 'utf8')).trim() || undefined;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new Error(`Cannot read the hub's token file ${path}: ${message}`);
  }
}

function hubHome(): string {
  const { HF_HOME, XDG_CACHE_HOME } = process.env;
  return expandHome(HF_HOME || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'huggingface'));
}

function isTrue(value: string | undefined): boolean {
  return TRUE_VALUES.includes((value ?? '').toUpperCase());
}

function expandHome(path: string): string {
  return path.replace(/^~(?=$|[/\\])/, homedir());
}
