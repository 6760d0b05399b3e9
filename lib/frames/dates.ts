/** Dates in columns of CSV, which come as texts. */
import { parseInstant } from '../datasets/index.ts';

/** A column as dates if every value that is there is the text of one, else as it is. */
export function datesOf(values: unknown[]): unknown[] {
  const dates = new Array<Date | null>(values.length).fill(null);
  for (const [i, value] of values.entries()) {
    if (value === null) continue;
    const date = typeof value === 'string' ? parseInstant(value) : undefined;
    if (!date) return values;
    dates[i] = date;
  }
  return dates;
}
