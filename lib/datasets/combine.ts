/** Data sets made of several: one after another, or taking turns. */
import { checkOptions } from '../host.ts';
import { setField } from './columns/nested.ts';
import { Dataset } from './dataset.ts';
import type { FeatureMap } from './features.ts';
import { IterableDataset } from './iterableDataset.ts';
import type { Row } from './jsonl.ts';
import { checkInterleave, type InterleaveOptions, interleavedRows, sources } from './verbs/interleave.ts';
import { concatTables, joinColumns, selectRows } from './views.ts';

/**
 * The rows of several data sets one after another; what one has no column for is null. Of streams whose columns are not
 * known, the first row says which they are, as in Python.
 *
 * @throws if there is none, or a column has different types in two of them, other than null
 * @example const all = concatenateDatasets([train, test]);
 */
export function concatenateDatasets<T extends object>(datasets: readonly Dataset<T>[]): Dataset<T>;
export function concatenateDatasets<T extends object>(
  datasets: readonly IterableDataset<T>[],
): IterableDataset<T>;
export function concatenateDatasets(datasets: readonly object[]): unknown {
  checkArray('concatenateDatasets', datasets);
  if (datasets.length === 0) throw new RangeError('concatenateDatasets needs at least one data set.');
  if (areDatasets(datasets)) return new Dataset(concatTables(datasets.map(({ table }) => table)));
  if (!areStreams(datasets)) throw new TypeError(mixedKinds('concatenateDatasets'));
  const numShards = datasets.reduce((sum, dataset) => sum + dataset.numShards, 0);
  return new IterableDataset(() => concatenate(datasets), joinedFeatures(datasets), numShards);
}

/**
 * The rows of several data sets in turns, or drawn from them at random with given probabilities; for the same seed the
 * same rows as in Python.
 *
 * @throws if there is none, or probabilities do not fit
 * @example interleaveDatasets([english, french], { probabilities: [0.8, 0.2], seed: 42, stoppingStrategy: 'all_exhausted' })
 */
export function interleaveDatasets<T extends object>(
  datasets: readonly Dataset<T>[],
  options?: InterleaveOptions,
): Dataset<T>;
export function interleaveDatasets<T extends object>(
  datasets: readonly IterableDataset<T>[],
  options?: InterleaveOptions,
): IterableDataset<T>;
export function interleaveDatasets(datasets: readonly object[], options: InterleaveOptions = {}): unknown {
  checkArray('interleaveDatasets', datasets);
  checkOptions('interleaveDatasets', options, ['probabilities', 'seed', 'stoppingStrategy']);
  checkInterleave(datasets.length, options);
  if (!areDatasets(datasets)) {
    if (!areStreams(datasets)) throw new TypeError(mixedKinds('interleaveDatasets'));
    const numShards = Math.min(...datasets.map(dataset => dataset.numShards));
    return new IterableDataset(() => interleave(datasets, options), joinedFeatures(datasets), numShards);
  }
  const filled = datasets.filter(({ length }) => length > 0);
  const starts: number[] = [];
  for (const { length } of datasets) starts.push((starts.at(-1) ?? 0) + length);
  const rows = interleavedRows(
    datasets.map(({ length }) => length),
    options,
  );
  const joined = concatTables((filled.length > 0 ? filled : datasets).map(({ table }) => table));
  const indices = rows.map(({ source, row }) => (source === 0 ? 0 : starts[source - 1]!) + row);
  return new Dataset(selectRows(joined, Uint32Array.from(indices)));
}

/** The columns of all streams together, where those of each are known. */
function joinedFeatures(datasets: readonly IterableDataset[]): FeatureMap | undefined {
  const known = datasets.map(({ features }) => features).filter(features => features !== undefined);
  return known.length === datasets.length ? joinColumns(known) : undefined;
}

async function* concatenate(datasets: readonly IterableDataset[]): AsyncGenerator<object, void, undefined> {
  const readers = datasets.map(dataset => new Reader(dataset));
  try {
    // However many streams there are, no more than two are open at a time.
    const names = await allNames(readers, readers.slice(0, 1));
    for (const reader of readers) {
      for (let row = await reader.read(); row; row = await reader.read()) yield filled(row, names);
    }
  } finally {
    await closeAll(readers);
  }
}

