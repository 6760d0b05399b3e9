/** The display functions of Deno's kernel, so that notebooks written for it run unchanged. */
import { readFileSync } from 'node:fs';
import { bundleOf, type DisplayHost, displaySymbol, type MimeBundle } from './bundle.ts';
import { imageType } from './images.ts';
import { describeThrown } from './inspect.ts';
import { base64, mimeBundle } from './mime.ts';
import { isThenable } from './properties.ts';
import { toMimeBundle } from './value.ts';

/** How `Deno.jupyter.display` shows a value. */
export interface DenoDisplayOptions {
  /** The value is already an object of MIME types. */
  raw?: boolean;
  /** Replaces the outputs that have the same `display_id`. */
  update?: boolean;
  display_id?: string;
}

/** A value that shows itself; `html`, `md`, `svg` and `image` return one. */
export interface Displayable {
  [displaySymbol](): Record<string, unknown>;
}

type DisplayTag = (strings: TemplateStringsArray, ...values: unknown[]) => Displayable;

/** What a notebook finds as `Deno.jupyter`. */
export interface DenoJupyter {
  readonly $display: typeof displaySymbol;
  display(value: unknown, options?: DenoDisplayOptions): Promise<void>;
  broadcast(
    msgType: string,
    content: Record<string, unknown>,
    extra?: { metadata?: Record<string, unknown>; buffers?: Uint8Array[] },
  ): Promise<void>;
  format(value: unknown): Promise<Record<string, unknown>>;
  readonly html: DisplayTag;
  readonly md: DisplayTag;
  readonly svg: DisplayTag;
  image(source: string | URL | Uint8Array): Displayable;
}

/**
 * A `Deno.jupyter` that publishes through `host`. What can be shown at once is sent before `display` returns, so
 * that outputs keep their order without an await.
 *
 * @example
 * const { display, md } = createDenoJupyter(host);
 * await display(md`**done**`, { display_id: 'progress', update: true });
 */
export function createDenoJupyter(host: DisplayHost): DenoJupyter {
  return {
    broadcast: async (msgType, content, extra = {}) =>
      host.send(msgType, content, extra.metadata, extra.buffers),
    display: async (value, options = {}) => {
      const bundle = options.raw && isRaw(value) ? mimeBundle(value) : toMimeBundle(value);
      publish(host, isThenable(bundle) ? await bundle : (bundle as MimeBundle), options);
    },
    format: async value => (await toMimeBundle(value)).data,
    md: displayTag('text/markdown'),
    html: displayTag('text/html'),
    svg: displayTag('image/svg+xml'),
    image,
    $display: displaySymbol,
  };
}

function publish(host: DisplayHost, bundle: MimeBundle, options: DenoDisplayOptions): void {
  const transient = options.display_id === undefined ? {} : { display_id: options.display_id };
  host.send(options.update ? 'update_display_data' : 'display_data', { ...bundle, transient });
}

function isRaw(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function displayTag(type: string): DisplayTag {
  return (strings, ...values) => {
    const text = strings.reduce((before, part, i) => before + String(values[i - 1] ?? '') + part);
    return displayable(type, text);
  };
}

/** A value that shows itself as the picture in a file or in memory. */
function image(source: string | URL | Uint8Array): Displayable {
  const bytes = source instanceof Uint8Array ? source : readImage(source);
  const type = imageType(bytes);
  if (type) return displayable(type, base64(bytes));
  const what = source instanceof Uint8Array ? 'these bytes are' : `${JSON.stringify(String(source))} is`;
  throw new TypeError(`Deno.jupyter.image: ${what} not a PNG, JPEG, GIF or WebP image.`);
}

function readImage(path: string | URL): Uint8Array {
  if (typeof path !== 'string' && !(path instanceof URL)) {
    throw new TypeError(`Deno.jupyter.image expects a path or a Uint8Array, got ${typeof path}.`);
  }
  try {
    return readFileSync(path);
  } catch (error) {
    throw new TypeError(
      `Deno.jupyter.image cannot read ${JSON.stringify(String(path))}: ${describeThrown(error)}`,
    );
  }
}

function displayable(type: string, content: string): Displayable {
  const data = bundleOf({ [type]: content }).data;
  return { [displaySymbol]: () => data };
}
