/**
 * The debug adapter: answers `debug_request`s in the Debug Adapter Protocol by driving V8's debugger.
 *
 * It lives in the parent, so that it answers while cells run or stand still. Its commands reach V8 through the second
 * thread of the process that runs cells. Before `attach` V8's debugger is off and costs nothing.
 */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isRewritten } from '../runtime/names.ts';
import { Breakpoints, type RequestedBreakpoint } from './breakpoints.ts';
import { CELL_PREFIX, CELL_SUFFIX, CellTexts } from './cells.ts';
import { HASH_SEED } from './murmur2.ts';
import type { DapRequest, DapVariable, Inspector, Paused } from './protocol.ts';
import { INTERNAL, Scripts } from './scripts.ts';
import { DebugError, readFrames, Step, type Stop } from './stops.ts';
import { findFrame, Values } from './values.ts';
import { line } from './variables.ts';

type Body = Record<string, unknown>;
type Arguments = DapRequest['arguments'];

/** All cells run on the one thread that JavaScript has. */
const THREAD = 1;

const CAPABILITIES = {
  supportsConfigurationDoneRequest: true,
  supportsConditionalBreakpoints: true,
  supportsHitConditionalBreakpoints: true,
  supportsLogPoints: true,
  supportsSetVariable: true,
  supportsEvaluateForHovers: true,
  supportsExceptionInfoRequest: true,
  supportsModulesRequest: true,
  exceptionBreakpointFilters: [
    { filter: 'all', label: 'All exceptions', default: false },
    { filter: 'uncaught', label: 'Uncaught exceptions', default: false },
  ],
};

/** Requests that need no debugger: the variables panel sends them all the time. */
const WITHOUT_DEBUGGER = new Set([
  'initialize',
  'debugInfo',
  'inspectVariables',
  'richInspectVariables',
  'variables',
  'modules',
  'threads',
]);

/** What front ends read of a refused request without a look at `success`. */
const REFUSED: Readonly<Record<string, Body>> = {
  setBreakpoints: { breakpoints: [] },
  stackTrace: { stackFrames: [] },
  scopes: { scopes: [] },
  variables: { variables: [] },
  inspectVariables: { variables: [] },
  modules: { modules: [] },
};

export interface AdapterOptions {
  readonly inspector: Inspector;
  /** Publishes a `debug_event`. */
  readonly publish: (event: Body) => void;
  readonly log: (message: string) => void;
}

export class DebugAdapter {
  readonly #inspector: Inspector;
  readonly #publish: (event: Body) => void;
  readonly #log: (message: string) => void;
  readonly #cells = new CellTexts();
  readonly #breakpoints: Breakpoints;
  readonly #values: Values;
  /** Those of the process that runs cells now. */
  #scripts: Scripts;
  #seq = 1;
  #isStarted = false;
  #isJupyterLab = false;
  #isAttached = false;
  #attaching: Promise<void> | undefined;
  #exceptionFilters: readonly string[] = [];
  #stop: Stop | undefined;
  #step: Step | undefined;
  #isPausing = false;
  /** An interrupt is under way: nothing may stop in between. */
  #isInterrupting = false;

  constructor({ inspector, publish, log }: AdapterOptions) {
    this.#inspector = inspector;
    this.#publish = publish;
    this.#log = log;
    this.#scripts = new Scripts(inspector);
    this.#breakpoints = new Breakpoints(inspector, this.#cells);
    this.#values = new Values(inspector, () => this.#stop);
  }

