/** plotly.js in a document without a browser: a figure in, an SVG out. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Canvas, type CanvasElement, createCanvas } from './canvas.ts';
import { type Font, readFont } from './font.ts';
import { flatten, lengthOf, pointAt } from './pathLength.ts';
import { type Fonts, type Markup, ownBox, pageBox, textLength } from './svgBox.ts';

const require = createRequire(import.meta.url);

/** Draws a plotly figure, given as JSON, at a size in CSS pixels. */
export type Draw = (figure: string, width: number, height: number) => Promise<string>;

let fonts: Fonts | undefined;
let drawing: Promise<Draw> | undefined;

/** The font that measurements are taken from and that pictures are set in. */
export function loadFonts(): Fonts {
  fonts ??= {
    regular: interFont('400Regular/Inter_400Regular'),
    bold: interFont('600SemiBold/Inter_600SemiBold'),
  };
  return fonts;
}

function interFont(name: string): Font {
  return readFont(require.resolve(`@expo-google-fonts/inter/${name}.ttf`));
}

/** Loads jsdom and plotly.js, once: about half a second and 100 MB, which is why nothing does it before a plot shows. */
export function loadPlotly(): Promise<Draw> {
  drawing ??= startPlotly();
  return drawing;
}

async function startPlotly(): Promise<Draw> {
  const { JSDOM, VirtualConsole } = await import('jsdom');
  const failures: Error[] = [];
  const virtualConsole = new VirtualConsole().on('jsdomError', error => failures.push(error));
  const { window } = new JSDOM('<!doctype html><body></body>', {
    runScripts: 'outside-only',
    virtualConsole,
  });
  measureWith(window, loadFonts());
  paintWith(window);
  window.eval(readFileSync(require.resolve('plotly.js-dist-min/plotly.min.js'), 'utf8'));
  window.eval(`
    globalThis.draw = (figure, width, height) => {
      const { data, layout } = JSON.parse(figure);
      const size = { format: 'svg', width, height, imageDataOnly: true };
      return Plotly.toImage({ data, layout, config: { staticPlot: true } }, size);
    };
  `);
  const draw = window.draw as Draw;
  return async (figure, width, height) => {
    failures.length = 0;
    const svg = await draw(figure, width, height);
    if (failures[0]) throw failures[0];
    return svg;
  };
}

/** Gives the window's SVG elements the measuring methods that jsdom leaves out. */
function measureWith(window: Record<string, unknown>, fonts: Fonts): void {
  const { prototype } = window.SVGElement as { prototype: Record<string, unknown> };
  const rectangle = ({
    left,
    top,
    right,
    bottom,
  }: {
    left: number;
    top: number;
    right: number;
    bottom: number;
  }) => ({
    x: left,
    y: top,
    left,
    top,
    right,
    bottom,
    width: right - left,
    height: bottom - top,
  });
  const nothing = { left: 0, top: 0, right: 0, bottom: 0 };
  prototype.getBBox = function (this: Markup) {
    return rectangle(ownBox(this, fonts) ?? nothing);
  };
  prototype.getBoundingClientRect = function (this: Markup) {
    return rectangle(pageBox(this, fonts));
  };
  prototype.getComputedTextLength = function (this: Markup) {
    return textLength(this, fonts);
  };
  prototype.getTotalLength = function (this: Markup) {
    return lengthOf(flatten(this.getAttribute?.('d') ?? ''));
  };
  prototype.getPointAtLength = function (this: Markup, distance: number) {
    return pointAt(flatten(this.getAttribute?.('d') ?? ''), distance);
  };
}

/** Gives the window what plotly paints heat maps on, and the object URLs that it asks for while it loads. */
function paintWith(window: Record<string, unknown>): void {
  const surfaces = new WeakMap<CanvasElement, Canvas>();
  const { prototype } = window.HTMLCanvasElement as { prototype: Record<string, unknown> };
  prototype.getContext = function (this: CanvasElement, kind: string) {
    if (kind !== '2d') return null;
    const surface = surfaces.get(this) ?? createCanvas(this);
    surfaces.set(this, surface);
    return surface;
  };
  prototype.toDataURL = function (this: CanvasElement) {
    return (surfaces.get(this) ?? createCanvas(this)).toDataURL();
  };
  (window.URL as Record<string, unknown>).createObjectURL = () => '';
}
