/** Data files of a data set on the hub. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  globMatcher,
  type HubInfo,
  type HubOptions,
  HubUnreachable,
  hubFile,
  hubFiles,
  hubInfo,
  isOffline,
  openRemote,
  rememberRevision,
} from '../../hub/index.ts';
import { formatOf, localSource, type Source } from '../formats/index.ts';
import {
  type DataFile,
  type DataFiles,
  formatOfName,
  patternsBySplit,
  type SplitFiles,
} from './dataFiles.ts';
import { dataNames, grouped, inOrder, splitsOf } from './splitNames.ts';

/** The branch to which the hub writes every data set as Parquet: `config/split/0000.parquet`. */
const CONVERTED = 'refs/convert/parquet';

export interface HubSelection {
  readonly name?: string | undefined;
  readonly dataFiles?: DataFiles | undefined;
  readonly dataDir?: string | undefined;
}

/**
 * Files by split, as the data set's card, the names of its files, or the hub's conversion to Parquet say. Where the hub
 * cannot be reached, the files in the cache, with a warning.
 *
 * @throws if there is no such data set or configuration, or nothing in it can be read
 */
export async function splitsOfHub(
  repoId: string,
  selection: HubSelection,
  options: HubOptions,
): Promise<SplitFiles> {
  try {
    return await splitsAt(repoId, selection, options);
  } catch (error) {
    if (!(error instanceof HubUnreachable)) throw error;
    const cached = await orUndefined(splitsAt(repoId, selection, { ...options, localFilesOnly: true }));
    if (!cached) throw error;
    console.warn(`${error.message} The files of ${repoId} in the cache are used, as last downloaded.`);
    return cached;
  }
}

