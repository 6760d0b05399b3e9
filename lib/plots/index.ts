/** Plots: one call each, shown in a notebook as an interactive figure, a picture and a sentence. */
import { bar } from './bar.ts';
import { box } from './box.ts';
import { confusionMatrix } from './confusionMatrix.ts';
import { figure } from './figure.ts';
import { heatmap } from './heatmap.ts';
import { histogram } from './histogram.ts';
import { line } from './line.ts';
import { live } from './live.ts';
import { lossCurve } from './lossCurve.ts';
import { scatter } from './scatter.ts';
import { tokenLengths } from './tokenLengths.ts';

export type { BarOptions } from './bar.ts';
export type { BoxOptions } from './box.ts';
export type { ChartOptions } from './chart.ts';
export type { Column, PlotData, Values } from './columns.ts';
export type { ConfusionColumns, ConfusionMatrixOptions } from './confusionMatrix.ts';
export type { Figure, PlotlySpec, Trace } from './figure.ts';
export type { HeatmapOptions, Matrix, MatrixOptions } from './heatmap.ts';
export type { HistogramOptions } from './histogram.ts';
export type { LineOptions } from './line.ts';
export type { LiveFigure } from './live.ts';
export type { ScatterOptions } from './scatter.ts';
export type { TokenLengthsOptions } from './tokenLengths.ts';

/**
 * Charts from a table and column names, or from arrays.
 *
 * @example plot.histogram(df, { x: 'answerLength', title: 'How long are the answers?' })
 * @example const live = plot.live(plot.lossCurve([]));
 */
export const plot = {
  histogram,
  bar,
  line,
  scatter,
  box,
  heatmap,
  confusionMatrix,
  lossCurve,
  tokenLengths,
  figure,
  live,
} as const;
