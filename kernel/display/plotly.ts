/** Plotly figures: `{ data: [traces], layout }`. */
import { bundleOf, type MimeBundle } from './bundle.ts';
import { jsonSafe } from './json.ts';
import { dataProperty, isTransparent } from './properties.ts';

/** What marks an object as a trace. */
const traceKeys = ['type', 'x', 'y', 'z', 'values', 'labels', 'lat', 'lon'];

/** The bundle of a plotly figure; undefined for other values. */
export function plotlyBundle(value: object): MimeBundle | undefined {
  const data = dataProperty(value, 'data');
  const layout = dataProperty(value, 'layout');
  if (!Array.isArray(data) || !isTransparent(data) || !isTransparent(layout)) return undefined;
  if (!data.every(isTrace)) return undefined;
  const figure: Record<string, unknown> = { data, layout };
  for (const key of ['config', 'frames']) {
    const part = dataProperty(value, key);
    if (part !== undefined) figure[key] = part;
  }
  return bundleOf({
    'application/vnd.plotly.v1+json': jsonSafe(figure),
    'text/plain': summary(data, layout),
  });
}

function isTrace(value: unknown): value is object {
  return isTransparent(value) && traceKeys.some(key => dataProperty(value, key) !== undefined);
}

function summary(traces: object[], layout: object): string {
  const title = dataProperty(layout, 'title');
  const text = isTransparent(title) ? dataProperty(title, 'text') : title;
  const named = typeof text === 'string' ? ` ${JSON.stringify(text.slice(0, 100))}` : '';
  const kinds = [...new Set(traces.map(trace => String(dataProperty(trace, 'type') ?? 'scatter')))];
  const count = `${traces.length} ${traces.length === 1 ? 'trace' : 'traces'}`;
  return `<Plotly figure${named}, ${count}${kinds.length > 0 ? `: ${kinds.slice(0, 5).join(', ')}` : ''}>`;
}
