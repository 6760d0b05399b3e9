/** The notebook's own modules: the server reads them from disk and has to be told when they change. */
import { readFileSync, statSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const EXTENSIONS = ['', '.ts', '.tsx', '.mts', '.cts', '.d.ts', '.json', '/index.ts', '/index.tsx'];
const RELATIVE = /\b(?:from|import|require)\s*\(?\s*['"](\.{1,2}\/[^'"\n]*)['"]/g;

const CREATED = 1;
const CHANGED = 2;
const DELETED = 3;

export interface FileChange {
  readonly uri: string;
  readonly type: number;
}

export class LocalFiles {
  readonly #folder: string;
  /** Known files and what they were: size and time, empty while they are missing. */
  readonly #stamps = new Map<string, string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** What has changed on disk in the files that cells import, and those import in turn. */
  changes(code: string): FileChange[] {
    const changes: FileChange[] = [];
    const waiting = [...this.#stamps.keys(), ...importsOf(code, this.#folder)];
    const seen = new Set<string>();
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      if (seen.has(path)) continue;
      seen.add(path);
      const known = this.#stamps.get(path);
      const stamp = stampOf(path);
      if (known === stamp) continue;
      this.#stamps.set(path, stamp);
      if (stamp && /\.[cm]?tsx?$/.test(path))
        waiting.push(...importsOf(readFileSync(path, 'utf8'), dirname(path)));
      const type = stamp ? (known ? CHANGED : CREATED) : DELETED;
      if (known !== undefined || stamp) changes.push({ uri: pathToFileURL(path).href, type });
    }
    return changes;
  }
}

/** Where the files may lie that code imports by relative names. */
function importsOf(code: string, folder: string): string[] {
  return [...code.matchAll(RELATIVE)].flatMap(([, specifier]) => {
    const base = resolve(folder, specifier!);
    const asTypeScript = /\.[cm]?js$/.test(base) ? [base.replace(/js$/, 'ts')] : [];
    return [
      ...asTypeScript,
      ...(extname(base) ? [base] : []),
      ...EXTENSIONS.map(extension => base + extension),
    ];
  });
}

function stampOf(path: string): string {
  try {
    const { mtimeMs, size } = statSync(path);
    return `${mtimeMs}:${size}`;
  } catch {
    // Most of the places where a file may lie are empty.
    return '';
  }
}
