/** Where this package lies and which version it is. */
import { existsSync, lstatSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The package's folder, links resolved: `cli/` in a checkout, `dist/cli/` when built. */
export const packageRoot: string = findRoot(dirname(fileURLToPath(import.meta.url)));

/** The built kernel. */
export const kernelMain: string = join(packageRoot, 'dist', 'kernel', 'main.js');

export const version: string = versionIn(packageRoot) ?? '0.0.0';

/** The version that a package's folder declares, if there is one. */
export function versionIn(root: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version?: string }).version;
  } catch {
    return undefined;
  }
}

/**
 * The package's folder as the user's package manager names it: `node_modules/tunelab` stays where it is
 * when the store behind it moves with each version, so a kernelspec that names it survives an upgrade.
 *
 * @param entry the script that Node was started with, such as the link in `node_modules/.bin`
 */
export function stableRoot(entry: string | undefined): string {
  try {
    let path = resolve(entry ?? '');
    // Follow the link of the command itself, never the links of the folders on the way.
    for (let steps = 0; steps < 10 && lstatSync(path).isSymbolicLink(); steps++) {
      path = resolve(dirname(path), readlinkSync(path));
    }
    const root = findRoot(dirname(path));
    // In npx's cache, which npm may empty, a checkout is only linked.
    if (isNpxCache(root)) return packageRoot;
    if (realpathSync(root) === realpathSync(packageRoot)) return root;
  } catch {
    // Not started through a file of ours.
  }
  return packageRoot;
}

/** Whether a path lies in the folder where npx keeps what it runs. */
export function isNpxCache(path: string): boolean {
  return /[\\/]_npx[\\/]/.test(path);
}

function findRoot(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (folder === dirname(folder)) return from;
  }
}
