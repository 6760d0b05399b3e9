/** Breakpoints by path and line, as front ends set them; in V8 each becomes one in every script of that path. */
import { pathToFileURL } from 'node:url';
import { isCellUrl } from '../runtime/names.ts';
import { type CellTexts, isCellPath } from './cells.ts';
import { type CheckedConditions, type Conditions, checkConditions } from './conditions.ts';
import type { DapBreakpoint, Inspector } from './protocol.ts';
import type { Script, Scripts } from './scripts.ts';

export interface RequestedBreakpoint extends Conditions {
  readonly line: number;
}

interface Breakpoint {
  readonly id: number;
  readonly line: number;
  readonly conditions: Conditions;
  /** Undefined for one that cannot be set; `problem` says why. */
  readonly checked: CheckedConditions | undefined;
  readonly problem: string | undefined;
  hits: number;
  /** V8's names of it. */
  readonly inV8: Set<string>;
  /** The one of them that waits for a file. */
  byUrl: string | undefined;
}

export class Breakpoints {
  readonly #inspector: Inspector;
  readonly #cells: CellTexts;
  readonly #byPath = new Map<string, Breakpoint[]>();
  /** V8's name for stopping before each rewritten script, so that its breakpoints are set before it runs. */
  #beforeScripts: string | undefined;
  #nextId = 1;
  /** One change after the other. */
  #changing: Promise<unknown> = Promise.resolve();

  constructor(inspector: Inspector, cells: CellTexts) {
    this.#inspector = inspector;
    this.#cells = cells;
  }

