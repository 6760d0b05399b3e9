/** What a notebook imports as 'tunelab'. Heavy parts load when they are first used, so that this import stays quick. */
export { type Row, readJsonl, writeJsonl } from './datasets/index.ts';
export { describe, type Frame, frame } from './frames/index.ts';
export {
  clearOutput,
  type DisplayBundle,
  type DisplayOptions,
  display,
  isNotebook,
  ProgressBar,
  type ProgressOptions,
  progress,
} from './host.ts';
export {
  type BarOptions,
  type ChartOptions,
  type Column,
  type Figure,
  type FrameLike,
  type HistogramOptions,
  type LineOptions,
  type PlotData,
  type PlotlySpec,
  plot,
  type ScatterOptions,
  type Trace,
  type Values,
} from './plots/index.ts';
