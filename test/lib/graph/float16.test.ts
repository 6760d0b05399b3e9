/** Matrix products in float16, on a GPU that has it. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  cachedAttention,
  float32,
  graph,
  input,
  interpret,
  linear,
  matmul,
  ndarray,
  Session,
  type SessionOptions,
  type Tensor,
} from '../../../lib/graph/index.ts';
import { devices } from '../devices.ts';

const DIST = process.env.TUNELAB_DIST ?? join(import.meta.dirname, '../../../dist');

const of = (name: string, ...shape: number[]): Tensor => input(name, shape);
const heads = (name: string, length: number): Tensor => of(name, 1, 2, length, 8);
const products: readonly [string, Tensor][] = [
  ['a linear layer', linear(of('a', 5, 24), of('b', 7, 24), of('c', 7))],
  ['a product', matmul(of('a', 6, 4, 24), of('b', 6, 24, 3))],
  [
    '… of transposed matrices',
    matmul(of('a', 6, 24, 4), of('b', 6, 3, 24), { transposeA: true, transposeB: true }),
  ],
  ['a product of a product', matmul(matmul(of('a', 4, 24), of('b', 24, 24)), of('c', 24, 3))],
];

const attended = cachedAttention(heads('q', 3), heads('k', 3), heads('v', 3), of('bias', 1, 1, 3, 3), {
  key: heads('pastK', 5),
  value: heads('pastV', 5),
  bias: of('pastBias', 1, 1, 1, 5),
});

/** How far the numbers of ONNX Runtime are from those in float64, as a part of the largest. */
async function distance(result: Tensor, options: SessionOptions): Promise<number> {
  const built = graph({ result });
  const values = Object.entries(built.inputs).map(([name, { shape }], which) => {
    const sizes = shape.map(dim => (typeof dim === 'number' ? dim : 9));
    const size = sizes.reduce((a, b) => a * b);
    return [name, sizes, Array.from({ length: size }, (_, i) => Math.sin(i * (which + 1.3)))] as const;
  });
  const session = await Session.create(built, options);
  const found = await session.run(
    Object.fromEntries(values.map(([name, shape, data]) => [name, float32(data, shape)])),
  );
  await session.release();
  const exact = interpret(
    built,
    Object.fromEntries(values.map(([name, shape, data]) => [name, ndarray(shape, data)])),
  );
  const { data } = exact.result!;
  const worst = Math.max(...data.map((value, i) => Math.abs(value - Number(found.result!.data[i]))));
  return worst / Math.max(...data.map(Math.abs));
}

describe.skipIf(!devices.includes('webgpu'))('float16 on webgpu', () => {
  it.each(products)('%s is as exact as 11 bits allow', async (_, result) => {
    const error = await distance(result, { device: 'webgpu', dtype: 'float16' });
    expect(error).toBeLessThan(4e-3);
    expect(error).toBeGreaterThan(1e-5);
  });

  it.each([
    ['that are to be exact', matmul(of('a', 4, 24), of('b', 24, 3), { exact: true })],
    [
      'that are sums over tokens',
      matmul(input('a', ['tokens', 4]), input('b', ['tokens', 3]), { transposeA: true }),
    ],
    ['of attention to the past', attended],
  ] as const)('is not for products %s', async (_, result) => {
    expect(await distance(result, { device: 'webgpu', dtype: 'float16' })).toBeLessThan(1e-6);
  });

  // Software Vulkan leaves float16 out where the processor has no instruction for it.
  it.runIf(process.env.TUNELAB_TEST_GPU === 'required')('is refused where the GPU has none', () => {
    const script = `
      import { graph, input, matmul, Session } from '${pathToFileURL(join(DIST, 'lib/graph/index.js')).href}';
      const x = input('x', [1, 1]);
      await Session.create(graph({ y: matmul(x, x) }), { device: 'webgpu', dtype: 'float16' });`;
    const { stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
      env: { ...process.env, VK_LOADER_DRIVERS_SELECT: 'lvp*', GALLIUM_OVERRIDE_CPU_CAPS: 'sse4.1' },
      encoding: 'utf8',
    });
    expect(stderr).toContain(
      "This GPU, or its driver, does not compute in float16 (WebGPU's feature shader-f16); leave out dtype 'float16' or fp16",
    );
  });
});

it('float16 is refused on the CPU', async () => {
  const x = input('x', [1, 1]);
  await expect(
    Session.create(graph({ y: matmul(x, x) }), { device: 'cpu', dtype: 'float16' }),
  ).rejects.toThrow("float16 needs a GPU: ONNX Runtime's CPU engine computes in float32");
});
