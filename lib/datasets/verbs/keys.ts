/** Values as text that is the same for equal values alone. */

/** JSON, but with what JSON makes alike told apart: great integers, NaN, infinities, -0, bytes. */
export function keyText(value: unknown): string {
  return JSON.stringify(value, distinct);
}

function distinct(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return { bigint: String(value) };
  if (typeof value === 'number' && !Number.isFinite(value)) return { number: String(value) };
  if (Object.is(value, -0)) return { number: '-0' };
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('base64') };
  return value;
}
