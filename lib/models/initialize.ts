/** Weights before training. */
import type { Value } from '../graph/index.ts';

/**
 * Matrices normally distributed around 0, scales 1 and biases 0, as transformers begins.
 *
 * @param shapes by parameter name
 * @param range the standard deviation of the matrices
 */
export function initialize(
  shapes: ReadonlyMap<string, readonly number[]>,
  range: number,
  seed: number,
): Map<string, Value<'float32'>> {
  const random = normalNumbers(uniformNumbers(seed));
  const weights = new Map<string, Value<'float32'>>();
  for (const [name, shape] of shapes) {
    const data = new Float32Array(shape.reduce((size, dim) => size * dim, 1));
    if (shape.length > 1) for (let i = 0; i < data.length; i++) data[i] = range * random();
    else if (name.endsWith('.weight')) data.fill(1);
    weights.set(name, { dtype: 'float32', shape, data });
  }
  return weights;
}

/** Numbers from 0 to before 1 (the generator splitmix32). */
export function uniformNumbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let bits = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
    return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
  };
}

/** Marsaglia's polar method. */
function normalNumbers(uniform: () => number): () => number {
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    for (;;) {
      const x = 2 * uniform() - 1;
      const y = 2 * uniform() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(square)) / square);
      spare = y * scale;
      return x * scale;
    }
  };
}
