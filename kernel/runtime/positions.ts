/** Maps a place in generated code back to the place that was typed. */
import { SourceMap } from 'node:module';

type RawMap = ConstructorParameters<typeof SourceMap>[0];

export class PositionMap {
  readonly #load: () => readonly object[];
  #maps: SourceMap[] | undefined;

  /** @param load gives the source maps from the last rewrite to the first; called when a place is first asked for */
  constructor(load: () => readonly object[]) {
    this.#load = load;
  }

  /** @returns the typed line and column, both from 1, or undefined for code that nobody typed */
  original(line: number, column: number): { line: number; column: number } | undefined {
    this.#maps ??= this.#load().map(map => new SourceMap(map as RawMap));
    let at = { line: line - 1, column: column - 1 };
    for (const map of this.#maps) {
      const entry = map.findEntry(at.line, at.column) as { originalLine?: number; originalColumn?: number };
      if (entry.originalLine === undefined || entry.originalColumn === undefined) return undefined;
      at = { line: entry.originalLine, column: entry.originalColumn };
    }
    return { line: at.line + 1, column: at.column + 1 };
  }
}
