/** Values of a stopped process, or of the notebook: scopes, evaluation, assignment, rich display. */
import { RUNTIME } from '../runtime/names.ts';
import { toExpression, toJavaScript } from './expressions.ts';
import type { DapVariable, EvaluateResult, Inspector, RemoteObject } from './protocol.ts';
import { DebugError, type Frame, type Stop } from './stops.ts';
import { line, Variables } from './variables.ts';

/** Holds objects until the next stop. */
const GROUP = 'tunelab-debugger';
const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

export interface DapScope {
  readonly name: string;
  readonly presentationHint: 'locals' | 'globals';
  readonly expensive: boolean;
  readonly variablesReference: number;
}

export interface MimeData {
  readonly data: Record<string, unknown>;
  readonly metadata: Record<string, unknown>;
}

export class Values {
  readonly #inspector: Inspector;
  readonly #variables: Variables;
  readonly #stop: () => Stop | undefined;

  /** @param stop where the process stands, if it is stopped */
  constructor(inspector: Inspector, stop: () => Stop | undefined) {
    this.#inspector = inspector;
    this.#variables = new Variables(inspector);
    this.#stop = stop;
  }

  /** Lets go of all objects that a front end has seen. */
  release(): void {
    this.#variables.clear();
    this.#inspector.inspect('Runtime.releaseObjectGroup', { objectGroup: GROUP }).catch(() => {});
  }

  list(reference: number): Promise<DapVariable[]> {
    return this.#variables.list(reference);
  }

  notebook(): Promise<DapVariable[]> {
    return this.#variables.notebook();
  }

  scopes({ call, id }: Frame): DapScope[] {
    const of = (types: RegExp) =>
      call.scopeChain.filter(({ type }) => types.test(type)).map(({ object }) => object);
    const extra: DapVariable[] = [];
    const stop = this.#stop();
    if (stop?.exception && stop.frames[0]?.id === id)
      extra.push(this.#variables.variable('(exception)', stop.exception));
    if (call.returnValue && call.returnValue.type !== 'undefined')
      extra.push(this.#variables.variable('(return value)', call.returnValue));
    const parts = [
      { name: 'Locals', scopes: of(/^(local|block|catch|with|eval)$/), extra },
      { name: 'Closure', scopes: of(/^closure$/), extra: [] },
      { name: 'Module', scopes: of(/^module$/), extra: [] },
    ];
    const locals = parts
      .filter(({ scopes, extra: more }) => scopes.length + more.length > 0)
      .map(({ name, ...rest }) => ({
        name,
        presentationHint: 'locals' as const,
        expensive: false,
        variablesReference: this.#variables.hold({ ...rest, frame: id }),
      }));
    const notebook = {
      name: 'Notebook',
      presentationHint: 'globals' as const,
      expensive: false,
      variablesReference: this.#variables.hold('notebook'),
    };
    return [...locals, notebook];
  }

  async evaluate(expression: string, frame: unknown, hasEffects: boolean): Promise<DapVariable> {
    return this.#variables.variable(
      expression,
      await this.#value(await toJavaScript(expression), frame, hasEffects),
      expression,
    );
  }

  /** @param reference of what holds the variable: a scope, an object */
  async set(reference: number, name: string, value: string): Promise<DapVariable> {
    const holder = this.#variables.get(reference);
    if (!holder) throw new DebugError('the variable is gone: its cell went on');
    const text = await toExpression(value);
    let result: RemoteObject;
    if (holder === 'notebook') result = await this.#value(`${name} = ${text}`, undefined, true);
    else if ('scopes' in holder) result = await this.#value(`${name} = ${text}`, holder.frame, true);
    else {
      result = await this.#value(text, this.#stop()?.frames[0]?.id, true);
      await this.#call("(object, name, value) => { 'use strict'; object[name] = value; }", [
        holder.object,
        { type: 'string', value: name },
        result,
      ]);
    }
    return this.#variables.variable(name, result);
  }

  /** A value as the notebook would show it. */
  async show(expression: string, frame: unknown): Promise<MimeData> {
    const value = await this.#value(expression, frame, false);
    // A promise cannot settle while the process is stopped.
    const now = this.#stop() !== undefined;
    const shown = await this.#call(
      `(value, now) => ${RUNTIME}.debug.show(value, now)`,
      [value, { type: 'boolean', value: now }],
      { returnByValue: true, awaitPromise: !now },
    );
    return (shown.value as MimeData | undefined) ?? { data: { 'text/plain': line(value) }, metadata: {} };
  }

  /** Gives the notebook a variable of a frame. */
  async copyToGlobals(source: string, destination: string, frame: unknown): Promise<void> {
    if (!IDENTIFIER.test(destination)) throw new DebugError(`'${destination}' is not the name of a variable`);
    const value = await this.#value(source, frame, false);
    // Outside strict mode this also makes a variable that is not there yet.
    await this.#call(`value => { ${destination} = value; }`, [value]);
  }

  /** @param frame the id of the frame in which the script is evaluated; without one among the notebook's variables */
  async #value(script: string, frame: unknown, hasEffects: boolean): Promise<RemoteObject> {
    const stop = this.#stop();
    const options = {
      expression: script,
      objectGroup: GROUP,
      generatePreview: true,
      silent: true,
      throwOnSideEffect: !hasEffects,
    };
    const call =
      frame === undefined || frame === null || !stop
        ? // A declaration stays, and `await` waits, which it cannot while the process is stopped.
          this.#inspector.inspect<EvaluateResult>('Runtime.evaluate', {
            ...options,
            replMode: hasEffects && !stop,
          })
        : this.#inspector.inspect<EvaluateResult>('Debugger.evaluateOnCallFrame', {
            ...options,
            callFrameId: findFrame(stop, frame).call.callFrameId,
          });
    return resultOf(await call);
  }

  /** Calls a function with values that V8 holds. */
  async #call(source: string, values: readonly RemoteObject[], options: object = {}): Promise<RemoteObject> {
    const callee = await this.#inspector.inspect<EvaluateResult>('Runtime.evaluate', {
      expression: `(${source})`,
      objectGroup: GROUP,
    });
    return resultOf(
      await this.#inspector.inspect<EvaluateResult>('Runtime.callFunctionOn', {
        functionDeclaration: 'function (...values) { return this(...values); }',
        objectId: callee.result.objectId,
        arguments: values.map(argument),
        silent: true,
        ...options,
      }),
    );
  }
}

/** @throws {DebugError} when the process has gone on */
export function findFrame(stop: Stop | undefined, id: unknown): Frame {
  const frame = stop?.frames.find(frame => frame.id === id);
  if (!frame) throw new DebugError('the frame is gone: its cell went on');
  return frame;
}

function resultOf({ result, exceptionDetails }: EvaluateResult): RemoteObject {
  if (exceptionDetails) throw new DebugError(line(exceptionDetails.exception ?? result));
  return result;
}

/** A value as an argument of a call. */
function argument({ objectId, unserializableValue, value }: RemoteObject): object {
  if (objectId !== undefined) return { objectId };
  return unserializableValue === undefined ? { value } : { unserializableValue };
}
