/**
 * Bounding boxes of SVG elements, for a document that has no layout engine.
 *
 * plotly.js places ticks, titles and legends by measuring them. jsdom answers every such question with
 * zeros or not at all, so this file answers instead: text by the advance widths of the font that the
 * picture is drawn with, shapes by their control points.
 */
import type { Font } from './font.ts';

/** The part of the DOM that is measured; the project compiles without the browser's types. */
export interface Markup {
  readonly nodeType: number;
  readonly nodeName: string;
  readonly textContent: string | null;
  readonly parentNode: Markup | null;
  readonly childNodes: Iterable<Markup>;
  readonly style?: Readonly<Record<string, string>>;
  getAttribute?(name: string): string | null;
}

export interface Fonts {
  readonly regular: Font;
  readonly bold: Font;
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** `[a, b, c, d, e, f]` as in SVG: x' = ax + cy + e, y' = bx + dy + f. */
type Matrix = readonly [number, number, number, number, number, number];

const TEXT_NODE = 3;
const UNDRAWN = new Set([
  'defs',
  'clippath',
  'title',
  'desc',
  'style',
  'lineargradient',
  'radialgradient',
  'pattern',
]);

/** The box of an element in its own coordinates, its own transform not applied; null if nothing is drawn. */
export function ownBox(element: Markup, fonts: Fonts): Box | null {
  const name = element.nodeName.toLowerCase();
  if (UNDRAWN.has(name) || styleOf(element, 'display') === 'none') return null;
  const at = (attribute: string): number => Number.parseFloat(element.getAttribute?.(attribute) ?? '') || 0;
  switch (name) {
    case 'text':
    case 'tspan':
      return textBox(element, fonts);
    case 'rect':
    case 'image':
      return { left: at('x'), top: at('y'), right: at('x') + at('width'), bottom: at('y') + at('height') };
    case 'circle':
      return {
        left: at('cx') - at('r'),
        top: at('cy') - at('r'),
        right: at('cx') + at('r'),
        bottom: at('cy') + at('r'),
      };
    case 'line':
      return around([at('x1'), at('y1'), at('x2'), at('y2')]);
    case 'path':
      return around(pathPoints(element.getAttribute?.('d') ?? ''));
    default: {
      let box: Box | null = null;
      for (const child of element.childNodes) {
        if (child.nodeType === TEXT_NODE) continue;
        const inner = ownBox(child, fonts);
        if (inner) box = union(box, transformBox(inner, transformOf(child)));
      }
      return box;
    }
  }
}

/** The box of an element in the coordinates of the outermost `svg`, all transforms applied. */
export function pageBox(element: Markup, fonts: Fonts): Box {
  let box = ownBox(element, fonts) ?? { left: 0, top: 0, right: 0, bottom: 0 };
  for (let node: Markup | null = element; node?.getAttribute; node = node.parentNode) {
    box = transformBox(box, transformOf(node));
  }
  return box;
}

/** The summed advance of an element's text, in user units. */
export function textLength(element: Markup, fonts: Fonts): number {
  let length = 0;
  for (const child of element.childNodes) {
    length +=
      child.nodeType === TEXT_NODE
        ? runWidth(child.textContent ?? '', element, fonts)
        : textLength(child, fonts);
  }
  return length;
}

/** Lays the lines of a `text` element out: a `tspan` with its own `x` starts a line, `dy` lowers it. */
function textBox(element: Markup, fonts: Fonts): Box | null {
  const lines: { x: number; anchor: string; width: number; top: number; bottom: number }[] = [];
  let baseline = 0;

  const visit = (node: Markup, isRoot: boolean): void => {
    const size = fontSize(node);
    const x = node.getAttribute?.('x');
    const y = node.getAttribute?.('y');
    if (y) baseline = Number.parseFloat(y);
    baseline += toUnits(node.getAttribute?.('dy'), size);
    if (isRoot || x) {
      const start = Number.parseFloat(x ?? '0') + toUnits(node.getAttribute?.('dx'), size);
      lines.push({
        x: start,
        anchor: inherited(node, 'text-anchor') ?? 'start',
        width: 0,
        top: Infinity,
        bottom: -Infinity,
      });
    }
    const line = lines[lines.length - 1] as (typeof lines)[number];
    for (const child of node.childNodes) {
      if (child.nodeType !== TEXT_NODE) {
        visit(child, false);
        continue;
      }
      const text = child.textContent ?? '';
      if (text === '') continue;
      line.width += runWidth(text, node, fonts);
      line.top = Math.min(line.top, baseline - fonts.regular.ascent * size);
      line.bottom = Math.max(line.bottom, baseline + fonts.regular.descent * size);
    }
  };
  visit(element, true);

  let box: Box | null = null;
  for (const { x, anchor, width, top, bottom } of lines) {
    if (top > bottom) continue;
    const left = anchor === 'middle' ? x - width / 2 : anchor === 'end' ? x - width : x;
    box = union(box, { left, top, right: left + width, bottom });
  }
  return box;
}

function runWidth(text: string, element: Markup, fonts: Fonts): number {
  const weight = inherited(element, 'font-weight') ?? '';
  const bold = weight === 'bold' || Number.parseInt(weight, 10) >= 600;
  return (bold ? fonts.bold : fonts.regular).width(text) * fontSize(element);
}

function styleOf(element: Markup, property: string): string | null {
  const camel = property.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  return element.style?.[camel] || element.getAttribute?.(property) || null;
}

function inherited(element: Markup, property: string): string | null {
  for (let node: Markup | null = element; node?.getAttribute; node = node.parentNode) {
    const value = styleOf(node, property);
    if (value) return value;
  }
  return null;
}

function fontSize(element: Markup): number {
  for (let node: Markup | null = element; node?.getAttribute; node = node.parentNode) {
    const value = styleOf(node, 'font-size');
    if (!value) continue;
    const number = Number.parseFloat(value);
    if (value.endsWith('%')) return (number / 100) * (node.parentNode ? fontSize(node.parentNode) : 16);
    if (value.endsWith('em')) return number * (node.parentNode ? fontSize(node.parentNode) : 16);
    return number;
  }
  return 16;
}

function toUnits(length: string | null | undefined, size: number): number {
  const number = Number.parseFloat(length ?? '') || 0;
  return length?.endsWith('em') ? number * size : number;
}

function transformOf(element: Markup): Matrix {
  let matrix: Matrix = [1, 0, 0, 1, 0, 0];
  for (const [, kind, list] of (element.getAttribute?.('transform') ?? '').matchAll(/(\w+)\s*\(([^)]*)\)/g)) {
    const n = numbers(list ?? '');
    const [p = 0, q, r] = n;
    if (kind === 'translate') matrix = multiply(matrix, [1, 0, 0, 1, p, q ?? 0]);
    else if (kind === 'scale') matrix = multiply(matrix, [p, 0, 0, q ?? p, 0, 0]);
    else if (kind === 'matrix' && n.length === 6) matrix = multiply(matrix, n as unknown as Matrix);
    else if (kind === 'rotate') {
      const cos = Math.cos((p * Math.PI) / 180);
      const sin = Math.sin((p * Math.PI) / 180);
      const turn: Matrix = [cos, sin, -sin, cos, 0, 0];
      const centred = multiply(multiply([1, 0, 0, 1, q ?? 0, r ?? 0], turn), [
        1,
        0,
        0,
        1,
        -(q ?? 0),
        -(r ?? 0),
      ]);
      matrix = multiply(matrix, centred);
    }
  }
  return matrix;
}

