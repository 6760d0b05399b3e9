/** Names that may have been meant. */

const SHOWN_NAMES = 5;

/** The few of `names` that are most like `name`, the nearest first. */
export function nearest(name: string, names: readonly string[]): string[] {
  const pairs = (text: string): string[] =>
    Array.from({ length: Math.max(0, text.length - 1) }, (_, i) => text.slice(i, i + 2).toLowerCase());
  const wanted = new Set(pairs(name));
  const likeness = (other: string): number => {
    const own = pairs(other);
    return (2 * own.filter(pair => wanted.has(pair)).length) / (own.length + wanted.size || 1);
  };
  return names
    .map(other => ({ other, likeness: likeness(other) }))
    .sort((a, b) => b.likeness - a.likeness)
    .slice(0, SHOWN_NAMES)
    .map(({ other }) => other);
}
