/** Errors as a notebook shows them: name, message, and where in the cell as typed. */
import { fileURLToPath } from 'node:url';
import { type InspectOptions, inspect } from 'node:util';
import type { CellError } from './channel.ts';
import { codeFrame, dim, red } from './code-frame.ts';
import { cellLabel, isCellUrl } from './names.ts';
import type { PositionMap } from './positions.ts';
import { CellSyntaxError } from './transform.ts';

interface Source {
  /** How tracebacks name it: `Cell[3]` or a file's path. */
  readonly label: string;
  readonly text: string;
  readonly positions: PositionMap;
}

export interface Frame {
  readonly name: string;
  readonly source: Source | undefined;
  readonly line: number;
  readonly column: number;
}

/** Of the latest cells all are remembered, and of earlier ones those that later ones can still call by a name. */
const LATEST_CELLS = 1_000;

const files = new Map<string, Source>();
const latestCells = new Map<string, Source>();
/** By each name that cells have declared: the latest of them. */
const declaringCells = new Map<string, { readonly url: string; readonly source: Source }>();
/** The frames of an error at the time its stack was first read. */
const framesOf = new WeakMap<object, readonly Frame[]>();

/** What was typed for a script, by the URL that V8 knows it by; `maps` lead there, the last rewrite first. */
export function typedSource(
  url: string,
): { text: string; label: string; positions: PositionMap } | undefined {
  // CommonJS is registered by its path.
  return sourceOf(url) ?? (url.startsWith('file:') ? files.get(fileURLToPath(url)) : undefined);
}

function sourceOf(url: string): Source | undefined {
  if (!isCellUrl(url)) return files.get(url);
  const latest = latestCells.get(url);
  if (latest) return latest;
  for (const cell of declaringCells.values()) if (cell.url === url) return cell.source;
  return undefined;
}

/** Makes places in a file appear in tracebacks as places in what was typed. */
export function registerFile(url: string, source: Source): void {
  files.set(url, source);
}

/**
 * The same for a cell.
 * @param declared the names that the cell declares
 */
export function registerCell(url: string, source: Source, declared: Iterable<string>): void {
  latestCells.set(url, source);
  if (latestCells.size > LATEST_CELLS) latestCells.delete(latestCells.keys().next().value as string);
  for (const name of declared) declaringCells.set(name, { url, source });
}

const INTERNAL = /^(node:internal\/|node:inspector|node:vm|tunelab:)/;
/** Where this package's own code lies, kernel and library: a user's mistake is not explained by frames in there. */
const OWN = new URL('../../', import.meta.url).href;

/** Node's hook for `error.stack`: maps each frame and leaves the kernel's own out. */
export function prepareStackTrace(error: unknown, sites: readonly NodeJS.CallSite[]): string {
  const lines: string[] = [];
  const frames: Frame[] = [];
  // Below a cell's outermost frame lies only what called the cell.
  const outermost = sites.findLastIndex(site => isCellUrl(urlOf(site)));
  const above = outermost < 0 ? sites : sites.slice(0, outermost + 1);
  for (const [at, site] of above.entries()) {
    if (isOurs(above, at)) continue;
    const url = urlOf(site);
    const source = sourceOf(url);
    const line = site.getLineNumber() ?? 0;
    const column = site.getColumnNumber() ?? 0;
    if (!source) {
      // Of a cell that is not remembered only its name is known.
      lines.push(
        `    at ${isCellUrl(url) ? described(functionName(site), cellLabel(url)) : site.toString()}`,
      );
      continue;
    }
    const typed = source.positions.original(line, column);
    // Code that the rewriting added.
    if (!typed) continue;
    const name = functionName(site);
    frames.push({ name, source, ...typed });
    const place = `${source.label}:${typed.line}:${typed.column}`;
    lines.push(`    at ${described(name, place)}`);
  }
  if (typeof error === 'object' && error !== null) framesOf.set(error, frames);
  return [headline(error), ...lines].join('\n');
}

/** Whether a frame is of this package or of Node, or of what they have called in the engine, as `Array.map`. */
function isOurs(sites: readonly NodeJS.CallSite[], at: number): boolean {
  const site = sites[at];
  if (site === undefined) return false;
  const url = urlOf(site);
  if (url === '') return isOurs(sites, at + 1);
  return !sourceOf(url) && (INTERNAL.test(url) || url.startsWith(OWN));
}

function described(name: string, place: string): string {
  return name ? `${name} (${place})` : place;
}

function urlOf(site: NodeJS.CallSite): string {
  return (site as unknown as { getScriptNameOrSourceURL(): string | null }).getScriptNameOrSourceURL() ?? '';
}

