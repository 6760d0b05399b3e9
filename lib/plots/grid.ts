/** What heat maps and confusion matrices share: coloured cells with labels along both sides. */

import { type ColorScale, inkOn } from './cellInk.ts';
import { type ChartOptions, chartLayout, escapeText, topOf } from './chart.ts';
import { Figure } from './figure.ts';
import { DEFAULT_SIZE } from './theme.ts';
import { longest, shortenAll } from './words.ts';

export interface Grid {
  /** Rows from the top, null where a cell has no value. */
  readonly z: readonly (readonly (number | null)[])[];
  readonly x: Side;
  readonly y: Side;
  /** What a cell says, and on hover; plotly's HTML. */
  readonly text?: readonly (readonly string[])[];
  readonly hover: readonly (readonly string[])[];
  readonly colorscale: ColorScale;
  /** The values at the ends of the colours. */
  readonly range: readonly [number, number];
  /** The title of the colour bar; no bar without one. */
  readonly zTitle?: string;
}

/** The labels of a side, or the position that its cells count from and by. */
export type Side = readonly string[] | { readonly first: number; readonly step: number };

interface Titles {
  readonly title: string;
  readonly note?: string | undefined;
  readonly xTitle: string;
  readonly yTitle: string;
}

const MAX_TICKS = 40;
const LINE_SPACE = 30;
const TWO_LINES_SPACE = 52;
/** The height of a turned label, as a share of its length. */
const TURNED = Math.SQRT1_2;
/** Pixels beside the cells, of the colour bar with its title, and of an average character. */
const SIDES = 70;
const COLOR_BAR = 70;
const CHARACTER = 8.5;
/** The same on a side with room for a whole label, where wide and narrow characters make up for each other. */
const MEAN_CHARACTER = 7.2;

/** Draws the grid; row 0 is at the top. */
export function gridFigure(options: ChartOptions, grid: Grid, titles: Titles, summary: string): Figure {
  const { z, x, y, text, hover, colorscale, range, zTitle } = grid;
  const [rows, columns] = [z.length, z[0]?.length ?? 0];
  const [low, high] = range;
  const ink = (value: number | null): string => inkOn(colorscale, ((value ?? low) - low) / (high - low || 1));
  const colored = text?.map((row, i) =>
    row.map((cell, j) => `<span style="color:${ink(z[i]![j]!)}">${cell}</span>`),
  );
  const layout = chartLayout(options, { ...titles, legend: [] });
  const beside = isLabels(y) ? MEAN_CHARACTER * longest(shortenAll(y)) : 0;
  const room =
    (options.width ?? DEFAULT_SIZE.width) - SIDES - beside - (zTitle === undefined ? 0 : COLOR_BAR);
  const below = isLabels(x) ? belowLabels(x, room) : { axis: cellTicks(x, columns), turned: false };
  const isTwoLined = text?.some(line => line.some(cell => cell.includes('<br>'))) ?? false;
  const height =
    topOf(layout) +
    110 +
    (isTwoLined ? TWO_LINES_SPACE : LINE_SPACE) * rows +
    (below.turned ? TURNED * MEAN_CHARACTER * longest(shortenAll(x as readonly string[])) : 0);
  return new Figure(
    {
      data: [
        {
          type: 'heatmap',
          z,
          ...(isLabels(x) ? {} : { x0: x.first, dx: x.step }),
          ...(isLabels(y) ? {} : { y0: y.first, dy: y.step }),
          ...(colored
            ? { text: colored, texttemplate: '%{text}', textfont: { size: rows > 12 ? 11 : 14 } }
            : {}),
          hovertext: hover,
          hovertemplate: '%{hovertext}<extra></extra>',
          hoverongaps: false,
          xgap: columns > 30 ? 0 : 2,
          ygap: rows > 30 ? 0 : 2,
          colorscale,
          ...(low < high ? { zmin: low, zmax: high } : {}),
          showscale: zTitle !== undefined,
          ...(zTitle === undefined
            ? {}
            : { colorbar: { title: { text: escapeText(zTitle), side: 'right' } } }),
        },
      ],
      layout: {
        ...layout,
        ...(options.height === undefined ? { height: Math.min(900, Math.max(340, height)) } : {}),
        xaxis: { ...(layout.xaxis as object), ...below.axis, showline: false },
        yaxis: {
          ...(layout.yaxis as object),
          ...(isLabels(y) ? ticks(y, label => label) : cellTicks(y, rows)),
          showgrid: false,
          autorange: 'reversed',
        },
      },
    },
    summary,
  );
}

function isLabels(side: Side): side is readonly string[] {
  return Array.isArray(side);
}

function cellTicks({ step }: Exclude<Side, readonly string[]>, cells: number): { dtick?: number } {
  return step === 1 && cells < 8 ? { dtick: 1 } : {};
}

/** Level in a few lines where they fit side by side, else turned. */
function belowLabels(labels: readonly string[], width: number): { axis: object; turned: boolean } {
  const room = Math.floor(width / Math.min(labels.length, MAX_TICKS) / CHARACTER);
  const lines = shortenAll(labels).map(label => breakLabel(label, room));
  const turned = lines.some(parts => parts.length > 3 || parts.some(part => part.length > room));
  const axis = turned
    ? { ...ticks(labels, label => label), tickangle: -45 }
    : { ...ticks(labels, label => breakLabel(label, room).join('\n')), tickangle: 0 };
  return { axis, turned };
}

/** Labels by position, so that two cells may have the same one, as tokens do. */
function ticks(labels: readonly string[], write: (label: string) => string): object {
  const names = shortenAll(labels);
  const every = Math.ceil(labels.length / MAX_TICKS);
  const tickvals = labels.map((_, i) => i).filter(i => i % every === 0);
  const text = (i: number): string => escapeText(write(names[i] as string)).replaceAll('\n', '<br>');
  return { tickvals, ticktext: tickvals.map(text) };
}

/** Lines of at most so many characters where there is a space, slash, dash or underscore to break at. */
function breakLabel(label: string, characters: number): string[] {
  const lines: string[] = [];
  for (const part of label.match(/[^\s/_-]+[\s/_-]*|[\s/_-]+/g) ?? ['']) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + part.trimEnd().length <= characters)
      lines[lines.length - 1] = line + part;
    else lines.push(part);
  }
  return lines.map(line => line.trimEnd());
}
