import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Dataset, loadDataset, writeJsonl } from '../../../lib/datasets/index.ts';
import { inference } from '../../../lib/generation/index.ts';
import { AutoModelForCausalLM } from '../../../lib/models/index.ts';
import { PromptTemplate, templates } from '../../../lib/prompts/index.ts';
import { BasicModelRunner, type RunnerTrainOptions } from '../../../lib/runner/index.ts';
import { AutoTokenizer } from '../../../lib/tokenizers/index.ts';

const CONFIG = {
  model_type: 'gpt_neox',
  vocab_size: 4096,
  hidden_size: 32,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  intermediate_size: 64,
  max_position_embeddings: 128,
  initializer_range: 0.1,
};
const KEYS = { inputKey: 'question', outputKey: 'answer' };
const ROWS = [
  { question: 'What colour is the sky?', answer: 'The sky is blue.' },
  { question: 'Who keeps the lighthouse on the cliff at night?', answer: 'Ada does,\nwith a lamp.' },
  { question: 'Why?', answer: 'Nobody knows 😀.' },
];
const QUESTIONS = ROWS.map(({ question }) => question);
const ANSWERS = ROWS.map(({ answer }) => answer);
/** Enough to know three rows by heart. */
const BY_HEART: RunnerTrainOptions = {
  numTrainEpochs: 60,
  learningRate: 0.01,
  reportTo: [],
};

const root = mkdtempSync(join(tmpdir(), 'tunelab-runner-'));
const base = join(root, 'base');

beforeAll(async () => {
  await AutoModelForCausalLM.fromConfig(CONFIG, { seed: 7 }).savePretrained(base);
  const own = join(import.meta.dirname, '../../../models/tunelab-base');
  await (await AutoTokenizer.fromPretrained(own)).savePretrained(base);
});
afterAll(() => rmSync(root, { recursive: true }));

function newRunner(): BasicModelRunner {
  const runner = new BasicModelRunner(base);
  runner.loadData(ROWS, { ...KEYS, testSize: 0 });
  return runner;
}

describe('training', () => {
  let trained: BasicModelRunner;
  beforeAll(async () => {
    trained = newRunner();
    await trained.train(BY_HEART);
  });

  it('teaches the answers and where they end', async () => {
    expect(await trained.run(QUESTIONS[1]!)).toBe(ANSWERS[1]);
    expect(await trained.run(QUESTIONS)).toEqual(ANSWERS);
  });

  it('leaves the base model to compare with', async () => {
    const untrained = await new BasicModelRunner(base).run(QUESTIONS, { maxOutputTokens: 8 });
    const { rows } = await trained.evaluate({ maxOutputTokens: 8 });
    expect(rows).toEqual(
      QUESTIONS.map((question, i) => ({
        question,
        'tuned answer': expect.any(String),
        'base answer': untrained[i],
        'true answer': ANSWERS[i],
      })),
    );
    expect(rows.map(row => row['tuned answer'])).not.toEqual(untrained);
    expect(Object.keys(rows[0]!)).toEqual(['question', 'tuned answer', 'base answer', 'true answer']);
  });

  it('is kept in a folder that another runner opens', async () => {
    const folder = join(root, 'tuned');
    await trained.saveModel(folder);
    expect(await new BasicModelRunner(folder).run(QUESTIONS)).toEqual(ANSWERS);
  });

  it('goes on from where it was, and from the base again after it failed', async () => {
    const runner = newRunner();
    await runner.train({ ...BY_HEART, numTrainEpochs: 30 });
    const half = await runner.train({ ...BY_HEART, numTrainEpochs: 30 });
    expect(half.metrics.trainLoss).toBeLessThan(1);
    expect(await runner.run(QUESTIONS)).toEqual(ANSWERS);

    const wild: RunnerTrainOptions = { learningRate: 1e30, warmupRatio: 0, optim: 'sgd', maxGradNorm: 0 };
    await expect(runner.train({ ...BY_HEART, ...wild })).rejects.toThrow('Training stopped at step');
    const untrained = await new BasicModelRunner(base).run(QUESTIONS[0]!);
    expect(await runner.run(QUESTIONS[0]!)).toBe(untrained);
  });

  it('learns with another template, from the answers alone', async () => {
    const template = new PromptTemplate('[INST]{instruction}[/INST] {response}', { stop: ['[INST]'] });
    const runner = new BasicModelRunner(base, { template });
    runner.loadData(ROWS, { ...KEYS, testSize: 0 });
    await runner.train({ ...BY_HEART, completionOnlyLoss: true });
    expect(await runner.run(QUESTIONS)).toEqual(ANSWERS);
  });
});

