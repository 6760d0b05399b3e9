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

it('is the whole text and the token that ends it', async () => {
  const rows = await trainingRows(pairs, template, tokenizer, 100, false);
  expect(rows.map(({ inputIds }) => tokenizer.decode(inputIds as number[]))).toEqual(
    texts.map(text => `${text}<|endoftext|>`),
  );
  expect(rows.every(({ labels }) => labels === undefined)).toBe(true);
});

it('takes the loss of the answers alone where asked', async () => {
  const rows = await trainingRows(pairs, template, tokenizer, 100, true);
  const labelled = rows.map(({ labels }) => Array.from(labels!).filter(label => label !== -100));
  expect(labelled.map(ids => tokenizer.decode(ids))).toEqual([
    '\nJoy 😀.<|endoftext|>',
    '\nBecause.<|endoftext|>',
  ]);
  rows.forEach(({ inputIds, labels }, i) => {
    expect(Array.from(labels!).slice(-labelled[i]!.length)).toEqual(
      Array.from(inputIds).slice(-labelled[i]!.length),
    );
  });
});

it('cuts a long text, which then has no end', async () => {
  const [row] = await trainingRows(pairs, template, tokenizer, 8, false);
  expect(row!.inputIds).toEqual((await tokenizer.encode(texts[0]!)).slice(0, 8));
});
