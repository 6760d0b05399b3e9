/** A data set whose rows come one by one, as long as they are asked for. */

import { inspect } from 'node:util';
import type { Frame } from '../arquero/index.ts';
import { checkOptions } from '../host.ts';
import { isAsyncIterable, isIterable, setField } from './columns/nested.ts';
import { showValue } from './columns/showValue.ts';
import { Dataset } from './dataset.ts';
import { type Feature, type FeatureMap, value } from './features.ts';
import type { DatasetPushOptions } from './files/hubData.ts';
import type { Row } from './jsonl.ts';
import { iterableBundle, iterableText } from './print.ts';
import { checkColumn, columnTaken, noColumn, TableBuilder } from './table.ts';
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
import { castValue, type FeatureSpec, toFeature } from './verbs/cast.ts';
import { keepTypes } from './verbs/keepTypes.ts';
import {
  type BatchTest,
  checkBatchSize,
  checkCount,
  DEFAULT_BATCH_SIZE,
  listOf,
  OPTION_NAMES,
  type StreamBatchedFilterOptions,
  type StreamBatchedMapOptions,
  type StreamFilterOptions,
  type StreamMapOptions,
} from './verbs/options.ts';
import { renamed } from './verbs/rename.ts';
import { batchStream, filterStream, mapStream, shuffleStream } from './verbs/stream.ts';

const DISPLAY = Symbol.for('Jupyter.display');

const DEFAULTS = { batchSize: DEFAULT_BATCH_SIZE, withIndices: true } as const;

/**
 * Rows that are read while one iterates, as Python's `datasets.IterableDataset`. Verbs are remembered and applied to
 * each row when it is asked for; leaving a loop early closes what the rows are read from. What needs all rows at once, such
 * as `sort`, `select` and `trainTestSplit`, `toDataset` has. A notebook shows its columns and reads no row for that; the
 * first rows are seen by `await stream.take(5).toDataset()`.
 *
 * @example for await (const row of new IterableDataset(readRows).filter(row => row.text !== '').take(5)) show(row);
 * @see https://huggingface.co/docs/datasets/package_reference/main_classes#datasets.IterableDataset
 */
export class IterableDataset<out T extends object = Row> implements AsyncIterable<T> {
  /** Type of each column, where it is known before rows are read. */
  readonly features: FeatureMap | undefined;
  /** In how many parts the rows lie, such as files. */
  readonly numShards: number;
  readonly #open: () => AsyncIterable<T> | Iterable<T>;
  /** Types of the columns, or of some where not all are known; these hold for the values that they can hold. */
  #types: FeatureMap;

  /**
   * @param open begins to read the rows; called again for each loop
   * @param features type of each column, where all are known
   * @param numShards in how many parts the rows lie
   */
  constructor(open: () => AsyncIterable<T> | Iterable<T>, features?: FeatureMap, numShards = 1) {
    if (typeof open !== 'function') {
      throw new TypeError(
        'IterableDataset needs a function that begins to read the rows, such as a generator function.',
      );
    }
    this.#open = open;
    this.features = features;
    this.#types = features ?? new Map();
    this.numShards = numShards;
  }

  /** Names of the columns, where they are known before rows are read. */
  get columnNames(): string[] | undefined {
    return this.features && [...this.features.keys()];
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    const rows: unknown = this.#open();
    if (!isIterable(rows) && !isAsyncIterable(rows)) {
      throw new TypeError(
        `IterableDataset's function returned ${showValue(rows)}, not rows to iterate over; give a generator function, or one that returns an array.`,
      );
    }
    yield* rows as AsyncIterable<T> | Iterable<T>;
  }

  /** All rows, in memory. */
  async toRows(): Promise<T[]> {
    const rows: T[] = [];
    for await (const row of this) rows.push(row);
    return rows;
  }

