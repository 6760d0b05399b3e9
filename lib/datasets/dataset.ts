/** A data set: typed columns, read row by row. */

import { inspect, types } from 'node:util';
import { type Frame, frameOfColumns } from '../arquero/index.ts';
import { checkOptions } from '../host.ts';
import { isAsyncIterable, isIterable } from './columns/nested.ts';
import { showValue } from './columns/showValue.ts';
import { DatasetDict } from './datasetDict.ts';
import { ClassLabel, type FeatureMap } from './features.ts';
import type { DatasetPushOptions } from './files/hubData.ts';
import { IterableDataset } from './iterableDataset.ts';
import type { Row } from './jsonl.ts';
import { datasetBundle, datasetText } from './print.ts';
import { RandomGenerator } from './random/generator.ts';
import {
  checkColumn,
  columnOf,
  columnTaken,
  noColumn,
  type Table,
  TableBuilder,
  tableOfColumns,
  tableOfRows,
} from './table.ts';
import { openColumns, type Tabular } from './tables/tabular.ts';
import type {
  Batch,
  BatchResult,
  ColumnName,
  Kept,
  Merged,
  Renamed,
  RenamedAll,
  Simplify,
  ValueOf,
} from './types.ts';
import { castColumn, classNames, type FeatureSpec, toFeature } from './verbs/cast.ts';
import { filterTable } from './verbs/filter.ts';
import { keyText } from './verbs/keys.ts';
import { columnsOf, mapTable } from './verbs/map.ts';
import {
  type BatchedFilterOptions,
  type BatchedMapOptions,
  type BatchTest,
  type CacheOptions,
  checkBatchSize,
  checkCount,
  DEFAULT_BATCH_SIZE,
  type FilterOptions,
  listOf,
  type MapOptions,
  OPTION_NAMES,
} from './verbs/options.ts';
import { renamed } from './verbs/rename.ts';
import { sortedIndices } from './verbs/sort.ts';
import { type SplitOptions, splitIndices } from './verbs/split.ts';
import { run, type Steps } from './verbs/steps.ts';
import { pickColumns, selectRows, sliceRows, typedColumn, withColumns } from './views.ts';

const DISPLAY = Symbol.for('Jupyter.display');

/**
 * Rows of typed columns, as Python's `datasets.Dataset`. Verbs return a new data set and leave this one as it is;
 * selecting, shuffling and filtering copy indices, never values.
 *
 * @example
 * const ds = Dataset.fromRows([{ text: 'good', label: 1 }, { text: 'bad', label: 0 }]);
 * const { train, test } = ds.map(row => ({ length: row.text.length })).trainTestSplit({ testSize: 0.5, seed: 123 });
 * @see https://huggingface.co/docs/datasets/package_reference/main_classes#datasets.Dataset
 */
export class Dataset<out T extends object = Row> implements Iterable<T> {
  /** Where the values are. */
  readonly table: Table;

  /** @param table where the values are; `fromRows` and `fromColumns` make one of values */
  constructor(table: Table) {
    if (typeof table?.rowCount !== 'number' || typeof table.row !== 'function') {
      throw new TypeError(
        'new Dataset needs a table; Dataset.fromRows makes a data set of an array of rows.',
      );
    }
    this.table = table;
  }

  /**
   * A data set of row objects. The columns are all the keys that any row has; what a row lacks is null.
   *
   * @param features the columns' types, where they are not to be inferred
   * @throws naming column and row of a value that cannot be kept
   * @example const ds = Dataset.fromRows([{ question: 'Why?', answer: 'Because.' }]);
   */
  static fromRows<T extends object = Row>(rows: Iterable<T>, features?: FeatureMap): Dataset<T> {
    if (!isIterable(rows)) {
      throw new TypeError('Dataset.fromRows needs an array of row objects; fromColumns takes columns.');
    }
    return new Dataset<T>(tableOfRows(rows, features));
  }

