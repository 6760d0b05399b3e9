/** Runs scripts in V8's REPL mode and hands back real values, not descriptions of them. */
import { Session } from 'node:inspector';

export type Outcome =
  | { readonly value: unknown }
  /** `at`: where V8 found the error in the script, both from 1. */
  | { readonly thrown: unknown; readonly at: { readonly line: number; readonly column: number } }
  | { readonly terminated: true };

interface RemoteObject {
  readonly objectId?: string;
  readonly value?: unknown;
  readonly unserializableValue?: string;
  readonly type: string;
}
interface EvaluateResult {
  readonly result: RemoteObject;
  readonly exceptionDetails?: {
    readonly exception?: RemoteObject;
    readonly text: string;
    readonly lineNumber: number;
    readonly columnNumber: number;
  };
}
type Post = (
  method: string,
  parameters: object,
  callback: (error: Error | null, result: unknown) => void,
) => void;

const GROUP = 'tunelab';

export class Evaluator {
  readonly #session = new Session();
  readonly #post: Post;
  #received: unknown;

  constructor() {
    this.#session.connect();
    this.#post = this.#session.post.bind(this.#session) as Post;
    Object.defineProperty(globalThis, '__tunelabReceive__', {
      value: (value: unknown) => {
        this.#received = value;
      },
      enumerable: false,
    });
  }

  /** Evaluates a script; top-level `await` works, and every top-level binding is seen by later scripts. */
  evaluate(expression: string): Promise<Outcome> {
    return new Promise(resolve => {
      this.#post('Runtime.evaluate', { expression, replMode: true, objectGroup: GROUP }, (error, result) => {
        // The only error that this call gives is that the script was ended from outside.
        resolve(error ? { terminated: true } : this.#outcome(result as EvaluateResult));
      });
    });
  }

  #outcome({ result, exceptionDetails }: EvaluateResult): Outcome {
    if (!exceptionDetails) return { value: this.#local(result) };
    const { exception, text, lineNumber, columnNumber } = exceptionDetails;
    const at = { line: lineNumber + 1, column: columnNumber + 1 };
    return { thrown: exception ? this.#local(exception) : new Error(text), at };
  }

  /** The value behind a remote object: the inspector's calls are answered before they return. */
  #local(object: RemoteObject): unknown {
    if (object.objectId === undefined) {
      if (object.unserializableValue === undefined) return object.value;
      return object.type === 'bigint'
        ? BigInt(object.unserializableValue.slice(0, -1))
        : Number(object.unserializableValue);
    }
    const parameters = {
      functionDeclaration: '(function (value) { __tunelabReceive__(value); })',
      objectId: object.objectId,
      arguments: [object],
      silent: true,
    };
    this.#post('Runtime.callFunctionOn', parameters, () => {});
    this.#post('Runtime.releaseObjectGroup', { objectGroup: GROUP }, () => {});
    const value = this.#received;
    this.#received = undefined;
    return value;
  }
}
