/** What `map` and `filter` can be told. */
import { showValue } from '../columns/showValue.ts';
import type { Batch } from '../types.ts';

export interface BatchOptions {
  /** Whether the function gets and returns columns of many rows at once. */
  readonly batched: true;
  /** How many rows a batch has, 1000 unless told; Infinity for all in one. */
  readonly batchSize?: number;
}

interface IndexOptions {
  /**
   * Whether the function gets the row's index as its second argument, or in batches the rows' indices: true, as for an
   * array's map. False is for functions whose second parameter is something else.
   */
  readonly withIndices?: boolean;
}

interface ProgressOptions {
  /** What the progress bar says. */
  readonly desc?: string;
}

/**
 * Where `map` keeps its result, to take it from there when the same data, function text and options come again.
 *
 * Unlike Python, which looks at all that a function refers to, only its text is looked at: variables from outside it,
 * functions that it calls and its `this` may change and the kept result is taken all the same. Bound and built-in
 * functions, which have no text, are refused.
 */
export type CacheOptions =
  | {
      /** Keep it in the cache folder. */
      readonly cache: true;
    }
  | {
      /** Keep it in this file. */
      readonly cacheFile: string;
    };

interface RemoveOptions<R extends string> {
  /** Columns to leave out of the result; what the function returns under their names stays. */
  readonly removeColumns?: R | readonly R[];
}

interface LastBatchOptions {
  /** Whether the rows of a last batch that is not full are left out. */
  readonly dropLastBatch?: boolean;
}

interface RowByRow {
  readonly batched?: false;
}

/** Options of `IterableDataset.map`. */
export interface StreamMapOptions<R extends string = never>
  extends RowByRow,
    IndexOptions,
    RemoveOptions<R> {}

/** Options of `IterableDataset.map` with batches. */
export interface StreamBatchedMapOptions<R extends string = never>
  extends BatchOptions,
    IndexOptions,
    RemoveOptions<R>,
    LastBatchOptions {}

/** Options of `Dataset.map`. */
export interface MapOptions<R extends string = never> extends StreamMapOptions<R>, ProgressOptions {}

/** Options of `Dataset.map` with batches. */
export interface BatchedMapOptions<R extends string = never>
  extends StreamBatchedMapOptions<R>,
    ProgressOptions {}

/** Options of `IterableDataset.filter`. */
export interface StreamFilterOptions extends RowByRow, IndexOptions {}

/** Options of `IterableDataset.filter` with batches. */
export interface StreamBatchedFilterOptions extends BatchOptions, IndexOptions {}

/** Options of `Dataset.filter`. */
export interface FilterOptions extends StreamFilterOptions, ProgressOptions {}

/** Options of `Dataset.filter` with batches. */
export interface BatchedFilterOptions extends StreamBatchedFilterOptions, ProgressOptions {}

/** A function of a batch that says for each row whether to keep it. */
export type BatchTest<T, Answer> = (batch: Batch<T>, indices: number[]) => Answer;

export const DEFAULT_BATCH_SIZE = 1000;

/** Seconds before `map` and `filter` show a bar: most of their work is done in less. */
export const PROGRESS_DELAY = 0.5;

const STREAM_FILTER_OPTIONS = ['batched', 'batchSize', 'withIndices'] as const;
const STREAM_MAP_OPTIONS = [...STREAM_FILTER_OPTIONS, 'removeColumns', 'dropLastBatch'] as const;

/** The names of the options of each verb. */
export const OPTION_NAMES = {
  streamFilter: STREAM_FILTER_OPTIONS,
  streamMap: STREAM_MAP_OPTIONS,
  filter: [...STREAM_FILTER_OPTIONS, 'desc'],
  map: [...STREAM_MAP_OPTIONS, 'desc', 'cache', 'cacheFile'],
} as const;

/** @throws if a batch of that size cannot be made */
export function checkBatchSize(batchSize: number): void {
  if (batchSize > 0 && (Number.isInteger(batchSize) || batchSize === Infinity)) return;
  throw new RangeError(`batchSize must be an integer of at least 1, or Infinity, not ${batchSize}.`);
}

/** @throws if there cannot be so many rows */
export function checkCount(verb: string, count: number): void {
  if (count >= 0 && (Number.isInteger(count) || count === Infinity)) return;
  throw new RangeError(`${verb} needs a whole number of rows from 0, not ${showValue(count)}.`);
}

export function listOf(names: string | readonly string[] | undefined): readonly string[] {
  return typeof names === 'string' ? [names] : (names ?? []);
}