  /** All of them as `debugInfo` lists them. */
  get list(): { source: string; breakpoints: RequestedBreakpoint[] }[] {
    return [...this.#byPath].map(([source, breakpoints]) => ({
      source,
      breakpoints: breakpoints.map(({ line, conditions }) => ({ line, ...conditions })),
    }));
  }

  /**
   * Replaces the breakpoints of a path.
   * @param scripts those that V8 knows; undefined while no debugger is attached
   */
  set(
    path: string,
    requested: readonly RequestedBreakpoint[],
    scripts: Scripts | undefined,
  ): Promise<DapBreakpoint[]> {
    return this.#change(async () => {
      const known = scripts ? await this.#scriptsOf(path, scripts) : [];
      const gone = (this.#byPath.get(path) ?? []).flatMap(({ inV8 }) => [...inV8]);
      const lines = requested.length ? await this.#executableLines(path) : undefined;
      const breakpoints = await Promise.all(requested.map(breakpoint => this.#create(breakpoint, lines)));
      if (breakpoints.length) this.#byPath.set(path, breakpoints);
      else this.#byPath.delete(path);
      if (scripts) {
        for (const breakpointId of gone)
          await this.#inspector.inspect('Debugger.removeBreakpoint', { breakpointId });
        await this.#apply(path, known, scripts);
        await this.#watchScripts();
      }
      return breakpoints.map(({ id, line, problem }) => ({
        id,
        line,
        verified: problem === undefined,
        ...(problem !== undefined && { message: problem }),
        source: { path },
      }));
    });
  }

  /** Sets all of them in a V8 that has none of them. */
  setAll(scripts: Scripts): Promise<void> {
    return this.#change(async () => {
      this.#beforeScripts = undefined;
      for (const breakpoint of this.#all) {
        breakpoint.inV8.clear();
        breakpoint.byUrl = undefined;
      }
      for (const path of this.#byPath.keys())
        await this.#apply(path, await this.#scriptsOf(path, scripts), scripts);
      await this.#watchScripts();
    });
  }

  /** Sets those of a script that is about to run. */
  beforeScript(script: Script, scripts: Scripts): Promise<void> {
    return this.#change(async () => {
      const path = await scripts.path(script);
      if (path !== undefined && this.#byPath.has(path)) await this.#applyTo(script, path, scripts);
    });
  }

  /**
   * Takes a hit of V8's.
   * @returns the ids of those that stop there; undefined where V8 has hit none of them
   */
  hit(inV8: readonly string[]): number[] | undefined {
    const hit = this.#all.filter(breakpoint => inV8.some(name => breakpoint.inV8.has(name)));
    if (hit.length === 0) return undefined;
    return hit.filter(breakpoint => breakpoint.checked!.counts(++breakpoint.hits)).map(({ id }) => id);
  }

  clear(): void {
    this.#byPath.clear();
    this.#beforeScripts = undefined;
  }

  get #all(): Breakpoint[] {
    return [...this.#byPath.values()].flat();
  }

  /** The lines of a cell that do something; undefined for other sources. */
  async #executableLines(path: string): Promise<number[] | undefined> {
    const text = this.#cells.get(path);
    if (text === undefined) return undefined;
    const { executableLines } = await import('./statements.ts');
    return executableLines(text);
  }

  async #create(
    { line, condition, hitCondition, logMessage }: RequestedBreakpoint,
    lines: readonly number[] | undefined,
  ): Promise<Breakpoint> {
    let checked: CheckedConditions | undefined;
    let problem: string | undefined;
    const conditions = {
      ...(condition && { condition }),
      ...(hitCondition && { hitCondition }),
      ...(logMessage && { logMessage }),
    };
    try {
      checked = await checkConditions(conditions);
    } catch (error) {
      problem = (error as Error).message;
    }
    return {
      id: this.#nextId++,
      line: lines?.find(candidate => candidate >= line) ?? line,
      conditions,
      checked,
      problem,
      hits: 0,
      inV8: new Set(),
      byUrl: undefined,
    };
  }

  async #scriptsOf(path: string, scripts: Scripts): Promise<Script[]> {
    const found: Script[] = [];
    for (const script of scripts.all) {
      if (isCellPath(path) !== isCellUrl(script.url) || (await scripts.path(script)) !== path) continue;
      found.push(script);
      // A cell that has run is known without `dumpCell`.
      if (isCellPath(path)) this.#cells.add((await scripts.typed(script))!.text);
    }
    return found;
  }

  async #apply(path: string, known: readonly Script[], scripts: Scripts): Promise<void> {
    for (const script of known) await this.#applyTo(script, path, scripts);
    // A file that Node itself may load: V8 sets the breakpoint when it does.
    if (known.length > 0 || !/\.[cm]?js$/.test(path)) return;
    const url = pathToFileURL(path).href;
    for (const breakpoint of this.#byPath.get(path) ?? []) {
      const place = { url, lineNumber: breakpoint.line - 1 };
      breakpoint.byUrl = await this.#setInV8('Debugger.setBreakpointByUrl', place, breakpoint);
    }
  }

  async #applyTo(script: Script, path: string, scripts: Scripts): Promise<void> {
    for (const breakpoint of this.#byPath.get(path) ?? []) {
      // It counted the lines of another script: the one that V8 runs is rewritten.
      if (script.isRewritten) await this.#forgetUrl(breakpoint);
      const stop = await scripts.stopAt(script, breakpoint.line);
      if (stop) await this.#setInV8('Debugger.setBreakpoint', { location: stop.location }, breakpoint);
    }
  }

  async #setInV8(method: string, place: object, breakpoint: Breakpoint): Promise<string | undefined> {
    if (!breakpoint.checked) return undefined;
    const { expression } = breakpoint.checked;
    try {
      const { breakpointId } = await this.#inspector.inspect<{ breakpointId: string }>(method, {
        ...place,
        ...(expression !== undefined && { condition: expression }),
      });
      breakpoint.inV8.add(breakpointId);
      return breakpointId;
    } catch (error) {
      // Two lines whose next statement is the same one.
      if ((error as Error).message.includes('already exists')) return undefined;
      throw error;
    }
  }

  async #forgetUrl(breakpoint: Breakpoint): Promise<void> {
    const { byUrl } = breakpoint;
    if (byUrl === undefined) return;
    breakpoint.byUrl = undefined;
    breakpoint.inV8.delete(byUrl);
    await this.#inspector.inspect('Debugger.removeBreakpoint', { breakpointId: byUrl });
  }

  /** Lets V8 stop before rewritten scripts run, as long as one may have breakpoints: until then they run at full speed. */
  async #watchScripts(): Promise<void> {
    const isWanted = this.#byPath.size > 0;
    if (isWanted === (this.#beforeScripts !== undefined)) return;
    if (isWanted) {
      const { breakpointId } = await this.#inspector.inspect<{ breakpointId: string }>(
        'Debugger.setInstrumentationBreakpoint',
        { instrumentation: 'beforeScriptWithSourceMapExecution' },
      );
      this.#beforeScripts = breakpointId;
    } else {
      await this.#inspector.inspect('Debugger.removeBreakpoint', { breakpointId: this.#beforeScripts });
      this.#beforeScripts = undefined;
    }
  }

  #change<Result>(change: () => Promise<Result>): Promise<Result> {
    const changed = this.#changing.then(change);
    this.#changing = changed.catch(() => {});
    return changed;
  }
}
