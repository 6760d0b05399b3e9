/** Files for the tests of the readers. */
import { mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import {
  type Dataset,
  type LoadDatasetOptions,
  loadDataset,
  type Row,
} from '../../../../lib/datasets/index.ts';

/** A temporary folder, removed after the tests of a file. */
export class Files {
  readonly folder = mkdtempSync(join(tmpdir(), 'tunelab-formats-'));

  constructor() {
    afterAll(() => rmSync(this.folder, { recursive: true }));
  }

  /** Writes a file and returns its path. */
  write(name: string, content: string | Uint8Array): string {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }
}

/** A file that Python wrote, see make.py. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
}

export async function load(path: string, options: LoadDatasetOptions = {}): Promise<Dataset> {
  return loadDataset(path, { ...options, split: 'train', streaming: false });
}

/** The first `count` rows of a stream, which is left then. */
export async function stream(
  path: string,
  options: LoadDatasetOptions = {},
  count = Infinity,
): Promise<Row[]> {
  const rows: Row[] = [];
  const dataset = await loadDataset(path, { ...options, split: 'train', streaming: true });
  for await (const row of dataset) {
    rows.push(row);
    if (rows.length === count) break;
  }
  return rows;
}

/** Which files this process has open (Linux). */
export function openFiles(folder: string): string[] {
  const links = readdirSync('/proc/self/fd').map(fd => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return ''; // closed in the meantime, as that of this very listing
    }
  });
  return links.filter(link => link.startsWith(folder));
}
