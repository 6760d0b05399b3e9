/** Options by their names: one that nobody reads must not pass for one that was followed. */

/**
 * @param verb what the options were given to
 * @throws if the options are no object, or naming one that there is not
 */
export function checkOptions(verb: string, options: unknown, names: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TypeError(
      `${verb}'s options are an object, such as { ${names[0]}: … }, not ${String(options)}.`,
    );
  }
  for (const name of Object.keys(options)) {
    if (names.includes(name)) continue;
    const meant = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const advice = names.includes(meant) ? `write ${meant}` : `there are ${names.join(', ')}`;
    throw new TypeError(`${verb} has no option "${name}"; ${advice}.`);
  }
}
