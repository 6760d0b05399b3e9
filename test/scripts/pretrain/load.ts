/** The scripts are plain JavaScript; the tests say what they take and give. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../../cli/package.ts';

export async function load<T>(name: string): Promise<T> {
  return (await import(pathToFileURL(join(packageRoot, 'scripts', 'pretrain', name)).href)) as T;
}
