import { describe, expect, it } from 'vitest';
import { dequantize, graph, input, interpret, ndarray } from '../../../lib/graph/index.ts';
import { AutoModelForCausalLM } from '../../../lib/models/index.ts';
import { QUANTIZATIONS, quantizeWeight } from '../../../lib/models/quantization.ts';
import { randomNumbers } from '../graph/cases.ts';

const [OUTPUTS, INPUTS] = [5, 150];

describe.each(['int8', 'int4'] as const)('%s', name => {
  const { bits, blockSize } = QUANTIZATIONS[name];
  const data = Float32Array.from(randomNumbers(OUTPUTS * INPUTS, 11));
  data.fill(0, 0, INPUTS);

  it('stays within half a step of each weight, or one step at the end of the range', () => {
    const { blocks, scales } = quantizeWeight({ dtype: 'float32', shape: [OUTPUTS, INPUTS], data }, name);
    const weight = dequantize(
      input('blocks', blocks.shape, 'uint8'),
      input('scales', scales.shape),
      INPUTS,
      QUANTIZATIONS[name],
    );
    const feeds = { blocks: ndarray(blocks.shape, blocks.data), scales: ndarray(scales.shape, scales.data) };
    const found = interpret(graph({ weight }), feeds).weight!;
    expect(found.shape).toEqual([OUTPUTS, INPUTS]);
    data.forEach((value, i) => {
      const block = Math.floor(i / INPUTS) * scales.shape[1]! + Math.floor((i % INPUTS) / blockSize);
      const step = Math.abs(scales.data[block]!);
      // The level opposite to the block's largest weight is missing.
      const atEnd = Math.abs(value) > step * (2 ** (bits - 1) - 1.5);
      expect(Math.abs(found.data[i]! - value)).toBeLessThanOrEqual(step * (atEnd ? 1 : 0.5) + 1e-6);
    });
  });
});

describe('a model', () => {
  const sizes = { vocab_size: 10, hidden_size: 8, num_hidden_layers: 1, num_attention_heads: 2 };
  const config = { model_type: 'gpt_neox', rotary_pct: 1, intermediate_size: 16, ...sizes };

  it('names a quantization that there is not', () => {
    expect(() =>
      AutoModelForCausalLM.fromConfig(config, { seed: 1, quantization: 'int3' as 'int4' }),
    ).toThrow("quantization must be 'int8' or 'int4', not \"int3\".");
  });

  it('reads no more rows than its cache has, and no more tokens than it has positions', async () => {
    const model = AutoModelForCausalLM.fromConfig({ ...config, max_position_embeddings: 4 }, { seed: 1 });
    const cache = model.createCache(1);
    await expect(model.step({ inputIds: [[1], [2]] }, cache)).rejects.toThrow(
      'inputIds has 2 rows and the cache 1.',
    );
    await model.step({ inputIds: [[1, 2, 3]] }, cache);
    await expect(model.step({ inputIds: [[1, 2]] }, cache)).rejects.toThrow(
      'The text would have 5 tokens and the model takes 4 at most.',
    );
    expect((await model.step({ inputIds: [[4]] }, cache)).shape).toEqual([1, 10]);
  });
});
