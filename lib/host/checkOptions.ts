/** Options by their names: one that nobody reads must not pass for one that was followed. */
import { nearest } from './nearest.ts';

/**
 * @param verb what the options were given to
 * @throws if the options are no object, or naming one that there is not, the nearest that there is, and all of them
 */
export function checkOptions(verb: string, options: unknown, names: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TypeError(
      `${verb}'s options are an object, such as { ${names[0]}: … }, not ${String(options)}.`,
    );
  }
  for (const name of Object.keys(options)) {
    if (names.includes(name)) continue;
    // Python's names differ by their underscores alone.
    const [near] = nearest(name.replaceAll('_', ''), names);
    throw new TypeError(
      `${verb} has no option "${name}"; the nearest is ${near}; there are ${names.join(', ')}.`,
    );
  }
}
