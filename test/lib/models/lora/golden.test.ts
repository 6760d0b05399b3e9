import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  AutoModelForCausalLM,
  AutoModelForSequenceClassification,
  getPeftModel,
  LoraConfig,
  type LoraOptions,
  PeftModel,
  readSafetensors,
} from '../../../../lib/models/index.ts';
import { adafactor, adamW, packMicroBatches } from '../../../../lib/training/index.ts';
import { devices, referenceRuns } from '../../devices.ts';
import { GOLDEN, loadGolden, missing, readGolden, reason, stepOf, TINY } from '../../training/setup.ts';

const IDS = [3, 1, 4, 1, 5, 9, 2, 6];
const config = new LoraConfig({ r: 2, loraAlpha: 8, targetModules: ['query_key_value', 'dense_h_to_4h'] });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tunelab-lora-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('a model with new adapters', () => {
  const base = AutoModelForCausalLM.fromConfig(TINY, { seed: 3 });

  it('answers as it did before, and trains nothing but the adapters', async () => {
    const model = getPeftModel(base, config, { seed: 1 });
    const before = await base.forward({ inputIds: [IDS] });
    expect((await model.forward({ inputIds: [IDS] })).logits).toEqual(before.logits);
    const size = 2 * (2 * (16 + 48) + 2 * (16 + 24));
    expect(model.trainableParameters()).toEqual({
      trainable: size,
      all: base.numParameters() + size,
      percent: (100 * size) / (base.numParameters() + size),
    });
  });

  it.each(devices)('learns on %s while its own weights stay, and merges into a plain model', async device => {
    const model = getPeftModel(base, config, { seed: 1 });
    const frozen = new Map([...base.weights].map(([name, { data }]) => [name, data.slice()]));
    const step = await stepOf(model, adamW({ weightDecay: 0 }), 1, { device });
    const batch = packMicroBatches([[{ inputIds: IDS }]], 'tokens', 40);
    const first = (await step.run(batch, 0.02)).loss;
    for (let i = 0; i < 30; i++) await step.run(batch, 0.02);
    await step.sync();
    await step.release();
    const tuned = await model.forward({ inputIds: [IDS], labels: [IDS] });
    expect(tuned.loss).toBeLessThan(first / 2);
    for (const [name, data] of frozen) expect(model.weights.get(name)!.data, name).toEqual(data);

    const merged = model.mergeAndUnload();
    expect(merged.weights.size).toBe(base.weights.size);
    const { logits } = await merged.forward({ inputIds: [IDS] });
    expect(Math.max(...logits.data.map((value, i) => Math.abs(value - tuned.logits.data[i]!)))).toBeLessThan(
      1e-5,
    );
    for (const [name, data] of frozen) expect(base.weights.get(name)!.data, name).toEqual(data);
  });

  it('is saved as adapters alone, under the names of PEFT, and put beside the model again', async () => {
    const model = getPeftModel(base, config, { seed: 1 });
    await model.savePretrained(folder);
    expect((await readdir(folder)).sort()).toEqual(['adapter_config.json', 'adapter_model.safetensors']);
    const names = [...(await readSafetensors(join(folder, 'adapter_model.safetensors'))).keys()];
    expect(names).toHaveLength(8);
    expect(names).toContain('base_model.model.gpt_neox.layers.1.attention.query_key_value.lora_A.weight');
    const loaded = await PeftModel.fromPretrained(base, folder);
    expect(loaded.weights).toEqual(model.weights);
    expect(loaded.peftConfig).toEqual(model.peftConfig);
  });

  it('says what does not fit', async () => {
    const wrong = new LoraConfig({ r: 2, loraAlpha: 8, targetModules: ['q_proj'] });
    expect(() => getPeftModel(base, wrong, { seed: 1 })).toThrow(
      'The model has no linear layer q_proj to adapt; it has query_key_value, dense, dense_h_to_4h, dense_4h_to_h, embed_out.',
    );
    expect(() => new LoraConfig({ r: 0, loraAlpha: 1, targetModules: ['q'] })).toThrow(
      'r must be a whole number',
    );
    expect(() => new LoraConfig({ r: 1, loraAlpha: 1, targetModules: [] })).toThrow(
      'targetModules must be the names of layers, not []',
    );
    await expect(PeftModel.fromPretrained(base, folder)).rejects.toThrow('adapter_config.json');
    const saved = { r: 2, lora_alpha: 8, target_modules: ['dense'], use_dora: true };
    await writeFile(join(folder, 'adapter_config.json'), JSON.stringify(saved));
    await expect(PeftModel.fromPretrained(base, folder)).rejects.toThrow(
      'adapter_config.json: use_dora is true, which cannot be run.',
    );
  });
});

