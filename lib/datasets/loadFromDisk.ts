/** Loads what `saveToDisk` saved, whether one data set or several splits. */
import { Dataset } from './dataset.ts';
import { DatasetDict } from './datasetDict.ts';

/**
 * What a folder holds that `saveToDisk` made, here or in Python; `Dataset.loadFromDisk` and `DatasetDict.loadFromDisk`
 * say beforehand which it is.
 *
 * @throws if the folder holds neither, or damaged files
 * @example const saved = await loadFromDisk('docs');
 */
export async function loadFromDisk(folder: string): Promise<Dataset | DatasetDict> {
  const { holdsSplits } = await import('./files/disk.ts');
  return (await holdsSplits(folder)) ? DatasetDict.loadFromDisk(folder) : Dataset.loadFromDisk(folder);
}