  /** Answers a request with the content of the `debug_reply`. */
  async answer(request: Readonly<Record<string, unknown>>): Promise<Body> {
    const command = String(request.command ?? '');
    const reply = { type: 'response', seq: this.#seq++, request_seq: request.seq ?? 0, command };
    try {
      const body = await this.#answer(command, (request.arguments ?? {}) as Arguments);
      return { ...reply, success: true, body };
    } catch (error) {
      // What V8 refuses is told as well: a frame that is gone, an expression that throws.
      return { ...reply, success: false, message: (error as Error).message, body: REFUSED[command] ?? {} };
    }
  }

  /** Settles when breakpoints are set in a new process; undefined where they are. */
  get attaching(): Promise<void> | undefined {
    return this.#attaching;
  }

  get isStopped(): boolean {
    return this.#stop !== undefined;
  }

  /** Lets a stopped process go, and keeps it going until the interrupt is over. */
  interrupt(): void {
    if (!this.#isAttached) return;
    this.#isInterrupting = true;
    if (this.#stop) void this.#resume();
  }

  interruptIsOver(): void {
    this.#isInterrupting = false;
  }

  /** The process that runs cells is a new one. */
  processReplaced(): void {
    this.#scripts = new Scripts(this.#inspector);
    this.#isInterrupting = false;
    if (this.#stop) this.#continued();
    if (!this.#isAttached) return;
    this.#attaching = this.#attach()
      .catch((error: Error) => this.#log(`the debugger is not attached: ${error.message}`))
      .finally(() => {
        this.#attaching = undefined;
      });
  }

  /** Takes what V8 reports. */
  onInspector(event: string, parameters: Readonly<Record<string, unknown>>): void {
    if (event === 'Debugger.scriptParsed') this.#scriptParsed(parameters);
    else if (event === 'Debugger.resumed') {
      if (this.#stop) this.#continued();
    } else if (event === 'Debugger.paused') void this.#paused(parameters as unknown as Paused);
  }

  // --- requests ---------------------------------------------------------------------------------------------------

  async #answer(command: string, given: Arguments): Promise<Body> {
    if (!this.#isStarted && !WITHOUT_DEBUGGER.has(command))
      throw new DebugError(`the debugger is not started; send 'initialize' before '${command}'`);
    switch (command) {
      case 'initialize':
        this.#isStarted = true;
        this.#isJupyterLab = given.clientID === 'jupyterlab';
        return CAPABILITIES;
      case 'attach':
        await this.#attach();
        this.#event('initialized', {});
        return {};
      case 'configurationDone':
        return {};
      case 'disconnect':
        await this.#detach();
        return {};
      case 'debugInfo':
        return this.#info();
      case 'dumpCell':
        return { sourcePath: this.#cells.add(String(given.code ?? '')) };
      case 'source':
        return { content: await this.#sourceText(pathOf(given)) };
      case 'setBreakpoints':
        return { breakpoints: await this.#setBreakpoints(given) };
      case 'setExceptionBreakpoints':
        this.#exceptionFilters = Array.isArray(given.filters) ? given.filters.map(String) : [];
        if (this.#isAttached) await this.#setExceptions();
        return {};
      case 'threads':
        return { threads: [{ id: THREAD, name: 'cells' }] };
      case 'stackTrace':
        return this.#stackTrace(given);
      case 'scopes':
        return { scopes: this.#values.scopes(findFrame(this.#stop, given.frameId)) };
      case 'variables': {
        const variables = await this.#values.list(Number(given.variablesReference));
        return { variables: page(this.#shown(variables), given.start, given.count) };
      }
      case 'inspectVariables':
        // Each look at the panel replaces the last one.
        if (!this.#stop) this.#values.release();
        return { variables: this.#shown(await this.#values.notebook()) };
      case 'richInspectVariables':
        return { ...(await this.#values.show(String(given.variableName), given.frameId)) };
      case 'copyToGlobals': {
        const { srcVariableName, dstVariableName, srcFrameId } = given;
        await this.#values.copyToGlobals(String(srcVariableName), String(dstVariableName), srcFrameId);
        return {};
      }
      case 'setVariable': {
        const { variablesReference, name, value } = given;
        const variable = await this.#values.set(Number(variablesReference), String(name), String(value));
        return { ...variable };
      }
      case 'evaluate': {
        const { expression, frameId, context } = given;
        const result = await this.#values.evaluate(String(expression), frameId, context !== 'hover');
        return { ...result, result: result.value };
      }
      case 'exceptionInfo':
        return this.#exceptionInfo();
      case 'modules':
        return this.#modules(given);
      case 'continue':
        await this.#go('Debugger.resume');
        return { allThreadsContinued: true };
      case 'next':
        await this.#go('Debugger.stepOver');
        return {};
      case 'stepIn':
        await this.#go('Debugger.stepInto');
        return {};
      case 'stepOut':
        await this.#go('Debugger.stepOut');
        return {};
      case 'pause':
        if (this.#stop) return {};
        this.#isPausing = true;
        await this.#inspector.inspect('Debugger.pause');
        return {};
      default:
        throw new DebugError(`the debugger has no request '${command}'`);
    }
  }

  async #attach(): Promise<void> {
    this.#isAttached = true;
    await this.#inspector.inspect('Debugger.enable');
    await this.#inspector.inspect('Debugger.setBlackboxPatterns', { patterns: INTERNAL });
    await this.#setExceptions();
    await this.#breakpoints.setAll(this.#scripts);
  }

  async #detach(): Promise<void> {
    const wasAttached = this.#isAttached;
    this.#isStarted = false;
    this.#isAttached = false;
    this.#exceptionFilters = [];
    this.#breakpoints.clear();
    // V8 lets a stopped process go.
    if (wasAttached) await this.#inspector.inspect('Debugger.disable');
    if (this.#stop) this.#continued();
    this.#scripts = new Scripts(this.#inspector);
    this.#values.release();
  }

  #info(): Body {
    return {
      isStarted: this.#isStarted,
      hashMethod: 'Murmur2',
      hashSeed: HASH_SEED,
      tmpFilePrefix: CELL_PREFIX,
      tmpFileSuffix: CELL_SUFFIX,
      breakpoints: this.#breakpoints.list,
      stoppedThreads: this.#stop ? [THREAD] : [],
      richRendering: true,
      exceptionPaths: [],
      copyToGlobals: true,
    };
  }

  async #sourceText(path: string): Promise<string> {
    const cell = this.#cells.get(path);
    if (cell !== undefined) return cell;
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      throw new DebugError(`the source ${path} cannot be read: ${(error as Error).message}`);
    }
  }

  #setBreakpoints(given: Arguments): Promise<unknown[]> {
    const requested = Array.isArray(given.breakpoints) ? (given.breakpoints as RequestedBreakpoint[]) : [];
    return this.#breakpoints.set(pathOf(given), requested, this.#isAttached ? this.#scripts : undefined);
  }

  #setExceptions(): Promise<object> {
    const has = (filter: string) => this.#exceptionFilters.includes(filter);
    const state = has('all') ? 'all' : has('uncaught') ? 'uncaught' : 'none';
    return this.#inspector.inspect('Debugger.setPauseOnExceptions', { state });
  }

  #stackTrace({ startFrame, levels }: Arguments): Body {
    const frames = (this.#stop?.frames ?? []).map(({ id, name, source, place, call }) => ({
      id,
      name,
      ...(source && { source }),
      line: place?.line ?? call.location.lineNumber + 1,
      column: place?.column ?? 1,
    }));
    return { stackFrames: page(frames, startFrame, levels), totalFrames: frames.length };
  }

  #exceptionInfo(): Body {
    const exception = this.#stop?.exception;
    if (!exception) throw new DebugError('no cell is stopped at an exception');
    return {
      exceptionId: exception.className ?? exception.type,
      description: line(exception),
      breakMode: this.#exceptionFilters.includes('all') ? 'always' : 'unhandled',
      details: { message: line(exception), stackTrace: exception.description ?? '' },
    };
  }

  #modules({ startModule, moduleCount }: Arguments): Body {
    const modules = this.#scripts.all
      .filter(({ url }) => url.startsWith('file:') && !this.#scripts.isInternal(url))
      .map(({ id, url }) => ({ id, name: basename(url), path: fileURLToPath(url) }));
    return { modules: page(modules, startModule, moduleCount), totalModules: modules.length };
  }

  /** JupyterLab's tree shows the type of a value in place of the value, unless the type is one of Python's or unknown. */
  #shown(variables: DapVariable[]): Partial<DapVariable>[] {
    if (!this.#isJupyterLab) return variables;
    return variables.map(({ type, ...rest }) => (type === 'function' ? { type, ...rest } : rest));
  }

  // --- V8 ---------------------------------------------------------------------------------------------------------

  #scriptParsed({ scriptId, url, sourceMapURL }: Readonly<Record<string, unknown>>): void {
    if (url === '') return;
    this.#scripts.add({ id: String(scriptId), url: String(url), isRewritten: isRewritten(sourceMapURL) });
  }

  async #paused(paused: Paused): Promise<void> {
    const scripts = this.#scripts;
    try {
      if (paused.reason === 'instrumentation') await this.#beforeScript(paused, scripts);
      else await this.#stopAt(paused, scripts);
    } catch (error) {
      // The process that had stopped may be gone.
      if (scripts === this.#scripts) this.#log(`internal: the debugger: ${(error as Error).stack}`);
    }
  }

  /** A script is about to run. */
  async #beforeScript({ data }: Paused, scripts: Scripts): Promise<void> {
    try {
      const script = scripts.get(data?.scriptId ?? '');
      if (script) await this.#breakpoints.beforeScript(script, scripts);
    } finally {
      await this.#resume();
    }
  }

  async #stopAt({ callFrames, reason, data, hitBreakpoints = [] }: Paused, scripts: Scripts): Promise<void> {
    const frames = await readFrames(callFrames, scripts, this.#cells);
    if (scripts !== this.#scripts) return;
    if (this.#isInterrupting || frames.length === 0) return this.#resume();
    const hit = this.#breakpoints.hit(hitBreakpoints);
    const isException = /exception|promiseRejection/i.test(reason);
    if (!hit?.length && !isException) {
      if (this.#step?.leadsNowhere(frames)) return void (await this.#inspector.inspect(this.#step.method));
      // A breakpoint whose hits do not count yet.
      if (hit && !this.#step) return this.#resume();
    }
    const asked = this.#step ? 'step' : this.#isPausing ? 'pause' : 'breakpoint';
    this.#stop = { frames, exception: isException ? data : undefined };
    this.#step = undefined;
    this.#isPausing = false;
    this.#event('stopped', {
      reason: isException ? 'exception' : hit?.length ? 'breakpoint' : asked,
      threadId: THREAD,
      allThreadsStopped: true,
      ...(hit?.length && { hitBreakpointIds: hit }),
      ...(isException && data && { text: line(data) }),
    });
  }

  /** Steps or goes on. */
  async #go(method: string): Promise<void> {
    const stop = this.#stop;
    if (!stop) throw new DebugError('no cell is stopped');
    this.#step = method === 'Debugger.resume' ? undefined : new Step(method, stop.frames);
    await this.#inspector.inspect(method).catch((error: Error) => {
      // The first thing that the process did may have been to end.
      if (this.#stop === stop) throw error;
    });
  }

  async #resume(): Promise<void> {
    // It may have gone on meanwhile: the debugger was detached, the process ended.
    await this.#inspector.inspect('Debugger.resume').catch(() => {});
  }

  #continued(): void {
    this.#stop = undefined;
    this.#values.release();
    this.#event('continued', { threadId: THREAD, allThreadsContinued: true });
  }

  #event(event: string, body: Body): void {
    this.#publish({ type: 'event', seq: this.#seq++, event, body });
  }
}

function pathOf({ source }: Arguments): string {
  const { path } = (source ?? {}) as { path?: unknown };
  if (typeof path !== 'string') throw new DebugError('the request names no source path');
  return path;
}

/** A part of a list, as the protocol asks for parts; without a count all that follows. */
function page<Item>(items: readonly Item[], start: unknown, count: unknown): Item[] {
  const from = Number(start ?? 0);
  return items.slice(from, count ? from + Number(count) : undefined);
}
