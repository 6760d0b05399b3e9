import { join } from 'node:path';
import { expect, it } from 'vitest';
import { templates } from '../../../lib/prompts/index.ts';
import { pairTemplate } from '../../../lib/runner/pairTemplate.ts';
import { trainingRows } from '../../../lib/runner/trainingRows.ts';
import { AutoTokenizer } from '../../../lib/tokenizers/index.ts';

const tokenizer = await AutoTokenizer.fromPretrained(
  join(import.meta.dirname, '../../../models/tunelab-base'),
);
const template = pairTemplate(templates.questionAnswer);
const pairs = [
  { input: 'What is 😀 for?', output: 'Joy 😀.' },
  { input: 'Why?', output: 'Because.' },
];
const texts = pairs.map(({ input, output }) => template.text(input, output));

/** The tokens of each row that are its answer's. */
const answers = (rows: Awaited<ReturnType<typeof trainingRows>>) =>
  rows.map(({ inputIds, completionMask }) =>
    tokenizer.decode(inputIds.filter((_, i) => completionMask[i] === 1)),
  );

it('is the whole text and the token that ends it', async () => {
  const rows = await trainingRows(pairs, template, tokenizer, 100);
  expect(rows.map(({ inputIds }) => tokenizer.decode(inputIds as number[]))).toEqual(
    texts.map(text => `${text}<|endoftext|>`),
  );
});

it('marks the answer, with the token that ends it, at the end', async () => {
  const rows = await trainingRows(pairs, template, tokenizer, 100);
  expect(answers(rows)).toEqual(['\nJoy 😀.<|endoftext|>', '\nBecause.<|endoftext|>']);
  for (const { completionMask } of rows) {
    expect(completionMask.join('')).toMatch(/^0+1+$/);
  }
});

it('teaches to end where an answer is empty, and does not end a text twice', async () => {
  const rows = await trainingRows(
    [
      { input: 'Say nothing.', output: '' },
      { input: 'Why?', output: 'Because.<|endoftext|>' },
    ],
    template,
    tokenizer,
    100,
  );
  expect(answers(rows)).toEqual(['\n<|endoftext|>', '\nBecause.<|endoftext|>']);
});

it('cuts a long text, which then has no end', async () => {
  const ids = await tokenizer.encode(texts[0]!);
  for (const length of [8, ids.length]) {
    const [row] = await trainingRows(pairs, template, tokenizer, length);
    expect(row!.inputIds).toEqual(ids.slice(0, length));
    expect(row!.completionMask).toHaveLength(length);
  }
});
