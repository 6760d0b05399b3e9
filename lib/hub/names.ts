/** Checks names that become paths: what a caller or a server says must never leave its folder. */

export type RepoType = 'model' | 'dataset';

/** @throws if `repoId` is not `name` or `organisation/name` */
export function checkRepoId(repoId: string): void {
  const isName = /^[A-Za-z0-9][\w.-]{0,95}(\/[A-Za-z0-9][\w.-]{0,95})?$/.test(repoId);
  if (!isName || /--|\.\./.test(repoId) || /[.-](\/|$)/.test(repoId)) {
    throw new Error(`${JSON.stringify(repoId)} is no repository of the hub; write "organisation/name".`);
  }
}

/** @throws if `name` could lead out of the folder that it is joined to, on any system */
export function checkFileName(name: string): void {
  const parts = name.split('/');
  const leaves = parts.some(part => part === '' || part === '.' || part === '..');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a file name must have none
  if (leaves || /[\\\x00-\x1f]/.test(name) || /^[A-Za-z]:/.test(name)) {
    throw new Error(
      `${JSON.stringify(name)} cannot be the name of a file in a repository: names are relative, with "/" between folders and without "..".`,
    );
  }
}

/** @throws if `revision` could lead out of the folder of revisions */
export function checkRevision(revision: string): void {
  const leaves = revision.split('/').some(part => part === '' || part === '.' || part === '..');
  if (leaves || !/^[\w./+@-]+$/.test(revision)) {
    throw new Error(
      `${JSON.stringify(revision)} cannot be a revision; name a branch, a tag or a commit, such as "main".`,
    );
  }
}

export function isCommit(revision: string): boolean {
  return /^[0-9a-f]{40}$/.test(revision);
}

/** Python's folder of a repository in the cache: `models--organisation--name`. */
export function repoFolder(repoId: string, repoType: RepoType): string {
  return [`${repoType}s`, ...repoId.split('/')].join('--');
}

/** A repository's part of an address: nothing before a model's name, `datasets/` before a data set's. */
export function repoPath(repoId: string, repoType: RepoType): string {
  return repoType === 'model' ? repoId : `${repoType}s/${repoId}`;
}

/** A file's name as part of an address. */
export function encodeFileName(name: string): string {
  return name.split('/').map(encodeURIComponent).join('/');
}