  /**
   * A data set of columns: arrays or typed arrays of equal length.
   *
   * @throws if columns differ in length, or naming column and row of a value that cannot be kept
   * @example const ds = Dataset.fromColumns({ text: ['good', 'bad'], label: Int32Array.of(1, 0) });
   */
  static fromColumns<C extends Readonly<Record<string, ArrayLike<unknown>>>>(
    columns: C,
    features?: FeatureMap,
  ): Dataset<{ -readonly [K in keyof C]: Kept<C[K][number]> }> {
    if (typeof columns !== 'object' || columns === null || Array.isArray(columns)) {
      throw new TypeError(
        `Dataset.fromColumns needs an object of arrays, such as { text: ['good', 'bad'] }, not ${showValue(columns)}; fromRows takes rows.`,
      );
    }
    return new Dataset(tableOfColumns(new Map(Object.entries(columns)), features));
  }

  /**
   * A data set of a data frame's columns; typed arrays keep their type, those of other values are inferred.
   *
   * @param frame an arquero table, a data frame of danfo or polars, or an Arrow table
   * @throws if the value has no columns, or naming column and row of a value that cannot be kept
   * @example const ds = Dataset.fromFrame(await frame('datasets/tunelab_docs.jsonl'));
   */
  static fromFrame<T extends object = Row>(frame: Tabular): Dataset<T> {
    const columns = openColumns(frame);
    if (!columns) {
      throw new TypeError(
        'Dataset.fromFrame needs a data frame of arquero, danfo, polars or Arrow; fromRows takes an array of objects.',
      );
    }
    return new Dataset<T>(tableOfColumns(new Map(columns.names.map(name => [name, columns.values(name)]))));
  }

  /**
   * A data set of the rows that a generator function yields; a promise of one if the generator is async.
   *
   * @example const ds = Dataset.fromGenerator(function* () { for (let i = 0; i < 3; i++) yield { i }; });
   */
  static fromGenerator<T extends object>(generate: () => AsyncIterable<T>): Promise<Dataset<T>>;
  static fromGenerator<T extends object>(generate: () => Iterable<T>): Dataset<T>;
  static fromGenerator<T extends object>(
    generate: () => Iterable<T> | AsyncIterable<T>,
  ): Dataset<T> | Promise<Dataset<T>> {
    if (typeof generate !== 'function') {
      throw new TypeError(
        `Dataset.fromGenerator needs a generator function, such as function* () { yield { id: 1 }; }, not ${showValue(generate)}; fromRows takes rows.`,
      );
    }
    const rows = generate();
    return isAsyncIterable(rows) ? collect(rows) : Dataset.fromRows(rows);
  }

  /** Type of each column, in column order. */
  get features(): FeatureMap {
    return this.table.features;
  }

  get columnNames(): string[] {
    return [...this.table.features.keys()];
  }

  get numRows(): number {
    return this.table.rowCount;
  }

  get numColumns(): number {
    return this.table.features.size;
  }

  get length(): number {
    return this.table.rowCount;
  }

  /** Numbers of rows and of columns. */
  get shape(): [rows: number, columns: number] {
    return [this.numRows, this.numColumns];
  }

  /**
   * A row; from the end if the index is negative.
   *
   * @throws if there is no such row
   * @example ds.at(-1)
   */
  at(index: number): T {
    return this.table.row(rowIndex(index, this.length)) as T;
  }

  /**
   * The values of a column.
   *
   * @throws if there is no such column
   * @example ds.column('text').map(text => text.length)
   */
  column<C extends keyof T & string>(name: C): T[C][];
  column(name: string): unknown[];
  column(name: string): unknown[] {
    const { column } = typedColumn(this.table, name);
    return Array.from({ length: this.length }, (_, i) => column.get(i));
  }

  /**
   * The columns by name; each is read when it is asked for.
   *
   * @example const { question, answer } = ds.columns;
   */
  get columns(): Batch<T> {
    const columns = {};
    for (const name of this.columnNames) {
      Object.defineProperty(columns, name, { get: () => this.column(name), enumerable: true });
    }
    return columns as Batch<T>;
  }

  /** The rows as objects. */
  toRows(): T[] {
    return [...this];
  }

  *[Symbol.iterator](): Generator<T, void, undefined> {
    for (let i = 0; i < this.length; i++) yield this.table.row(i) as T;
  }

