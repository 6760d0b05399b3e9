/**
 * Turns a cell's value into a Jupyter MIME bundle, and offers the display functions of other kernels.
 *
 * Every value that a cell shows passes through here, hostile ones included: nothing in this room throws, calls a
 * getter to find out what a value is, or runs a trap of a Proxy that did not ask for it.
 */
export { type DisplayHost, displaySymbol, type MimeBundle } from './bundle.ts';
export { createDenoJupyter, type DenoDisplayOptions, type DenoJupyter } from './deno.ts';
export { describeThrown, inspectValue } from './inspect.ts';
export { mimeBundle } from './mime.ts';
export { createTslab, type Tslab, type TslabDisplay, type TslabVersions } from './tslab.ts';
export { isDisplayable, toMimeBundle } from './value.ts';