/** Undefined in place of what is not there. */
async function orUndefined<T>(found: Promise<T>): Promise<T | undefined> {
  return found.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

async function splitsAt(repoId: string, selection: HubSelection, options: HubOptions): Promise<SplitFiles> {
  const { commit, card } = await hubInfo(repoId, options);
  const at = { ...options, revision: commit };
  const names = (await hubFiles(repoId, at)).map(({ path }) => path);
  const listing = { repoId, names, card: card ?? (await cachedCard(repoId, at)), isLocal: isLocal(options) };
  const splits =
    options.revision === CONVERTED
      ? convertedSplits(repoId, names, selection.name)
      : ownSplits(listing, selection);
  if (listing.isLocal) checkShards(repoId, splits);
  if (splits.size > 0) return opened(splits, { repoId, commit, card, options });
  if (options.revision !== undefined) {
    throw new Error(`${repoId} has no data files that can be read at the revision "${options.revision}".`);
  }
  // So that the way to the conversion is found again without a connection.
  await rememberRevision(repoId, commit, options, card);
  const converted = await orUndefined(splitsAt(repoId, selection, { ...options, revision: CONVERTED }));
  if (converted) return converted;
  throw coded(
    `${repoId} has no data files that can be read (.jsonl, .json, .csv, .tsv, .parquet, .arrow, .txt), and the hub has not converted it to Parquet.`,
  );
}

function isLocal(options: HubOptions): boolean {
  return options.localFilesOnly ?? isOffline('dataset');
}

/** No settings, if a cached README shows that there are none for configurations; else nothing is known. */
async function cachedCard(repoId: string, at: HubOptions): Promise<Record<string, never> | undefined> {
  const path = await orUndefined(hubFile(repoId, 'README.md', at));
  return path === undefined || /^[ "'{]*configs\b/m.test(await readFile(path, 'utf8')) ? undefined : {};
}

/** @throws if the cache has a part of a split, whose files say in their names how many there are */
function checkShards(repoId: string, splits: ReadonlyMap<string, readonly string[]>): void {
  for (const [split, names] of splits) {
    const numbers = names.flatMap(name => {
      const total = /-\d{5}-of-(\d{5})\.\w+(?:\.\w+)?$/.exec(name)?.[1];
      return total === undefined ? [] : [Number(total)];
    });
    if (numbers.length === 0 || numbers.length >= Math.max(...numbers)) continue;
    throw coded(
      `Only ${numbers.length} of the ${numbers[0]} files of the split "${split}" of ${repoId} are cached; download the rest with a connection.`,
    );
  }
}

function coded(message: string): Error {
  return Object.assign(new Error(message), { code: 'ENOENT' });
}

/** A data set at the commit that its files were listed at; a push in between changes nothing. */
interface Repo {
  readonly repoId: string;
  readonly commit: string;
  readonly card: HubInfo['card'];
  readonly options: HubOptions;
}

function opened(splits: ReadonlyMap<string, readonly string[]>, repo: Repo): SplitFiles {
  return new Map([...splits].map(([split, names]) => [split, names.map(name => remoteFile(repo, name))]));
}

function remoteFile({ repoId, commit, card, options }: Repo, filename: string): DataFile {
  const at = { ...options, revision: commit };
  const local = async (): Promise<Source> => {
    const path = await hubFile(repoId, filename, at);
    await rememberRevision(repoId, commit, options, card);
    return localSource(path);
  };
  const stream = async (): Promise<Source> => {
    if (isLocal(options)) return local();
    const { size, bytes, slice } = await openRemote(repoId, filename, at);
    return { name: basename(filename), size, bytes, slice };
  };
  return { format: formatOfName(filename), local, stream };
}

/** What is known of a data set's files. */
interface Listing {
  readonly repoId: string;
  readonly names: readonly string[];
  readonly card: HubInfo['card'];
  /** Whether the names are only those of the files in the cache. */
  readonly isLocal: boolean;
}

function ownSplits(listing: Listing, { name, dataFiles, dataDir }: HubSelection): Map<string, string[]> {
  const { repoId, names, card } = listing;
  const inside = (folder: string | undefined): string[] =>
    folder === undefined
      ? [...names]
      : names.filter(file => file.startsWith(`${folder.replace(/\/+$/, '')}/`));
  if (dataFiles !== undefined)
    return matching({ ...listing, names: inside(dataDir) }, patternsBySplit(dataFiles), dataDir);
  if (dataDir !== undefined) return splitsOf(dataNames(inside(dataDir)));
  if (card === undefined && dataNames(names).length > 0) {
    throw coded(
      `Files of ${repoId} are cached, but not what its card says of its configurations and splits; load it once with a connection, or name the files with dataFiles.`,
    );
  }
  const configs = configsOf(card ?? {});
  if (configs.length === 0) {
    if (name === undefined || name === 'default') return splitsOf(dataNames(names));
    return splitsOf(dataNames(inside(name)));
  }
  const config = choose(repoId, configs, name);
  if (config.patterns)
    return matching({ ...listing, names: inside(config.folder) }, config.patterns, config.folder);
  return splitsOf(dataNames(inside(config.folder)));
}

interface Config {
  readonly name: string;
  readonly isDefault: boolean;
  readonly patterns: ReadonlyMap<string, readonly string[]> | undefined;
  readonly folder: string | undefined;
}

function configsOf({ configs }: Readonly<Record<string, unknown>>): Config[] {
  if (!Array.isArray(configs)) return [];
  return configs.map(config => {
    const {
      config_name: name,
      data_files: files,
      data_dir: folder,
      default: isDefault,
    } = config as Record<string, unknown>;
    return {
      name: String(name),
      isDefault: isDefault === true || name === 'default' || configs.length === 1,
      patterns: files === undefined ? undefined : cardPatterns(files),
      folder: typeof folder === 'string' ? folder : undefined,
    };
  });
}

/** `data_files` of a card: patterns, or a list of `{ split, path }`. */
function cardPatterns(files: unknown): Map<string, readonly string[]> {
  const items = [files].flat() as (string | { split: string; path: string | string[] })[];
  const bySplit = items.filter(item => typeof item === 'object');
  if (bySplit.length === 0) return patternsBySplit(items.map(String));
  return new Map(bySplit.map(({ split, path }) => [String(split), [path].flat().map(String)]));
}

function choose(repoId: string, configs: readonly Config[], name: string | undefined): Config {
  const config = configs.find(config => (name === undefined ? config.isDefault : config.name === name));
  if (config) return config;
  const known = configs.map(config => config.name).join(', ');
  throw new Error(
    name === undefined
      ? `${repoId} has several configurations; choose one with name: ${known}.`
      : `${repoId} has no configuration "${name}"; it has ${known}.`,
  );
}

/** The files of each split; from the cache, of those splits that were downloaded. */
function matching(
  { repoId, names, isLocal }: Listing,
  patterns: ReadonlyMap<string, readonly string[]>,
  folder: string | undefined,
): Map<string, string[]> {
  const splits = new Map<string, string[]>();
  const noMatch = (path: string): Error => {
    const there = names.slice(0, 8).join(', ') || 'none';
    return isLocal
      ? coded(
          `No file of ${repoId} that matches ${path} is cached (cached: ${there}); download it once with a connection.`,
        )
      : new Error(`${repoId} has no file that matches ${path}; it has ${there}.`);
  };
  for (const [split, wanted] of patterns) {
    const paths = wanted.map(pattern =>
      folder === undefined ? pattern : `${folder.replace(/\/+$/, '')}/${pattern}`,
    );
    const found = paths.map(path => names.filter(globMatcher(path.replace(/^\.\//, ''), 'keep')).sort());
    const missing = paths.filter((_, i) => found[i]!.length === 0);
    if (missing.length === 0) splits.set(split, [...new Set(found.flat())]);
    else if (!isLocal || missing.length < paths.length) throw noMatch(missing[0]!);
  }
  if (splits.size === 0) throw noMatch([...patterns.values()].flat().join(', '));
  return splits;
}

function convertedSplits(
  repoId: string,
  names: readonly string[],
  name: string | undefined,
): Map<string, string[]> {
  const parts = names.filter(file => formatOf(file) === 'parquet' && file.split('/').length === 3);
  const configs = [...new Set(parts.map(file => file.split('/')[0]!))];
  const config = name ?? (configs.includes('default') || configs.length !== 1 ? 'default' : configs[0]!);
  if (configs.length > 0 && !configs.includes(config)) {
    choose(
      repoId,
      configs.map(own => ({ name: own, isDefault: false, patterns: undefined, folder: undefined })),
      name,
    );
  }
  const own = parts.filter(file => file.startsWith(`${config}/`)).sort();
  if (own.some(file => file.split('/')[1]!.startsWith('partial-'))) {
    console.warn(`The hub has converted only the first part of ${repoId} to Parquet; the rest is not read.`);
  }
  return inOrder(grouped(own, file => file.split('/')[1]!.replace(/^partial-/, '')));
}
