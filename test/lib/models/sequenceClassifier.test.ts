import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  AutoModelForCausalLM,
  AutoModelForSequenceClassification,
  batchTensors,
  getPeftModel,
  LoraConfig,
  labelTensors,
  listSafetensors,
  PeftModel,
  type SequenceClassifier,
} from '../../../lib/models/index.ts';
import { adamW, packClassified, TrainingStep } from '../../../lib/training/index.ts';
import { TINY } from '../training/setup.ts';

const LLAMA = {
  ...{ model_type: 'llama', architectures: ['LlamaForCausalLM'], vocab_size: 40, hidden_size: 16 },
  ...{ num_hidden_layers: 2, num_attention_heads: 4, num_key_value_heads: 2, intermediate_size: 24 },
  ...{ initializer_range: 0.2, tie_word_embeddings: true },
};
const TOPICS = ['World', 'Sports', 'Business'];
const LONG = [3, 1, 4, 1, 5, 9];
const SHORT = [2, 6, 5];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tunelab-classifier-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe.each([
  ['GPT-NeoX', TINY],
  ['Llama with a tied head', LLAMA],
])('a classifier of %s', (_, config) => {
  const model = AutoModelForSequenceClassification.fromConfig(config, {
    id2label: TOPICS,
    padTokenId: 0,
    seed: 3,
  });

  it('reads what the last token of a text has become, padded on either side', async () => {
    const alone = await Promise.all([LONG, SHORT].map(ids => model.forward({ inputIds: [ids] })));
    for (const padded of [
      [...SHORT, 0, 0, 0],
      [0, 0, 0, ...SHORT],
    ]) {
      const attentionMask = [LONG.map(() => 1), padded.map(id => Number(id !== 0))];
      const { logits } = await model.forward({ inputIds: [LONG, padded], attentionMask });
      expect(logits.shape).toEqual([2, 3]);
      expectClose(logits.data.subarray(0, 3), alone[0]!.logits.data);
      expectClose(logits.data.subarray(3), alone[1]!.logits.data);
    }
  });

  it('has the loss that its logits say, and features that its head reads', async () => {
    const inputIds = [LONG, [...SHORT, 0, 0, 0]];
    const attentionMask = [
      [1, 1, 1, 1, 1, 1],
      [1, 1, 1, 0, 0, 0],
    ];
    const { logits, loss } = await model.forward({ inputIds, attentionMask, labels: [2, 0] });
    const losses = [2, 0].map((label, i) => {
      const row = Array.from(logits.data.subarray(3 * i, 3 * i + 3));
      return Math.log(row.reduce((sum, x) => sum + Math.exp(x), 0)) - row[label]!;
    });
    expect(loss).toBeCloseTo((losses[0]! + losses[1]!) / 2, 5);
    const features = await model.features({ inputIds, attentionMask });
    expect(features.shape).toEqual([2, 16]);
    const { data } = model.weights.get('score.weight')!;
    const products = Array.from({ length: 6 }, (_, i) =>
      data
        .subarray((i % 3) * 16, (i % 3) * 16 + 16)
        .reduce((sum, w, k) => sum + w * features.data[Math.floor(i / 3) * 16 + k]!, 0),
    );
    expectClose(logits.data, products);
  });

  it('is saved as transformers saves it, and is the same when it is loaded', async () => {
    await model.savePretrained(folder);
    const saved = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'));
    expect(saved.id2label).toEqual({ 0: 'World', 1: 'Sports', 2: 'Business' });
    expect(saved.label2id).toEqual({ World: 0, Sports: 1, Business: 2 });
    expect(saved.pad_token_id).toBe(0);
    const stored = await listSafetensors(join(folder, 'model.safetensors'));
    expect(stored.get('score.weight')!.shape).toEqual([3, 16]);
    expect([...stored.keys()]).not.toContain('embed_out.weight');
    expect([...stored.keys()]).not.toContain('lm_head.weight');
    const told = vi.spyOn(console, 'info');
    const loaded = await AutoModelForSequenceClassification.fromPretrained(folder);
    expect(told).not.toHaveBeenCalled();
    told.mockRestore();
    expect(loaded.weights).toEqual(model.weights);
    expect(loaded.id2label).toEqual(TOPICS);
    expect(loaded.label2id).toEqual(model.label2id);
  });

  it('is made of a model that continues texts, and says that its head is new', async () => {
    const causal = AutoModelForCausalLM.fromConfig(config, { seed: 8 });
    await causal.savePretrained(folder);
    const told = vi.spyOn(console, 'info').mockImplementation(() => {});
    const fresh = await AutoModelForSequenceClassification.fromPretrained(folder, { numLabels: 4 });
    expect(told.mock.lastCall?.[0]).toContain('has no score.weight: the head is new');
    told.mockRestore();
    expect(fresh.id2label).toEqual(['LABEL_0', 'LABEL_1', 'LABEL_2', 'LABEL_3']);
    const shared = [...fresh.weights].filter(([name]) => name !== 'score.weight');
    for (const [name, value] of shared) expect(value, name).toEqual(causal.weights.get(name));
    expect(fresh.weights.get('score.weight')!.shape).toEqual([4, 16]);
    expect(String(fresh)).toContain('ForSequenceClassification(');
    expect(String(fresh)).toContain('(score): Linear(in_features=16, out_features=4, bias=False)');
  });
});

