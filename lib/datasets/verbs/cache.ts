/** Results of `map` kept on disk, found again by what they were made of. */
import { createHash, type Hash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { writeArrow } from '../files/arrowFile.ts';
import { withJson } from '../files/jsonColumns.ts';
import { pythonFeatures } from '../files/pythonFeatures.ts';
import { localSource, readTable } from '../formats/index.ts';
import type { Table } from '../table.ts';
import { keyText } from './keys.ts';
import type { Steps } from './steps.ts';

const KEY = 'tunelab.cache';
const HASHED_ROWS = 1000;

/**
 * Runs the steps, or takes their result from the file if it is there and was made of the same.
 *
 * @param file where to keep the result; without it, a file of the key's name in the cache folder
 * @throws if the file was named, is there and is no kept result
 */
export function* cached(key: string, file: string | undefined, steps: Steps<Table>): Steps<Table> {
  const path = file ?? join(cacheFolder(), `${key}.arrow`);
  const kept = (yield file === undefined ? findOwn(path, key) : find(path, key)) as Table | undefined;
  if (kept) return kept;
  const made = yield* steps;
  yield keep(path, key, made);
  return made;
}

/**
 * What a result is made of, as one name: the values, the function's text and the options.
 *
 * @throws if the function has no text of its own
 */
export function cacheKey(table: Table, apply: unknown, settings: object): string {
  if (/\{\s*\[native code\]\s*\}$/.test(String(apply))) {
    throw new TypeError(
      'map keeps results by the text of its function, and a bound or built-in function has none; give a function written out, such as row => ({ … }), or leave out cache and cacheFile.',
    );
  }
  const hash = createHash('sha256');
  hash.update(JSON.stringify([pythonFeatures(table.features), String(apply), settings]));
  for (let start = 0; start < table.rowCount; start += HASHED_ROWS) hashRows(hash, table, start);
  return hash.digest('hex').slice(0, 32);
}

function hashRows(hash: Hash, table: Table, start: number): void {
  const rows: unknown[] = [];
  for (let i = start; i < Math.min(start + HASHED_ROWS, table.rowCount); i++) rows.push(table.row(i));
  hash.update(keyText(rows));
}

function cacheFolder(): string {
  const { HF_DATASETS_CACHE, HF_HOME, XDG_CACHE_HOME } = process.env;
  const home = HF_HOME ?? join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'huggingface');
  return join(HF_DATASETS_CACHE ?? join(home, 'datasets'), 'tunelab');
}

/** The result kept in a file of the cache folder; nothing also if it is damaged, for then it is made again and replaced. */
async function findOwn(path: string, key: string): Promise<Table | undefined> {
  try {
    return await find(path, key);
  } catch {
    // A path that cannot be written either says so when the new result is kept.
    return undefined;
  }
}

/** The result kept in a file; nothing if there is no file or it was made of something else. */
async function find(path: string, key: string): Promise<Table | undefined> {
  const metadata = await metadataOf(path);
  if (metadata?.get(KEY) !== key) return undefined;
  const said = JSON.parse(metadata.get('huggingface') ?? '{}') as {
    info?: { features?: Record<string, unknown> };
  };
  return withJson(await readTable(await localSource(path), 'arrow'), said.info?.features ?? {});
}

async function metadataOf(path: string): Promise<ReadonlyMap<string, string> | undefined> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const { tableFromIPC } = await import('@uwdata/flechette');
  try {
    const { metadata } = tableFromIPC(bytes).schema;
    if (metadata?.has(KEY)) return metadata;
  } catch {
    // Whatever it is, it is none of ours: what follows says so.
  }
  throw new Error(`${resolve(path)} is there and holds no result that map kept; name another cacheFile.`);
}

async function keep(path: string, key: string, table: Table): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeArrow(path, table, { [KEY]: key });
}
