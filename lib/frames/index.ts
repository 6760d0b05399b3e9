/** Data frames: arquero's tables by default, read from rows and files, and summaries of them. */
import { registerSqlMagic } from './sqlMagic.ts';

export type { Frame } from '../arquero/index.ts';
export { fromArrow, toArquero, toArrow, toRows } from './convert.ts';
export { danfo, toDanfo } from './danfo.ts';
export { describe } from './describe.ts';
export { duckdb } from './duckdb.ts';
export { duplicates } from './duplicates.ts';
export { frame } from './frame.ts';
export { lengths } from './lengths.ts';
export { type SqlTables, sql } from './sql.ts';
export { quantile } from './statistics.ts';

registerSqlMagic();