describe('training a classifier', () => {
  const texts = [
    { inputIds: [3, 1, 4], label: 0 },
    { inputIds: [1, 5, 9, 2], label: 1 },
    { inputIds: [6, 5], label: 2 },
    { inputIds: [3, 5, 8, 9, 7], label: 1 },
  ];
  const make = (): SequenceClassifier =>
    AutoModelForSequenceClassification.fromConfig(TINY, { id2label: TOPICS, padTokenId: 0, seed: 3 });
  const stepOf = (model: SequenceClassifier): Promise<TrainingStep> => {
    const layers = model.layers();
    return TrainingStep.create({
      loss: model.lossOf(layers, batchTensors(), labelTensors()),
      parameters: new Map(model.trainable.map(name => [name, layers.parameter(name)])),
      weights: model.weights,
      optimizer: adamW({ weightDecay: 0 }),
      maxGradNorm: 1,
    });
  };

  it('has the mean loss of the micro-batches, of texts one after another as of padded ones', async () => {
    const model = make();
    const losses: number[] = [];
    for (const { inputIds, label } of texts) {
      losses.push((await model.forward({ inputIds: [inputIds], labels: [label] })).loss!);
    }
    const step = await stepOf(model);
    const all = await step.run(packClassified([texts], model), 0);
    expect(all.loss).toBeCloseTo(losses.reduce((a, b) => a + b) / 4, 5);
    const parts = await step.run(packClassified([texts.slice(0, 1), texts.slice(1)], model), 0);
    expect(parts.loss).toBeCloseTo((losses[0]! + (losses[1]! + losses[2]! + losses[3]!) / 3) / 2, 5);
    await step.release();
  });

  it.each(['whole', 'with LoRA'])('learns, %s', async how => {
    const base = make();
    const model = how === 'whole' ? base : getPeftModel(base, new LoraConfig({ r: 4, loraAlpha: 16 }));
    const step = await stepOf(model);
    const batch = packClassified([texts], model);
    for (let i = 0; i < 40; i++) await step.run(batch, 0.02);
    await step.release();
    const classes = await classesOf(model);
    expect(classes).toEqual([0, 1, 2, 1]);
    if (how === 'whole') return;
    expect(await classesOf(base)).not.toEqual(classes);
    await model.savePretrained(folder);
    expect(await classesOf(await PeftModel.fromPretrained(base, folder))).toEqual(classes);
    const merged = (model as PeftModel<SequenceClassifier>).mergeAndUnload();
    expect(merged.id2label).toEqual(TOPICS);
    expect(await classesOf(merged)).toEqual(classes);
  });

  const classesOf = async (model: SequenceClassifier): Promise<number[]> => {
    const classes: number[] = [];
    for (const { inputIds } of texts) {
      const { data } = (await model.forward({ inputIds: [inputIds] })).logits;
      classes.push(data.indexOf(Math.max(...data)));
    }
    return classes;
  };

  it('says which text or class cannot be', () => {
    const model = make();
    expect(() => packClassified([[texts[0]!, { inputIds: [], label: 0 }]], model)).toThrow(
      'Row 1 of inputIds is nothing but padding.',
    );
    expect(() => packClassified([[{ inputIds: [1], label: 3 }]], model)).toThrow(
      'There is no class 3: the classes go from 0 to 2.',
    );
  });
});

describe('a classifier that cannot be says so', () => {
  const make = (options: object, config: object = {}) =>
    AutoModelForSequenceClassification.fromConfig({ ...TINY, ...config }, { seed: 1, ...options });

  it.each<[object, object, string]>([
    [{}, {}, 'How many classes there are is not known: give numLabels or id2label.'],
    [{ numLabels: 1 }, {}, 'numLabels must be a whole number from 2 on, not 1.'],
    [{ numLabels: 2, id2label: TOPICS }, {}, 'id2label has 3 names and numLabels is 2.'],
    [{ id2label: ['A', 'A'] }, {}, 'id2label has A twice.'],
    [{}, { id2label: { 0: 'A', 2: 'B' } }, 'config.json: id2label has no name for class 1.'],
    [
      { numLabels: 2 },
      { problem_type: 'regression' },
      'problem_type is "regression"; "single_label_classification" can be run.',
    ],
  ])('%j, %j', (options, config, message) => {
    expect(() => make(options, config)).toThrow(message);
  });

  it('a batch with a class too many, with too few labels, or of nothing but padding', async () => {
    const model = make({ id2label: TOPICS, padTokenId: 0 });
    const fails = (batch: Parameters<typeof model.forward>[0], message: string) =>
      expect(model.forward(batch)).rejects.toThrow(message);
    await fails({ inputIds: [[1]], labels: [3] }, 'There is no class 3: the classes go from 0 to 2.');
    await fails(
      { inputIds: [new Array(2049).fill(1)] },
      'Row 0 of inputIds is 2049 tokens long and the model',
    );
    await fails({ inputIds: [[1], [2]], labels: [1] }, 'labels has 1 entries and inputIds 2 rows.');
    await fails(
      {
        inputIds: [
          [1, 2],
          [0, 0],
        ],
      },
      'Row 1 of inputIds is nothing but padding.',
    );
    await fails({ inputIds: [[1, 2], [3]] }, 'Row 1 of inputIds has 1 entries');
  });

  it('a folder whose head has another number of classes', async () => {
    await make({ id2label: TOPICS }).savePretrained(folder);
    await expect(AutoModelForSequenceClassification.fromPretrained(folder, { numLabels: 2 })).rejects.toThrow(
      'score.weight in model.safetensors has shape [3, 16] where config.json asks for [2, 16].',
    );
  });

  it('but the number of classes is known from the head, where config.json does not say it', async () => {
    await make({ id2label: TOPICS }).savePretrained(folder);
    await writeFile(join(folder, 'config.json'), JSON.stringify(TINY));
    const model = await AutoModelForSequenceClassification.fromPretrained(folder);
    expect(model.numLabels).toBe(3);
  });
});

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(found.length).toBe(expected.length);
  const worst = Math.max(...Array.from(expected, (value, i) => Math.abs(value - found[i]!)));
  expect(worst).toBeLessThan(1e-5);
}
