/** The exercises of lesson 4: what their checks say to right answers and to the usual wrong ones. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadDataset } from '../../lib/datasets/index.ts';
import { AutoTokenizer } from '../../lib/tokenizers/index.ts';
import { checkBatch, checkLimit, checkWronglyDecoded } from '../../notebooks/data-preparation/checks.ts';
import { printed } from './printed.ts';

const model = fileURLToPath(new URL('../../models/tunelab-base', import.meta.url));

describe('exercise 1: wrong letters', async () => {
  const pages = await loadDataset<{ text: string }>('pretrain_sample', { split: 'train' });
  const texts = pages.column('text');
  const judged = (check: unknown): Promise<string> => printed(() => checkWronglyDecoded(check, texts));

  it('takes a check that finds all, however it looks for them', async () => {
    const all = '✓ Right: it finds all 11 texts and gives no false alarm.';
    expect(await judged((text: string) => /Ã|â€|Ä[™…±]|Å/.test(text))).toBe(all);
    // Letters that only stand beside each other where UTF-8 was read as Windows-1252.
    expect(await judged((text: string) => ['Ã', 'Å', 'â€'].some(odd => text.includes(odd)))).toBe(all);
  });

  it.each([
    ['nothing', undefined, /^○ To do/],
    ['an expression', /Ã/, /a function, and it is of the class RegExp/],
    ['a list of finds', (text: string) => text.match(/Ã/), /true or false; for ".*" it returns null/],
    ['French alone', (text: string) => text.includes('Ã©'), /finds \d of the 11 texts/],
    ['all that is not ASCII', (text: string) => /[^ -~\n\t]/.test(text), /a false alarm: "★/],
    ['a memory', remembering(/Ã/g), /gives two answers/],
  ])('says what is wrong with %s', async (_, check, message) => {
    expect(await judged(check)).toMatch(message);
  });

  function remembering(pattern: RegExp): (text: string) => boolean {
    return text => pattern.test(text);
  }
});

describe('exercise 2: a batch to go on with', async () => {
  const tokenizer = await AutoTokenizer.fromPretrained(model);
  tokenizer.padToken = tokenizer.eosToken;
  const texts = [
    'Yes',
    'Once upon a time',
    'The kernel runs cells',
    'One two three four five six seven eight nine',
  ];
  const left = { paddingSide: 'left', truncationSide: 'left' } as const;
  const judged = (batch: unknown): Promise<string> => printed(() => checkBatch(batch, texts, tokenizer));

  it('takes rows that end with text', async () => {
    const batch = await tokenizer(texts, { padding: true, truncation: true, maxLength: 8, ...left });
    expect(await judged(batch)).toMatch(/^✓ Right/);
  });

  it('says what is wrong', async () => {
    const both = { padding: true, truncation: true, maxLength: 8 } as const;
    expect(await judged(undefined)).toMatch(/^○ To do/);
    expect(await judged(tokenizer(texts))).toMatch(/it is a promise \(is an await missing\?\)/);
    expect(await judged(await tokenizer(texts[0]!))).toMatch(/what the tokenizer gives for a list of texts/);
    expect(await judged(await tokenizer(texts.slice(1)))).toMatch(/4 texts, and the batch has 3 rows/);
    expect(await judged(await tokenizer(texts, { padding: true, ...left }))).toMatch(/8 are allowed/);
    expect(await judged(await tokenizer(texts, { truncation: true, maxLength: 8 }))).toMatch(/no rectangle/);
    expect(await judged(await tokenizer(texts, { ...both, maxLength: 4, ...left }))).toMatch(
      /8 would be allowed/,
    );
    expect(await judged(await tokenizer(texts, { ...both, truncationSide: 'left' }))).toMatch(
      /the row of "Yes" ends with padding/,
    );
    expect(await judged(await tokenizer(texts, { ...both, paddingSide: 'left' }))).toMatch(
      /of "One two.*" the beginning was kept/,
    );
    expect(await judged(await tokenizer(texts, { ...both, ...left, returnAttentionMask: false }))).toMatch(
      /without attentionMask/,
    );
    expect(await judged(await tokenizer(texts.toReversed(), { ...both, ...left }))).toMatch(
      /row 0 is not made of "Yes"/,
    );
  });
});

describe('exercise 3: where to cut', () => {
  // 1 to 100 tokens: 95 is the smallest limit that cuts five of a hundred rows.
  const rows = Array.from({ length: 100 }, (_, i) => new Array<number>(i + 1).fill(0));
  const judged = (limit: unknown): Promise<string> => printed(() => checkLimit(limit, rows));

  it('takes the smallest length', async () => {
    expect(await judged(95)).toMatch(/^✓ Right: with 95, 5 of 100 rows are cut/);
  });

  it.each([
    ['nothing', undefined, /^○ To do/],
    ['text', '95', /a number, and it is a string/],
    ['a mean', 50.5, /a whole number of tokens, not 50.5/],
    ['the longest row', 100, /with 100, 0 of 100 rows are cut; a smaller limit would do/],
    ['one too few', 94, /with 94, 6 of 100 rows are cut; that is 6.0 %, more than 5 %/],
    ['one too many', 96, /a smaller limit would do/],
  ])('says what is wrong with %s', async (_, limit, message) => {
    expect(await judged(limit)).toMatch(message);
  });
});
