import { describe, expect, it } from 'vitest';
import '../../../lib/generation/index.ts';
import { getPeftModel, LoraConfig, type PeftModel } from '../../../lib/models/index.ts';
import { makeModel } from './model.ts';

const PROMPT = [7, 3, 90, 41, 12];
const OPTIONS = { maxNewTokens: 12, noRepeatNgramSize: 1 };

/** A model with adapters that change what it says. */
function adapted(quantization?: 'int8'): PeftModel {
  const base = makeModel('gpt_neox', quantization && { quantization });
  const config = new LoraConfig({ r: 4, loraAlpha: 8, targetModules: ['query_key_value', 'dense_h_to_4h'] });
  const model = getPeftModel(base, config, { seed: 1 });
  for (const name of model.trainable.filter(one => one.includes('.lora_B.'))) {
    const { shape, data } = model.weights.get(name)!;
    const changed = data.map((_, i) => Math.sin(i) / 2);
    model.weights.set(name, { dtype: 'float32', shape, data: changed });
  }
  return model;
}

describe('a model with adapters', () => {
  it('says what it says once they are merged, and not what its base says', async () => {
    const model = adapted();
    const said = await model.generate(PROMPT, OPTIONS);
    expect(await model.mergeAndUnload().generate(PROMPT, OPTIONS)).toEqual(said);
    expect(await model.base.generate(PROMPT, OPTIONS)).not.toEqual(said);
  });

  it('says what its base says while they are switched off', async () => {
    const model = adapted();
    const said = await model.generate(PROMPT, OPTIONS);
    model.disableAdapter();
    expect(await model.generate(PROMPT, OPTIONS)).toEqual(await model.base.generate(PROMPT, OPTIONS));
    model.setAdapter('default');
    expect(await model.generate(PROMPT, OPTIONS)).toEqual(said);
  });

  it('may stand on a base of 8 bits', async () => {
    const model = adapted('int8');
    const [exact, rounded] = await Promise.all(
      [adapted(), model].map(one => one.forward({ inputIds: [PROMPT], labels: [PROMPT] })),
    );
    expect(rounded!.loss).toBeCloseTo(exact!.loss!, 1);
    expect(rounded!.loss).not.toBe(exact!.loss);
    expect((await model.generate(PROMPT, OPTIONS))[0]).toHaveLength(17);
  });
});
