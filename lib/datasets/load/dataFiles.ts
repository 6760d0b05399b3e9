/** The files that a data set is made of. */
import { type Format, formatOf, KNOWN_EXTENSIONS, type Source } from '../formats/index.ts';

/** One path or pattern, several, or those of each split. */
export type DataFiles<N extends string = string> =
  | string
  | readonly string[]
  | Readonly<Record<N, string | readonly string[]>>;

/** A file of a data set, not opened yet. */
export interface DataFile {
  readonly format: Format;
  /** As a file on this machine, downloaded if need be. */
  local(): Promise<Source>;
  /** Where it lies. */
  stream(): Promise<Source>;
}

/** Files by split, in the splits' order. */
export type SplitFiles = ReadonlyMap<string, readonly DataFile[]>;

/** Patterns by split; without splits, all are `train`. */
export function patternsBySplit(dataFiles: DataFiles): Map<string, readonly string[]> {
  const isList = typeof dataFiles === 'string' || Array.isArray(dataFiles);
  const bySplit: [string, string | readonly string[]][] = isList
    ? [['train', dataFiles as string | readonly string[]]]
    : Object.entries(dataFiles);
  const patterns = bySplit.map(([split, files]) => [split, [files].flat()] as const);
  if (patterns.length === 0 || patterns.some(([, files]) => files.length === 0)) {
    throw new TypeError('dataFiles names no file; give a path, a list of paths or { train: …, test: … }.');
  }
  return new Map(patterns);
}

export function hasWildcards(path: string): boolean {
  return /[*?[\]{}]/.test(path);
}

/** @throws if the name does not say what is in the file */
export function formatOfName(name: string): Format {
  const format = formatOf(name);
  if (format) return format;
  throw new Error(
    `${name} ends in none of ${KNOWN_EXTENSIONS.join(', ')}; say what it is: loadDataset('json', { dataFiles: '${name}' }), or 'csv', 'parquet', 'arrow', 'text'.`,
  );
}
