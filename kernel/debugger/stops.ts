/** A stopped process as a front end sees it: the frames of code that somebody typed, and what led there. */
import { basename } from 'node:path';
import { isCellUrl } from '../runtime/names.ts';
import { type CellTexts, isCellPath } from './cells.ts';
import type { CallFrame, DapSource, RemoteObject } from './protocol.ts';
import type { Place, Scripts } from './scripts.ts';

export interface Frame {
  readonly id: number;
  readonly name: string;
  readonly call: CallFrame;
  /** Undefined for code that the rewriting added. */
  readonly place: Place | undefined;
  readonly source: DapSource | undefined;
}

export interface Stop {
  /** Innermost first; never empty. */
  readonly frames: readonly Frame[];
  readonly exception: RemoteObject | undefined;
}

/** A request that cannot be met; the front end shows the message. */
export class DebugError extends Error {}

/** Ids are never used again: a front end may ask for a frame of the last stop. */
let nextId = 1;

/** @returns the frames of code that somebody typed or installed, innermost first */
export async function readFrames(
  calls: readonly CallFrame[],
  scripts: Scripts,
  cells: CellTexts,
): Promise<Frame[]> {
  // V8 leaves the URLs of frames empty.
  const known = calls.map(call => ({ call, script: scripts.get(call.location.scriptId) }));
  // Below a cell's outermost frame lies only what called the cell.
  const outermost = known.findLastIndex(({ script }) => script && isCellUrl(script.url));
  const frames: Frame[] = [];
  for (const { call, script } of outermost < 0 ? known : known.slice(0, outermost + 1)) {
    if (!script || scripts.isInternal(script.url)) continue;
    const path = await scripts.path(script);
    const typed = await scripts.typed(script);
    if (typed && path !== undefined && isCellPath(path)) cells.add(typed.text);
    const label = basename(typed?.label ?? path ?? script.url);
    frames.push({
      id: nextId++,
      name: call.functionName || label,
      call,
      place: await scripts.place(call.location),
      source: path === undefined ? undefined : { name: label, path },
    });
  }
  return frames;
}

/** Steps that are taken for one that a front end asks for: a loop in a single line is not to run for ever. */
const MOST_AGAIN = 10;

/** A step under way. */
export class Step {
  readonly method: string;
  readonly #from: readonly Frame[];
  #taken = 0;

  /** @param method of V8's debugger, which takes the step */
  constructor(method: string, from: readonly Frame[]) {
    this.method = method;
    this.#from = from;
  }

  /**
   * Whether the step must be taken again: V8 has stopped in code that nobody typed, at another expression of a line
   * that is stepped over, or at what the rewriting adds behind an `await`.
   */
  leadsNowhere(frames: readonly Frame[]): boolean {
    const [from, to] = [this.#from[0]!, frames[0]!];
    if (!to.place) return true;
    const isSame =
      frames.length === this.#from.length &&
      to.call.functionName === from.call.functionName &&
      to.call.location.scriptId === from.call.location.scriptId &&
      to.place.line === from.place?.line &&
      (this.method === 'Debugger.stepOver' || to.place.column === from.place.column);
    return isSame && ++this.#taken <= MOST_AGAIN;
  }
}