describe('answers', () => {
  it('of several questions are those of each alone, as inference gives them', async () => {
    const runner = new BasicModelRunner(base);
    const [model, tokenizer] = await Promise.all([
      AutoModelForCausalLM.fromPretrained(base),
      AutoTokenizer.fromPretrained(base),
    ]);
    const questions = Array.from({ length: 10 }, (_, i) => `Which ${'very '.repeat(i)}long one?`);
    const answers = await runner.run(questions, { maxOutputTokens: 6 });
    for (const [i, question] of questions.entries()) {
      const prompt = templates.question.format({ question });
      const whole = await inference(prompt, model, tokenizer, { maxOutputTokens: 6 });
      expect(answers[i]).toBe(whole.trim());
    }
    expect(new Set(answers).size).toBeGreaterThan(1);
  });

  it('end where the template says', async () => {
    const [whole] = await new BasicModelRunner(base).run(['Why?'], { maxOutputTokens: 12 });
    const stop = whole!.slice(8, 12);
    const template = new PromptTemplate('### Question:\n{question}\n\n### Answer:\n{answer}', {
      stop: [stop],
    });
    const [cut] = await new BasicModelRunner(base, { template }).run(['Why?'], { maxOutputTokens: 12 });
    expect(cut).toBe(whole!.slice(0, whole!.indexOf(stop)).trim());
    expect(cut!.length).toBeLessThan(whole!.length);
  });

  it('are of the end of a question that is too long', async () => {
    const long = `${'word '.repeat(500)}end`;
    expect(await new BasicModelRunner(base).run(long, { maxOutputTokens: 20 })).toEqual(expect.any(String));
    await expect(new BasicModelRunner(base).run('Why?', { maxOutputTokens: 128 })).rejects.toThrow(
      'maxOutputTokens is 128 and the model takes 128 tokens, the question included.',
    );
  });
});

describe('data', () => {
  const many = Array.from({ length: 40 }, (_, i) => ({
    question: `Question ${i}`,
    answer: `Answer ${i}`,
    i,
  }));
  const asked = async (runner: BasicModelRunner, options = {}) => {
    const table = await runner.evaluate({ maxOutputTokens: 1, ...options });
    return table.rows.map(row => [row.question, row['true answer']]);
  };

  it('keeps the rows from training that the course keeps', async () => {
    const runner = new BasicModelRunner(base);
    runner.loadData(many, KEYS);
    const { test } = Dataset.fromRows(many).trainTestSplit({ testSize: 0.1, shuffle: true, seed: 123 });
    expect(await asked(runner)).toEqual(test.toRows().map(({ question, answer }) => [question, answer]));
    expect(await asked(runner, { rows: 2 })).toHaveLength(2);
  });

  it('is a file, or a set of the course by its name or by that of its file', async () => {
    const path = join(root, 'many.jsonl');
    await writeJsonl(path, many);
    const runner = new BasicModelRunner(base);
    await runner.loadDataFromJsonl(path, { ...KEYS, testSize: 0 });
    expect(await asked(runner, { rows: 1 })).toEqual([['Question 0', 'Answer 0']]);

    const { question, answer } = (await loadDataset('tunelab_docs', { split: 'train' })).at(0) as Record<
      string,
      string
    >;
    for (const name of ['tunelab_docs', 'tunelab_docs.jsonl']) {
      await runner.loadDataFromJsonl(path, KEYS);
      await runner.loadDataFromJsonl(name, { ...KEYS, testSize: 0 });
      expect(await asked(runner, { rows: 1 })).toEqual([[question, answer]]);
    }
    await expect(runner.loadDataFromJsonl('no_such.jsonl', KEYS)).rejects.toThrow(
      'There is no data set "no_such.jsonl"',
    );
  });

  it('that does not serve is refused with the row and the column', () => {
    const runner = new BasicModelRunner(base);
    expect(() => runner.loadData(many)).toThrow(
      'Row 0 has no column "input"; its columns are: question, answer, i. Name two of them: { inputKey, outputKey }.',
    );
    expect(() => runner.loadData(many, { inputKey: 'question', outputKey: 'i' })).toThrow(
      'The column "i" of row 0 holds a value of type number; a runner learns from texts.',
    );
    expect(() => runner.loadData(ROWS, { ...KEYS, testSize: 3 })).toThrow(RangeError);
    expect(() => runner.loadData(ROWS, { input_key: 'question' } as object)).toThrow(
      'the nearest is inputKey',
    );
  });
});

describe('evaluation', () => {
  it('before training has the base model alone, and takes any questions and columns', async () => {
    const echo = { run: async (questions: readonly string[]) => questions.map(text => `${text}!`) };
    const { rows } = await new BasicModelRunner(base).evaluate({
      questions: ['Why?', 'How?'],
      compare: { hosted: echo },
      maxOutputTokens: 2,
    });
    expect(rows).toEqual([
      { question: 'Why?', 'base answer': expect.any(String), hosted: 'Why?!' },
      { question: 'How?', 'base answer': expect.any(String), hosted: 'How?!' },
    ]);
  });

  it('and training say what they lack', async () => {
    const runner = new BasicModelRunner(base);
    await expect(runner.evaluate()).rejects.toThrow('There is nothing to ask; load rows first');
    await expect(runner.evaluate({ rows: 0 })).rejects.toThrow(
      'rows must be a whole number from 1 on, not 0.',
    );
    await expect(runner.evaluate({ questions: ['Why?'], max_new: 3 } as object)).rejects.toThrow(
      'generate has no option "max_new"; the nearest is maxNewTokens',
    );
    await expect(runner.train()).rejects.toThrow('There are no rows to train on; load some first');
    runner.loadData(ROWS, KEYS);
    await expect(runner.train({ epochs: 2 } as object)).rejects.toThrow('TrainingArguments has no epochs');
    expect(() => new BasicModelRunner(base, { template: templates.question })).toThrow('has two slots');
  });
});
