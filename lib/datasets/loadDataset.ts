/** Loads data sets by path, name or hub id, as Python's `datasets.load_dataset`. */

import { join, resolve } from 'node:path';
import { checkOptions } from '../host.ts';
import { showValue } from './columns/showValue.ts';
import { Dataset } from './dataset.ts';
import { DatasetDict } from './datasetDict.ts';
import {
  checkOnBadLine,
  FORMATS,
  type Format,
  parquetFeatures,
  type ReadOptions,
  readTable,
  streamRows,
} from './formats/index.ts';
import { IterableDataset } from './iterableDataset.ts';
import { IterableDatasetDict } from './iterableDatasetDict.ts';
import type { Row } from './jsonl.ts';
import { type DataFile, type DataFiles, hasWildcards, type SplitFiles } from './load/dataFiles.ts';
import { splitsOfHub } from './load/hubFiles.ts';
import {
  kindOf,
  splitsOfDataFiles,
  splitsOfFile,
  splitsOfFolder,
  splitsOfPattern,
} from './load/localFiles.ts';
import { ownSet, ownSetNames } from './load/ownSets.ts';
import { parseSplit, rowsOf } from './load/splitSpec.ts';
import type { Table } from './table.ts';
import { concatTables, sliceRows } from './views.ts';

export type { DataFiles } from './load/dataFiles.ts';

/** Files are read as `ReadOptions` say. */
export interface LoadDatasetOptions<N extends string = string> extends ReadOptions {
  /** The configuration of a data set on the hub, such as `en` of `allenai/c4`. */
  readonly name?: string;
  /** A split, or a part or sum of splits: `train`, `train[:10%]`, `train[10:20]`, `train+test`, `train[-5%:]`; `all` for all splits one after another. */
  readonly split?: string;
  /** Read rows when they are asked for, and no more of the files than that takes. */
  readonly streaming?: boolean;
  /** Which files: paths or patterns, or those of each split. */
  readonly dataFiles?: DataFiles<N>;
  /** Only what is in this folder of the data set. */
  readonly dataDir?: string;
  /** Branch, tag or commit of a data set on the hub. */
  readonly revision?: string;
  /** For a private or gated data set on the hub, instead of `HF_TOKEN`. */
  readonly token?: string;
}

const OPTIONS: readonly string[] = [
  'split',
  'dataFiles',
  'name',
  'streaming',
  'dataDir',
  'revision',
  'token',
  'field',
  'onBadLine',
  'maxBytes',
  'delimiter',
  'quote',
  'header',
  'columnNames',
];

/**
 * Loads a data set: a file, a folder, files and patterns, one of this course's own sets by its name, or a data set of
 * the Hugging Face hub.
 *
 * Formats are told by the files' names: JSON Lines, JSON, CSV, TSV, Parquet, Arrow and text, plain or with `.gz` or `.zst`; a
 * format in place of the path reads `dataFiles` as that. Splits of a folder or of the hub are told as Python does.
 * As in Python, an empty field of CSV is missing, quoted or not, and so are `NA`, `NaN` and their like.
 * Columns of several files of a split may differ in which of them are there, in what is null and in the types of their
 * numbers, where one type holds both: `int64` and `float64` make `float64` if no integer is beyond 2^53.
 * Without `split`, the result has all splits; one file is `train`. JSON Lines and text are read from the file when rows are asked for.
 *
 * @param path a path, a pattern, a format (`json`, `csv`, `parquet`, `arrow`, `text`), a name or a hub id `organisation/name`
 * @throws if nothing is found, saying where it was looked for; if a file cannot be read, with the line; if the hub fails
 * @example const dataset = await loadDataset('tunelab_docs', { split: 'train' });
 * @example const { train, test } = await loadDataset('json', { dataFiles: { train: 'train.jsonl', test: 'test.jsonl' } });
 * @example const stream = await loadDataset('allenai/c4', { name: 'en', split: 'train', streaming: true });
 * @see https://huggingface.co/docs/datasets/package_reference/loading_methods#datasets.load_dataset
 */
export async function loadDataset<T extends object = Row>(
  path: string,
  options: LoadDatasetOptions & { readonly split: string; readonly streaming: true },
): Promise<IterableDataset<T>>;
export async function loadDataset<T extends object = Row, N extends string = string>(
  path: string,
  options: LoadDatasetOptions<N> & { readonly split?: undefined; readonly streaming: true },
): Promise<IterableDatasetDict<T, N>>;
export async function loadDataset<T extends object = Row>(
  path: string,
  options: LoadDatasetOptions & { readonly split: string; readonly streaming?: false },
): Promise<Dataset<T>>;
export async function loadDataset<T extends object = Row, N extends string = string>(
  path: string,
  options?: LoadDatasetOptions<N> & { readonly split?: undefined; readonly streaming?: false },
): Promise<DatasetDict<T, N>>;
export async function loadDataset(path: string, options: LoadDatasetOptions = {}): Promise<unknown> {
  checkOptions('loadDataset', options, OPTIONS);
  if (options.split !== undefined && typeof options.split !== 'string') {
    throw new TypeError(
      `split must be a text, such as "train", "train[:10%]" or "train+test", not ${showValue(options.split)}.`,
    );
  }
  if (options.onBadLine !== undefined) checkOnBadLine(options.onBadLine);
  const files = await findFiles(path, options);
  const split = options.split === 'all' ? [...files.keys()].join('+') : options.split;
  if (options.streaming) {
    if (split !== undefined) return streamSplit(files, split, options);
    const streams: [string, IterableDataset][] = [];
    for (const name of files.keys()) streams.push([name, await streamSplit(files, name, options)]);
    return new IterableDatasetDict(Object.fromEntries(streams));
  }
  if (split !== undefined) return new Dataset(await loadSplit(files, split, options));
  const splits: [string, Dataset][] = [];
  for (const name of files.keys()) splits.push([name, new Dataset(await loadSplit(files, name, options))]);
  return new DatasetDict(Object.fromEntries(splits));
}

