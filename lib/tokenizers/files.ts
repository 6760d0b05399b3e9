/** Where the files of a tokenizer come from: a folder, or a repository on the hub. */
import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** How a repository on the hub is reached; without effect for a folder. */
export interface HubOptions {
  /** A branch, a tag or a commit; `main` where nothing is said. */
  readonly revision?: string;
  readonly token?: string;
  readonly endpoint?: string;
  readonly cacheDir?: string;
  /** Take only what is in the cache already. */
  readonly localFilesOnly?: boolean;
}

/** The files of one tokenizer, read by name. */
export interface TokenizerFiles {
  /** The folder or the repository, for messages. */
  readonly place: string;
  /** The text of a file, or null if there is no such file. */
  text(name: string): Promise<string | null>;
  /** What the hub said of the first file that it could not give. */
  readonly refusal?: string | undefined;
}

const HUB_ID = /^[\w-][\w.-]*(\/[\w-][\w.-]*)?$/;

/**
 * Opens a folder if there is one of that name, else the repository of that id on the hub.
 *
 * @throws if there is no such folder and the name cannot be a repository's either
 */
export async function openFiles(idOrFolder: string, hub: HubOptions): Promise<TokenizerFiles> {
  if (typeof idOrFolder !== 'string' || idOrFolder === '') {
    throw new TypeError(
      `A tokenizer is loaded from a folder or a hub id such as 'EleutherAI/pythia-70m', not from ${String(idOrFolder)}.`,
    );
  }
  const found = await stat(idOrFolder).catch(() => null);
  if (found?.isDirectory()) return folderFiles(resolve(idOrFolder));
  if (found) {
    throw new Error(
      `${resolve(idOrFolder)} is a file; name the folder that holds it, and call it tokenizer.json there.`,
    );
  }
  if (!HUB_ID.test(idOrFolder)) throw new Error(`There is no folder ${resolve(idOrFolder)}.`);
  return hubFiles(idOrFolder, hub);
}

/** The object in a JSON file, or null if there is no such file. */
export async function readJsonObject(
  files: TokenizerFiles,
  name: string,
): Promise<Record<string, unknown> | null> {
  const text = await files.text(name);
  return text === null ? null : parseJsonObject(text, name, files.place);
}

export function parseJsonObject(text: string, name: string, place: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new SyntaxError(
      `${name} in ${place} is not complete JSON (${(error as Error).message}); download or copy it again.`,
    );
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new SyntaxError(`${name} in ${place} holds no JSON object; download or copy it again.`);
}

function folderFiles(folder: string): TokenizerFiles {
  return { place: folder, text: name => textOrNull(() => readFile(join(folder, name), 'utf8')) };
}

function hubFiles(id: string, options: HubOptions): TokenizerFiles {
  let refusal: string | undefined;
  return {
    place: `the repository ${id}`,
    text: name =>
      textOrNull(async () => {
        const { hubFile } = await import('../hub/index.ts');
        try {
          return await readFile(await hubFile(id, name, options), 'utf8');
        } catch (error) {
          refusal ??= (error as Error).message;
          throw error;
        }
      }),
    get refusal() {
      return refusal;
    },
  };
}

async function textOrNull(read: () => Promise<string>): Promise<string | null> {
  try {
    return await read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
