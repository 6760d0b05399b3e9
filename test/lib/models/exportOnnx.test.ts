import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generate } from '../../../lib/generation/index.ts';
import {
  AutoModelForSequenceClassification,
  type CausalLM,
  exportOnnx,
  getPeftModel,
  LoraConfig,
} from '../../../lib/models/index.ts';
import { makeModel, makeTokenizer, POSITIONS } from '../generation/model.ts';

const PROMPT = [7, 3, 90, 41, 12];
const KINDS = ['gpt_neox', 'llama'] as const;
const NEW = 12;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tunelab-onnx-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Continues a prompt with the most likely tokens, by a file with the inputs and outputs of Optimum's decoders. */
async function continued(
  file: string,
  { groups, size }: { groups: number; size: number },
): Promise<number[]> {
  const session = await InferenceSession.create(join(folder, 'onnx', file));
  const integers = (numbers: number[]) =>
    new Tensor('int64', BigInt64Array.from(numbers.map(BigInt)), [1, numbers.length]);
  const ids = [...PROMPT];
  let read = 0;
  let past: Record<string, Tensor> = {};
  for (const name of session.inputNames.filter(one => one.startsWith('past_key_values.'))) {
    past[name] = new Tensor('float32', new Float32Array(0), [1, groups, 0, size]);
  }
  while (ids.length < PROMPT.length + NEW) {
    const results = await session.run({
      input_ids: integers(ids.slice(read)),
      attention_mask: integers(ids.map(() => 1)),
      position_ids: integers([...ids.keys()].slice(read)),
      ...past,
    });
    read = ids.length;
    const logits = Array.from(results.logits!.data as Float32Array).slice(-results.logits!.dims.at(-1)!);
    ids.push(logits.indexOf(Math.max(...logits)));
    past = Object.fromEntries(
      Object.entries(results)
        .filter(([name]) => name.startsWith('present.'))
        .map(([name, tensor]) => [name.replace('present', 'past_key_values'), tensor]),
    );
  }
  await session.release();
  return ids;
}

describe.each(KINDS)('%s as ONNX', kind => {
  it.each([
    ['fp32', 'model.onnx', undefined],
    ['q8', 'model_quantized.onnx', 'int8'],
    ['q4', 'model_q4.onnx', 'int4'],
  ] as const)('says in %s what the model says', async (dtype, file, quantization) => {
    const model = makeModel(kind, quantization && { quantization });
    await exportOnnx(makeModel(kind), folder, { dtypes: [dtype] });
    expect(await readdir(join(folder, 'onnx'))).toEqual([file]);
    const [said] = await model.generate(PROMPT, { maxNewTokens: NEW });
    expect(await continued(file, model.architecture.keyValues)).toEqual(said);
    expect(new Set(said).size).toBeGreaterThan(PROMPT.length);
  });

  it('takes its adapters along', async () => {
    const model = getPeftModel(
      makeModel(kind),
      new LoraConfig({ r: 4, loraAlpha: 32, targetModules: 'all-linear' }),
    );
    for (const name of model.trainable.filter(one => one.includes('.lora_B.'))) {
      const { shape, data } = model.weights.get(name)!;
      model.weights.set(name, { dtype: 'float32', shape, data: data.map((_, i) => Math.sin(i) / 2) });
    }
    await exportOnnx(model, folder);
    const [said] = await model.generate(PROMPT, { maxNewTokens: NEW });
    expect(await continued('model.onnx', model.architecture.keyValues)).toEqual(said);
    expect(await makeModel(kind).generate(PROMPT, { maxNewTokens: NEW })).not.toEqual([said]);
  });
});

describe('the folder', () => {
  it('has what transformers.js asks for', async () => {
    const tokenizer = await makeTokenizer();
    await exportOnnx(makeModel('llama'), folder, { tokenizer, dtypes: ['fp32', 'q8'] });
    expect((await readdir(join(folder, 'onnx'))).sort()).toEqual(['model.onnx', 'model_quantized.onnx']);
    expect(await readdir(folder)).toEqual(
      expect.arrayContaining([
        'config.json',
        'generation_config.json',
        'tokenizer.json',
        'tokenizer_config.json',
      ]),
    );
    const config = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'));
    expect(config).toMatchObject({ model_type: 'llama', head_dim: 8, num_key_value_heads: 2 });
    expect(config.max_position_embeddings).toBe(POSITIONS);
  });

  it('is not written in a dtype that there is not', async () => {
    await expect(exportOnnx(makeModel(), folder, { dtypes: ['fp16' as 'q4'] })).rejects.toThrow(
      'dtypes has fp16; there are fp32, q8, q4.',
    );
  });

  it('is not written of a classifier', async () => {
    const classifier = AutoModelForSequenceClassification.fromConfig(makeModel().config, {
      numLabels: 2,
      seed: 1,
    });
    const given = classifier as unknown as CausalLM;
    const message = 'takes a model that continues texts, as AutoModelForCausalLM loads it, not a classifier.';
    await expect(exportOnnx(given, folder)).rejects.toThrow(`exportOnnx ${message}`);
    await expect(generate(given, [1, 2])).rejects.toThrow(`generate ${message}`);
  });
});

/** transformers.js is 470 MB with its own copies of ONNX Runtime, so that it is installed apart, by .ci/run. */
const place = process.env.TUNELAB_TRANSFORMERS_JS;
const LIBRARY = '@huggingface/transformers';
const absent =
  place === undefined ? ' (skipped: TUNELAB_TRANSFORMERS_JS does not say where it is installed)' : '';

describe.skipIf(place === undefined).each(KINDS)(`%s in transformers.js${absent}`, kind => {
  const load = async (model: CausalLM) => {
    const tokenizer = await makeTokenizer();
    await exportOnnx(model, folder, { tokenizer, dtypes: ['fp32', 'q8'] });
    const library = createRequire(resolve(place!, 'package.json'))(LIBRARY);
    library.env.allowRemoteModels = false;
    library.env.localModelPath = tmpdir();
    return { library, tokenizer, name: folder.slice(tmpdir().length + 1) };
  };

  it('gives the same text, alone and padded on the left, in 32 and in 8 bits', async () => {
    const model = makeModel(kind);
    const { library, tokenizer, name } = await load(model);
    const texts = ['Hello you', 'Why'];
    const ours = await tokenizer(texts, { padding: true, paddingSide: 'left' } as object);
    const theirTokenizer = await library.AutoTokenizer.from_pretrained(name);
    theirTokenizer.padding_side = 'left';
    const options = { max_new_tokens: NEW, do_sample: false };
    for (const dtype of ['fp32', 'q8'] as const) {
      const theirs = await library.AutoModelForCausalLM.from_pretrained(name, { dtype });
      const same = dtype === 'fp32' ? model : makeModel(kind, { quantization: 'int8' });
      const [single] = await same.generate(PROMPT, { maxNewTokens: NEW });
      const ids = new library.Tensor('int64', BigInt64Array.from(PROMPT.map(BigInt)), [1, PROMPT.length]);
      const found = await theirs.generate({ input_ids: ids, ...options });
      expect(found.tolist()[0].map(Number)).toEqual(single);
      const inputs = theirTokenizer(texts, { padding: true });
      expect(inputs.input_ids.tolist().map((row: bigint[]) => row.map(Number))).toEqual(ours.inputIds);
      const batch = await theirs.generate({ ...inputs, ...options });
      const rows = await same.generate(ours as never, { maxNewTokens: NEW, padTokenId: 0 });
      expect(batch.tolist().map((row: bigint[]) => row.map(Number))).toEqual(rows);
      await theirs.dispose();
    }
  });
});
