/** The scripts that V8 knows: what was typed for each, under which path a front end knows it, where it can stop. */
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { TypedSource } from '../runtime/debugging.ts';
import { isCellUrl, RUNTIME } from '../runtime/names.ts';
import { PositionMap } from '../runtime/positions.ts';
import { cellPath } from './cells.ts';
import type { EvaluateResult, Inspector, Location } from './protocol.ts';

/** The kernel's own code. */
const KERNEL = new URL('../', import.meta.url).href;
/** What `import()` in a cell goes through; its name is where Node resolves from. */
const IMPORTER = pathToFileURL('cell.js').href;

const quote = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Scripts that stepping passes over: Node's own, and the kernel's. */
export const INTERNAL: readonly string[] = [
  '^node:',
  '^tunelab:',
  `^${quote(KERNEL)}`,
  `^${quote(IMPORTER)}$`,
  // What the kernel compiles cells with.
  '/node_modules/(oxc-parser|oxc-transform|@oxc-project|magic-string|@jridgewell|esbuild)/',
];
const internal = new RegExp(INTERNAL.join('|'));

export interface Place {
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
}

/** A place where V8 can stop, and where that is in what was typed. */
interface Stop extends Place {
  readonly location: Location;
}

export interface Script {
  readonly id: string;
  readonly url: string;
  /** Whether what V8 runs differs from what was typed. */
  readonly isRewritten: boolean;
}

export class Scripts {
  readonly #inspector: Inspector;
  readonly #known = new Map<string, Script>();
  /** By URL: a module that was read again keeps its URL, and its earlier script its own maps. */
  readonly #typed = new Map<string, Promise<TypedSource | null>>();
  readonly #positions = new Map<string, Promise<PositionMap | undefined>>();
  readonly #stops = new Map<string, Promise<readonly Stop[]>>();

  constructor(inspector: Inspector) {
    this.#inspector = inspector;
  }

  add(script: Script): void {
    this.#known.set(script.id, script);
    // A module that was edited has a new text.
    if (!isCellUrl(script.url)) this.#typed.delete(script.url);
  }

  get(id: string): Script | undefined {
    return this.#known.get(id);
  }

  get all(): readonly Script[] {
    return [...this.#known.values()];
  }

  isInternal(url: string): boolean {
    return internal.test(url);
  }

  /** What was typed for a cell or a file that was rewritten; null for other scripts. */
  async typed(script: Script): Promise<TypedSource | null> {
    if (!script.isRewritten) return null;
    // One question for all the cells that ran before the debugger came.
    const missing = this.all.filter(({ isRewritten, url }) => isRewritten && !this.#typed.has(url));
    if (missing.length) {
      const urls = [...new Set(missing.map(({ url }) => url))];
      const answer = this.#ask<(TypedSource | null)[]>(`sources(${JSON.stringify(urls)})`);
      for (const [index, url] of urls.entries())
        remember(
          this.#typed,
          url,
          answer.then(sources => sources[index]!),
        );
    }
    return this.#typed.get(script.url)!;
  }

  /** The path under which a front end knows a script; undefined for code that has none. */
  async path(script: Script): Promise<string | undefined> {
    if (isCellUrl(script.url)) {
      const typed = await this.typed(script);
      return typed ? cellPath(typed.text) : undefined;
    }
    return script.url.startsWith('file:') ? fileURLToPath(script.url) : undefined;
  }

  /** The place in what was typed; undefined for code that the rewriting added. */
  async place({ scriptId, lineNumber, columnNumber = 0 }: Location): Promise<Place | undefined> {
    const positions = await this.#positionsOf(scriptId);
    const place = { line: lineNumber + 1, column: columnNumber + 1 };
    return positions ? positions.original(place.line, place.column) : place;
  }

  /** The first place at or behind a line where V8 can stop; undefined when no code follows. */
  async stopAt(script: Script, line: number): Promise<Stop | undefined> {
    const stops = await this.#stopsOf(script);
    return stops.find(stop => stop.line >= line);
  }

  #positionsOf(id: string): Promise<PositionMap | undefined> {
    return this.#positions.get(id) ?? remember(this.#positions, id, this.#findPositions(id));
  }

  async #findPositions(id: string): Promise<PositionMap | undefined> {
    const script = this.#known.get(id);
    if (!script?.isRewritten) return undefined;
    const maps = await this.#ask<object[]>(`maps(${JSON.stringify(script.url)})`);
    return maps.length ? new PositionMap(() => maps) : undefined;
  }

  #stopsOf(script: Script): Promise<readonly Stop[]> {
    return this.#stops.get(script.id) ?? remember(this.#stops, script.id, this.#findStops(script));
  }

  /** In the order of what was typed. */
  async #findStops(script: Script): Promise<Stop[]> {
    const { locations } = await this.#inspector.inspect<{ locations: Location[] }>(
      'Debugger.getPossibleBreakpoints',
      { start: { scriptId: script.id, lineNumber: 0, columnNumber: 0 } },
    );
    const lines = (await this.typed(script))?.text.split('\n');
    const stops: Stop[] = [];
    for (const location of locations) {
      const place = await this.place(location);
      if (!place || (lines && isDeclaration(lines[place.line - 1] ?? '', place.column))) continue;
      stops.push({ ...place, location });
    }
    return stops.sort((a, b) => a.line - b.line || a.column - b.column);
  }

  /** Asks the process that runs cells. */
  async #ask<Answer>(call: string): Promise<Answer> {
    const { result, exceptionDetails } = await this.#inspector.inspect<EvaluateResult>('Runtime.evaluate', {
      expression: `${RUNTIME}.debug.${call}`,
      returnByValue: true,
      silent: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value as Answer;
  }
}

/** A function that is declared there becomes an assignment; who stops on its first line means its body. */
function isDeclaration(line: string, column: number): boolean {
  return (
    /^\s*(export\s+)?(default\s+)?$/.test(line.slice(0, column - 1)) &&
    /^(async\s+)?function\b/.test(line.slice(column - 1))
  );
}

/** Keeps an answer, but not a failure: the process may answer the next time. */
function remember<Value>(
  memory: Map<string, Promise<Value>>,
  key: string,
  value: Promise<Value>,
): Promise<Value> {
  memory.set(key, value);
  value.catch(() => memory.delete(key));
  return value;
}
