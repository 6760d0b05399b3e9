import { expect, test } from 'vitest';
import { type MimeBundle, toMimeBundle } from '../../../kernel/display/index.ts';

const data = (value: unknown) => (toMimeBundle(value) as MimeBundle).data;

test.each([
  '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
  '  \n<svg/>',
  '<?xml version="1.0" encoding="utf-8"?>\n<!-- made by hand -->\n<!DOCTYPE svg PUBLIC "x" "y">\n<svg width="1"/>',
])('SVG text is a picture and text: %s', text => {
  expect(data(text)['image/svg+xml']).toBe(text);
  expect(data(text)['text/plain']).toContain('<svg');
});

test.each(['<svgx>', 'see <svg>', '<p><svg/></p>', '<?xml version="1.0"?><rss/>', '<'])(
  'not SVG: %s',
  text => {
    expect(Object.keys(data(text))).toEqual(['text/plain']);
  },
);

test('elements of a DOM, whose outerHTML is a getter of their class', () => {
  class Element {
    readonly html: string;
    constructor(html: string) {
      this.html = html;
    }
    get outerHTML() {
      return this.html;
    }
  }
  expect(data(new Element('<p>hi</p>'))['text/html']).toBe('<p>hi</p>');
  expect(data(new Element('<svg></svg>'))['image/svg+xml']).toBe('<svg></svg>');
});

test('toSVG() that makes SVG is used, any other is not', () => {
  expect(data({ toSVG: () => '<svg/>' })['image/svg+xml']).toBe('<svg/>');
  expect(Object.keys(data({ toSVG: () => 'text' }))).toEqual(['text/plain']);
});
