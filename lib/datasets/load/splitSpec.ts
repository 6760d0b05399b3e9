/** Split expressions, such as `train[:10%]+test[5:]`, with Python's meaning and rounding. */

/** A part of a split: rows `from` to, but without, `to`. */
export interface SplitPart {
  readonly split: string;
  readonly from: Bound | undefined;
  readonly to: Bound | undefined;
  /** Percentages are multiples of a whole hundredth, what is left over is dropped. */
  readonly dropsRemainder: boolean;
}

interface Bound {
  readonly value: number;
  readonly isPercent: boolean;
}

const PART =
  /^(?<split>\w+(?:\.\w+)*)(?:\[(?:(?<from>-?[\d_]+)(?<fromPercent>%)?)?:(?:(?<to>-?[\d_]+)(?<toPercent>%)?)?\])?(?:\((?<rounding>[^)]*)\))?$/;
const ROUNDINGS: readonly (string | undefined)[] = [undefined, 'closest', 'pct1_dropremainder'];

/** @throws quoting the part that is no split expression */
export function parseSplit(expression: string): SplitPart[] {
  return expression.split(/\s*\+\s*/).map(part => {
    const groups = PART.exec(part)?.groups;
    if (!groups || !ROUNDINGS.includes(groups.rounding)) {
      throw new SyntaxError(
        `"${part}" is no split; write a name, or a part such as train[:10%], train[10:20] or train[-5%:], joined with +.`,
      );
    }
    const isPercent = groups.fromPercent !== undefined || groups.toPercent !== undefined;
    const from = bound(groups.from, isPercent, part);
    const to = bound(groups.to, isPercent, part);
    return { split: groups.split!, from, to, dropsRemainder: groups.rounding === 'pct1_dropremainder' };
  });
}

/** The rows that a part means in a split of so many. */
export function rowsOf(
  { split, from, to, dropsRemainder }: SplitPart,
  rowCount: number,
): [start: number, end: number] {
  const usesPercent = from?.isPercent || to?.isPercent;
  if (usesPercent && dropsRemainder && rowCount < 100) {
    throw new RangeError(
      `pct1_dropremainder makes no sense for "${split}", which has ${rowCount} rows: a hundredth of fewer than 100 is nothing.`,
    );
  }
  const index = (bound: Bound | undefined, whole: number): number => {
    if (!bound) return whole;
    const { value, isPercent } = bound;
    const share = dropsRemainder
      ? value * Math.trunc(rowCount / 100)
      : roundHalfEven((value * rowCount) / 100);
    const at = isPercent ? share : value;
    return Math.min(at < 0 ? Math.max(rowCount + at, 0) : at, rowCount);
  };
  const start = index(from, 0);
  return [start, Math.max(start, index(to, rowCount))];
}

function bound(digits: string | undefined, isPercent: boolean, part: string): Bound | undefined {
  if (digits === undefined) return undefined;
  const value = Number(digits.replaceAll('_', ''));
  if (isPercent && Math.abs(value) > 100) throw new RangeError(`"${part}" goes beyond 100 percent.`);
  return { value, isPercent };
}

/** Python's `round`: a half goes to the even neighbour. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const isHalf = value - floor === 0.5;
  return isHalf ? floor + (Math.abs(floor) % 2) : Math.round(value);
}