describe.skipIf(missing).each(referenceRuns)(
  `LoRA of %s on %s against PEFT 0.21${reason}`,
  (kind, device) => {
    it('ten steps have the same losses to 1e-4, and the same adapters to 1e-3 of their size', async () => {
      const golden = readGolden()[kind];
      const expected = golden['lora_r8_alpha16_adamw_lr1e-2'];
      const base = await loadGolden(kind);
      const model = await PeftModel.fromPretrained(base, join(GOLDEN, `lora_${kind}_init`));
      expect(model.trainableParameters().trainable).toBe(expected.trainable);
      const step = await stepOf(model, adamW({ weightDecay: 0 }), 0, { device });
      const batch = packMicroBatches([[{ inputIds: golden.input_ids }]], 'tokens', 512);
      for (const loss of expected.losses as number[]) {
        expect(Math.abs((await step.run(batch, 1e-2)).loss - loss)).toBeLessThan(1e-4);
      }
      await step.sync();
      await step.release();
      const trained = await PeftModel.fromPretrained(base, join(GOLDEN, `lora_${kind}_step10`));
      for (const name of model.trainable) {
        const [found, wanted] = [model.weights.get(name)!.data, trained.weights.get(name)!.data];
        const distance = Math.hypot(...found.map((value, i) => value - wanted[i]!));
        expect(distance / Math.hypot(...wanted), name).toBeLessThan(1e-3);
      }
      for (const [one, row] of [
        [trained, expected.last_row_8],
        [trained.mergeAndUnload(), expected.merged_last_row_8],
      ] as const) {
        const { logits } = await one.forward({ inputIds: [golden.input_ids] });
        const last = logits.data.subarray(-512, -512 + 8);
        expect(Math.max(...last.map((value, i) => Math.abs(value - row[i])))).toBeLessThan(5e-5);
      }
    });
  },
);

describe.skipIf(missing)(`what is trained is counted as PEFT 0.21 prints it${reason}`, () => {
  it.each<['neox' | 'llama', LoraOptions, number, number]>([
    ['neox', { bias: 'all' }, 3520, 167_680],
    ['neox', { bias: 'loraOnly' }, 2432, 167_680],
    ['neox', { targetModules: 'all-linear' }, 8192, 173_824],
    ['neox', { modulesToSave: ['lm_head'] }, 34_816, 200_448],
    ['llama', { bias: 'all' }, 1792, 141_376],
    ['llama', { targetModules: 'all-linear' }, 8192, 147_776],
    ['llama', { modulesToSave: ['lm_head'] }, 34_560, 174_144],
  ])('%s, r 4, %j', async (kind, options, trainable, all) => {
    const model = getPeftModel(await loadGolden(kind), new LoraConfig({ r: 4, ...options }));
    expect(model.trainableParameters()).toMatchObject({ trainable, all });
  });

  it.each([
    ['neox', 2304, 135_424],
    ['llama', 2048, 109_120],
  ] as const)('%s as a classifier of four', async (kind, trainable, all) => {
    const told = vi.spyOn(console, 'info').mockImplementation(() => {});
    const base = await AutoModelForSequenceClassification.fromPretrained(join(GOLDEN, kind), {
      numLabels: 4,
    });
    told.mockRestore();
    expect(getPeftModel(base, new LoraConfig({ r: 4 })).trainableParameters()).toMatchObject({
      trainable,
      all,
    });
  });
});

it('adapters train with Adafactor too', async () => {
  const model = getPeftModel(AutoModelForCausalLM.fromConfig(TINY, { seed: 3 }), config, { seed: 1 });
  const step = await stepOf(model, adafactor({ scaleParameter: false, relativeStep: false }), 1, {
    lookedUp: false,
  });
  const batch = packMicroBatches([[{ inputIds: IDS }]], 'tokens', 40);
  const first = (await step.run(batch, 0.02)).loss;
  for (let i = 0; i < 30; i++) await step.run(batch, 0.02);
  expect((await step.run(batch, 0.02)).loss).toBeLessThan(first / 2);
  await step.release();
});
