/** Packages that a user installs for themselves, found in the notebook's folder first. */
import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * Loads a CommonJS package from the working folder, else from beside this library.
 *
 * @param advice what to do where it is not installed, as the rest of a sentence
 * @throws with that advice and the code `ERR_NOT_INSTALLED`; and with the package's own error if it is there and broken
 */
export function requireOptional<T>(name: string, advice: string): T {
  for (const start of [join(process.cwd(), 'notebook.js'), import.meta.url]) {
    const require = createRequire(start);
    let path: string;
    try {
      path = require.resolve(name);
    } catch {
      continue;
    }
    return require(path) as T;
  }
  throw Object.assign(new Error(`${name} is not installed here: ${advice}`), { code: 'ERR_NOT_INSTALLED' });
}
