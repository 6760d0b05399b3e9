/** Data sets and the formats they come in. */
export { type Row, readJsonl, writeJsonl } from './jsonl.ts';