  /**
   * The rows in batches, each an object of columns.
   *
   * @param batchSize how many rows a batch has
   * @example for (const { text } of ds.iter(32)) tokenizer(text);
   */
  *iter(batchSize: number, options: { dropLastBatch?: boolean } = {}): Generator<Batch<T>, void, undefined> {
    checkOptions('iter', options, ['dropLastBatch']);
    const { dropLastBatch = false } = options;
    checkBatchSize(batchSize);
    for (let start = 0; start < this.length; start += batchSize) {
      const end = Math.min(start + batchSize, this.length);
      if (dropLastBatch && end - start < batchSize) return;
      yield columnsOf(this.table, start, end) as Batch<T>;
    }
  }

  /**
   * Applies a function to every row, or to batches of rows, and puts what it returns over the rows' columns. The result
   * is a promise if the function returns promises, which are awaited one after another, or if it is to be kept on disk.
   *
   * @param apply from a row to an object of new columns; with `batched: true` from an object of columns to another, whose
   *   columns may have more or fewer rows
   * @throws if the function does not return an object, or columns of different lengths, or a removed column is not there
   * @example ds.map(row => ({ text: `### Question:\n${row.question}` }), { removeColumns: 'question' })
   * @example await ds.map(batch => ({ n: batch.text.map(text => text.length) }), { batched: true, batchSize: 100 })
   */
  map<U extends object, R extends ColumnName<T> = never>(
    apply: (batch: Batch<T>, indices: number[]) => BatchResult<U> | Promise<BatchResult<U>>,
    options: BatchedMapOptions<R> & CacheOptions,
  ): Promise<Dataset<Merged<T, U, R>>>;
  map<U extends object, R extends ColumnName<T> = never>(
    apply: (row: T, index: number) => U | Promise<U>,
    options: MapOptions<R> & CacheOptions,
  ): Promise<Dataset<Merged<T, U, R>>>;
  map<U extends object, R extends ColumnName<T> = never>(
    apply: (batch: Batch<T>, indices: number[]) => Promise<BatchResult<U>>,
    options: BatchedMapOptions<R>,
  ): Promise<Dataset<Merged<T, U, R>>>;
  map<U extends object, R extends ColumnName<T> = never>(
    apply: (batch: Batch<T>, indices: number[]) => BatchResult<U>,
    options: BatchedMapOptions<R>,
  ): Dataset<Merged<T, U, R>>;
  map<U extends object, R extends ColumnName<T> = never>(
    apply: (row: T, index: number) => Promise<U>,
    options?: MapOptions<R>,
  ): Promise<Dataset<Merged<T, U, R>>>;
  map<U extends object, R extends ColumnName<T> = never>(
    apply: (row: T, index: number) => U,
    options?: MapOptions<R>,
  ): Dataset<Merged<T, U, R>>;
  map(apply: unknown, options: MapOptions<string> | BatchedMapOptions<string> = {}): unknown {
    checkOptions('map', options, OPTION_NAMES.map);
    const { batched = false, removeColumns, withIndices = true, desc = 'Map' } = options;
    const { batchSize = DEFAULT_BATCH_SIZE, dropLastBatch = false } = options as Partial<BatchedMapOptions>;
    const removed = listOf(removeColumns);
    const settings = { batched, batchSize, dropLastBatch, removeColumns: removed, withIndices, desc };
    const { cache = false, cacheFile } = options as { cache?: boolean; cacheFile?: string };
    const steps = mapTable(this.table, apply, settings);
    if (!cache && cacheFile === undefined) return settle(steps, apply);
    return settle(kept(this.table, apply, { ...settings, desc: undefined }, cacheFile, steps), apply);
  }

  /**
   * The rows for which a function returns a true value; a promise of them if it returns promises.
   *
   * @param test of a row; with `batched: true` of columns, returning an array with a boolean for each row
   * @example ds.filter(row => row.answer !== '')
   */
  filter(test: BatchTest<T, Promise<readonly unknown[]>>, options: BatchedFilterOptions): Promise<Dataset<T>>;
  filter(test: BatchTest<T, readonly unknown[]>, options: BatchedFilterOptions): Dataset<T>;
  filter<U extends T>(test: (row: T, index: number) => row is U, options?: FilterOptions): Dataset<U>;
  filter(test: (row: T, index: number) => Promise<unknown>, options?: FilterOptions): Promise<Dataset<T>>;
  filter(test: (row: T, index: number) => unknown, options?: FilterOptions): Dataset<T>;
  filter(test: unknown, options: FilterOptions | BatchedFilterOptions = {}): unknown {
    checkOptions('filter', options, OPTION_NAMES.filter);
    const { batched = false, withIndices = true, desc = 'Filter' } = options;
    const { batchSize = DEFAULT_BATCH_SIZE } = options as Partial<BatchedFilterOptions>;
    return settle(filterTable(this.table, test, { batched, batchSize, withIndices, desc }), test);
  }

