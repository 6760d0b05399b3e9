/** The one seam to a notebook or a terminal: display and progress. Other rooms import this file, not those behind it. */
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
export { ProgressBar, type ProgressOptions, progress } from './host/progress.ts';
