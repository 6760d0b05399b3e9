/** Numbers of columnar files as JavaScript's. */

/** An integer of 64 bits as a number where a number holds it exactly, else as a bigint. */
export function narrowInteger(value: unknown): unknown {
  if (typeof value !== 'bigint') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** The number nearest to `unscaled` × 10^-`scale`; bytes are a signed integer, the highest first. */
export function scaledInteger(unscaled: number | bigint | Uint8Array, scale: number): number {
  const integer = typeof unscaled === 'object' ? signedInteger(unscaled) : unscaled;
  // The parser of numbers rounds correctly, a multiplication by 10^-scale would not.
  return Number(`${integer}e${-scale}`);
}

function signedInteger(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return BigInt.asIntN(bytes.length * 8, value);
}
