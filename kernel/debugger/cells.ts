/** The paths under which front ends know cells: a hash of the text in a folder of the kernel's. Nothing is written there. */
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { HASH_SEED, murmur2 } from './murmur2.ts';

export const CELL_PREFIX: string = join(tmpdir(), `tunelab_${process.pid}`) + sep;
export const CELL_SUFFIX = '.ts';

export function isCellPath(path: string): boolean {
  return path.startsWith(CELL_PREFIX);
}

export function cellPath(text: string): string {
  return `${CELL_PREFIX}${murmur2(text, HASH_SEED)}${CELL_SUFFIX}`;
}

/** The texts of the cells that a front end has shown us or that a stop has led to, by path. */
export class CellTexts {
  readonly #texts = new Map<string, string>();

  /** @returns the cell's path */
  add(text: string): string {
    const path = cellPath(text);
    this.#texts.set(path, text);
    return path;
  }

  get(path: string): string | undefined {
    return this.#texts.get(path);
  }
}
