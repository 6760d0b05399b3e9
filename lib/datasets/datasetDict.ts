/** Data sets by the name of their split. */
import { Dataset } from './dataset.ts';
import { ClassLabel } from './features.ts';
import type { DatasetPushOptions } from './files/hubData.ts';
import type { Row } from './jsonl.ts';
import { datasetText, dictBundle, dictText } from './print.ts';
import { SplitMap } from './splitMap.ts';
import type {
  Batch,
  BatchResult,
  ColumnName,
  Merged,
  Renamed,
  RenamedAll,
  Simplify,
  ValueOf,
} from './types.ts';
import { classNames, type FeatureSpec } from './verbs/cast.ts';
import type {
  BatchedFilterOptions,
  BatchedMapOptions,
  BatchTest,
  FilterOptions,
  MapOptions,
} from './verbs/options.ts';
import { isPromise, run, type Steps } from './verbs/steps.ts';

const DISPLAY = Symbol.for('Jupyter.display');

/** What every dictionary can do; the splits are properties beside it. */
class DatasetDictVerbs<T extends object, N extends string> extends SplitMap<Dataset<T>, N> {
  constructor(splits: Readonly<Record<N, Dataset<T>>>) {
    super(splits, 'DatasetDict');
    for (const [name, dataset] of this) {
      if (dataset instanceof Dataset) continue;
      throw new TypeError(`DatasetDict: split "${name}" is no Dataset; Dataset.fromRows makes one of rows.`);
    }
  }

  /** Number of rows by split. */
  get numRows(): Record<N, number> {
    return this.byName(dataset => dataset.numRows);
  }

  /** Names of columns by split. */
  get columnNames(): Record<N, string[]> {
    return this.byName(dataset => dataset.columnNames);
  }

  /** Numbers of rows and of columns, by split. */
  get shape(): Record<N, [rows: number, columns: number]> {
    return this.byName(dataset => dataset.shape);
  }

  /** The different values of a column, by split. */
  unique<C extends keyof T & string>(name: C): Record<N, T[C][]>;
  unique(name: string): Record<N, unknown[]>;
  unique(name: string): Record<N, unknown[]> {
    return this.byName(dataset => dataset.unique(name));
  }

  /** `Dataset.map` on every split; a promise if the function returns promises. */
  map<U extends object, R extends ColumnName<T> = never>(
    apply: (batch: Batch<T>, indices: number[]) => BatchResult<U> | Promise<BatchResult<U>>,
    options: BatchedMapOptions<R> & { cache: true },
  ): Promise<DatasetDict<Merged<T, U, R>, N>>;
  map<U extends object, R extends ColumnName<T> = never>(
    apply: (row: T, index: number) => U | Promise<U>,
    options: MapOptions<R> & { cache: true },
  ): Promise<DatasetDict<Merged<T, U, R>, N>>;
  map<U extends object, R extends ColumnName<T> = never>(
    apply: (batch: Batch<T>, indices: number[]) => Promise<BatchResult<U>>,
    options: BatchedMapOptions<R>,
  ): Promise<DatasetDict<Merged<T, U, R>, N>>;
  map<U extends object, R extends ColumnName<T> = never>(
    apply: (batch: Batch<T>, indices: number[]) => BatchResult<U>,
    options: BatchedMapOptions<R>,
  ): DatasetDict<Merged<T, U, R>, N>;
  map<U extends object, R extends ColumnName<T> = never>(
    apply: (row: T, index: number) => Promise<U>,
    options?: MapOptions<R>,
  ): Promise<DatasetDict<Merged<T, U, R>, N>>;
  map<U extends object, R extends ColumnName<T> = never>(
    apply: (row: T, index: number) => U,
    options?: MapOptions<R>,
  ): DatasetDict<Merged<T, U, R>, N>;
  map(apply: unknown, options?: unknown): unknown {
    return run(eachSplit(this, dataset => dataset.map(apply as never, options as never)));
  }

  /** `Dataset.filter` on every split; a promise if the function returns promises. */
  filter(
    test: BatchTest<T, Promise<readonly unknown[]>>,
    options: BatchedFilterOptions,
  ): Promise<DatasetDict<T, N>>;
  filter(test: BatchTest<T, readonly unknown[]>, options: BatchedFilterOptions): DatasetDict<T, N>;
  filter(
    test: (row: T, index: number) => Promise<unknown>,
    options?: FilterOptions,
  ): Promise<DatasetDict<T, N>>;
  filter(test: (row: T, index: number) => unknown, options?: FilterOptions): DatasetDict<T, N>;
  filter(test: unknown, options?: unknown): unknown {
    return run(eachSplit(this, dataset => dataset.filter(test as never, options as never)));
  }

  /** Shuffles every split with the same seed, as Python does. */
  shuffle(options: { seed?: number } = {}): DatasetDict<T, N> {
    return this.#each(dataset => dataset.shuffle(options));
  }

  sort(
    columns: ColumnName<T> | readonly ColumnName<T>[],
    options: { reverse?: boolean | readonly boolean[] } = {},
  ): DatasetDict<T, N> {
    return this.#each(dataset => dataset.sort(columns, options));
  }

