/** The files that a data set is made of. */
import { globMatcher } from '../../hub/index.ts';
import { showValue } from '../columns/showValue.ts';
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
    : Object.entries(Object(dataFiles));
  const patterns = bySplit.map(([split, files]) => [split, [files].flat()] as const);
  if (patterns.length === 0 || patterns.some(([, files]) => files.length === 0)) {
    throw new TypeError('dataFiles names no file; give a path, a list of paths or { train: …, test: … }.');
  }
  for (const file of patterns.flatMap(([, files]) => files)) {
    if (typeof file === 'string' && file !== '') continue;
    throw new TypeError(
      `dataFiles takes a path, a list of paths or { train: …, test: … } of these, and ${showValue(file)} is no path.`,
    );
  }
  return new Map(patterns);
}

export function hasWildcards(path: string): boolean {
  return /[*?[\]{}]/.test(path);
}

/**
 * A test for names that a pattern means. Hidden files, and those in folders that are hidden or begin with `__`, are meant
 * only by patterns that have as many such parts, as in Python.
 *
 * @throws as `globMatcher`
 */
export function patternMatcher(pattern: string): (name: string) => boolean {
  const matches = globMatcher(pattern, 'keep');
  const hidden = HIDDEN.map(parts => pattern.match(parts)?.length);
  return name => matches(name) && HIDDEN.every((parts, i) => name.match(parts)?.length === hidden[i]);
}

/** Parts of a path that begin with a dot and are not `.` or `..`, and folders that begin with `__`. */
const HIDDEN: readonly RegExp[] = [/(?<=^|\/)\.+[^./]/g, /(?<=^|\/)__[^/]*\//g];

/** @throws if the name does not say what is in the file */
export function formatOfName(name: string): Format {
  const format = formatOf(name);
  if (format) return format;
  throw new Error(
    `${name} ends in none of ${KNOWN_EXTENSIONS.join(', ')}; say what it is: loadDataset('json', { dataFiles: '${name}' }), or 'csv', 'parquet', 'arrow', 'text'.`,
  );
}