function multiply(m: Matrix, n: Matrix): Matrix {
  return [
    m[0] * n[0] + m[2] * n[1],
    m[1] * n[0] + m[3] * n[1],
    m[0] * n[2] + m[2] * n[3],
    m[1] * n[2] + m[3] * n[3],
    m[0] * n[4] + m[2] * n[5] + m[4],
    m[1] * n[4] + m[3] * n[5] + m[5],
  ];
}

function transformBox({ left, top, right, bottom }: Box, [a, b, c, d, e, f]: Matrix): Box {
  const corners = [left, top, right, top, left, bottom, right, bottom];
  const points: number[] = [];
  for (let i = 0; i < corners.length; i += 2) {
    const x = corners[i] as number;
    const y = corners[i + 1] as number;
    points.push(a * x + c * y + e, b * x + d * y + f);
  }
  return around(points) as Box;
}

function union(a: Box | null, b: Box): Box {
  if (!a) return b;
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

/** The box around `x, y, x, y, …`. */
function around(points: readonly number[]): Box | null {
  if (points.length < 2) return null;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i + 1 < points.length; i += 2) {
    const x = points[i] as number;
    const y = points[i + 1] as number;
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return { left, top, right, bottom };
}

/** End and control points of a path as `x, y, x, y, …`; arcs count by their end points. */
function pathPoints(d: string): number[] {
  const points: number[] = [];
  let [x, y, startX, startY] = [0, 0, 0, 0];
  for (const [, letter = '', list = ''] of d.matchAll(/([a-zA-Z])([^a-zA-Z]*)/g)) {
    const command = letter.toUpperCase();
    const relative = letter !== command;
    const n = numbers(list);
    const step = { H: 1, V: 1, M: 2, L: 2, T: 2, Q: 4, S: 4, C: 6, A: 7 }[command] ?? 0;
    if (command === 'Z') [x, y] = [startX, startY];
    for (let i = 0; step > 0 && i + step <= n.length; i += step) {
      const [fromX, fromY] = relative ? [x, y] : [0, 0];
      const last = i + step - 1;
      if (command === 'H') x = fromX + (n[last] as number);
      else if (command === 'V') y = fromY + (n[last] as number);
      else {
        for (let j = command === 'A' ? last - 1 : i; j < last; j += 2) {
          x = fromX + (n[j] as number);
          y = fromY + (n[j + 1] as number);
          points.push(x, y);
        }
      }
      if (command === 'M' && i === 0) [startX, startY] = [x, y];
      points.push(x, y);
    }
  }
  return points;
}

function numbers(list: string): number[] {
  return Array.from(list.matchAll(/[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/gi), match => Number(match[0]));
}
