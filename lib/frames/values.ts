/** Values of any column. */

export function isMissing(value: unknown): value is null | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime());
  return value === null || value === undefined || Number.isNaN(value);
}

/** Lists and objects with the same content count as one value. */
export function keyOf(value: object | null): string {
  return JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? `${item}n` : item));
}