async function* interleave(
  datasets: readonly IterableDataset[],
  options: InterleaveOptions,
): AsyncGenerator<object, void, undefined> {
  const { stoppingStrategy = 'first_exhausted' } = options;
  const once = stoppingStrategy === 'all_exhausted_without_replacement';
  const readers = datasets.map(dataset => new Reader(dataset));
  const exhausted = datasets.map(() => false);
  const isOver = (): boolean =>
    stoppingStrategy === 'first_exhausted' ? exhausted.includes(true) : !exhausted.includes(false);
  try {
    const names = await allNames(readers, readers);
    for (const source of sources(datasets.length, options)) {
      if (isOver()) return;
      if (once && exhausted[source]) continue;
      const reader = readers[source]!;
      const row = await reader.read();
      if (await reader.isAtEnd()) {
        exhausted[source] = true;
        if (!once) await reader.restart();
      }
      if (row) yield filled(row, names);
    }
  } finally {
    await closeAll(readers);
  }
}

/** @throws the first error that closing one of them throws, when all others are closed */
async function closeAll(readers: readonly Reader[]): Promise<void> {
  const closed = await Promise.allSettled(readers.map(reader => reader.close()));
  const failed = closed.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}

/**
 * The columns of all streams, in order of first appearance.
 *
 * @param open those that are read next; the others are closed again
 */
async function allNames(readers: readonly Reader[], open: readonly Reader[]): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for (const reader of readers) {
    for (const name of await reader.columnNames()) names.add(name);
    if (!open.includes(reader)) await reader.restart();
  }
  return names;
}

/** The row with all of the columns; what it lacks is null. */
function filled(row: object, names: ReadonlySet<string>): object {
  const whole: Row = {};
  for (const name of names) setField(whole, name, Object.hasOwn(row, name) ? (row as Row)[name] : null);
  // Columns that the stream's first row did not have.
  for (const name of Object.keys(row)) if (!names.has(name)) setField(whole, name, (row as Row)[name]);
  return whole;
}

/** Reads rows one ahead, so that it is known which is the last. */
class Reader {
  readonly #rows: IterableDataset;
  #iterator: AsyncIterator<object> | undefined;
  #next: IteratorResult<object> | undefined;

  constructor(rows: IterableDataset) {
    this.#rows = rows;
  }

  /** The columns, as far as known; else those of the first row. */
  async columnNames(): Promise<readonly string[]> {
    return this.#rows.columnNames ?? Object.keys((await this.#peek()).value ?? {});
  }

  /** The next row; nothing if there is none at all. */
  async read(): Promise<object | undefined> {
    const { done, value } = await this.#peek();
    if (!done) this.#next = undefined;
    return done ? undefined : value;
  }

  async isAtEnd(): Promise<boolean> {
    return (await this.#peek()).done === true;
  }

  async restart(): Promise<void> {
    await this.close();
    this.#iterator = undefined;
    this.#next = undefined;
  }

  async close(): Promise<void> {
    await this.#iterator?.return?.();
  }

  async #peek(): Promise<IteratorResult<object>> {
    this.#iterator ??= this.#rows[Symbol.asyncIterator]();
    this.#next ??= await this.#iterator.next();
    return this.#next;
  }
}

function checkArray(verb: string, datasets: unknown): void {
  if (Array.isArray(datasets)) return;
  throw new TypeError(`${verb} takes the data sets as one array: ${verb}([one, another]).`);
}

function areDatasets(datasets: readonly object[]): datasets is readonly Dataset[] {
  return datasets.every(dataset => dataset instanceof Dataset);
}

function areStreams(datasets: readonly object[]): datasets is readonly IterableDataset[] {
  return datasets.every(dataset => dataset instanceof IterableDataset);
}

function mixedKinds(verb: string): string {
  return `${verb} takes an array of Datasets or an array of IterableDatasets, not a mixture or anything else.`;
}
