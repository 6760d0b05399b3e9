/** Splits on the hub: a Parquet file each, named as Python's `push_to_hub` names them. */
import { checkOptions } from '../../host.ts';
import { type PushOptions, pushFiles } from '../../hub/index.ts';
import type { Table } from '../table.ts';
import { parquetBytes } from './parquetFile.ts';

/** How a data set is pushed. */
export type DatasetPushOptions = Omit<PushOptions, 'repoType'>;

/**
 * @returns the commit's address
 * @throws as `pushFiles`, or if a split's name cannot be that of a file
 */
export async function pushSplits(
  repoId: string,
  splits: ReadonlyMap<string, Table>,
  options: DatasetPushOptions,
): Promise<string> {
  checkOptions('pushToHub', options, ['private', 'commitMessage', 'revision', 'token', 'endpoint']);
  const files = new Map<string, Blob>();
  for (const [split, table] of splits) {
    if (!/^\w+(\.\w+)*$/.test(split)) {
      throw new RangeError(
        `Split "${split}" cannot be pushed: use letters, digits, "_" and "." in its name.`,
      );
    }
    files.set(`data/${split}-00000-of-00001.parquet`, new Blob([await parquetBytes(table)]));
  }
  const replaces = (path: string): boolean => {
    const split = /^data\/(.+)-\d{5}-of-\d{5}\.parquet$/.exec(path)?.[1];
    return split !== undefined && splits.has(split);
  };
  return pushFiles(
    repoId,
    { files, replaces, readme: withoutDatasetInfo },
    { commitMessage: 'Upload dataset', ...options, repoType: 'dataset' },
  );
}

/**
 * A data set card without the row counts that an earlier push wrote into its head: Python refuses data that do not
 * agree with them.
 */
export function withoutDatasetInfo(card: string): string {
  const head = /^---\r?\n[\s\S]*?\r?\n---/.exec(card)?.[0];
  if (head === undefined) return card;
  // The entry ends where the next line begins that is neither indented nor an item of a list.
  return head.replace(/^dataset_info:.*(\r?\n(?=[ \t-](?!--)).*)*\r?\n/m, '') + card.slice(head.length);
}
