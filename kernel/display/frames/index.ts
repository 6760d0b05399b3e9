/** Data frames of several libraries, known by their methods rather than their classes. */
import type { MimeBundle } from '../bundle.ts';
import { tableBundle } from '../table.ts';
import { arqueroView } from './arquero.ts';
import { arrowColumnView, arrowView } from './arrow.ts';
import { danfoView } from './danfo.ts';
import { objectsBundle } from './objects.ts';
import { recordsView } from './records.ts';

const adapters = [arqueroView, arrowView, arrowColumnView, danfoView, recordsView];

/** The table of a data frame or of an array of alike objects; undefined for other values. */
export function frameBundle(value: object): MimeBundle | undefined {
  if (Array.isArray(value)) return objectsBundle(value);
  for (const adapter of adapters) {
    const view = adapter(value);
    if (view) return tableBundle(view);
  }
  return undefined;
}
