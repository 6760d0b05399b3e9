/** A plotly figure as a PNG, the same on every machine: its font comes with the package. */
import { loadFonts, loadPlotly } from './document.ts';
import { encodePng } from './png.ts';

export interface PictureSize {
  /** Width and height in CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** Image pixels for each CSS pixel. */
  readonly scale: number;
}

/**
 * Draws a figure, given as plotly JSON, into a PNG; its background is transparent unless the figure sets one.
 *
 * @throws if plotly.js cannot draw the figure without a browser (maps, three-dimensional plots)
 */
export async function drawPng(figure: string, { width, height, scale }: PictureSize): Promise<Uint8Array> {
  const drawable = withoutWebGl(figure);
  const draw = await loadPlotly();
  const { Resvg } = await import('@resvg/resvg-js');
  // resvg knows the older of the two names for unsmoothed images, which the cells of a heat map are.
  const svg = (await draw(drawable, width, height)).replaceAll(
    'image-rendering: pixelated',
    'image-rendering: optimizeSpeed',
  );
  const { regular, bold } = loadFonts();
  const image = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: scale },
    font: {
      fontFiles: [regular.file, bold.file],
      defaultFontFamily: 'Inter',
      sansSerifFamily: 'Inter',
      // Scanning the machine's fonts takes long, so it happens only for scripts that Inter does not have.
      loadSystemFonts: !regular.covers(textOf(svg)),
    },
  }).render();
  return encodePng({ width: image.width, height: image.height, rgba: straightAlpha(image.pixels) }, scale);
}

/** The traces that plotly.js draws as SVG. The others need WebGL, or maps that it would fetch from the network. */
const DRAWABLE = new Set(
  (
    'bar barpolar box candlestick carpet contour contourcarpet funnel funnelarea heatmap histogram histogram2d ' +
    'histogram2dcontour icicle image indicator ohlc parcats pie sankey scatter scattercarpet scatterpolar ' +
    'scattersmith scatterternary sunburst table treemap violin waterfall'
  ).split(' '),
);

/** The figure with WebGL traces as their SVG twins, which look the same, where they have one. */
function withoutWebGl(figure: string): string {
  const { data, layout } = JSON.parse(figure) as { data: Record<string, unknown>[]; layout: unknown };
  const drawable = data.map(trace => {
    const type = String(trace.type ?? 'scatter');
    const twin = type.replace(/^(scatter|scatterpolar)gl$/, '$1');
    if (!DRAWABLE.has(twin)) throw new Error(`${type} needs a browser`);
    return { ...trace, type: twin };
  });
  return JSON.stringify({ data: drawable, layout });
}

/** resvg's pixels are multiplied by their alpha, a PNG's are not. */
function straightAlpha(premultiplied: Uint8Array): Uint8Array {
  const rgba = Uint8Array.from(premultiplied);
  for (let i = 0; i < rgba.length; i += 4) {
    const alpha = rgba[i + 3] as number;
    if (alpha === 0 || alpha === 255) continue;
    for (let j = i; j < i + 3; j++) rgba[j] = Math.min(255, Math.round(((rgba[j] as number) * 255) / alpha));
  }
  return rgba;
}

function textOf(svg: string): string {
  return svg.replace(/<[^>]*>/g, '').replace(/&[^;]*;/g, '');
}
