/** Summary statistics of plain numbers. */

/** What a column of numbers comes to; `std` has n − 1 beneath, and is null for a single value. */
export interface Statistics {
  readonly count: number;
  readonly mean: number;
  readonly std: number | null;
  readonly min: number;
  readonly q25: number;
  readonly median: number;
  readonly q75: number;
  readonly max: number;
}

/**
 * The statistics that pandas' `describe` gives.
 *
 * @param sorted at least one number, in ascending order
 */
export function statistics(sorted: Float64Array): Statistics {
  const count = sorted.length;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += sorted[i] as number;
  const mean = Math.abs(sum) > Number.MAX_SAFE_INTEGER ? farMean(sorted) : sum / count;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += ((sorted[i] as number) - mean) ** 2;
  return {
    count,
    mean,
    std: count > 1 ? Math.sqrt(squares / (count - 1)) : null,
    min: sorted[0] as number,
    q25: quantile(sorted, 0.25),
    median: quantile(sorted, 0.5),
    q75: quantile(sorted, 0.75),
    max: sorted[count - 1] as number,
  };
}

/** The mean of values so great that their sum would lose digits that they have. */
function farMean(sorted: Float64Array): number {
  const first = sorted[0] as number;
  if (!Number.isFinite(first)) return first + (sorted.at(-1) as number);
  let sum = 0;
  for (const value of sorted) sum += value - first;
  return first + sum / sorted.length;
}

/** The quantile of sorted values, interpolated between neighbours as NumPy and pandas do by default. */
export function quantile(sorted: Float64Array, fraction: number): number {
  const at = (sorted.length - 1) * fraction;
  const below = Math.floor(at);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return low === high ? low : low + (high - low) * (at - below);
}