  renameColumn<From extends keyof T & string, To extends string>(
    from: From,
    to: To,
  ): DatasetDict<Renamed<T, From, To>, N>;
  renameColumn(from: string, to: string): DatasetDict<Row, N>;
  renameColumn(from: string, to: string): unknown {
    return this.#each(dataset => dataset.renameColumn(from, to));
  }

  renameColumns<M extends { readonly [K in ColumnName<T>]?: string }>(
    names: M,
  ): DatasetDict<RenamedAll<T, M>, N> {
    return this.#each(dataset => dataset.renameColumns(names));
  }

  removeColumns<R extends ColumnName<T>>(names: R | readonly R[]): DatasetDict<Simplify<Omit<T, R>>, N> {
    return this.#each(dataset => dataset.removeColumns(names));
  }

  selectColumns<C extends keyof T & string>(names: C | readonly C[]): DatasetDict<Simplify<Pick<T, C>>, N>;
  selectColumns(names: string | readonly string[]): DatasetDict<Row, N>;
  selectColumns(names: string | readonly string[]): unknown {
    return this.#each(dataset => dataset.selectColumns(names));
  }

  castColumn<C extends ColumnName<T>, F extends FeatureSpec>(
    name: C,
    feature: F,
  ): DatasetDict<Merged<T, Record<C, ValueOf<F>>>, N> {
    return this.#each(dataset => dataset.castColumn(name, feature));
  }

  /** As in `Dataset`; the classes are those of all splits together. */
  classEncodeColumn<C extends ColumnName<T>>(name: C): DatasetDict<Merged<T, Record<C, number>>, N> {
    const tables = [...this].map(([, { table }]) => table);
    const label = new ClassLabel(classNames(tables, name));
    return this.#each(dataset => dataset.castColumn(name, 'string').castColumn(name, label) as never);
  }

  /** Writes the splits into a folder that `DatasetDict.loadFromDisk`, here and in Python, reads. */
  async saveToDisk(folder: string): Promise<void> {
    const { saveSplits } = await import('./files/disk.ts');
    await saveSplits(folder, new Map([...this].map(([name, { table }]) => [name, table])));
  }

  /**
   * The splits from a folder that `saveToDisk` made, here or in Python.
   *
   * @throws if the folder holds no splits, or damaged files
   */
  static async loadFromDisk(folder: string): Promise<unknown> {
    const { loadTables } = await import('./files/disk.ts');
    const splits = [...(await loadTables(folder))].map(
      ([name, table]) => [name, new Dataset(table)] as const,
    );
    return new DatasetDict(Object.fromEntries(splits));
  }

  /**
   * Puts the splits on the Hugging Face hub, as a Parquet file each.
   *
   * @returns the commit's address
   * @throws as `Dataset.pushToHub`
   * @example await splits.pushToHub('me/answers');
   */
  async pushToHub(repoId: string, options: DatasetPushOptions = {}): Promise<string> {
    const { pushSplits } = await import('./files/hubData.ts');
    return pushSplits(repoId, new Map([...this].map(([name, { table }]) => [name, table])), options);
  }

  override toString(): string {
    return dictText('DatasetDict', new Map([...this].map(([name, { table }]) => [name, datasetText(table)])));
  }

  [DISPLAY](): Record<string, unknown> {
    return dictBundle(new Map([...this].map(([name, { table }]) => [name, table])));
  }

  #each<U extends object>(verb: (dataset: Dataset<T>) => Dataset<U>): DatasetDict<U, N> {
    return new DatasetDict(this.byName(verb));
  }
}

/** What a verb makes of each split, one after another. */
function* eachSplit<T extends object>(
  splits: Iterable<[string, Dataset<T>]>,
  verb: (dataset: Dataset<T>) => unknown,
): Steps<unknown> {
  const made: [string, Dataset][] = [];
  for (const [name, dataset] of splits) {
    const result = verb(dataset);
    made.push([name, (isPromise(result) ? yield result : result) as Dataset]);
  }
  return new DatasetDict(Object.fromEntries(made));
}

/**
 * A data set for each split, as Python's `datasets.DatasetDict`: `dict.train`, or `dict.get('train')` for any name.
 * Its verbs are those of `Dataset`, applied to every split.
 *
 * @example
 * const splits = new DatasetDict({ train, test });
 * splits.map(row => ({ length: row.text.length })).train.column('length');
 * @see https://huggingface.co/docs/datasets/package_reference/main_classes#datasets.DatasetDict
 */
export type DatasetDict<T extends object = Row, N extends string = string> = DatasetDictVerbs<T, N> & {
  readonly [K in N]: Dataset<T>;
};

// A class cannot say that its instances have the splits as properties; its constructor's type can.
export const DatasetDict = DatasetDictVerbs as unknown as {
  new <T extends object, N extends string>(splits: Readonly<Record<N, Dataset<T>>>): DatasetDict<T, N>;
  loadFromDisk<T extends object = Row, N extends string = string>(folder: string): Promise<DatasetDict<T, N>>;
};
