/**
 * How plots look unless a figure says otherwise.
 *
 * A notebook's page may be white or nearly black and a plot does not know which, so the background is
 * transparent and every colour here has a contrast of at least 3:1 on both (text at least 3.8:1).
 */

/** Text and ticks. */
export const INK = '#727882';
const GRID = 'rgba(125, 131, 140, 0.28)';

/** Colours of series, in order: told apart by the common kinds of colour blindness as far as eight can be. */
export const SERIES = [
  '#3f7fe0',
  '#dd6b1a',
  '#0f9a80',
  '#cc529f',
  '#a87a08',
  '#8665ea',
  '#d94c56',
  '#1592b8',
  '#6a8a2b',
  '#94705b',
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

const scale = { colorscale: 'Viridis', colorbar: { outlinewidth: 0, thickness: 16 } } as const;

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
    paper_bgcolor: 'rgba(0, 0, 0, 0)',
    plot_bgcolor: 'rgba(0, 0, 0, 0)',
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
    hoverlabel: { font: { family: FONT_FAMILY, size: 14 } },
    bargap: 0.3,
    barcornerradius: 2,
  },
  data: { heatmap: [scale], contour: [scale], histogram2d: [scale], histogram2dcontour: [scale] },
} as const;
