import { describe, expect, it, vi } from 'vitest';
import {
  add,
  type Device,
  float32,
  grad,
  graph,
  input,
  int32,
  interpret,
  mul,
  type NdArray,
  Session,
  sum,
  type Value,
  type Values,
} from '../../../lib/graph/index.ts';
import { devices } from '../devices.ts';
import { CASES } from './cases.ts';

describe.each(devices)(
  'ONNX Runtime on %s computes in float32 what the interpreter does in float64, to 4e-6 of its size',
  device => {
    it.each(CASES.map(one => [one.name, one] as const))('%s, and its gradients', async (_, one) => {
      const { result, parameters, feeds } = one;
      const gradients = grad(sum(mul(result, result)), parameters);
      const both = graph({
        result,
        ...Object.fromEntries(gradients.map((gradient, i) => [`d${i}`, gradient])),
      });
      const session = await Session.create(both, { device });
      const found = await session.run(toValues(feeds));
      const expected = interpret(both, feeds);
      for (const [name, { shape, data }] of Object.entries(expected)) {
        expect(found[name]!.shape, name).toEqual(shape);
        expectClose(found[name]!, data, 4e-6);
      }

      await session.release();
    });
  },
);

describe.each(devices)('a session on %s', device => {
  const x = input('x', ['n', 2]);
  const y = input('y', ['n', 1]);
  const two = float32([1, 2, 3, 4], [2, 2]);
  const one = float32([10, 20], [2, 1]);

  it('runs batches of any size', async () => {
    const session = await Session.create(graph({ z: add(x, y) }), { device });
    expect([...((await session.run({ x: two, y: one })).z!.data as Float32Array)]).toEqual([11, 12, 23, 24]);
    const { z } = await session.run({ x: float32([1, 2], [1, 2]), y: float32([5], [1, 1]) });
    expect(z!.shape).toEqual([1, 2]);
    expect([...(z!.data as Float32Array)]).toEqual([6, 7]);
    await session.release();
  });

  it('says which input is missing or does not fit', async () => {
    const session = await Session.create(graph({ z: add(x, y) }), { device });
    await expect(session.run({ x: two })).rejects.toThrow('The graph needs the input y float32 [n, 1].');
    await expect(session.run({ x: one, y: one })).rejects.toThrow(
      'x has shape [2, 1] where the graph has [n, 2].',
    );
    await expect(session.run({ x: int32([1, 2], [1, 2]), y: float32([1], [1, 1]) })).rejects.toThrow(
      'x is int32 where the graph has float32.',
    );
    await expect(session.run({ x: two, y: float32([1, 2, 3], [3, 1]) })).rejects.toThrow(
      'y has n = 3 where x has 2.',
    );
    await session.release();
  });

  it('keeps inputs that stay the same until they are given anew', async () => {
    const w = input('w', [2]);
    const session = await Session.create(graph({ z: mul(w, add(x, y)) }), {
      constants: { y: one, w: float32([1, 10], [2]) },
      device,
    });
    const run = async () => [...((await session.run({ x: two })).z!.data as Float32Array)];
    expect(await run()).toEqual([11, 120, 23, 240]);
    const others: [string, Value][] = [
      ['y', one],
      ['w', float32([2, 0], [2])],
      ['of no concern', one],
    ];
    await session.setConstants(new Map(others));
    expect(await run()).toEqual([22, 0, 46, 0]);
    expect(await run()).toEqual([22, 0, 46, 0]);
    await expect(session.setConstants(new Map([['y', one]]))).rejects.toThrow(
      'w is missing where the graph has float32 [2].',
    );
    await expect(session.setConstants(new Map([...others, ['w', one]]))).rejects.toThrow(
      'w is float32 [2, 1] where the graph has float32 [2].',
    );
    await session.release();
  });

  it('leaves its variables as they were where a run does not count', async () => {
    const [w, step] = [input('w', [2, 2]), input('step', [2, 2])];
    const session = await Session.create(graph({ total: sum(w), 'new w': add(w, step) }), {
      variables: { w: float32([0, 0, 0, 0], [2, 2]) },
      device,
    });
    const grow = async (accepts?: (results: Values) => boolean) =>
      (await session.run({ step: two }, 1, accepts)).total!.data[0];
    const small = ({ total }: Values) => Number(total!.data[0]) < 10;
    expect([await grow(), await grow(small), await grow(small), await grow()]).toEqual([0, 10, 10, 10]);
    expect([...((await session.variables()).w!.data as Float32Array)]).toEqual([2, 4, 6, 8]);
    expect(await grow(small)).toBe(20);
    await session.release();
  });

  it('keeps variables from run to run, and gives back the rest', async () => {
    const [w, step] = [input('w', [2, 2]), input('step', [2, 2])];
    const grown = add(w, step);
    const outputs = { total: sum(grown), 'new w': grown, product: mul(w, step) };
    const variables = { w: float32([0, 0, 0, 0], [2, 2]) };
    const session = await Session.create(graph(outputs), { variables, device });
    for (let i = 1; i <= 3; i++) {
      const { total, product, ...rest } = await session.run({ step: two });
      expect(total!.data[0]).toBe(10 * i);
      expect([...(product!.data as Float32Array)]).toEqual([1, 4, 9, 16].map(value => value * (i - 1)));
      expect(rest).toEqual({});
      expect([...((await session.variables()).w!.data as Float32Array)]).toEqual(
        [1, 2, 3, 4].map(v => v * i),
      );
    }
    await session.release();
    await expect(Session.create(graph({ z: w }), { variables: { w: two } })).rejects.toThrow(
      'The graph has no input w, or no output "new w" to replace it.',
    );
    await expect(Session.create(graph({ 'new w': sum(w) }), { variables: { w: two } })).rejects.toThrow(
      'w is float32 [2, 2] where the graph has float32 [].',
    );
  });

  it.runIf(device === 'cpu')(
    'takes the GPU with auto, or the CPU where there is none, and says so',
    async () => {
      const told = vi.spyOn(console, 'info').mockImplementation(() => {});
      const session = await Session.create(graph({ z: add(x, y) }), { device: 'auto' });
      expect([...((await session.run({ x: two, y: one })).z!.data as Float32Array)]).toEqual([
        11, 12, 23, 24,
      ]);
      // Software that plays a GPU is none.
      if (devices.at(-1) === 'cpu') expect(session.device).toBe('cpu');
      expect(told).toHaveBeenCalledOnce();
      expect(told.mock.calls[0]![0]).toMatch(
        session.device === 'webgpu'
          ? /^Running on the GPU, through WebGPU\.$/
          : /^Running on the CPU: (there is|WebGPU finds) no GPU\.$/,
      );
      told.mockRestore();
      await expect(Session.create(graph({ z: add(x, y) }), { device: 'cuda' as Device })).rejects.toThrow(
        `device must be 'cpu', 'webgpu' or 'auto', not "cuda".`,
      );
      if (devices.at(-1) === 'cpu') {
        await expect(Session.create(graph({ z: add(x, y) }), { device: 'webgpu' })).rejects.toThrow(
          "There is no GPU that WebGPU can use; choose the device 'cpu' or 'auto'.",
        );
      }
      await session.release();
    },
  );
});

function expectClose(found: Value, expected: Float64Array, tolerance: number): void {
  const scale = Math.max(1, ...expected.map(Math.abs));
  const worst = Math.max(...expected.map((value, at) => Math.abs(value - Number(found.data[at]))));
  expect(worst / scale).toBeLessThan(tolerance);
}

function toValues(feeds: Readonly<Record<string, NdArray>>): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, { shape, data }]) => [
      name,
      name.startsWith('i') ? int32(Array.from(data), shape) : float32(Float32Array.from(data), shape),
    ]),
  );
}
