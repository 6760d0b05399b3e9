import { describe, expect, it } from 'vitest';
import {
  dequantize,
  float32,
  grad,
  graph,
  input,
  interpret,
  linear,
  mul,
  ndarray,
  Session,
  sum,
  type Value,
} from '../../../lib/graph/index.ts';
import { devices } from '../devices.ts';
import { randomNumbers } from './cases.ts';

const INPUTS = 40;
const OUTPUTS = 6;

/** Blocks of random numbers; the second of two blocks has more room than a row of 40 needs. */
function random(bits: 4 | 8) {
  const bytes = (32 * bits) / 8;
  const blocks = Uint8Array.from(randomNumbers(OUTPUTS * 2 * bytes, 3), x => (x + 2) * 60);
  const scales = Float32Array.from(randomNumbers(OUTPUTS * 2, 5));
  const shapes = { blocks: [OUTPUTS, 2, bytes], scales: [OUTPUTS, 2] };
  const tensors = {
    blocks: input('blocks', shapes.blocks, 'uint8'),
    scales: input('scales', shapes.scales),
  };
  return {
    weight: dequantize(tensors.blocks, tensors.scales, INPUTS, { bits, blockSize: 32 }),
    arrays: { blocks: ndarray(shapes.blocks, blocks), scales: ndarray(shapes.scales, scales) },
    values: {
      blocks: { dtype: 'uint8', shape: shapes.blocks, data: blocks } satisfies Value<'uint8'>,
      scales: float32(scales, shapes.scales),
    },
  };
}

const runs = devices.flatMap(device => [[4, device] as const, [8, device] as const]);

describe.each(runs)('weights of %d bits on %s', (bits, device) => {
  const { weight, arrays, values } = random(bits);
  const x = input('x', ['rows', INPUTS]);
  const bias = input('bias', [OUTPUTS]);
  const numbers = randomNumbers(3 * INPUTS, 7);
  const given = { x: ndarray([3, INPUTS], numbers), bias: ndarray([OUTPUTS], [1, 2, 3, 4, 5, 6]), ...arrays };
  const fed = {
    x: float32(Float32Array.from(numbers), [3, INPUTS]),
    bias: float32([1, 2, 3, 4, 5, 6], [OUTPUTS]),
    ...values,
  };

  it('are the same in ONNX Runtime as in the interpreter, to 1e-6', async () => {
    const session = await Session.create(graph({ weight }), { device });
    const found = (await session.run(values)).weight!;
    const expected = interpret(graph({ weight }), arrays).weight!;
    expect(found.shape).toEqual([OUTPUTS, INPUTS]);
    expect(relativeError(found.data, expected.data)).toBeLessThan(1e-6);
    await session.release();
  });

  it('multiply as they do in the interpreter, to the 1 % that rounding the other factor to 8 bits costs', async () => {
    const y = linear(x, weight, bias);
    // ONNX Runtime multiplies by stored weights alone.
    const { blocks, scales } = values;
    const session = await Session.create(graph({ y }), { device, initializers: { blocks, scales } });
    const found = (await session.run(fed)).y!;
    expect(relativeError(found.data, interpret(graph({ y }), given).y!.data)).toBeLessThan(0.01);
    await session.release();
  });

  it('pass gradients on to what they multiply', async () => {
    const [dx] = grad(sum(mul(linear(x, weight), linear(x, weight))), [x]);
    const session = await Session.create(graph({ dx: dx! }), { device, initializers: values });
    const found = (await session.run(fed)).dx!;
    expect(relativeError(found.data, interpret(graph({ dx: dx! }), given).dx!.data)).toBeLessThan(0.01);
    await session.release();
  });

  it('must fit their shape', () => {
    const blocks = input('blocks', [OUTPUTS, 2, 7], 'uint8');
    const scales = input('scales', [OUTPUTS, 2]);
    expect(() => dequantize(blocks, scales, INPUTS, { bits, blockSize: 32 })).toThrow(
      `dequantize: blocks uint8 [6, 2, 7] does not hold rows of 40 weights of ${bits} bits in blocks of 32.`,
    );
  });
});

/** The length of the difference, in lengths of what is expected. */
function relativeError(found: ArrayLike<number | bigint>, expected: ArrayLike<number>): number {
  const difference = Array.from(expected, (value, i) => value - Number(found[i]));
  return Math.hypot(...difference) / Math.hypot(...Array.from(expected));
}