function functionName(site: NodeJS.CallSite): string {
  const name = site.getFunctionName();
  if (!name) return '';
  const type = site.isToplevel() ? null : site.getTypeName();
  const qualified = type && !name.includes('.') && type !== 'Object' ? `${type}.${name}` : name;
  return `${(site as unknown as { isAsync(): boolean }).isAsync() ? 'async ' : ''}${site.isConstructor() ? 'new ' : ''}${qualified}`;
}

function headline(error: unknown): string {
  try {
    return Error.prototype.toString.call(error as Error);
  } catch {
    return 'Error';
  }
}

/** Mistakes that one sentence explains; a traceback would only hide it. */
const PLAIN = { MagicError: true, InputError: true, Interrupted: true };

/** Whether a traceback shows a place in code that somebody typed. */
export function hasPlace(error: Error): boolean {
  // Reading the stack is what collects the frames.
  void error.stack;
  return (framesOf.get(error)?.length ?? 0) > 0;
}

/** What a cell's failure shows. Never throws, whatever was thrown. */
export function describeError(thrown: unknown): CellError {
  try {
    if (thrown instanceof CellSyntaxError) return describeSyntaxError(thrown);
    if (isError(thrown) && thrown.name in PLAIN) return plain(thrown.name, thrown.message);
    if (isError(thrown)) return describeThrownError(thrown);
  } catch (failure) {
    return plain('Error', `an error that cannot be shown: ${safeString(failure)}`);
  }
  return plain('Uncaught', safeInspect(thrown));
}

function plain(ename: string, evalue: string): CellError {
  return { ename, evalue, traceback: [`${red(ename)}: ${evalue}`] };
}

export function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
}

function describeThrownError(error: Error): CellError {
  const ename = String(error.name || 'Error');
  const evalue = String(error.message ?? '');
  return { ename, evalue, traceback: [...tracebackLines(error, new Set())] };
}

function* tracebackLines(error: unknown, seen: Set<unknown>, prefix = ''): Generator<string> {
  if (!isError(error)) {
    yield `${prefix}${safeInspect(error)}`;
    return;
  }
  if (seen.has(error)) {
    yield `${prefix}[circular]`;
    return;
  }
  seen.add(error);
  const stack = String(error.stack ?? '');
  const ename = String(error.name || 'Error');
  const frameLines = stack.split('\n').filter(line => /^\s+at /.test(line));
  yield `${prefix}${red(ename)}${error.message ? `: ${error.message}` : ''}`;
  const frame = framesOf.get(error)?.find(({ source }) => source !== undefined);
  if (frame?.source) yield* codeFrame(frame.source.text, frame.source.label, frame.line, frame.column, 1);
  for (const line of frameLines.slice(0, 30)) yield dim(line);
  if (frameLines.length > 30) yield dim(`    … ${frameLines.length - 30} more`);
  for (const [key, value] of Object.entries(error)) {
    if (key !== 'cause' && key !== 'errors' && key !== 'stack' && key !== 'message' && key !== 'name')
      yield dim(`  ${key}: ${safeInspect(value)}`);
  }
  if (error.cause !== undefined) yield* tracebackLines(error.cause, seen, `${dim('Caused by')} `);
  const inner = (error as AggregateError).errors;
  if (Array.isArray(inner)) {
    for (const [index, item] of inner.slice(0, 20).entries())
      yield* tracebackLines(item, seen, `${dim(`[${index}]`)} `);
    if (inner.length > 20) yield dim(`… ${inner.length - 20} more errors`);
  }
}

function describeSyntaxError(error: CellSyntaxError): CellError {
  const traceback: string[] = [];
  for (const [index, problem] of error.problems.slice(0, 5).entries()) {
    traceback.push(
      `${red('SyntaxError')}: ${problem.message} (${error.label}:${problem.line}:${problem.column})`,
    );
    if (index === 0)
      traceback.push(...codeFrame(error.source, error.label, problem.line, problem.column, problem.length));
    if (problem.hint) traceback.push(dim(problem.hint));
  }
  const first = error.problems[0];
  return {
    ename: 'SyntaxError',
    evalue: first ? `${first.message} (${first.line}:${first.column})` : error.message,
    traceback,
  };
}

function safeString(value: unknown): string {
  try {
    return String(value);
  } catch {
    return 'it throws on every look';
  }
}

/** `util.inspect` that gives a sentence where a value throws. */
export function safeInspect(value: unknown, options: InspectOptions = {}): string {
  try {
    return inspect(value, { depth: 4, maxStringLength: 10_000, breakLength: 100, ...options });
  } catch (failure) {
    return `a value that cannot be shown: ${safeString(failure)}`;
  }
}
