/** Finds the way to show a value: the first kind in DESIGN's order that knows it. */
import { types } from 'node:util';
import { bundleOf, type MimeBundle } from './bundle.ts';
import { customBundle } from './custom.ts';
import { frameBundle } from './frames/index.ts';
import { ijavascriptBundle } from './ijavascript.ts';
import { canvasBundle, imageBytesBundle } from './images.ts';
import { inspectValue } from './inspect.ts';
import { markupBundle, stringBundle } from './markup.ts';
import { plotlyBundle } from './plotly.ts';
import { vegaBundle } from './vega.ts';

/** Tried in this order; the first that knows the value wins. */
const kinds = [
  ijavascriptBundle,
  imageBytesBundle,
  canvasBundle,
  markupBundle,
  frameBundle,
  plotlyBundle,
  vegaBundle,
];

/** Whether a cell that ends in this value shows it: all but undefined do. */
export function isDisplayable(value: unknown): boolean {
  return value !== undefined;
}

/**
 * The forms in which a notebook can show a value. A promise comes back only where the value's own display function
 * returns one. Never throws and never rejects.
 *
 * @example
 * toMimeBundle([1, 2]); // { data: { 'text/plain': '[ 1, 2 ]' }, metadata: {} }
 * toMimeBundle({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>hi</b>' }) });
 */
export function toMimeBundle(value: unknown): MimeBundle | Promise<MimeBundle> {
  if (typeof value === 'string') return stringBundle(value);
  if (value !== null && (typeof value === 'object' || typeof value === 'function')) {
    try {
      const bundle = customBundle(value) ?? duckTyped(value);
      if (bundle) return bundle;
    } catch {
      // Code of the value threw while it was looked at: its text form is left.
    }
  }
  return bundleOf({ 'text/plain': inspectValue(value) });
}

function duckTyped(value: object): MimeBundle | Promise<MimeBundle> | undefined {
  if (typeof value === 'function' || types.isProxy(value) || types.isNativeError(value)) return undefined;
  for (const kind of kinds) {
    const bundle = kind(value);
    if (bundle) return bundle;
  }
  return undefined;
}
