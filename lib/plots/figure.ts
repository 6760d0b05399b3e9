/** A plot: its plotly specification, its picture and its summary in words. */
import { inspect } from 'node:util';
import { type DisplayBundle, displayResult, plural } from '../host.ts';
import type { PictureSize } from './picture.ts';
import { sketchLines } from './sketch.ts';
import { DEFAULT_SIZE, TEMPLATE } from './theme.ts';

const DISPLAY = Symbol.for('Jupyter.display');
const PLOTLY = 'application/vnd.plotly.v1+json';
const PICTURE_SCALE = 2;

/** One plotly trace; see plotly's figure reference. */
export type Trace = Readonly<Record<string, unknown>>;

/** A plotly specification: what `Plotly.newPlot` takes. */
export interface PlotlySpec {
  readonly data: readonly Trace[];
  readonly layout?: Readonly<Record<string, unknown>>;
  readonly config?: Readonly<Record<string, unknown>>;
}

/**
 * A plot that a notebook shows in three forms: interactive (plotly), as a PNG for GitHub and paper, and in words.
 *
 * @example
 * const figure = plot.line({ y: losses });
 * await fs.writeFile('loss.png', await figure.png({ scale: 3 }));
 */
export class Figure {
  /** The specification as JSON: typed arrays are plain arrays, dates are strings, gaps are null. */
  readonly spec: Required<PlotlySpec>;
  /** What the plot shows, in one line. */
  readonly summary: string;

  constructor(spec: PlotlySpec, summary?: string) {
    this.spec = toPlainJson({
      data: spec.data,
      layout: { template: TEMPLATE, height: DEFAULT_SIZE.height, ...spec.layout },
      config: { displaylogo: false, responsive: true, ...spec.config },
    });
    this.summary = summary ?? describeSpec(this.spec);
  }

  /**
   * Draws the plot as a PNG.
   *
   * @param size width and height in CSS pixels (the figure's own, else 800 by 450); `scale` image pixels for each, 2
   * @throws for traces that only a browser with WebGL can draw: maps and three-dimensional plots
   */
  async png(size: Partial<PictureSize> = {}): Promise<Uint8Array> {
    const { drawPng } = await import('./picture.ts');
    return drawPng(JSON.stringify(this.spec), { ...this.#size(), scale: PICTURE_SCALE, ...size });
  }

  /** The forms that a notebook stores, with the picture's size in CSS pixels. */
  async bundle(): Promise<DisplayBundle> {
    try {
      const picture = Buffer.from(await this.png()).toString('base64');
      return {
        data: { [PLOTLY]: this.spec, 'image/png': picture, 'text/plain': this.summary },
        metadata: { 'image/png': this.#size() },
      };
    } catch (error) {
      // The interactive form still shows: what is lost is the picture, and the reader is told why.
      const text = `${this.summary} (no static picture: ${reasonOf(error)})`;
      return { data: { [PLOTLY]: this.spec, 'text/plain': text }, metadata: {} };
    }
  }

  /** The forms that cost next to nothing: interactive, in words and, of lines, as a drawing without plotly. */
  sketch(): DisplayBundle {
    const drawing = sketchLines(this.spec);
    return {
      data: { [PLOTLY]: this.spec, ...(drawing && { 'image/svg+xml': drawing }), 'text/plain': this.summary },
    };
  }

  async [DISPLAY](): Promise<Record<string, unknown>> {
    return displayResult(await this.bundle());
  }

  toString(): string {
    return this.summary;
  }

  [inspect.custom](): string {
    return this.summary;
  }

  #size(): { width: number; height: number } {
    const { width, height } = this.spec.layout;
    return {
      width: typeof width === 'number' ? width : DEFAULT_SIZE.width,
      height: typeof height === 'number' ? height : DEFAULT_SIZE.height,
    };
  }
}

/**
 * Makes a plot of any plotly specification, in tunelab's style where the specification says nothing else.
 *
 * @throws if `data` is not an array of traces
 * @example plot.figure({ data: [{ type: 'pie', labels: ['a', 'b'], values: [1, 2] }], layout: { title: { text: 'Share' } } })
 */
export function figure(spec: PlotlySpec): Figure {
  if (!Array.isArray(spec?.data)) {
    throw new TypeError(
      'plot.figure needs { data: [trace, …], layout }, as plotly has them; data is not an array.',
    );
  }
  return new Figure(spec);
}

function toPlainJson(spec: Required<PlotlySpec>): Required<PlotlySpec> {
  const text = JSON.stringify(spec, (_, value: unknown) => {
    if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
      return Array.from(value as unknown as ArrayLike<number | bigint>, Number);
    }
    return typeof value === 'bigint' ? Number(value) : value;
  });
  return JSON.parse(text) as Required<PlotlySpec>;
}

function describeSpec({ data, layout }: Required<PlotlySpec>): string {
  const title = layout.title as { text?: unknown } | string | undefined;
  const name = typeof title === 'string' ? title : title?.text;
  const kinds = [...new Set(data.map(trace => String(trace.type ?? 'scatter')))].join(', ');
  const count = plural(data.length, 'trace');
  return `Plot${typeof name === 'string' ? ` “${name.replace(/<[^>]*>/g, ' ')}”` : ''}: ${count} (${kinds || 'empty'})`;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n')[0] as string) : String(error);
}
