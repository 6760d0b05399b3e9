/** Numbers of 16 bits, which files of weights have, from and to float32. */

/** bfloat16 is the upper half of a float32. */
export function fromBfloat16(halves: Uint16Array): Float32Array {
  const result = new Float32Array(halves.length);
  const bits = new Uint32Array(result.buffer);
  for (let i = 0; i < halves.length; i++) bits[i] = halves[i]! << 16;
  return result;
}

/** Rounds to the nearest bfloat16, and from the middle to the even one. */
export function toBfloat16(data: Float32Array): Uint16Array {
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
  return Uint16Array.from(bits, (word, i) =>
    Number.isNaN(data[i]) ? (word >>> 16) | 0x40 : (word + 0x7fff + ((word >>> 16) & 1)) >>> 16,
  );
}

/** IEEE 754 half precision: 1 sign bit, 5 of exponent, 10 of fraction. */
export function fromFloat16(halves: Uint16Array): Float32Array {
  const result = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) {
    const half = halves[i]!;
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 31;
    const fraction = half & 1023;
    if (exponent === 0) result[i] = sign * fraction * 2 ** -24;
    else if (exponent === 31) result[i] = fraction === 0 ? sign * Infinity : Number.NaN;
    else result[i] = sign * (1024 + fraction) * 2 ** (exponent - 25);
  }
  return result;
}

/** Rounds to the nearest float16, and from the middle to the even one; what is too large becomes infinite. */
export function toFloat16(data: Float32Array): Uint16Array {
  const words = new Uint32Array(data.buffer, data.byteOffset, data.length);
  return Uint16Array.from(words, word => {
    const sign = (word >>> 16) & 0x8000;
    const rest = word & 0x7fff_ffff;
    if (rest > 0x7f80_0000) return sign | 0x7e00;
    if (rest >= 0x477f_f000) return sign | 0x7c00;
    const exponent = rest >>> 23;
    // Below 2^-14 a float16 counts in steps of 2^-24, above it in 1024ths of a power of two.
    const dropped = exponent < 113 ? Math.min(126 - exponent, 31) : 13;
    const whole = exponent < 113 ? (rest & 0x7f_ffff) | 0x80_0000 : rest - 0x3800_0000;
    const kept = whole >>> dropped;
    const left = whole & (2 ** dropped - 1);
    const middle = 2 ** (dropped - 1);
    return sign | (kept + (left > middle || (left === middle && kept & 1) ? 1 : 0));
  });
}
