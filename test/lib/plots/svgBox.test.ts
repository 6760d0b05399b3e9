import { JSDOM } from 'jsdom';
import { describe, expect, it } from 'vitest';
import { loadFonts } from '../../../lib/plots/document.ts';
import { flatten, lengthOf, pointAt } from '../../../lib/plots/pathLength.ts';
import { type Markup, ownBox, pageBox, textLength } from '../../../lib/plots/svgBox.ts';

const fonts = loadFonts();
const { regular, bold } = fonts;

function svg(markup: string, selector: string): Markup {
  const { window } = new JSDOM(`<!doctype html><body><svg>${markup}</svg></body>`);
  return (window.document as { querySelector(selector: string): Markup }).querySelector(selector);
}

describe('boxes of text', () => {
  it('follow the anchor, the size and the weight', () => {
    const width = 20 * regular.width('Hello');
    const box = (anchor: string) =>
      ownBox(svg(`<text x="100" y="50" text-anchor="${anchor}" font-size="20">Hello</text>`, 'text'), fonts);
    expect(box('start')).toEqual({
      left: 100,
      right: 100 + width,
      top: 50 - 20 * regular.ascent,
      bottom: 50 + 20 * regular.descent,
    });
    expect(box('middle')).toMatchObject({ left: 100 - width / 2, right: 100 + width / 2 });
    expect(box('end')).toMatchObject({ left: 100 - width, right: 100 });
    expect(
      textLength(svg('<text style="font-size: 10px; font-weight: 600">Hello</text>', 'text'), fonts),
    ).toBe(10 * bold.width('Hello'));
  });

  it('cover all lines, each a tspan with its own x', () => {
    const text = svg(
      '<text style="font-size:10px" x="0" y="0"><tspan x="0" dy="0em">a</tspan><tspan x="0" dy="1.3em">longer</tspan></text>',
      'text',
    );
    const box = ownBox(text, fonts);
    expect(box?.right).toBeCloseTo(10 * regular.width('longer'));
    expect(box?.top).toBeCloseTo(-10 * regular.ascent);
    expect(box?.bottom).toBeCloseTo(13 + 10 * regular.descent);
  });

  it('count wide characters that the font lacks as wide, and accents that combine as nothing', () => {
    expect(regular.width('日本')).toBe(2);
    expect(regular.width('e\u0301')).toBeCloseTo(regular.width('e'), 1);
    expect([regular.covers('Żółw 0.5×10⁻⁵ − μ'), regular.covers('日本')]).toEqual([true, false]);
  });
});

describe('boxes of groups', () => {
  it('join their children, moved and turned as they are, and skip what is not drawn', () => {
    const markup =
      '<g transform="translate(10,20)"><defs><rect width="999" height="999"/></defs>' +
      '<rect x="0" y="0" width="4" height="2" transform="rotate(90)"/><circle cx="5" cy="5" r="1"/><path d="M1,1h2v3z"/></g>';
    const group = svg(markup, 'g');
    expect(ownBox(group, fonts)).toEqual({ left: -2, top: 0, right: 6, bottom: 6 });
    expect(pageBox(group, fonts)).toEqual({ left: 8, top: 20, right: 16, bottom: 26 });
  });
});

describe('lengths along paths', () => {
  it('are those of the lines, and of curves within one part in a thousand', () => {
    expect(lengthOf(flatten('M0,0L3,4H10V5Z'))).toBeCloseTo(5 + 7 + 1 + Math.hypot(10, 5));
    const quarter = 'M1,0C1,0.5523,0.5523,1,0,1'; // the usual approximation of a quarter circle
    expect(lengthOf(flatten(quarter))).toBeCloseTo(Math.PI / 2, 2);
    expect(pointAt(flatten('M0,0L10,0L10,10'), 15)).toEqual({ x: 10, y: 5 });
    expect(pointAt(flatten('M0,0L10,0'), 99)).toEqual({ x: 10, y: 0 });
  });
});
