/** Values in messages. */

/** A value in at most 40 characters, for messages. */
export function showValue(value: unknown): string {
  const text =
    typeof value === 'string'
      ? JSON.stringify(value)
      : typeof value === 'object' && value !== null
        ? `a value of type ${(value as object).constructor?.name ?? 'Object'}`
        : typeof value === 'function'
          ? `a function`
          : String(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

/** The error for a value of a kind that no column holds. */
export function cannotKeep(value: unknown): TypeError {
  return new TypeError(
    `${showValue(value)} cannot be kept in a data set; it takes numbers, text, booleans, dates, bytes, arrays and plain objects`,
  );
}
