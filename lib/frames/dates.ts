/** Dates in columns of CSV, which come as texts. */

const ISO_DATE = /^\d{4}-\d\d-\d\d(?:[T ](?:[01]\d|2[0-3]):\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;

/** A column as dates if every value that is there is the text of one, else as it is. */
export function datesOf(values: unknown[]): unknown[] {
  const dates = new Array<Date | null>(values.length).fill(null);
  for (const [i, value] of values.entries()) {
    if (value === null) continue;
    const date = typeof value === 'string' ? parseDate(value) : undefined;
    if (!date) return values;
    dates[i] = date;
  }
  return dates;
}

/** A date without a zone is in UTC, so that a file means the same on every machine. */
function parseDate(text: string): Date | undefined {
  if (!ISO_DATE.test(text)) return undefined;
  const day = new Date(text.slice(0, 10));
  // JavaScript takes 30 February for 1 March.
  if (day.getUTCDate() !== Number(text.slice(8, 10))) return undefined;
  if (text.length === 10) return day;
  const iso = text.replace(' ', 'T');
  const date = new Date(/(?:Z|[+-]\d\d:?\d\d)$/.test(iso) ? iso : `${iso}Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
