/** What the debugger asks the process that runs cells, by way of V8's inspector: also while the process is paused. */
import { type MimeBundle, toMimeBundle } from '../display/index.ts';
import { typedSource } from './errors.ts';

/** What was typed for a script. */
export interface TypedSource {
  readonly text: string;
  /** `Cell[3]` or a path. */
  readonly label: string;
}

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** @param declared the names that cells have declared */
export function debugHooks(declared: () => ReadonlySet<string>) {
  // The kernel's own globals are not enumerable.
  const before = new Set(Object.keys(globalThis));
  return {
    /** What was typed for each of the scripts, or null. */
    sources: (urls: readonly string[]): (TypedSource | null)[] =>
      urls.map(url => {
        const source = typedSource(url);
        return source ? { text: source.text, label: source.label } : null;
      }),
    /** The source maps of a rewritten script, the last rewrite first. */
    maps: (url: string): readonly object[] => typedSource(url)?.positions.maps ?? [],
    /** The notebook's variables: what cells declare, and what they hang on the global object. */
    names: (): string[] => {
      const added = Object.keys(globalThis).filter(name => !before.has(name) && IDENTIFIER.test(name));
      return [...new Set([...declared(), ...added])];
    },
    /** How a value is shown; undefined where that takes a turn of the event loop and `now` is asked for. */
    show: (value: unknown, now: boolean): MimeBundle | Promise<MimeBundle> | undefined => {
      const bundle = toMimeBundle(value);
      return now && bundle instanceof Promise ? undefined : bundle;
    },
  };
}
