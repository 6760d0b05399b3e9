/** Where the texts of a picture are. */
import { JSDOM } from 'jsdom';
import { expect } from 'vitest';
import { loadFonts } from '../../../lib/plots/document.ts';
import { type Markup, pageBox } from '../../../lib/plots/svgBox.ts';

/** Boxes of the texts in a picture, all transforms applied. */
export function textBoxes(svg: string) {
  const { window } = new JSDOM(`<!doctype html><body>${svg}</body>`);
  const document = window.document as { querySelectorAll(selector: string): Iterable<Markup> };
  return Array.from(document.querySelectorAll('text'), element => ({
    text: element.textContent ?? '',
    ...pageBox(element, loadFonts()),
  })).filter(({ text }) => text.trim() !== '');
}

/** Inside the picture, and no two on each other. */
export function expectApart(boxes: ReturnType<typeof textBoxes>, width: number): void {
  expect(boxes.length).toBeGreaterThan(3);
  for (const [i, a] of boxes.entries()) {
    expect(a.left, a.text).toBeGreaterThanOrEqual(0);
    expect(a.right, a.text).toBeLessThanOrEqual(width);
    for (const b of boxes.slice(i + 1)) {
      const overlaps = a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
      expect(overlaps, `${a.text} and ${b.text}`).toBe(false);
    }
  }
}
