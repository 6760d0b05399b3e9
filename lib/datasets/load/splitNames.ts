/** Which files belong to which split, told from their names as Python's `datasets` does. */
import { type Format, formatOf } from '../formats/index.ts';

const KEYWORDS: readonly (readonly [split: string, words: string])[] = [
  ['train', 'train|training'],
  ['validation', 'validation|valid|dev|val'],
  ['test', 'test|testing|eval|evaluation'],
];
const SHARD = /(?:^|\/)data\/(\w+(?:\.\w+)*)-\d{5}-of-\d{5}[^/]*\.[^/]*$/;
/** Settings that lie beside the data. */
const IGNORED: readonly string[] = [
  'config.json',
  'dataset_info.json',
  'dataset_infos.json',
  'dataset_dict.json',
  'state.json',
];
/** Which format is meant where as many files have one as the other. */
const PREFERENCE: readonly Format[] = ['parquet', 'json', 'csv', 'arrow', 'text'];

/** The names that are data, of the format that most of them have, in order. */
export function dataNames(names: readonly string[]): string[] {
  const visible = names.filter(name => {
    const parts = name.split('/');
    const isHidden =
      parts.some(part => part.startsWith('.')) || parts.slice(0, -1).some(part => part.startsWith('__'));
    return !isHidden && !IGNORED.includes(parts.at(-1)!) && formatOf(name) !== undefined;
  });
  const count = (format: Format): number => visible.filter(name => formatOf(name) === format).length;
  const [format] = [...PREFERENCE].sort((a, b) => count(b) - count(a));
  return visible.filter(name => formatOf(name) === format).sort();
}

/**
 * Files by split: shards named `data/train-00000-of-00002…`, else folders, else files whose names have a split's word in
 * them (`train`, `validation`, `valid`, `val`, `dev`, `test`, `eval` and the like); without any, all are `train`.
 */
export function splitsOf(names: readonly string[]): Map<string, string[]> {
  const shards = grouped(names, name => SHARD.exec(name)?.[1]);
  if (shards.size > 0) return inOrder(shards);
  for (const partsOf of [folders, fileName]) {
    const splits = new Map<string, string[]>();
    for (const [split, words] of KEYWORDS) {
      const word = new RegExp(`(?:^|[-._ 0-9])(?:${words})(?:[-._ 0-9]|$)`);
      const matching = names.filter(name => partsOf(name).some(part => word.test(part)));
      if (matching.length > 0) splits.set(split, matching);
    }
    if (splits.size > 0) return splits;
  }
  return new Map(names.length > 0 ? [['train', [...names]]] : []);
}

export function grouped(
  names: readonly string[],
  groupOf: (name: string) => string | undefined,
): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const group = groupOf(name);
    if (group !== undefined) groups.set(group, [...(groups.get(group) ?? []), name]);
  }
  return groups;
}

/** The usual splits first, in their usual order, then the others by name. */
export function inOrder(splits: ReadonlyMap<string, string[]>): Map<string, string[]> {
  const usual = KEYWORDS.map(([split]) => split);
  const rank = (split: string): number => (usual.includes(split) ? usual.indexOf(split) : usual.length);
  return new Map([...splits].sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1)));
}

function folders(name: string): string[] {
  return name.split('/').slice(0, -1);
}

function fileName(name: string): string[] {
  return [name.split('/').at(-1)!];
}
