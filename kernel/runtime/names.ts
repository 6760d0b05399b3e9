/** The one global name that rewritten cells use; not enumerable, and not offered by completion. */
export const RUNTIME = '__tunelab__';

/** The script name of a cell as V8 sees it. */
export const cellUrl = (executionCount: number, run: number): string =>
  `tunelab-cell:${executionCount}.${run}`;

/** The TypeScript that cells are read as. */
export const TYPESCRIPT_VERSION = '7.0';
