/** Data files of a data set on the hub. */
import { basename } from 'node:path';
import {
  type Contents,
  coded,
  type HubOptions,
  HubUnreachable,
  hubFile,
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
  hasWildcards,
  patternMatcher,
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
    // A file that is not there is missing because of the hub, not because the network may not be used.
    const orThrow = async (source: Promise<Source>): Promise<Source> => {
      const found = await orUndefined(source);
      if (!found) throw error;
      return found;
    };
    const fallback = ({ format, local }: DataFile): DataFile => ({
      format,
      local: () => orThrow(local()),
      stream: () => orThrow(local()),
    });
    return new Map([...cached].map(([split, files]) => [split, files.map(fallback)]));
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
  const { commit, contents } = await hubInfo(repoId, options);
  const repo = { repoId, commit, contents, options };
  if (!contents) return opened(namedSplits(repoId, selection), repo);
  const splits =
    options.revision === CONVERTED
      ? convertedSplits(repoId, contents.names, selection.name)
      : ownSplits(repoId, contents, selection);
  if (splits.size > 0) return opened(splits, repo);
  if (options.revision !== undefined) {
    throw new Error(`${repoId} has no data files that can be read at the revision "${options.revision}".`);
  }
  // So that the way to the conversion is found again without a connection.
  await rememberRevision(repoId, commit, options, contents);
  const converted = await orUndefined(splitsAt(repoId, selection, { ...options, revision: CONVERTED }));
  if (converted) return converted;
  throw coded(
    `${repoId} has no data files that can be read (.jsonl, .json, .csv, .tsv, .parquet, .arrow, .txt), and the hub has not converted it to Parquet.`,
    'ENOENT',
  );
}

/** The splits where nobody knows what the data set holds: those of files that are named one by one. */
function namedSplits(repoId: string, { dataFiles, dataDir }: HubSelection): Map<string, string[]> {
  const splits = dataFiles === undefined ? undefined : patternsBySplit(dataFiles);
  if (!splits || [...splits.values()].flat().some(hasWildcards)) {
    throw coded(
      `Files of ${repoId} are cached, but not the list of all that it has; load it once with a connection, or name each file with dataFiles.`,
      'ENOENT',
    );
  }
  return new Map([...splits].map(([split, files]) => [split, files.map(file => inFolder(dataDir, file))]));
}

/** A data set at the commit that its files were listed at; a push in between changes nothing. */
interface Repo {
  readonly repoId: string;
  readonly commit: string;
  readonly contents: Contents | undefined;
  readonly options: HubOptions;
}

function opened(splits: ReadonlyMap<string, readonly string[]>, repo: Repo): SplitFiles {
  return new Map([...splits].map(([split, names]) => [split, names.map(name => remoteFile(repo, name))]));
}

function remoteFile({ repoId, commit, contents, options }: Repo, filename: string): DataFile {
  const at = { ...options, revision: commit };
  const local = async (): Promise<Source> => {
    const path = await hubFile(repoId, filename, at);
    await rememberRevision(repoId, commit, options, contents);
    return localSource(path);
  };
  const stream = async (): Promise<Source> => {
    if (options.localFilesOnly ?? isOffline('dataset')) return local();
    const { size, bytes, slice } = await openRemote(repoId, filename, at);
    return { name: basename(filename), size, bytes, slice };
  };
  return { format: formatOfName(filename), local, stream };
}

function ownSplits(
  repoId: string,
  { names, card }: Contents,
  { name, dataFiles, dataDir }: HubSelection,
): Map<string, string[]> {
  const inside = (folder: string | undefined): string[] =>
    names.filter(file => file.startsWith(inFolder(folder, '')));
  if (dataFiles !== undefined) return matching(repoId, inside(dataDir), patternsBySplit(dataFiles), dataDir);
  if (dataDir !== undefined) return splitsOf(dataNames(inside(dataDir)));
  const configs = configsOf(card);
  if (configs.length === 0) {
    return splitsOf(dataNames(inside(name === 'default' ? undefined : name)));
  }
  const { folder, patterns } = choose(repoId, configs, name);
  return patterns ? matching(repoId, inside(folder), patterns, folder) : splitsOf(dataNames(inside(folder)));
}

function inFolder(folder: string | undefined, file: string): string {
  const path = (name: string): string => name.replace(/^\.\//, '');
  return folder === undefined ? path(file) : `${path(folder).replace(/\/+$/, '')}/${path(file)}`;
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

/** The files of each split. */
function matching(
  repoId: string,
  names: readonly string[],
  patterns: ReadonlyMap<string, readonly string[]>,
  folder: string | undefined,
): Map<string, string[]> {
  const filesOf = (pattern: string): string[] => {
    const path = inFolder(folder, pattern);
    const found = names.filter(patternMatcher(path)).sort();
    if (found.length > 0) return found;
    throw new Error(
      `${repoId} has no file that matches ${path}; it has ${names.slice(0, 8).join(', ') || 'none'}.`,
    );
  };
  return new Map([...patterns].map(([split, wanted]) => [split, [...new Set(wanted.flatMap(filesOf))]]));
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
