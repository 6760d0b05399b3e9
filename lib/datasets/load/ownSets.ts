/** The data sets that come with this package. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../../hub/index.ts';
import { formatOf } from '../formats/index.ts';

/** The path of a set by its name; undefined if there is none of that name. */
export function ownSet(name: string): string | undefined {
  return ownSets().get(name);
}

export function ownSetNames(): string[] {
  return [...ownSets().keys()];
}

function ownSets(): Map<string, string> {
  const folder = packageFolder('datasets');
  if (!existsSync(folder)) return new Map();
  const files = readdirSync(folder).filter(file => formatOf(file) !== undefined);
  return new Map(files.sort().map(file => [file.slice(0, file.indexOf('.')), join(folder, file)]));
}
