/** What every room may use: the one seam to a notebook or a terminal, and the look at options and names. Other rooms import this file, not those behind it. */
export { checkOptions } from './host/checkOptions.ts';
export {
  clearOutput,
  type DisplayBundle,
  type DisplayOptions,
  display,
  displayResult,
  type Host,
  isNotebook,
  show,
} from './host/display.ts';

export { gracefully, Interrupted, isInterrupted, nextTurn } from './host/interrupts.ts';
export { nearest } from './host/nearest.ts';
export { plural } from './host/plural.ts';

export { ProgressBar, type ProgressOptions, progress } from './host/progress.ts';
export { fileError, writeWhole } from './host/wholeFile.ts';