  /**
   * The rows at the indices, in their order; negative indices count from the end.
   *
   * @throws if an index is no row
   * @example ds.select([0, 10, -1])
   * @example ds.select(range(100))
   */
  select(indices: Iterable<number>): Dataset<T> {
    if (typeof indices !== 'object' || indices === null || !(Symbol.iterator in indices)) {
      throw new TypeError(
        `select needs a list of rows, such as [0, 1] or range(100), not ${String(indices)}.`,
      );
    }
    return new Dataset(
      selectRows(
        this.table,
        Uint32Array.from(indices, index => rowIndex(index, this.length)),
      ),
    );
  }

  /** Rows `start` to `end`, without `end`, as an array's `slice`: negative positions count from the end. */
  slice(start = 0, end = this.length): Dataset<T> {
    const place = (position: number): number =>
      position < 0 ? Math.max(0, this.length + position) : Math.min(position, this.length);
    return new Dataset(sliceRows(this.table, place(start), Math.max(place(start), place(end))));
  }

  /** The first `count` rows, or as many as there are. */
  take(count: number): Dataset<T> {
    checkCount('take', count);
    return this.slice(0, count);
  }

  /** All but the first `count` rows. */
  skip(count: number): Dataset<T> {
    checkCount('skip', count);
    return this.slice(count);
  }

  /**
   * The rows in random order.
   *
   * @param options `seed`: the same seed gives the same order, here and in Python; without one it differs each time
   * @example ds.shuffle({ seed: 42 })
   */
  shuffle(options: { seed?: number } = {}): Dataset<T> {
    checkOptions('shuffle', options, ['seed']);
    return new Dataset(selectRows(this.table, new RandomGenerator(options.seed).permutation(this.length)));
  }

  /**
   * The rows in the order of one or more columns. Equal rows keep their order; NaN and then null come last.
   *
   * @param options `reverse`: greatest first, for all columns or for each
   * @throws if a column is not there or its values have no order
   * @example ds.sort(['label', 'text'], { reverse: [true, false] })
   */
  sort(
    columns: ColumnName<T> | readonly ColumnName<T>[],
    options: { reverse?: boolean | readonly boolean[] } = {},
  ): Dataset<T> {
    checkOptions('sort', options, ['reverse']);
    const { reverse = false } = options;
    const names = listOf(columns);
    const reversed = typeof reverse === 'boolean' ? names.map(() => reverse) : reverse;
    if (reversed.length !== names.length) {
      throw new RangeError(
        `reverse has ${reversed.length} values for ${names.length} columns; give one boolean, or one for each.`,
      );
    }
    return new Dataset(selectRows(this.table, sortedIndices(this.table, names, reversed)));
  }

  /** The different values of a column, in order of first appearance. */
  unique<C extends keyof T & string>(name: C): T[C][];
  unique(name: string): unknown[];
  unique(name: string): unknown[] {
    const seen = new Map<unknown, unknown>();
    for (const value of this.column(name)) {
      const key = typeof value === 'object' && value !== null ? keyText(value) : value;
      if (!seen.has(key)) seen.set(key, value);
    }
    return [...seen.values()];
  }

  /**
   * The data set with one more column.
   *
   * @param values an array or typed array with a value for each row
   * @param feature the column's type, where it is not to be inferred
   * @throws if there is a column of that name, or the number of values is not that of rows
   * @example ds.addColumn('id', ds.column('text').map((_, i) => i))
   */
  addColumn<N extends string, V>(
    name: N,
    values: ArrayLike<V>,
    feature?: FeatureSpec,
  ): Dataset<Merged<T, Record<N, V>>> {
    if (this.features.has(name)) throw columnTaken(name);
    checkColumn(name, values);
    if (values.length !== this.length) {
      throw new RangeError(`Column "${name}" has ${values.length} values for ${this.length} rows.`);
    }
    const column = columnOf(name, values, feature && toFeature(feature));
    return new Dataset(withColumns(this.table, new Map([[name, column]])));
  }

