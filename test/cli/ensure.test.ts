/** The set-up of `npm start` and `npm test`: what decides whether npm runs. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { packageRoot } from '../../cli/package.ts';

interface Entry {
  readonly version?: string;
  readonly integrity?: string;
  readonly optional?: boolean;
}
interface Ensure {
  isInstalled(lock: object | undefined, installed: object | undefined): boolean;
}
const { isInstalled } = (await import(
  pathToFileURL(join(packageRoot, 'scripts', 'ensure.mjs')).href
)) as Ensure;

const lockOf = (packages: Record<string, Entry>) => ({ packages: { '': { version: '0.1.0' }, ...packages } });
const wanted = lockOf({
  'node_modules/a': { version: '1.0.0', integrity: 'x' },
  'node_modules/a/node_modules/b': { version: '2.0.0' },
  'node_modules/native-win32': { version: '1.0.0', optional: true },
});
const a = { version: '1.0.0', integrity: 'x' };
const b = { version: '2.0.0' };

test.each<[string, object | undefined, boolean]>([
  ['nothing is installed', undefined, false],
  [
    'all is there but what belongs to another machine',
    { packages: { 'node_modules/a': a, 'node_modules/a/node_modules/b': b } },
    true,
  ],
  ['a package is missing', { packages: { 'node_modules/a': a } }, false],
  [
    'a version differs',
    { packages: { 'node_modules/a': a, 'node_modules/a/node_modules/b': { version: '2.0.1' } } },
    false,
  ],
  [
    'the same version has another content',
    { packages: { 'node_modules/a': { ...a, integrity: 'y' }, 'node_modules/a/node_modules/b': b } },
    false,
  ],
])('%s', (_, installed, expected) => {
  expect(isInstalled(wanted, installed)).toBe(expected);
});
