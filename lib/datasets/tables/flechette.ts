/** flechette, the reader and writer of Arrow. */
import { createRequire } from 'node:module';
import { registerCodecs } from '../formats/arrowCodecs.ts';

const require = createRequire(import.meta.url);

/** Loaded when Arrow is first asked for, and without a promise, as arquero is. */
export function loadFlechette(): typeof import('@uwdata/flechette') {
  const arrow = require('@uwdata/flechette') as typeof import('@uwdata/flechette');
  registerCodecs(arrow);
  return arrow;
}
