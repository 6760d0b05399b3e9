/** A whole repository, or the files of it that a pattern names, as a folder on this machine. */
import { coded } from './errors.ts';
import { type HubOptions, hubFile, prepare } from './file.ts';
import { infoOf } from './info.ts';
import { globMatcher } from './patterns.ts';

export interface SnapshotOptions extends HubOptions {
  /** Only files whose names match one of these, such as `*.json`; `*` also stands for folders. */
  readonly allowPatterns?: string | readonly string[];
}

const AT_ONCE = 4;

/**
 * Downloads the files of a repository and returns the folder that holds them; offline, the folder that is cached.
 *
 * @throws as `hubFile` does, and if no file matches
 * @example const folder = await snapshot('EleutherAI/pythia-70m', { allowPatterns: ['*.json'] });
 */
export async function snapshot(repoId: string, options: SnapshotOptions = {}): Promise<string> {
  const { wanted, cache, offline } = await prepare(repoId, options);
  const patterns = [options.allowPatterns ?? '*'].flat();
  const tests = patterns.map(pattern => globMatcher(pattern, 'cross'));
  const isWanted = (name: string): boolean => tests.some(test => test(name));
  if (offline) {
    const commit = await cache.commitOf(wanted.revision);
    if (commit !== undefined && (await cache.list(commit)).some(isWanted)) return cache.snapshot(commit);
    throw coded(
      `Nothing of ${repoId} that matches ${patterns.join(', ')} is cached, and the network may not be used (HF_HUB_OFFLINE, HF_DATASETS_OFFLINE or localFilesOnly); download it once with a connection.`,
      'ENOENT',
    );
  }
  const { commit, contents } = await infoOf(wanted);
  const names = contents.names.filter(isWanted);
  if (names.length === 0) {
    throw coded(`${repoId} has no file that matches ${patterns.join(', ')}.`, 'ENOENT');
  }
  const queue = names.values();
  const work = async (): Promise<void> => {
    for (const name of queue) await hubFile(repoId, name, { ...options, revision: commit });
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  await cache.noteContents(commit, contents);
  await cache.remember(wanted.revision, commit);
  return cache.snapshot(commit);
}
