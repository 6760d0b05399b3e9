/** The files of a model, an adapter or a tokenizer, wherever they are: in a folder, in this package or on the hub. */
import { existsSync, readdirSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type HubOptions, hubFile } from './file.ts';
import { hubCommit, rememberRevision } from './info.ts';
import { hubFiles } from './listing.ts';
import { packageFolder } from './packageFolder.ts';
import { HubUnreachable } from './request.ts';

/** How a repository on the hub is reached; without effect for a folder. */
export type PretrainedOptions = Omit<HubOptions, 'repoType'>;

export const PRETRAINED_OPTIONS = [
  'revision',
  'token',
  'endpoint',
  'cacheDir',
  'localFilesOnly',
] as const satisfies readonly (keyof PretrainedOptions)[];

/** The files of one model, adapter or tokenizer. */
export interface PretrainedFiles {
  /** The name that they were asked for by. */
  readonly name: string;
  /** The folder or the repository, for messages. */
  readonly place: string;
  /** The path of a file, downloaded if it is not here yet; undefined if there is no such file. */
  path(name: string): Promise<string | undefined>;
  /** The names of all files. */
  names(): Promise<string[]>;
  /** What the hub or its cache said of a file that was not there; nothing for a folder. */
  why(name: string): string;
}

const HUB_ID = /^[\w-][\w.-]*(\/[\w-][\w.-]*)?$/;

/**
 * Opens a folder if there is one of that name, else what comes with this package under that name, else the repository of
 * that id on the hub, where all files are taken from the one commit that the revision stands for now. If the hub cannot
 * be reached, what is cached serves, with a warning.
 *
 * @param what begins the sentence that says what may be given: `A model`
 * @throws if there is no such folder and the name cannot be a repository's either; for a repository as `hubInfo` does
 */
export async function openPretrained(
  idOrFolder: string,
  options: PretrainedOptions,
  what: string,
): Promise<PretrainedFiles> {
  if (typeof idOrFolder !== 'string' || idOrFolder === '') {
    throw new TypeError(
      `${what} is loaded from a folder or a hub id such as 'EleutherAI/pythia-70m', not from ${String(idOrFolder) || 'an empty name'}.`,
    );
  }
  const folder = resolve(idOrFolder);
  const found = await stat(folder).catch(() => null);
  if (found?.isDirectory()) return folderFiles(idOrFolder, folder);
  if (found) throw new Error(`${folder} is a file; name the folder that holds it.`);
  const own = ownFolder(idOrFolder);
  if (own !== undefined) return folderFiles(idOrFolder, own);
  if (!HUB_ID.test(idOrFolder)) throw new Error(`There is no folder ${folder}.`);
  try {
    return await repositoryFiles(idOrFolder, options);
  } catch (error) {
    // Who meant a folder learns here that it is not there.
    if (error instanceof Error && 'code' in error) error.message += ` There is no folder ${folder} either.`;
    throw error;
  }
}

/** The folder of what comes with this package, by its name with or without `tunelab/` before it. */
function ownFolder(name: string): string | undefined {
  const models = packageFolder('models');
  const own = name.replace(/^tunelab\//, '');
  return existsSync(models) && readdirSync(models).includes(own) ? join(models, own) : undefined;
}

function folderFiles(name: string, folder: string): PretrainedFiles {
  return {
    name,
    place: folder,
    async path(name) {
      const path = join(folder, name);
      return existsSync(path) ? path : undefined;
    },
    names: () => readdir(folder),
    why: () => '',
  };
}

/** All files come from one commit, so that a push in between cannot mix those of two. */
async function repositoryFiles(id: string, options: PretrainedOptions): Promise<PretrainedFiles> {
  const at = await pinned(id, options);
  const refusals = new Map<string, string>();
  return {
    name: id,
    place: `the repository ${id}`,
    async path(name) {
      try {
        const path = await hubFile(id, name, at);
        await rememberRevision(id, at.revision, options);
        return path;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        refusals.set(name, (error as Error).message);
        return undefined;
      }
    },
    names: async () => (await hubFiles(id, at)).map(({ path }) => path),
    why: name => refusals.get(name) ?? '',
  };
}

/** The options with the commit that their revision stands for; the cached one, with a warning, without a connection. */
async function pinned(
  id: string,
  options: PretrainedOptions,
): Promise<PretrainedOptions & { readonly revision: string }> {
  try {
    return { ...options, revision: await hubCommit(id, options) };
  } catch (error) {
    if (!(error instanceof HubUnreachable)) throw error;
    const local = { ...options, localFilesOnly: true };
    const commit = await hubCommit(id, local).catch(() => {
      throw error;
    });
    console.warn(`${error.message} What is cached of ${id} is used.`);
    return { ...local, revision: commit };
  }
}
