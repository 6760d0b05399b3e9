/** Data sets that are read row by row, by the name of their split. */
import { IterableDataset } from './iterableDataset.ts';
import type { Row } from './jsonl.ts';
import { dictText, iterableText } from './print.ts';
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
import type { FeatureSpec } from './verbs/cast.ts';
import type {
  BatchTest,
  StreamBatchedFilterOptions,
  StreamBatchedMapOptions,
  StreamFilterOptions,
  StreamMapOptions,
} from './verbs/options.ts';

/** What every dictionary can do; the splits are properties beside it. */
class IterableDatasetDictVerbs<T extends object, N extends string> extends SplitMap<IterableDataset<T>, N> {
  constructor(splits: Readonly<Record<N, IterableDataset<T>>>) {
    super(splits, 'IterableDatasetDict');
    for (const [name, dataset] of this) {
      if (dataset instanceof IterableDataset) continue;
      throw new TypeError(`IterableDatasetDict: split "${name}" is no IterableDataset.`);
    }
  }

  /** Names of columns by split, where they are known before the rows are read. */
  get columnNames(): Record<N, string[] | undefined> {
    return this.byName(dataset => dataset.columnNames);
  }

  /** `IterableDataset.map` on every split. */
  map<U extends object, R extends ColumnName<T> = never>(
    apply: (batch: Batch<T>, indices: number[]) => BatchResult<U> | Promise<BatchResult<U>>,
    options: StreamBatchedMapOptions<R>,
  ): IterableDatasetDict<Merged<T, U, R>, N>;
  map<U extends object, R extends ColumnName<T> = never>(
    apply: (row: T, index: number) => U | Promise<U>,
    options?: StreamMapOptions<R>,
  ): IterableDatasetDict<Merged<T, U, R>, N>;
  map(apply: unknown, options?: unknown): unknown {
    return this.#each(dataset => dataset.map(apply as never, options as never));
  }

  /** `IterableDataset.filter` on every split. */
  filter(
    test: BatchTest<T, readonly unknown[] | Promise<readonly unknown[]>>,
    options: StreamBatchedFilterOptions,
  ): IterableDatasetDict<T, N>;
  filter(test: (row: T, index: number) => unknown, options?: StreamFilterOptions): IterableDatasetDict<T, N>;
  filter(test: unknown, options?: unknown): unknown {
    return this.#each(dataset => dataset.filter(test as never, options as never));
  }

  /** Shuffles every split with the same seed, within a buffer. */
  shuffle(options: { seed?: number; bufferSize?: number } = {}): IterableDatasetDict<T, N> {
    return this.#each(dataset => dataset.shuffle(options));
  }

  /** The first rows of every split. */
  take(count: number): IterableDatasetDict<T, N> {
    return this.#each(dataset => dataset.take(count));
  }

  /** All but the first rows of every split. */
  skip(count: number): IterableDatasetDict<T, N> {
    return this.#each(dataset => dataset.skip(count));
  }

  /** Batches as rows, in every split. */
  batch(batchSize: number, options: { dropLastBatch?: boolean } = {}): IterableDatasetDict<Batch<T>, N> {
    return this.#each(dataset => dataset.batch(batchSize, options));
  }

  renameColumn<From extends keyof T & string, To extends string>(
    from: From,
    to: To,
  ): IterableDatasetDict<Renamed<T, From, To>, N>;
  renameColumn(from: string, to: string): IterableDatasetDict<Row, N>;
  renameColumn(from: string, to: string): unknown {
    return this.#each(dataset => dataset.renameColumn(from, to));
  }

  renameColumns<M extends { readonly [K in ColumnName<T>]?: string }>(
    names: M,
  ): IterableDatasetDict<RenamedAll<T, M>, N> {
    return this.#each(dataset => dataset.renameColumns(names));
  }

  removeColumns<R extends ColumnName<T>>(
    names: R | readonly R[],
  ): IterableDatasetDict<Simplify<Omit<T, R>>, N> {
    return this.#each(dataset => dataset.removeColumns(names));
  }

  selectColumns<C extends keyof T & string>(
    names: C | readonly C[],
  ): IterableDatasetDict<Simplify<Pick<T, C>>, N>;
  selectColumns(names: string | readonly string[]): IterableDatasetDict<Row, N>;
  selectColumns(names: string | readonly string[]): unknown {
    return this.#each(dataset => dataset.selectColumns(names));
  }

  castColumn<C extends ColumnName<T>, F extends FeatureSpec>(
    name: C,
    feature: F,
  ): IterableDatasetDict<Merged<T, Record<C, ValueOf<F>>>, N> {
    return this.#each(dataset => dataset.castColumn(name, feature));
  }

  override toString(): string {
    return dictText(
      'IterableDatasetDict',
      new Map([...this].map(([name, stream]) => [name, iterableText(stream)])),
    );
  }

  #each<U extends object>(
    verb: (dataset: IterableDataset<T>) => IterableDataset<U>,
  ): IterableDatasetDict<U, N> {
    return new IterableDatasetDict(this.byName(verb));
  }
}

/**
 * An `IterableDataset` for each split, as Python's `datasets.IterableDatasetDict`: `dict.train`, or `dict.get('train')`.
 *
 * @example for await (const row of new IterableDatasetDict({ train }).train.take(5)) show(row);
 */
export type IterableDatasetDict<T extends object = Row, N extends string = string> = IterableDatasetDictVerbs<
  T,
  N
> & { readonly [K in N]: IterableDataset<T> };

// A class cannot say that its instances have the splits as properties; its constructor's type can.
export const IterableDatasetDict = IterableDatasetDictVerbs as new <T extends object, N extends string>(
  splits: Readonly<Record<N, IterableDataset<T>>>,
) => IterableDatasetDict<T, N>;
