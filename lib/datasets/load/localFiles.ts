/** Data files on this machine: a file, a folder, or patterns. */
import { readdir, stat } from 'node:fs/promises';
import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { type Format, formatOf, localSource } from '../formats/index.ts';
import {
  type DataFile,
  type DataFiles,
  formatOfName,
  hasWildcards,
  patternMatcher,
  patternsBySplit,
  type SplitFiles,
} from './dataFiles.ts';
import { dataNames, splitsOf } from './splitNames.ts';

/** `file`, `folder`, or undefined if there is nothing at the path. */
export async function kindOf(path: string): Promise<'file' | 'folder' | undefined> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return undefined;
    throw new Error(`Cannot read ${resolve(path)}: ${message}`);
  }
}

/** One file: split `train`. */
export async function splitsOfFile(path: string): Promise<SplitFiles> {
  return new Map([['train', [await localFile(path)]]]);
}

/**
 * A folder: splits as the names of its files say.
 *
 * @throws if it holds no data
 */
export async function splitsOfFolder(folder: string, format?: Format): Promise<SplitFiles> {
  const names = await listFolder(folder);
  const data = format ? names.filter(patternMatcher('**')) : dataNames(names);
  if (data.length === 0) throw noData(folder, names);
  return openAll(splitsOf(data), folder, format);
}

/** A pattern instead of a path: splits as the names of the matching files say. */
export async function splitsOfPattern(pattern: string): Promise<SplitFiles> {
  return openAll(splitsOf(await matches(pattern, '.')), '.', undefined);
}

/** Files and patterns that the user named, relative to `folder`. */
export async function splitsOfDataFiles(
  dataFiles: DataFiles,
  folder: string,
  format: Format | undefined,
): Promise<SplitFiles> {
  const splits = new Map<string, string[]>();
  for (const [split, patterns] of patternsBySplit(dataFiles)) {
    const found = await Promise.all(patterns.map(pattern => matches(pattern, folder)));
    splits.set(split, found.flat());
  }
  return openAll(splits, folder, format);
}

async function openAll(
  splits: ReadonlyMap<string, readonly string[]>,
  folder: string,
  format: Format | undefined,
): Promise<SplitFiles> {
  const opened = [...splits].map(async ([split, names]) => {
    const files = names.map(name => localFile(isAbsolute(name) ? name : join(folder, name), format));
    return [split, await Promise.all(files)] as const;
  });
  return new Map(await Promise.all(opened));
}

async function localFile(path: string, format?: Format): Promise<DataFile> {
  const open = (): ReturnType<typeof localSource> => localSource(path);
  const own =
    format ?? formatOf(basename(path)) ?? (await formatOfStart(path)) ?? formatOfName(basename(path));
  return { format: own, local: open, stream: open };
}

/** Parquet and Arrow files begin with their names. */
async function formatOfStart(path: string): Promise<Format | undefined> {
  const start = (await (await localSource(path)).slice(0, 6)) as Buffer;
  if (start.toString('latin1', 0, 4) === 'PAR1') return 'parquet';
  return start.toString('latin1') === 'ARROW1' ? 'arrow' : undefined;
}

/** The paths that a path or pattern stands for, relative to `folder` where it is. */
async function matches(pattern: string, folder: string): Promise<string[]> {
  const path = pattern.split(sep).join('/');
  const kind = await kindOf(resolve(folder, path));
  if (kind === 'file') return [path];
  if (kind === 'folder')
    return dataNames(await listFolder(resolve(folder, path))).map(name => `${path}/${name}`);
  if (!hasWildcards(path)) {
    throw new Error(`Cannot read ${resolve(folder, path)}: there is no such file or folder.`);
  }
  const parts = path.split('/');
  const fixed = parts.slice(0, parts.findIndex(hasWildcards)).join('/');
  const base = fixed === '' && path.startsWith('/') ? '/' : fixed || '.';
  const rest = parts.slice(parts.findIndex(hasWildcards)).join('/');
  const isDeep = /\/|\*\*/.test(rest);
  const isFolder = (await kindOf(resolve(folder, base))) === 'folder';
  const names = isFolder ? await listFolder(resolve(folder, base), isDeep) : [];
  const found = names.filter(patternMatcher(rest)).map(name => (base === '.' ? name : join(base, name)));
  if (found.length > 0) return found;
  throw new Error(`No file matches ${pattern} in ${resolve(folder)}.`);
}

/** Files in a folder and the folders in it, by name with `/`, sorted; links to files count as files. */
async function listFolder(folder: string, recursive = true): Promise<string[]> {
  const entries = await readdir(folder, { recursive, withFileTypes: true });
  const files = await Promise.all(
    entries.map(async entry => {
      const path = join(entry.parentPath, entry.name);
      const isFile = entry.isFile() || (entry.isSymbolicLink() && (await kindOf(path)) === 'file');
      return isFile ? relative(folder, path).split(sep).join('/') : undefined;
    }),
  );
  return files.filter(name => name !== undefined).sort();
}

function noData(folder: string, names: readonly string[]): Error {
  const there = names.length === 0 ? 'it is empty' : `it holds ${names.slice(0, 5).join(', ')}`;
  return new Error(
    `${resolve(folder)} holds no data files (.jsonl, .json, .csv, .tsv, .parquet, .arrow, .txt); ${there}.`,
  );
}
