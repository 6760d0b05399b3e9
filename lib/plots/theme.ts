/**
 * How plots look unless a figure says otherwise.
 *
 * A notebook's page may be white or nearly black and a plot does not know which, so the background is
 * transparent and every colour here has a contrast of at least 3:1 on both (text at least 3.8:1).
 */

/** Text and ticks. */
export const INK = '#727882';
const CLEAR = 'rgba(0, 0, 0, 0)';
const GRID = 'rgba(125, 131, 140, 0.28)';

/**
 * Colours of series, in order. With simulated protanopia, deuteranopia and tritanopia (Machado, Oliveira and Fernandes,
 * 2009) any two of the first six are at least 18 apart in CIELAB, and any two of the ten at least 13.
 */
export const SERIES = [
  '#3f7fe0',
  '#dd6b1a',
  '#057257',
  '#ae2c8f',
  '#c1748b',
  '#785e31',
  '#a182c5',
  '#1da952',
  '#cc2763',
  '#925909',
] as const;

/** Shares from none to all: one hue, opaque, so that the text in a cell can choose its own contrast. */
export const SEQUENTIAL = [
  [0, '#eef3fb'],
  [0.25, '#bcd3f4'],
  [0.5, '#7eabe9'],
  [0.75, '#3f7fe0'],
  [1, '#174a94'],
] as const;

/** Viridis, by Stéfan van der Walt and Nathaniel Smith: lightness rises evenly, for all kinds of sight. */
export const VIRIDIS = [
  [0, '#440154'],
  [0.125, '#472d7b'],
  [0.25, '#3b528b'],
  [0.375, '#2c728e'],
  [0.5, '#21918c'],
  [0.625, '#28ae80'],
  [0.75, '#5ec962'],
  [0.875, '#addc30'],
  [1, '#fde725'],
] as const;

/** Below and above zero: blue and orange, which the colour blind tell apart, and pale where they meet. */
export const DIVERGING = [
  [0, '#1b4f9c'],
  [0.25, '#7eabe9'],
  [0.5, '#f3f3f1'],
  [0.75, '#eda36c'],
  [1, '#a94a0c'],
] as const;

export const FONT_FAMILY =
  'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

/** Size of a plot in CSS pixels where the figure names none. */
export const DEFAULT_SIZE = { width: 800, height: 450 } as const;

const axis = {
  automargin: true,
  gridcolor: GRID,
  linecolor: GRID,
  zeroline: false,
  ticks: '',
  ticklabelstandoff: 4,
  tickfont: { size: 15 },
  title: { font: { size: 16 }, standoff: 14 },
} as const;

/** Axes of polar and triangular plots, and rows of tables: plotly gives these colours of their own. */
const round = { gridcolor: GRID, linecolor: INK } as const;
const row = { fill: { color: CLEAR }, line: { color: GRID } } as const;

const scale = { colorscale: VIRIDIS, colorbar: { outlinewidth: 0, thickness: 16 } } as const;

/** A plotly template: plotly applies it under whatever the figure itself sets. */
export const TEMPLATE = {
  layout: {
    font: { family: FONT_FAMILY, size: 15, color: INK },
    title: {
      x: 0,
      xref: 'container',
      xanchor: 'left',
      yref: 'container',
      y: 1,
      yanchor: 'top',
      pad: { l: 16, t: 16 },
      font: { size: 21, weight: 600 },
    },
    paper_bgcolor: CLEAR,
    plot_bgcolor: CLEAR,
    polar: { bgcolor: CLEAR, angularaxis: round, radialaxis: { ...round, tickangle: 0 } },
    ternary: { bgcolor: CLEAR, aaxis: round, baxis: round, caxis: round },
    colorway: SERIES,
    margin: { l: 64, r: 24, t: 72, b: 60 },
    xaxis: { ...axis, showgrid: false, showline: true },
    yaxis: { ...axis },
    legend: {
      orientation: 'h',
      x: 0,
      xanchor: 'left',
      y: 1.02,
      yanchor: 'bottom',
      font: { size: 15 },
      itemsizing: 'constant',
    },
    modebar: { bgcolor: CLEAR, color: INK, activecolor: SERIES[0] },
    hoverlabel: { font: { family: FONT_FAMILY, size: 14 } },
    bargap: 0.3,
    barcornerradius: 2,
  },
  data: {
    heatmap: [scale],
    contour: [scale],
    histogram2d: [scale],
    histogram2dcontour: [scale],
    // plotly takes a transparent paper for a black one, on which it would draw white links.
    sankey: [{ link: { color: 'rgba(125, 131, 140, 0.4)' } }],
    table: [{ header: { ...row, height: 34 }, cells: { ...row, height: 28 } }],
    waterfall: [{ connector: { line: { color: INK } } }],
  },
} as const;