  /** @throws if the column is not there, or the new name is taken */
  renameColumn<From extends keyof T & string, To extends string>(
    from: From,
    to: To,
  ): Dataset<Renamed<T, From, To>>;
  renameColumn(from: string, to: string): Dataset;
  renameColumn(from: string, to: string): Dataset {
    return new Dataset(pickColumns(this.table, renamed(this.features, new Map([[from, to]]))));
  }

  /**
   * @param names new name by present name
   * @throws if a column is not there, or two would have the same name
   * @example ds.renameColumns({ instruction: 'question', response: 'answer' })
   */
  renameColumns<N extends { readonly [K in ColumnName<T>]?: string }>(names: N): Dataset<RenamedAll<T, N>> {
    return new Dataset(
      pickColumns(
        this.table,
        renamed(this.features, new Map(Object.entries(names as Record<string, string>))),
      ),
    );
  }

  /** @throws if a column is not there; the message lists those that are */
  removeColumns<R extends ColumnName<T>>(names: R | readonly R[]): Dataset<Simplify<Omit<T, R>>> {
    const removed = listOf(names);
    for (const name of removed) if (!this.features.has(name)) throw noColumn(name, this.features.keys());
    return this.#pick(this.columnNames.filter(name => !removed.includes(name)));
  }

  /** The named columns alone, in the order named. */
  selectColumns<C extends keyof T & string>(names: C | readonly C[]): Dataset<Simplify<Pick<T, C>>>;
  selectColumns(names: string | readonly string[]): Dataset;
  selectColumns(names: string | readonly string[]): Dataset {
    return this.#pick(listOf(names));
  }

  /**
   * The data set with a column of another type.
   *
   * @param feature a type's name such as `'float32'`, a `ClassLabel`, or a feature
   * @throws naming the first row whose value has no equivalent in that type
   * @example ds.castColumn('label', new ClassLabel(['negative', 'positive']))
   */
  castColumn<C extends ColumnName<T>, F extends FeatureSpec>(
    name: C,
    feature: F,
  ): Dataset<Merged<T, Record<C, ValueOf<F>>>> {
    return new Dataset(castColumn(this.table, name, feature));
  }

  /**
   * The data set with a column of class numbers in place of a column of text, numbers or booleans; the classes are the
   * different values as text, in order.
   *
   * @throws if the column is not there or holds lists, objects, bytes or mixed values
   * @example ds.classEncodeColumn('topic').features.get('topic') // ClassLabel { names: ['business', 'sports'] }
   */
  classEncodeColumn<C extends ColumnName<T>>(name: C): Dataset<Merged<T, Record<C, number>>> {
    const label = new ClassLabel(classNames([this.table], name));
    return new Dataset(castColumn(castColumn(this.table, name, 'string'), name, label));
  }

  /**
   * Splits the rows in two, the same way as Python's `datasets` for the same seed.
   *
   * @throws if a size is not possible for that many rows, or the column to stratify by does not allow it
   * @example const { train, test } = ds.trainTestSplit({ testSize: 0.1, shuffle: true, seed: 123 });
   */
  trainTestSplit(options: SplitOptions = {}): DatasetDict<T, 'train' | 'test'> {
    const { train, test } = splitIndices(this.table, options);
    return new DatasetDict({
      train: new Dataset<T>(selectRows(this.table, train)),
      test: new Dataset<T>(selectRows(this.table, test)),
    });
  }

  /**
   * A data set of batches: each of its rows holds the columns of `batchSize` rows as lists.
   *
   * @param options `dropLastBatch`: leave out a last batch that is not full
   * @example ds.batch(4).at(0).text // four texts
   */
  batch(batchSize: number, options: { dropLastBatch?: boolean } = {}): Dataset<Batch<T>> {
    checkBatchSize(batchSize);
    const lists = [...this.features].map(
      ([name, feature]) => [name, { type: 'list', feature } as const] as const,
    );
    return Dataset.fromRows(this.iter(batchSize, options), new Map(lists));
  }

  /** The rows one by one, with the verbs of `IterableDataset`. */
  toIterableDataset(): IterableDataset<T> {
    return new IterableDataset(() => this, this.features);
  }

