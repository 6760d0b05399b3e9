/** Values of other libraries as plain JavaScript: numbers rather than bigints where no digit is lost, arrays, objects. */

/** A column of plain values; its bigints are numbers if all of them fit, so that a column keeps one type. */
export function plainColumn(values: unknown[]): unknown[] {
  const isWide = values.some(value => typeof value === 'bigint' && typeof narrow(value) === 'bigint');
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value === 'bigint') values[i] = isWide ? value : Number(value);
    else if (typeof value === 'object') values[i] = plain(value);
    else if (value === undefined) values[i] = null;
  }
  return values;
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return narrow(value);
  if (typeof value !== 'object' || value === null || value instanceof Date || ArrayBuffer.isView(value))
    return value ?? null;
  // Nested values of apache-arrow are views of their own kinds; all of them say what they are in JSON.
  const { toJSON } = value as { toJSON?: () => unknown };
  const own = typeof toJSON === 'function' ? toJSON.call(value) : value;
  if (Array.isArray(own)) return own.map(plain);
  if (typeof own !== 'object' || own === null) return own;
  return Object.fromEntries(Object.entries(own).map(([key, item]) => [key, plain(item)]));
}

function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
