/** Data sets in folders, laid out as Python's `save_to_disk` does it. */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { writeWhole } from '../../host.ts';
import { localSource, readTable } from '../formats/index.ts';
import type { Table } from '../table.ts';
import { concatTables } from '../views.ts';
import { writeArrow } from './arrowFile.ts';
import { withJson } from './jsonColumns.ts';
import { pythonFeatures } from './pythonFeatures.ts';

const DATA_FILE = 'data-00000-of-00001.arrow';
const INFO = 'dataset_info.json';
const STATE = 'state.json';
const DICT = 'dataset_dict.json';

/** Writes one data set into a folder. */
export async function saveTable(folder: string, table: Table): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeArrow(join(folder, DATA_FILE), table);
  await writeJson(join(folder, INFO), {
    citation: '',
    description: '',
    features: pythonFeatures(table.features),
    homepage: '',
    license: '',
  });
  await writeJson(join(folder, STATE), {
    _data_files: [{ filename: DATA_FILE }],
    // Python keeps what it derives from a data set under this name, so that no two may share one.
    _fingerprint: randomBytes(8).toString('hex'),
    _format_columns: null,
    _format_kwargs: {},
    _format_type: null,
    _output_all_columns: false,
    _split: null,
  });
}

/** Writes data sets into folders of their splits' names, in one folder. */
export async function saveSplits(folder: string, splits: ReadonlyMap<string, Table>): Promise<void> {
  for (const split of splits.keys()) {
    if (/^[\w.-]+$/.test(split) && !/^\.+$/.test(split)) continue;
    throw new RangeError(
      `Split "${split}" cannot be a folder's name; use letters, digits, "_", "-" and ".".`,
    );
  }
  await mkdir(folder, { recursive: true });
  for (const [split, table] of splits) await saveTable(join(folder, split), table);
  await writeJson(join(folder, DICT), { splits: [...splits.keys()] });
}

/** @throws if the folder holds no data set, several, or a damaged one */
export async function loadTable(folder: string): Promise<Table> {
  if (await isFile(join(folder, DICT))) {
    throw new Error(`${resolve(folder)} holds several splits; load it with DatasetDict.loadFromDisk.`);
  }
  if (!(await isFile(join(folder, STATE)))) {
    throw new Error(`${resolve(folder)} holds no saved data set: it has no ${STATE}.`);
  }
  const state = (await readJson(join(folder, STATE))) as {
    _data_files?: { filename?: unknown }[];
    _indices_data_files?: unknown[] | null;
  };
  if (state._indices_data_files?.length) {
    throw new Error(
      `${resolve(folder)} was saved by an old version of Python's datasets, with its rows' order apart; save it again with a newer one.`,
    );
  }
  const tables: Table[] = [];
  for (const { filename } of state._data_files ?? []) {
    if (typeof filename !== 'string' || basename(filename) !== filename || filename.startsWith('.')) {
      throw new Error(`${join(resolve(folder), STATE)} names a data file outside the folder: ${filename}.`);
    }
    tables.push(await readTable(await localSource(join(folder, filename)), 'arrow'));
  }
  if (tables.length === 0) throw new Error(`${resolve(folder)} holds a data set without any data file.`);
  const { features } = (await readJson(join(folder, INFO))) as { features?: Record<string, unknown> | null };
  return withJson(concatTables(tables), features ?? {});
}

/** @throws if the folder holds no splits */
export async function loadTables(folder: string): Promise<Map<string, Table>> {
  if (!(await isFile(join(folder, DICT)))) {
    const advice = (await isFile(join(folder, STATE))) ? '; load it with Dataset.loadFromDisk' : '';
    throw new Error(`${resolve(folder)} holds no saved splits: it has no ${DICT}${advice}.`);
  }
  const { splits } = (await readJson(join(folder, DICT))) as { splits?: unknown };
  if (!Array.isArray(splits)) throw new Error(`${join(resolve(folder), DICT)} does not list its splits.`);
  const tables = new Map<string, Table>();
  for (const split of splits as string[]) {
    if (basename(split) !== split || /^\.*$/.test(split)) {
      throw new Error(`${join(resolve(folder), DICT)} names a split outside the folder: ${split}.`);
    }
    tables.set(split, await loadTable(join(folder, split)));
  }
  return tables;
}

/** Whether the folder holds several splits. */
export function holdsSplits(folder: string): Promise<boolean> {
  return isFile(join(folder, DICT));
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeWhole(path, temporary => writeFile(temporary, JSON.stringify(value, null, 2)));
}

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SyntaxError(`${resolve(path)} is not JSON: ${(error as Error).message}`);
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw error;
  }
}
