/** Maps a place in generated code back to the place that was typed. */
import { SourceMap } from 'node:module';

type RawMap = object | (() => object);

export class PositionMap {
  readonly #raw: readonly RawMap[];
  #maps: SourceMap[] | undefined;

  /** @param maps from the last rewrite to the first; decoded only when a place is asked for */
  constructor(maps: readonly RawMap[]) {
    this.#raw = maps;
  }

  /** @returns the typed line and column, both from 1, or undefined for code that nobody typed */
  original(line: number, column: number): { line: number; column: number } | undefined {
    this.#maps ??= this.#raw.map(
      raw =>
        new SourceMap(
          (typeof raw === 'function' ? raw() : raw) as ConstructorParameters<typeof SourceMap>[0],
        ),
    );
    let at = { line: line - 1, column: column - 1 };
    for (const map of this.#maps) {
      const entry = map.findEntry(at.line, at.column) as { originalLine?: number; originalColumn?: number };
      if (entry.originalLine === undefined || entry.originalColumn === undefined) return undefined;
      at = { line: entry.originalLine, column: entry.originalColumn };
    }
    return { line: at.line + 1, column: at.column + 1 };
  }
}