  /** A `Dataset` of all rows, in memory. */
  async toDataset(): Promise<Dataset<T>> {
    const builder = new TableBuilder(this.features);
    for await (const row of this) builder.push(row);
    return new Dataset<T>(keepTypes(builder.finish(), this.#types));
  }

  /** `Dataset.toFrame` of all rows. */
  async toFrame(): Promise<Frame> {
    return (await this.toDataset()).toFrame();
  }

  /** `Dataset.toJsonl` of all rows, in memory meanwhile; so are the next ones. */
  async toJsonl(path: string): Promise<void> {
    await (await this.toDataset()).toJsonl(path);
  }

  async toCsv(path: string): Promise<void> {
    await (await this.toDataset()).toCsv(path);
  }

  async toParquet(path: string): Promise<void> {
    await (await this.toDataset()).toParquet(path);
  }

  async saveToDisk(folder: string): Promise<void> {
    await (await this.toDataset()).saveToDisk(folder);
  }

  /** `Dataset.pushToHub` of all rows. */
  async pushToHub(
    repoId: string,
    options: DatasetPushOptions & { readonly split?: string } = {},
  ): Promise<string> {
    return (await this.toDataset()).pushToHub(repoId, options);
  }

  /** The different values of a column, in the order of their first rows. */
  unique<C extends keyof T & string>(name: C): Promise<T[C][]>;
  unique(name: string): Promise<unknown[]>;
  async unique(name: string): Promise<unknown[]> {
    return (await this.selectColumns(name).toDataset()).unique(name);
  }

  /**
   * The rows in batches, each an object of columns.
   *
   * @example for await (const { text } of stream.iter(32)) tokenizer(text);
   */
  async *iter(
    batchSize: number,
    options: { dropLastBatch?: boolean } = {},
  ): AsyncGenerator<Batch<T>, void, undefined> {
    checkOptions('iter', options, ['dropLastBatch']);
    const { dropLastBatch = false } = options;
    checkBatchSize(batchSize);
    for await (const { columns } of batchStream(this as AsyncIterable<object>, batchSize, dropLastBatch)) {
      yield columns as Batch<T>;
    }
  }

  /**
   * Applies a function to every row, or to batches of rows, and puts what it returns over the rows' columns.
   *
   * @param apply as in `Dataset.map`; promises are awaited one after another
   * @example stream.map(row => ({ length: row.text.length }))
   */
  map<U extends object, R extends ColumnName<T> = never>(
    apply: (batch: Batch<T>, indices: number[]) => BatchResult<U> | Promise<BatchResult<U>>,
    options: StreamBatchedMapOptions<R>,
  ): IterableDataset<Merged<T, U, R>>;
  map<U extends object, R extends ColumnName<T> = never>(
    apply: (row: T, index: number) => U | Promise<U>,
    options?: StreamMapOptions<R>,
  ): IterableDataset<Merged<T, U, R>>;
  map(apply: unknown, options: StreamMapOptions<string> | StreamBatchedMapOptions<string> = {}): unknown {
    checkOptions('map', options, OPTION_NAMES.streamMap);
    const settings = { ...DEFAULTS, ...options, removeColumns: listOf(options.removeColumns) };
    if (settings.batched) checkBatchSize(settings.batchSize);
    this.#check(settings.removeColumns);
    const types = new Map(this.#types);
    for (const name of settings.removeColumns) types.delete(name);
    return this.#derived(() => mapStream(this, apply, settings), types, false);
  }

  /**
   * The rows for which a function returns a true value.
   *
   * @example stream.filter(row => row.text.length > 100)
   */
  filter(
    test: BatchTest<T, readonly unknown[] | Promise<readonly unknown[]>>,
    options: StreamBatchedFilterOptions,
  ): IterableDataset<T>;
  filter<U extends T>(
    test: (row: T, index: number) => row is U,
    options?: StreamFilterOptions,
  ): IterableDataset<U>;
  filter(test: (row: T, index: number) => unknown, options?: StreamFilterOptions): IterableDataset<T>;
  filter(test: unknown, options: StreamFilterOptions | StreamBatchedFilterOptions = {}): unknown {
    checkOptions('filter', options, OPTION_NAMES.streamFilter);
    const settings = { ...DEFAULTS, ...options };
    if (settings.batched) checkBatchSize(settings.batchSize);
    return this.#derived(() => filterStream(this, test, settings), this.#types);
  }

  /** The first `count` rows; no more are read. */
  take(count: number): IterableDataset<T> {
    checkCount('take', count);
    return this.#with(async function* (rows) {
      if (count === 0) return;
      let taken = 0;
      for await (const row of rows) {
        yield row;
        if (++taken === count) return;
      }
    });
  }

  /** All but the first `count` rows. */
  skip(count: number): IterableDataset<T> {
    checkCount('skip', count);
    return this.#with(async function* (rows) {
      let seen = 0;
      for await (const row of rows) if (seen++ >= count) yield row;
    });
  }

  /**
   * The rows in an order that is random within a buffer: each row that comes replaces one drawn from the buffer.
   *
   * @param options `bufferSize`: rows held in memory, 1000 unless told; `seed`: the same seed gives the same order, here
   *   and, for a source of one file, in Python
   */
  shuffle(options: { seed?: number; bufferSize?: number } = {}): IterableDataset<T> {
    checkOptions('shuffle', options, ['seed', 'bufferSize']);
    const { seed, bufferSize = 1000 } = options;
    if (!(Number.isInteger(bufferSize) && bufferSize > 0)) {
      throw new RangeError(`bufferSize must be an integer of at least 1, not ${bufferSize}.`);
    }
    return this.#with(rows => shuffleStream(rows, bufferSize, seed));
  }

  /** Batches as rows: each holds the columns of `batchSize` rows as lists. */
  batch(batchSize: number, options: { dropLastBatch?: boolean } = {}): IterableDataset<Batch<T>> {
    checkBatchSize(batchSize);
    const lists = [...this.#types].map(([name, feature]) => [name, { type: 'list', feature }] as const);
    return this.#derived(() => this.iter(batchSize, options), new Map(lists));
  }

  /**
   * The rows with one more column.
   *
   * @param values one for each row, begun anew for each loop
   * @throws if there is a column of that name, or, when rows are read, fewer or more values than rows
   * @example stream.addColumn('id', ids)
   */
  addColumn<N extends string, V>(
    name: N,
    values: Iterable<V> | ArrayLike<V>,
    feature?: FeatureSpec,
  ): IterableDataset<Merged<T, Record<N, V>>> {
    if (this.features?.has(name)) throw columnTaken(name);
    if (!isIterable(values)) checkColumn(name, values, 'an array, a typed array or another iterable');
    const type = feature && toFeature(feature);
    const rows = this as AsyncIterable<object>;
    const open = async function* (): AsyncGenerator<object, void, undefined> {
      const rest = (isIterable(values) ? values : Array.from(values))[Symbol.iterator]();
      let index = 0;
      for await (const row of rows) {
        const { done, value: added } = rest.next();
        if (done) throw new RangeError(`Column "${name}" has ${index} values and there are more rows.`);
        if (Object.hasOwn(row, name)) throw columnTaken(name);
        const changed: Row = { ...row };
        setField(changed, name, type ? castValue(added, type, name, index) : added);
        yield changed;
        index++;
      }
      if (!rest.next().done) throw new RangeError(`Column "${name}" has more values than the ${index} rows.`);
    };
    return (
      type ? this.#derived(open, this.#typed(name, type)) : this.#derived(open, this.#types, false)
    ) as never;
  }

  /** @throws if the column is not there, or the new name is taken; where columns are not known, when rows are read */
  renameColumn<From extends keyof T & string, To extends string>(
    from: From,
    to: To,
  ): IterableDataset<Renamed<T, From, To>>;
  renameColumn(from: string, to: string): IterableDataset;
  renameColumn(from: string, to: string): unknown {
    return this.#rename(new Map([[from, to]]));
  }

  /** @param names new name by present name */
  renameColumns<N extends { readonly [K in ColumnName<T>]?: string }>(
    names: N,
  ): IterableDataset<RenamedAll<T, N>> {
    return this.#rename(new Map(Object.entries(names as Record<string, string>))) as never;
  }

  /** @throws if a column is not there; where columns are not known, when rows are read */
  removeColumns<R extends ColumnName<T>>(names: R | readonly R[]): IterableDataset<Simplify<Omit<T, R>>> {
    const removed = listOf(names);
    return this.#choose(removed, own => own.filter(name => !removed.includes(name))) as never;
  }

  /** The named columns alone, in the order named. */
  selectColumns<C extends keyof T & string>(names: C | readonly C[]): IterableDataset<Simplify<Pick<T, C>>>;
  selectColumns(names: string | readonly string[]): IterableDataset;
  selectColumns(names: string | readonly string[]): unknown {
    const selected = listOf(names);
    return this.#choose(selected, () => selected);
  }

  /**
   * The rows with a column of another type, as in `Dataset.castColumn`.
   *
   * @throws when a row is read whose value has no equivalent in that type
   */
  castColumn<C extends ColumnName<T>, F extends FeatureSpec>(
    name: C,
    feature: F,
  ): IterableDataset<Merged<T, Record<C, ValueOf<F>>>> {
    this.#check([name]);
    const type = toFeature(feature);
    const rows = this as AsyncIterable<object>;
    const open = async function* (): AsyncGenerator<object, void, undefined> {
      let index = 0;
      for await (const row of rows) {
        checkColumns([name], Object.keys(row));
        yield { ...row, [name]: castValue((row as Row)[name], type, name, index++) };
      }
    };
    return this.#derived(open, this.#typed(name, type)) as never;
  }

  toString(): string {
    return iterableText(this);
  }

  [inspect.custom](): string {
    return this.toString();
  }

  [DISPLAY](): Record<string, unknown> {
    return iterableBundle(this);
  }

  #with(change: (rows: AsyncIterable<T>) => AsyncIterable<T>): IterableDataset<T> {
    return this.#derived(() => change(this), this.#types);
  }

  /**
   * Rows made of these.
   *
   * @param isComplete whether the types are those of all columns
   */
  #derived<U extends object>(
    open: () => AsyncIterable<U>,
    types: FeatureMap,
    isComplete = this.features !== undefined,
  ): IterableDataset<U> {
    const derived = new IterableDataset(open, isComplete ? types : undefined, this.numShards);
    derived.#types = types;
    return derived;
  }

  #typed(name: string, feature: Feature): FeatureMap {
    return new Map([...this.#types, [name, feature]]);
  }

  #rename(names: ReadonlyMap<string, string>): IterableDataset<object> {
    return this.#columns(
      features => renamed(features, names),
      name => names.get(name) ?? name,
    );
  }

  #choose(
    needed: readonly string[],
    choose: (names: readonly string[]) => readonly string[],
  ): IterableDataset<object> {
    return this.#columns(
      features => {
        const names = [...features.keys()];
        checkColumns(needed, names);
        return new Map(choose(names).map(name => [name, name]));
      },
      name => choose([name]).find(chosen => chosen === name),
    );
  }

  /**
   * @param choose present name by new name, of the columns that there are
   * @param nameOf the new name of a column, if it is kept
   */
  #columns(
    choose: (features: FeatureMap) => ReadonlyMap<string, string>,
    nameOf: (name: string) => string | undefined,
  ): IterableDataset<object> {
    const chosen = this.features && choose(this.features);
    const rows = this as AsyncIterable<object>;
    const open = async function* (): AsyncGenerator<object, void, undefined> {
      for await (const row of rows) {
        const names = chosen ?? choose(new Map(Object.keys(row).map(name => [name, value('null')])));
        const changed: Row = {};
        for (const [name, present] of names) setField(changed, name, (row as Row)[present]);
        yield changed;
      }
    };
    const types = chosen
      ? [...chosen].map(([name, present]) => [name, this.#types.get(present)!] as const)
      : [...this.#types].flatMap(([name, feature]) => {
          const to = nameOf(name);
          return to === undefined ? [] : [[to, feature] as const];
        });
    return this.#derived(open, new Map(types));
  }

  #check(names: readonly string[]): void {
    if (this.features) checkColumns(names, [...this.features.keys()]);
  }
}

function checkColumns(needed: readonly string[], names: readonly string[]): void {
  for (const name of needed) if (!names.includes(name)) throw noColumn(name, names);
}
