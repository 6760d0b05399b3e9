import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AutoModelForCausalLM, AutoModelForSequenceClassification } from '../../../lib/models/index.ts';
import { AutoTokenizer } from '../../../lib/tokenizers/index.ts';
import { TrainingArguments, tokenizeCompletion } from '../../../lib/training/index.ts';
import { rowReader } from '../../../lib/training/trainingRows.ts';
import { folder, words, wordsConfig } from '../tokenizers/tiny.ts';
import { TINY } from './setup.ts';

const read = (
  rows: readonly object[],
  more: Partial<TrainingArguments>,
  dataCollator?: Parameters<typeof rowReader>[4],
) => rowReader(rows, 'trainDataset', new TrainingArguments(more), model, dataCollator)([...rows.keys()]);

const model = AutoModelForCausalLM.fromConfig({ ...TINY, max_position_embeddings: 5 }, { seed: 1 });
const classifier = AutoModelForSequenceClassification.fromConfig(TINY, { id2label: ['cat', 'dog'], seed: 1 });

describe('the texts that are trained', () => {
  it('are cut off behind maxLength, padding not counted', () => {
    const row = { inputIds: [0, 1, 2, 3, 4], labels: [0, -100, 2, 3, 4], attentionMask: [0, 1, 1, 1, 1] };
    expect(read([row], { maxLength: 3 })).toEqual([{ inputIds: [1, 2, 3], labels: [-100, 2, 3] }]);
    expect(read([row], { maxLength: 9 })).toEqual([{ inputIds: [1, 2, 3, 4], labels: [-100, 2, 3, 4] }]);
  });

  it('have no loss where completionMask is 0, if completions alone are trained', () => {
    const row = { inputIds: [5, 6, 7, 8], completionMask: [0, 0, 1, 1] };
    expect(read([row], { completionOnlyLoss: true })).toEqual([
      { inputIds: [5, 6, 7, 8], labels: [-100, -100, 7, 8] },
    ]);
    expect(read([row], {})).toEqual([{ inputIds: [5, 6, 7, 8] }]);
    expect(() => read([{ inputIds: [1] }], { completionOnlyLoss: true })).toThrow(
      'Row 0 of trainDataset has no completionMask, which completionOnlyLoss needs; tokenizeCompletion makes one.',
    );
    expect(() => read([{ inputIds: [1, 2], completionMask: [1] }], {})).toThrow(
      'Row 0 of trainDataset has 2 inputIds and 1 completionMask; they must be as many.',
    );
  });

  it('have a class for a classifier, which must be one of its own', () => {
    const readClassified = (row: object) =>
      rowReader([row], 'trainDataset', new TrainingArguments(), classifier)([0]);
    expect(readClassified({ inputIds: [4, 5, 0], attentionMask: [1, 1, 0], label: 1 })).toEqual([
      { inputIds: [4, 5], label: 1 },
    ]);
    const wanted = 'a classifier needs the number of its class, from 0 (cat) to 1 (dog).';
    expect(() => readClassified({ inputIds: [4] })).toThrow(`Row 0 of trainDataset has no label; ${wanted}`);
    for (const label of [2, -1, 0.5, 'dog']) {
      expect(() => readClassified({ inputIds: [4], label })).toThrow(
        `Row 0 of trainDataset has the label ${JSON.stringify(label)}; ${wanted}`,
      );
    }
  });

  it('are refused where they are longer than the model takes', () => {
    const long = { inputIds: [1, 2, 3, 4, 5, 6] };
    const refusal =
      'has 6 tokens and the model takes 5 at most; set maxLength to 5 or less in TrainingArguments';
    expect(() => read([{ inputIds: [1] }, long], {})).toThrow(`Row 1 of trainDataset ${refusal}`);
    expect(() => read([long], {}, () => [long])).toThrow(
      `Text 0 of what dataCollator makes of the rows 0 of trainDataset ${refusal}`,
    );
    expect(read([long], { maxLength: 5 })).toEqual([{ inputIds: [1, 2, 3, 4, 5] }]);
    expect(read([{ ...long, attentionMask: [0, 1, 1, 1, 1, 1] }], {})).toEqual([
      { inputIds: [2, 3, 4, 5, 6] },
    ]);
  });

  it('are made of rows by a collator', () => {
    const rows = [{ text: [1, 2] }, { text: [3] }];
    const join = (batch: readonly object[]) => [
      { inputIds: (batch as typeof rows).flatMap(({ text }) => text) },
    ];
    expect(read(rows, {}, join)).toEqual([{ inputIds: [1, 2, 3] }]);
    expect(() => read(rows, {}, () => [{}] as never)).toThrow(
      'Text 0 of what dataCollator makes of the rows 0, 1 of trainDataset has no list inputIds, only nothing',
    );
    expect(() => read(rows, {}, () => ({ inputIds: [] }) as never)).toThrow(
      'dataCollator must return a list of texts, not an object, for the rows 0, 1 of trainDataset.',
    );
  });
});

describe('a tokenized completion', () => {
  it('is known from its prompt by token, wherever the two meet', async () => {
    const tokenizer = await AutoTokenizer.fromPretrained(
      join(import.meta.dirname, '../../../models/tunelab-base'),
    );
    const halves = async (prompt: string, completion: string): Promise<[string, string]> => {
      const { inputIds, completionMask } = await tokenizeCompletion(tokenizer, { prompt, completion });
      const [before, after] = [0, 1].map(half => inputIds.filter((_, i) => completionMask[i] === half));
      expect([...before!, ...after!]).toEqual(inputIds);
      return [tokenizer.decode(before!), tokenizer.decode(after!)];
    };
    const question = '### Question:\nWhy?\n\n### Answer:';
    expect(await halves(question, ' Because.')).toEqual([question, ' Because.']);
    // The space that ends the prompt is part of the completion's first token.
    expect(await halves('Answer: ', 'Because.')).toEqual(['Answer:', ' Because.']);
    expect(await halves('No answer:', '')).toEqual(['No answer:', '']);
  });

  it('has the token that a tokenizer puts at the end of texts, and not the one at their beginning', async () => {
    const path = folder({ 'tokenizer.json': words, 'tokenizer_config.json': wordsConfig });
    const tokenizer = await AutoTokenizer.fromPretrained(path);
    const mask = async (prompt: string, completion: string) =>
      (await tokenizeCompletion(tokenizer, { prompt, completion })).completionMask;
    expect(await mask('a b', ' c')).toEqual([0, 0, 0, 1, 1]);
    expect(await mask('a b', '')).toEqual([0, 0, 0, 1]);
  });
});
