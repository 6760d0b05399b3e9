/** Plots: one call each, shown in a notebook as an interactive figure, a picture and a sentence. */
import { bar } from './bar.ts';
import { figure } from './figure.ts';
import { histogram } from './histogram.ts';
import { line } from './line.ts';
import { scatter } from './scatter.ts';

export type { BarOptions } from './bar.ts';
export type { ChartOptions } from './chart.ts';
export type { Column, FrameLike, PlotData, Values } from './columns.ts';
export type { Figure, PlotlySpec, Trace } from './figure.ts';
export type { HistogramOptions } from './histogram.ts';
export type { LineOptions } from './line.ts';
export type { ScatterOptions } from './scatter.ts';

/**
 * Charts from a frame and column names, or from arrays.
 *
 * @example plot.histogram(df, { x: 'answerLength', title: 'How long are the answers?' })
 */
export const plot = { histogram, bar, line, scatter, figure } as const;
