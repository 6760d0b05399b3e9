/** What `import * as tslab from 'tslab'` offers notebooks written for the tslab kernel. */
import { bundleOf, type DisplayHost } from './bundle.ts';
import { mimeContent } from './mime.ts';

/** tslab's display functions; bytes are sent as base64. */
export interface TslabDisplay {
  javascript(code: string): void;
  html(markup: string): void;
  markdown(text: string): void;
  latex(text: string): void;
  svg(markup: string): void;
  png(bytes: Uint8Array): void;
  jpeg(bytes: Uint8Array): void;
  gif(bytes: Uint8Array): void;
  pdf(bytes: Uint8Array): void;
  text(text: string): void;
  raw(contentType: string, content: string | Uint8Array): void;
}

/** Versions as tslab reports them. */
export interface TslabVersions {
  readonly tslab: string;
  readonly typescript: string;
  readonly node: string;
}

/** What a notebook finds in the module `tslab`. */
export interface Tslab {
  readonly display: TslabDisplay;
  newDisplay(): TslabDisplay;
  readonly versions: TslabVersions;
}

/** The release of tslab whose interface this is. */
const tslabVersion = '1.0.22';

/**
 * A `tslab` module that publishes through `host`.
 *
 * @param typescript the version of TypeScript to report
 * @example
 * const progress = createTslab(host).newDisplay();
 * progress.text('1 of 3');
 * progress.text('2 of 3'); // takes the first one's place
 */
export function createTslab(host: DisplayHost, typescript = ''): Tslab {
  return {
    display: createDisplay(host),
    newDisplay: () => createDisplay(host, crypto.randomUUID()),
    versions: { tslab: tslabVersion, typescript, node: process.version },
  };
}

/** With an id, every call after the first replaces the output of the one before. */
function createDisplay(host: DisplayHost, id?: string): TslabDisplay {
  let shown = false;
  const raw = (contentType: string, content: unknown): void => {
    const bundle = bundleOf({ [contentType]: mimeContent(contentType, content) });
    const transient = id === undefined ? {} : { display_id: id };
    host.send(shown ? 'update_display_data' : 'display_data', { ...bundle, transient });
    shown = id !== undefined;
  };
  const as = (contentType: string) => (content: unknown) => raw(contentType, content);
  return {
    javascript: as('text/javascript'),
    html: as('text/html'),
    markdown: as('text/markdown'),
    latex: as('text/latex'),
    svg: as('image/svg+xml'),
    png: as('image/png'),
    jpeg: as('image/jpeg'),
    gif: as('image/gif'),
    pdf: as('application/pdf'),
    text: as('text/plain'),
    raw,
  };
}