async function findFiles(path: string, options: LoadDatasetOptions): Promise<SplitFiles> {
  const { dataFiles, dataDir, name, revision, token } = options;
  if (typeof path !== 'string' || path === '') {
    throw new TypeError('loadDataset needs a path, a name or a hub id, such as "tunelab_docs".');
  }
  if (isFormat(path) && (dataFiles !== undefined || dataDir !== undefined)) {
    if (dataFiles !== undefined) return splitsOfDataFiles(dataFiles, dataDir ?? '.', path);
    return splitsOfFolder(dataDir!, path);
  }
  const kind = await kindOf(path);
  if (kind === 'file') return splitsOfFile(path);
  if (kind === 'folder') {
    if (dataFiles === undefined && (await isSaved(path))) {
      throw new Error(`${resolve(path)} was written by saveToDisk; read it with loadFromDisk('${path}').`);
    }
    const folder = dataDir === undefined ? path : join(path, dataDir);
    return dataFiles === undefined ? splitsOfFolder(folder) : splitsOfDataFiles(dataFiles, folder, undefined);
  }
  if (hasWildcards(path)) return splitsOfPattern(path);
  const own = ownSet(path);
  if (own !== undefined) return splitsOfFile(own);
  if (/^[\w.-]+\/[\w.-]+$/.test(path) && !/^\.|\.(jsonl?|csv|tsv|parquet|arrow|txt)(\.\w+)?$/.test(path)) {
    const hub = {
      repoType: 'dataset' as const,
      ...(revision === undefined ? {} : { revision }),
      ...(token === undefined ? {} : { token }),
    };
    return splitsOfHub(path, { name, dataFiles, dataDir }, hub);
  }
  throw notFound(path);
}

/** Whether a folder has the settings that `saveToDisk`, here or in Python, leaves beside the data. */
async function isSaved(folder: string): Promise<boolean> {
  const kinds = ['state.json', 'dataset_dict.json'].map(name => kindOf(join(folder, name)));
  return (await Promise.all(kinds)).includes('file');
}

function isFormat(word: string): word is Format {
  return (FORMATS as readonly string[]).includes(word);
}

function notFound(path: string): Error {
  if (isFormat(path)) {
    return new Error(
      `loadDataset('${path}') needs the files to read: loadDataset('${path}', { dataFiles: 'path' }).`,
    );
  }
  const sets = ownSetNames().join(', ');
  return Object.assign(
    new Error(
      `There is no data set "${path}": no file or folder ${resolve(path)}, and none of this course's sets (${sets}); one on the hub is named "organisation/name".`,
    ),
    { code: 'ENOENT' },
  );
}

async function loadSplit(files: SplitFiles, expression: string, options: LoadDatasetOptions): Promise<Table> {
  const loaded = new Map<string, Table>();
  const parts: Table[] = [];
  for (const part of parseSplit(expression)) {
    const table = loaded.get(part.split) ?? (await readSplit(filesOf(files, part.split), options));
    loaded.set(part.split, table);
    const [start, end] = rowsOf(part, table.rowCount);
    parts.push(start === 0 && end === table.rowCount ? table : sliceRows(table, start, end));
  }
  return concatTables(parts, 'file');
}

async function readSplit(files: readonly DataFile[], options: LoadDatasetOptions): Promise<Table> {
  const tables: Table[] = [];
  for (const file of files) tables.push(await readTable(await file.local(), file.format, options));
  return concatTables(tables, 'file');
}

async function streamSplit(
  files: SplitFiles,
  expression: string,
  options: LoadDatasetOptions,
): Promise<IterableDataset> {
  const wanted = parseSplit(expression).map(part => {
    if (part.from || part.to) {
      throw new RangeError(
        `"${expression}" cannot be streamed, since nobody knows how many rows there are; stream "${part.split}" and use take and skip.`,
      );
    }
    return filesOf(files, part.split);
  });
  const parts = wanted.flat();
  const open = async function* (): AsyncGenerator<Row, void, undefined> {
    for (const file of parts) yield* streamRows(await file.stream(), file.format, options);
  };
  // Of several files, those to come may have other columns.
  const [file, ...others] = parts;
  const isKnown = file?.format === 'parquet' && others.length === 0;
  const features = isKnown ? await parquetFeatures(await file.stream()) : undefined;
  return new IterableDataset(open, features, parts.length);
}

function filesOf(files: SplitFiles, split: string): readonly DataFile[] {
  const own = files.get(split);
  if (own) return own;
  throw new RangeError(`There is no split "${split}"; the splits are: ${[...files.keys()].join(', ')}.`);
}
