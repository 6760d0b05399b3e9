/** Data frames: arquero's tables, read from rows and files, and summaries of them. */
export { describe } from './describe.ts';
export { type Frame, frame } from './frame.ts';
