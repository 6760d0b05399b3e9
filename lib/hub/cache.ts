/**
 * The cache on disk, in the layout of Python's client, so that each finds what the other downloaded:
 * `models--org--name/blobs/<etag>` holds the bytes, `snapshots/<commit>/<file>` links to them and `refs/<branch>` names
 * the commit. Beside them `commits/<commit>.json`, which Python passes over, holds what the hub said of the commit.
 */
import { randomUUID } from 'node:crypto';
import {
  copyFile,
  lstat,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { checkFileName, checkRevision, isCommit, type RepoType, repoFolder } from './names.ts';

/** What a commit holds, which never changes. */
export interface Contents {
  /** The block of settings at the head of the repository's README; empty if it has none. */
  readonly card: Readonly<Record<string, unknown>>;
  /** Of all its files, cached or not. */
  readonly names: readonly string[];
}

export class RepoCache {
  readonly folder: string;
  readonly locks: string;

  constructor(cacheDir: string, repoId: string, repoType: RepoType) {
    this.folder = join(cacheDir, repoFolder(repoId, repoType));
    this.locks = join(cacheDir, '.locks', repoFolder(repoId, repoType));
  }

  blob(etag: string): string {
    return join(this.folder, 'blobs', etag);
  }

  snapshot(commit: string): string {
    return join(this.folder, 'snapshots', commit);
  }

  /** The path of a file of a commit if it is there, whole. */
  async find(commit: string, filename: string): Promise<string | undefined> {
    checkFileName(filename);
    const path = join(this.snapshot(commit), ...filename.split('/'));
    return (await sizeOf(path)) === undefined ? undefined : path;
  }

  /** The commit that a revision stood for when something was last downloaded. */
  async commitOf(revision: string): Promise<string | undefined> {
    if (isCommit(revision)) return revision;
    checkRevision(revision);
    try {
      const commit = (await readFile(join(this.folder, 'refs', revision), 'utf8')).trim();
      return isCommit(commit) ? commit : undefined;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async remember(revision: string, commit: string): Promise<void> {
    if (revision === commit || (await this.commitOf(revision)) === commit) return;
    const path = join(this.folder, 'refs', revision);
    await mkdir(dirname(path), { recursive: true });
    await this.#replace(path, temporary => writeFile(temporary, commit));
  }

  /** What the hub said of a commit; undefined if nobody noted it. */
  async contentsOf(commit: string): Promise<Contents | undefined> {
    try {
      return JSON.parse(await readFile(this.#contents(commit), 'utf8'));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async noteContents(commit: string, { card, names }: Contents): Promise<void> {
    const path = this.#contents(commit);
    if ((await sizeOf(path)) !== undefined) return;
    await mkdir(dirname(path), { recursive: true });
    await this.#replace(path, temporary => writeFile(temporary, JSON.stringify({ card, names })));
  }

  #contents(commit: string): string {
    return join(this.folder, 'commits', `${commit}.json`);
  }

  /** Makes a blob appear under a file's name in a commit: a relative link, or a copy where links are not allowed. */
  async link(etag: string, commit: string, filename: string): Promise<string> {
    checkFileName(filename);
    const path = join(this.snapshot(commit), ...filename.split('/'));
    await this.#checkFolders(commit, filename);
    await mkdir(dirname(path), { recursive: true });
    await this.#replace(path, async temporary => {
      try {
        await symlink(relative(dirname(path), this.blob(etag)), temporary);
      } catch (error) {
        if (!['EPERM', 'EACCES', 'ENOSYS', 'ENOTSUP'].includes((error as NodeJS.ErrnoException).code ?? ''))
          throw error;
        await copyFile(this.blob(etag), temporary);
      }
    });
    return path;
  }

  /** The names of the files that are there for a commit. */
  async list(commit: string): Promise<string[]> {
    const root = this.snapshot(commit);
    try {
      const entries = await readdir(root, { recursive: true, withFileTypes: true });
      return entries
        .filter(entry => !entry.isDirectory())
        .map(entry => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
        .sort();
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  /** Writes under a temporary name, outside of what is listed, and renames, so that the path never holds half a thing. */
  async #replace(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
    const temporary = join(this.folder, `${randomUUID()}.tmp`);
    try {
      await write(temporary);
      await rename(temporary, path);
    } finally {
      await rm(temporary, { force: true });
    }
  }

  /** A folder inside the snapshot may be a link that someone put there; nothing is written through it. */
  async #checkFolders(commit: string, filename: string): Promise<void> {
    let folder = this.snapshot(commit);
    for (const part of filename.split('/').slice(0, -1)) {
      folder = join(folder, part);
      const found = await lstat(folder).catch(error => {
        if (isMissing(error)) return undefined;
        throw error;
      });
      if (!found) return;
      if (found.isSymbolicLink()) {
        throw new Error(
          `${JSON.stringify(filename)} would be written through the link ${folder}, out of the cache; remove the link.`,
        );
      }
    }
  }
}

/** The size of the file, or undefined if there is none (or a link that leads nowhere). */
export async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
}
