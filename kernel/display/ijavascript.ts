/** The display methods of the ijavascript kernel: `_toHtml`, `_toSvg`, `_toPng`, `_toMime` and their like. */
import type { MimeBundle } from './bundle.ts';
import { runDisplay } from './custom.ts';
import { isThenable, method } from './properties.ts';

const mimeTypes = {
  _toHtml: 'text/html',
  _toMarkdown: 'text/markdown',
  _toLatex: 'text/latex',
  _toSvg: 'image/svg+xml',
  _toPng: 'image/png',
  _toJpeg: 'image/jpeg',
} as const;

/** The bundle that a value's ijavascript methods make together; undefined when it has none. */
export function ijavascriptBundle(value: object): MimeBundle | Promise<MimeBundle> | undefined {
  const parts: { type: string; make: () => unknown }[] = [];
  const toMime = method(value, '_toMime');
  for (const [name, type] of Object.entries(mimeTypes)) {
    const make = method(value, name);
    if (make) parts.push({ type, make });
  }
  if (!toMime && parts.length === 0) return undefined;
  return runDisplay(value, toMime ? '_toMime function' : 'display function', () => {
    const made = parts.map(part => part.make());
    const mime = toMime?.();
    const join = (base: unknown, contents: unknown[]) => ({
      ...(base as object | undefined),
      ...Object.fromEntries(parts.map((part, i) => [part.type, contents[i]])),
    });
    if (![mime, ...made].some(isThenable)) return join(mime, made);
    return Promise.all([mime, ...made]).then(([base, ...contents]) => join(base, contents));
  });
}
