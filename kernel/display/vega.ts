/** Vega and Vega-Lite charts, known by the schema that they name. */
import { bundleOf, type MimeBundle } from './bundle.ts';
import { jsonSafe } from './json.ts';
import { dataProperty, isTransparent, method } from './properties.ts';

/** The bundle of a chart specification, or of an object whose `toSpec()` makes one; undefined for other values. */
export function vegaBundle(value: object): MimeBundle | undefined {
  const spec = typeof dataProperty(value, '$schema') === 'string' ? value : method(value, 'toSpec')?.();
  if (!isTransparent(spec)) return undefined;
  const schema = dataProperty(spec, '$schema');
  if (typeof schema !== 'string') return undefined;
  const match = /\/schema\/(vega|vega-lite)\/v(\d+)[^/]*\.json/.exec(schema.slice(0, 500));
  if (!match) return undefined;
  const [, language, version] = match;
  const type = `application/vnd.${language!.replace('-', '')}.v${version}+json`;
  const name = language === 'vega' ? 'Vega' : 'Vega-Lite';
  return bundleOf({ [type]: jsonSafe(spec), 'text/plain': `<${name} ${version} chart${titled(spec)}>` });
}

function titled(spec: object): string {
  const title = dataProperty(spec, 'title') ?? dataProperty(spec, 'description');
  return typeof title === 'string' ? ` ${JSON.stringify(title.slice(0, 100))}` : '';
}
