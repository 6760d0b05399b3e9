/** Matrix products in float16, where sums are of float16 too, under weights that were trained. */
import { describe, expect, it } from 'vitest';
import { grad, graph, Session, type Value } from '../../../lib/graph/index.ts';
import {
  AutoModelForCausalLM,
  batchTensors,
  feedBatch,
  feedLabels,
  getPeftModel,
  LoraConfig,
  labelledPositions,
  labelTensors,
} from '../../../lib/models/index.ts';
import { AutoTokenizer } from '../../../lib/tokenizers/index.ts';
import { devices } from '../devices.ts';

const TEXT =
  'The kernel outlives the code it runs. Whatever a cell does, the kernel answers. ' +
  'She walked to the old house by the river, and the little dog ran after her all the way home.';

describe.skipIf(!devices.includes('webgpu'))('tunelab-base in float16 on webgpu', () => {
  // torch.autocast is within 2e-3 in float16 and within 1.4e-2 in bfloat16.
  it.each(['of all weights', 'of adapters'])(
    'has gradients %s within 2e-2 of those in float32',
    async which => {
      const base = await AutoModelForCausalLM.fromPretrained('tunelab-base');
      const config = new LoraConfig({ r: 4, targetModules: ['embed_out', 'dense'] });
      const model = which === 'of adapters' ? getPeftModel(base, config) : base;
      for (const name of model.trainable.filter(one => one.includes('.lora_B.'))) {
        const { shape, data } = model.weights.get(name)!;
        model.weights.set(name, {
          dtype: 'float32',
          shape,
          data: data.map((_, i) => (1 + Math.sin(i)) / 100),
        });
      }
      const { inputIds: ids } = await (await AutoTokenizer.fromPretrained('tunelab-base'))(TEXT);
      const size = model.architecture.vocabularySize;
      const feeds = {
        ...Object.fromEntries(model.weights),
        ...feedBatch({ inputIds: [ids] }, size),
        ...feedLabels(labelledPositions([ids], [ids], size)),
      };
      const layers = model.layers();
      const loss = model.lossOf(layers, batchTensors(), labelTensors());
      const gradients = grad(loss, model.trainable.map(layers.parameter));
      const built = graph(Object.fromEntries(model.trainable.map((name, i) => [`d ${name}`, gradients[i]!])));
      const run = async (options: object) => {
        const session = await Session.create(built, options);
        const results = await session.run(feeds);
        await session.release();
        return results;
      };
      const exact = await run({});
      const found = await run({ device: 'webgpu', dtype: 'float16' });
      for (const name of model.trainable) {
        expect(distance(found[`d ${name}`]!, exact[`d ${name}`]!), name).toBeLessThan(2e-2);
      }
    },
  );
});

/** The length of the difference, as a part of the expected length. */
function distance(found: Value, expected: Value): number {
  let [difference, length] = [0, 0];
  (expected.data as Float32Array).forEach((value, i) => {
    difference += (value - Number(found.data[i])) ** 2;
    length += value ** 2;
  });
  return Math.sqrt(difference / length);
}
