/** SVG text and elements of a DOM. */
import { bundleOf, type MimeBundle } from './bundle.ts';
import { inspectValue } from './inspect.ts';
import { classProperty, method } from './properties.ts';

const svgStart = /^\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--[\s\S]*?-->\s*)*(?:<!DOCTYPE[^>]*>\s*)?<svg[\s/>]/i;
/** Longer text is not a picture that a browser should be sent. */
const maxSvg = 20_000_000;

/** Whether a text is an SVG document. */
export function isSvg(text: string): boolean {
  return text.length <= maxSvg && svgStart.test(text.slice(0, 4_000));
}

/** The bundle of a string, with the picture where it is an SVG document. */
export function stringBundle(text: string): MimeBundle {
  const plain = inspectValue(text);
  // Nearly every string ends here, after a look at its first characters.
  if (!/^\s*</.test(text.slice(0, 100)) || !isSvg(text)) return bundleOf({ 'text/plain': plain });
  return bundleOf({ 'image/svg+xml': text, 'text/plain': plain });
}

/** The bundle of an element (jsdom, linkedom) or of a value with `toSVG()`; undefined for other values. */
export function markupBundle(value: object): MimeBundle | undefined {
  const html = classProperty(value, 'outerHTML');
  if (typeof html === 'string') {
    const type = isSvg(html) ? 'image/svg+xml' : 'text/html';
    return bundleOf({ [type]: html, 'text/plain': inspectValue(html) });
  }
  const toSvg = method(value, 'toSVG') ?? method(value, 'toSvg');
  const svg = toSvg?.();
  if (typeof svg !== 'string' || !isSvg(svg)) return undefined;
  return bundleOf({ 'image/svg+xml': svg, 'text/plain': inspectValue(value) });
}
