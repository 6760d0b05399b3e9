/** Present names of columns by their new ones. */
import type { FeatureMap } from '../features.ts';
import { noColumn } from '../table.ts';

/**
 * @param names new name by present name
 * @throws if a column is not there, or two would have the same name
 */
export function renamed(features: FeatureMap, names: ReadonlyMap<string, string>): Map<string, string> {
  for (const name of names.keys()) if (!features.has(name)) throw noColumn(name, features.keys());
  const present = new Map<string, string>();
  for (const name of features.keys()) {
    const to = names.get(name) ?? name;
    if (present.has(to)) {
      throw new RangeError(`Columns "${present.get(to)}" and "${name}" cannot both be called "${to}".`);
    }
    present.set(to, name);
  }
  return present;
}
