/** Where the files of a tokenizer come from: a folder, or a repository on the hub. */
import { readFile } from 'node:fs/promises';
import { openPretrained, type PretrainedOptions } from '../hub/index.ts';

/** The files of one tokenizer, read by name. */
export interface TokenizerFiles {
  /** The folder or the repository, for messages. */
  readonly place: string;
  /** The text of a file, or null if there is no such file. */
  text(name: string): Promise<string | null>;
  /** What the hub or its cache said of a file that was not there; nothing for a folder. */
  why(name: string): string;
}

/** Opens a folder or a repository as `openPretrained` does. */
export async function openFiles(idOrFolder: string, hub: PretrainedOptions): Promise<TokenizerFiles> {
  const files = await openPretrained(idOrFolder, hub, 'A tokenizer');
  return {
    place: files.place,
    async text(name) {
      const path = await files.path(name);
      return path === undefined ? null : readFile(path, 'utf8');
    },
    why: files.why,
  };
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
