/** What comes with this package. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A folder at the top of this package, from wherever the sources or what was built of them lie in it. */
export function packageFolder(name: string): string {
  let top = import.meta.dirname;
  while (!existsSync(join(top, 'package.json')) && dirname(top) !== top) top = dirname(top);
  return join(top, name);
}
