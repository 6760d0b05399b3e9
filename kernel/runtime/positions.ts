/** Maps a place in generated code back to the place that was typed. */
import { SourceMap } from 'node:module';

/** Columns that the rewriting puts in front of a token at most. */
const LONGEST_INSERTION = 1_000;

type RawMap = ConstructorParameters<typeof SourceMap>[0];

/** Decoded maps are large and errors come from few cells at a time: only these stay decoded, the last used at the end. */
const decoded = new Set<PositionMap>();
const MOST_DECODED = 32;

export class PositionMap {
  readonly #load: () => readonly object[];
  #maps: SourceMap[] | undefined;

  /** @param load gives the source maps from the last rewrite to the first; called when a place is first asked for */
  constructor(load: () => readonly object[]) {
    this.#load = load;
  }

  /** The source maps from the last rewrite to the first. */
  get maps(): readonly object[] {
    return this.#load();
  }

  /** @returns the typed line and column, both from 1, or undefined for code that nobody typed */
  original(line: number, column: number): { line: number; column: number } | undefined {
    let at = { line: line - 1, column: column - 1 };
    for (const map of this.#decode()) {
      const entry = findEntry(map, at.line, at.column);
      if (entry.originalLine === undefined || entry.originalColumn === undefined) return undefined;
      at = { line: entry.originalLine, column: entry.originalColumn };
    }
    return { line: at.line + 1, column: at.column + 1 };
  }

  #decode(): readonly SourceMap[] {
    decoded.delete(this);
    decoded.add(this);
    if (decoded.size > MOST_DECODED) {
      const oldest = decoded.values().next().value as PositionMap;
      decoded.delete(oldest);
      oldest.#maps = undefined;
    }
    this.#maps ??= this.#load().map(map => new SourceMap(map as RawMap));
    return this.#maps;
  }
}

interface Entry {
  readonly generatedLine?: number;
  readonly originalLine?: number;
  readonly originalColumn?: number;
}

/** The last entry at or before a place; for what was put in front of a line's first token, that token's. */
function findEntry(map: SourceMap, line: number, column: number): Entry {
  const entry = map.findEntry(line, column) as Entry;
  if (entry.generatedLine === undefined || entry.generatedLine === line) return entry;
  const isHere = (at: number): boolean => (map.findEntry(line, at) as Entry).generatedLine === line;
  let [before, within] = [column, column + LONGEST_INSERTION];
  if (!isHere(within)) return entry;
  while (within - before > 1) {
    const middle = (before + within) >> 1;
    if (isHere(middle)) within = middle;
    else before = middle;
  }
  return map.findEntry(line, within) as Entry;
}
