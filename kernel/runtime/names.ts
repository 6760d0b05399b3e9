/** The one global name that rewritten cells use; not enumerable, and not offered by completion. */
export const RUNTIME = '__tunelab__';

/** The script name of a cell as V8 sees it. */
export const cellUrl = (executionCount: number, run: number): string =>
  `tunelab-cell:${executionCount}.${run}`;

const CELL_URL = cellUrl(0, 0).split(':')[0];

/** Whether a script is a cell. */
export const isCellUrl = (url: string): boolean => url.startsWith(`${CELL_URL}:`);

/** How tracebacks name a cell. */
export const cellLabel = (url: string): string => `Cell[${/\d+/.exec(url)![0]}]`;

const MAP_URL = 'tunelab:map';

/** Ends a rewritten script: the debugger learns that something else was typed, and asks for the map itself. */
export const REWRITTEN = `\n//# sourceMappingURL=${MAP_URL}`;

export const isRewritten = (sourceMapUrl: unknown): boolean => sourceMapUrl === MAP_URL;

/** The TypeScript that cells are read as. */
export const TYPESCRIPT_VERSION = '7.0';
