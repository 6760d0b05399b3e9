/** Fewer points of a line, so that a notebook stays small enough to open. */
import type { Position } from './columns.ts';

interface Points {
  readonly x: readonly Position[];
  readonly y: readonly (number | null)[];
}

/** Keeps the lowest and the highest point of each stretch, so that no spike is lost. */
export function thinOut({ x, y }: Points, limit: number): Points {
  const { length } = x;
  if (length <= limit) return { x, y };
  const stretch = Math.ceil((2 * length) / limit);
  const kept: number[] = [];
  for (let from = 0; from < length; from += stretch) {
    let [low, high] = [from, from];
    for (let i = from; i < Math.min(from + stretch, length); i++) {
      const value = y[i] ?? null;
      if (value === null) continue;
      if (value < (y[low] ?? Infinity)) low = i;
      if (value > (y[high] ?? -Infinity)) high = i;
    }
    kept.push(...(low === high ? [low] : [Math.min(low, high), Math.max(low, high)]));
  }
  return { x: kept.map(i => x[i] ?? null), y: kept.map(i => y[i] ?? null) };
}
