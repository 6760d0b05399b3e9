import { describe, expect, it } from 'vitest';
import { fromBfloat16, fromFloat16, toBfloat16, toFloat16 } from '../../../lib/models/halves.ts';

const all = Uint16Array.from({ length: 65_536 }, (_, i) => i);
const numbers = (values: readonly number[]): Float32Array => Float32Array.from(values);

describe.each([
  ['float16', toFloat16, fromFloat16],
  ['bfloat16', toBfloat16, fromBfloat16],
] as const)('%s', (_, to, from) => {
  it('gives back each of its numbers', () => {
    const values = from(all);
    const back = to(values);
    for (let i = 0; i < all.length; i++) {
      if (Number.isNaN(values[i])) expect(from(back.subarray(i, i + 1))[0]).toBeNaN();
      else if (back[i] !== all[i]) expect.fail(`${values[i]}: ${all[i]} became ${back[i]}`);
    }
  });

  it('rounds to the nearest, and from the middle to the even one', () => {
    const positive = from(all.subarray(0, to(numbers([1000]))[0]!));
    const middles = positive.slice(0, -1).map((value, i) => (value + positive[i + 1]!) / 2);
    const up = to(middles.map(value => value * (1 + 2 ** -20) + 2 ** -149));
    const down = to(middles.map(value => value * (1 - 2 ** -20)));
    to(middles).forEach((half, i) => {
      if (half !== i + (i % 2)) expect.fail(`the middle ${middles[i]} became ${half}`);
      // Below 2^-125 a float32 has no digits to spare for the comparison.
      if (middles[i]! < 2 ** -125) return;
      if (up[i] !== i + 1 || down[i] !== i) expect.fail(`near ${middles[i]}: ${down[i]} and ${up[i]}`);
    });
  });
});

it('NumPy rounds these in the same way', () => {
  const values = numbers([
    0.1,
    -1 / 3,
    65_519,
    65_520,
    1e-8,
    2.98e-8,
    2.9802322387695312e-8,
    6.1e-5,
    Number.NaN,
  ]);
  expect([...toFloat16(values)]).toEqual([11_878, 46_421, 31_743, 31_744, 0, 0, 0, 1023, 32_256]);
});