  /** The data set as a data frame: an arquero table, with all of arquero's verbs. */
  async toFrame(): Promise<Frame> {
    if (this.features.has('__proto__')) {
      throw new RangeError('A data frame cannot have a column called "__proto__"; rename it first.');
    }
    return frameOfColumns(new Map(this.columnNames.map(name => [name, this.column(name)])), 'toFrame');
  }

  /** Writes the rows as JSON Lines; the path never holds half a file. */
  async toJsonl(path: string): Promise<void> {
    const { writeTableAsJsonl } = await import('./files/textFiles.ts');
    await writeTableAsJsonl(path, this.table);
  }

  /**
   * Writes the rows as CSV, or with tabs if the path ends in `.tsv`. Null is an empty field, empty text a quoted one;
   * lists and objects are written as JSON.
   */
  async toCsv(path: string): Promise<void> {
    const { writeCsv } = await import('./files/textFiles.ts');
    await writeCsv(path, this.table);
  }

  /** Writes the rows as Parquet, with the columns' types as Python's `datasets` reads them. */
  async toParquet(path: string): Promise<void> {
    const { writeParquet } = await import('./files/parquetFile.ts');
    await writeParquet(path, this.table);
  }

  /**
   * Writes the data set into a folder that `loadFromDisk`, here and in Python, reads.
   *
   * @example await ds.saveToDisk('docs'); const again = await Dataset.loadFromDisk('docs');
   */
  async saveToDisk(folder: string): Promise<void> {
    const { saveTable } = await import('./files/disk.ts');
    await saveTable(folder, this.table);
  }

  /**
   * A data set from a folder that `saveToDisk` made, here or in Python.
   *
   * @throws if the folder holds no data set, several splits, or damaged files
   */
  static async loadFromDisk<T extends object = Row>(folder: string): Promise<Dataset<T>> {
    const { loadTable } = await import('./files/disk.ts');
    return new Dataset<T>(await loadTable(folder));
  }

  /**
   * Puts the data set on the Hugging Face hub, as a Parquet file of one split; other splits there stay.
   *
   * @param repoId `organisation/name`, or a name in the token's own account; the repository is made if it is not there
   * @param options `split`: `train` where nothing is said; `token`: instead of `HF_TOKEN`
   * @returns the commit's address
   * @throws if there is no token or it may not write there, or the hub cannot be reached
   * @example await ds.pushToHub('me/answers', { private: true });
   */
  async pushToHub(
    repoId: string,
    options: DatasetPushOptions & { readonly split?: string } = {},
  ): Promise<string> {
    const { split = 'train', ...rest } = options;
    const { pushSplits } = await import('./files/hubData.ts');
    return pushSplits(repoId, new Map([[split, this.table]]), rest);
  }

  toString(): string {
    return datasetText(this.table);
  }

  [inspect.custom](): string {
    return this.toString();
  }

  [DISPLAY](): Record<string, unknown> {
    return datasetBundle(this.table);
  }

  #pick<U extends object>(names: readonly string[]): Dataset<U> {
    return new Dataset<U>(pickColumns(this.table, new Map(names.map(name => [name, name]))));
  }
}

async function collect<T extends object>(rows: AsyncIterable<T>): Promise<Dataset<T>> {
  const builder = new TableBuilder();
  for await (const row of rows) builder.push(row);
  return new Dataset<T>(builder.finish());
}

/** Runs steps, or takes their result from the disk; what reads and writes it is loaded then. */
function* kept(
  table: Table,
  apply: unknown,
  settings: object,
  file: string | undefined,
  steps: Steps<Table>,
): Steps<Table> {
  const { cached, cacheKey } = (yield import('./verbs/cache.ts')) as typeof import('./verbs/cache.ts');
  return yield* cached(cacheKey(table, apply, settings), file, steps);
}

/** Runs a verb; an async function gives a promise also where there is no row to wait for. */
function settle(steps: Steps<Table>, apply: unknown): unknown {
  const table = run(steps);
  if (table instanceof Promise) return table.then(settled => new Dataset(settled));
  const dataset = new Dataset(table);
  return types.isAsyncFunction(apply) ? Promise.resolve(dataset) : dataset;
}

function rowIndex(index: number, length: number): number {
  const place = index < 0 ? length + index : index;
  if (Number.isInteger(place) && place >= 0 && place < length) return place;
  throw new RangeError(`There is no row ${index}; the data set has ${length} rows.`);
}
