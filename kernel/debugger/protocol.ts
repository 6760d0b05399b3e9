/**
 * The parts of the Debug Adapter Protocol and of V8's inspector that the debugger speaks.
 * https://microsoft.github.io/debug-adapter-protocol/specification
 * https://chromedevtools.github.io/devtools-protocol/v8/Debugger
 */

/** The debugger of a front end asks. */
export interface DapRequest {
  readonly seq: number;
  readonly command: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

export interface DapSource {
  readonly name: string;
  readonly path: string;
}

export interface DapBreakpoint {
  readonly id: number;
  readonly verified: boolean;
  readonly line: number;
  readonly message?: string;
  readonly source: { readonly path: string };
}

export interface DapVariable {
  readonly name: string;
  readonly value: string;
  readonly type: string;
  /** The expression that gives the value, where there is one. */
  readonly evaluateName?: string | undefined;
  /** Asks for the members; 0 for a value that has none. */
  readonly variablesReference: number;
  readonly indexedVariables?: number;
}

/** Sends commands to V8's inspector in the process that runs cells. */
export interface Inspector {
  /** @throws when the inspector refuses the command, or cannot answer */
  inspect<Result>(method: string, parameters?: object): Promise<Result>;
}

/** A place in a script, both from 0. */
export interface Location {
  readonly scriptId: string;
  readonly lineNumber: number;
  readonly columnNumber?: number;
}

export interface RemoteObject {
  readonly type: string;
  readonly subtype?: string;
  readonly className?: string;
  readonly objectId?: string;
  readonly description?: string;
  readonly value?: unknown;
  readonly unserializableValue?: string;
  readonly preview?: ObjectPreview;
}

export interface ObjectPreview {
  readonly type: string;
  readonly subtype?: string;
  readonly description?: string;
  readonly overflow: boolean;
  readonly properties: readonly {
    readonly name: string;
    readonly type: string;
    readonly subtype?: string;
    readonly value?: string;
  }[];
  readonly entries?: readonly { readonly key?: ObjectPreview; readonly value: ObjectPreview }[];
}

export interface PropertyDescriptor {
  readonly name: string;
  readonly value?: RemoteObject;
  readonly get?: RemoteObject;
  readonly symbol?: RemoteObject;
}

export interface EvaluateResult {
  readonly result: RemoteObject;
  readonly exceptionDetails?: { readonly text: string; readonly exception?: RemoteObject };
}

export interface CallFrame {
  readonly callFrameId: string;
  readonly functionName: string;
  readonly location: Location;
  readonly scopeChain: readonly { readonly type: string; readonly object: RemoteObject }[];
  readonly returnValue?: RemoteObject;
}

export interface Paused {
  readonly callFrames: readonly CallFrame[];
  readonly reason: string;
  readonly data?: RemoteObject & { readonly scriptId?: string };
  readonly hitBreakpoints?: readonly string[];
}
