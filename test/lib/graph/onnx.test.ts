import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { add, float32, graph, input, matmul, mul, reshape, toOnnx } from '../../../lib/graph/index.ts';

describe('toOnnx', () => {
  const x = input('x', ['batch', 2]);
  const w = input('w', [2, 2]);

  it('writes a model that ONNX Runtime loads, with the names and the named sizes of the graph', async () => {
    const session = await InferenceSession.create(toOnnx(graph({ y: matmul(x, w) })));
    expect(session.inputMetadata).toEqual([
      { name: 'x', isTensor: true, type: 'float32', shape: ['batch', 2] },
      { name: 'w', isTensor: true, type: 'float32', shape: [2, 2] },
    ]);
    expect(session.outputMetadata).toEqual([
      { name: 'y', isTensor: true, type: 'float32', shape: ['batch', 2] },
    ]);
    await session.release();
  });

  it('stores weights in the model where they are given', async () => {
    const model = toOnnx(graph({ y: matmul(x, w) }), { w: float32([1, 2, 3, 4], [2, 2]) });
    const session = await InferenceSession.create(model);
    expect(session.inputNames).toEqual(['x']);
    const { y } = await session.run({ x: new Tensor('float32', [1, 10], [1, 2]) });
    expect([...(y!.data as Float32Array)]).toEqual([31, 42]);
    await session.release();
  });

  it('can give back an input, and one value under two names', async () => {
    const doubled = add(x, x);
    const session = await InferenceSession.create(
      toOnnx(graph({ same: x, a: doubled, b: doubled, four: mul(2, doubled) })),
    );
    const results = await session.run({ x: new Tensor('float32', [1, 2], [1, 2]) });
    const values = Object.fromEntries(
      Object.entries(results).map(([name, { data }]) => [name, [...(data as Float32Array)]]),
    );
    expect(values).toEqual({ same: [1, 2], a: [2, 4], b: [2, 4], four: [4, 8] });
    await session.release();
  });

  it('reads sizes that are products off what has them', async () => {
    const y = reshape(input('h', ['batch', 'seq', 4]), ['batch', '2*seq', 2]);
    const session = await InferenceSession.create(toOnnx(graph({ y })));
    const { y: found } = await session.run({ h: new Tensor('float32', new Float32Array(24), [2, 3, 4]) });
    expect(found!.dims).toEqual([2, 6, 2]);
    await session.release();
  });

  it('says when a model is too large for one file', () => {
    const size = 2 ** 29;
    const large = float32(new Float32Array(size), [size]);
    expect(() => toOnnx(graph({ y: add(input('large', [size]), 1) }), { large })).toThrow(
      'An ONNX file holds 2 GB at most and this model is 2.1 GB; keep the weights as inputs.',
    );
  });
});
