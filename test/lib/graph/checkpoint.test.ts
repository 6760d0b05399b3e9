import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  checkpoint,
  dropMask,
  dropout,
  float32,
  type Graph,
  gelu,
  grad,
  graph,
  input,
  matmul,
  mean,
  Session,
  square,
  type Tensor,
} from '../../../lib/graph/index.ts';
import { devices } from '../devices.ts';

const folder = mkdtempSync(join(tmpdir(), 'tunelab-checkpoint-'));
afterAll(() => rmSync(folder, { recursive: true }));

const DEPTH = 3;
const weights = Array.from({ length: DEPTH }, (_, i) => input(`w${i}`, [4, 4]));
const mask = dropMask(['rows', 4], 0.25, 1);
const numbers = (count: number, seed: number) =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(seed + 7 * i));
const feeds = {
  x: float32(numbers(20, 1), [5, 4]),
  ...Object.fromEntries(weights.map((_, i) => [`w${i}`, float32(numbers(16, i), [4, 4])])),
};

/** The loss of a tower of blocks, with its gradients. */
function tower(block: (x: Tensor, compute: (x: Tensor) => Tensor) => Tensor): Graph {
  let x = input('x', ['rows', 4]);
  for (const weight of weights) x = block(x, x => dropout(gelu(gelu(matmul(x, weight))), 0.25, mask));
  const loss = mean(square(x));
  const gradients = grad(loss, weights);
  return graph({ loss, ...Object.fromEntries(gradients.map((gradient, i) => [`d${i}`, gradient])) });
}
const kept = tower((x, compute) => compute(x));
const again = tower(checkpoint);

describe.each(devices)('a tower of checkpoints on %s', device => {
  it('has the gradients of one that keeps everything, bit for bit', async () => {
    const results = [];
    for (const graph of [kept, again]) {
      const session = await Session.create(graph, { device });
      results.push(await session.run(feeds));
      await session.release();
    }
    expect(results[1]).toEqual(results[0]);
    expect(results[0]!.d0!.data.some(value => value !== 0)).toBe(true);
  });
});

describe('ONNX Runtime', () => {
  it.each([
    ['once without checkpoints', kept, 2 * DEPTH],
    // Of two in a block, the gradient needs only the value of the first.
    ['and with them those that the gradient needs a second time', again, 3 * DEPTH],
  ] as const)('computes each activation %s', async (name, graph, activations) => {
    const session = await Session.create(graph, { profile: join(folder, name) });
    await session.run(feeds);
    await session.release();
    const file = readdirSync(folder).find(other => other.startsWith(name))!;
    const events = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { args: { op_name?: string } }[];
    expect(events.filter(({ args }) => args?.op_name === 'Gelu')).toHaveLength(activations);
  });
});
