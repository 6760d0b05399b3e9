import { describe, expect, it } from 'vitest';
import '../../../lib/generation/index.ts';
import { makeModel } from './model.ts';

const IDS = Array.from({ length: 60 }, (_, i) => (i * 37) % 260);

describe.each([
  ['gpt_neox', 'int8', 0.999],
  ['llama', 'int8', 0.998],
  ['gpt_neox', 'int4', 0.95],
  ['llama', 'int4', 0.85],
] as const)('%s with %s weights', (kind, quantization, least) => {
  const exact = makeModel(kind);
  const rounded = makeModel(kind, { quantization });

  it(`has logits whose cosine with the exact ones is above ${least} in the mean`, async () => {
    const [a, b] = [await exact.forward({ inputIds: [IDS] }), await rounded.forward({ inputIds: [IDS] })];
    const size = exact.architecture.vocabularySize;
    const cosines = IDS.map((_, i) => {
      const [x, y] = [a, b].map(({ logits }) => logits.data.subarray(i * size, (i + 1) * size));
      const dot = (p: Float32Array, q: Float32Array) => p.reduce((sum, value, k) => sum + value * q[k]!, 0);
      return dot(x!, y!) / Math.sqrt(dot(x!, x!) * dot(y!, y!));
    });
    expect(cosines.reduce((p, q) => p + q) / cosines.length).toBeGreaterThan(least);
  });

  it('continues a text as its own forward pass says', async () => {
    const [text] = await rounded.generate(IDS.slice(0, 5), { maxNewTokens: 10 });
    const { logits } = await rounded.forward({ inputIds: [text!] });
    const size = rounded.architecture.vocabularySize;
    for (let i = 5; i < 15; i++) {
      const row = logits.data.subarray((i - 1) * size, i * size);
      // Sums of rounded numbers come out a little differently when rows are computed together.
      expect(row[text![i]!]).toBeGreaterThan(Math.max(...row) - 0.05);
    }
  });

  it('still has its exact weights to save', () => {
    const name = rounded.architecture.embedding;
    expect(rounded.weights.get(name)!.data).toEqual(exact.weights.get(name)!.data);
  });
});
