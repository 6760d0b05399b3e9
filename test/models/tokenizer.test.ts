/** The tokenizer of the embedded base model, as it lies in the repository. */
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { packageRoot } from '../../cli/package.ts';
import { readJsonl } from '../../lib/datasets/index.ts';
import { AutoTokenizer } from '../../lib/tokenizers/index.ts';

const tokenizer = await AutoTokenizer.fromPretrained(join(packageRoot, 'models', 'tunelab-base'));

test("it has GPT-NeoX's conventions", async () => {
  expect(tokenizer.length).toBe(4096);
  expect([tokenizer.bosTokenId, tokenizer.eosTokenId, tokenizer.unkTokenId]).toEqual([0, 0, 0]);
  expect(tokenizer.convertTokensToIds(['<|endoftext|>', '<|padding|>'])).toEqual([0, 1]);
  expect(tokenizer.padToken).toBe(null);
  expect(await tokenizer.encode('')).toEqual([]);
  expect(await tokenizer.encode('one<|endoftext|>two')).toContain(0);
});

describe('round trips', () => {
  test.each([
    ['the form of the course', '### Question:\nWhat is this?\n\n### Answer:\nA test.\n'],
    ['white space', ' a  b\t\tc\n\n\n d \r\n'],
    ['digits', 'In 1984, 3.14159 and 1,000,000.'],
    ['code', 'for (let i = 0; i < n; i++) { a[i] ??= `x`; }'],
    ['other alphabets', 'Grüße, здравствуй, 你好, مرحبا, γειά'],
    ['signs beyond 16 bits', '🤖👩‍👩‍👧‍👦 𝔘𝔫𝔦 🇪🇺'],
    ['lone marks and control characters', 'a\u0300\u0000\u001f\u007f\u00a0\u2028\ufeff'.normalize('NFC')],
    ['special tokens', 'a<|endoftext|>b<|padding|>c <|endoftext'],
  ])('%s', async (_, text) => {
    expect(tokenizer.decode(await tokenizer.encode(text))).toBe(text);
  });

  it('compose letters first, as pythia does', async () => {
    expect(tokenizer.decode(await tokenizer.encode('cafe\u0301'))).toBe('café');
  });
});

test('every byte has a token', async () => {
  const ids = new Set<number>();
  // Between them these have all bytes that UTF-8 knows.
  const points = Array.from({ length: 0x110000 / 37 }, (_, index) => index * 37);
  const all = [...Array(0x800).keys(), ...points].filter(code => code < 0xd800 || code > 0xdfff);
  for (const code of all) for (const id of await tokenizer.encode(String.fromCodePoint(code))) ids.add(id);
  const bytes = [...ids].map(id => tokenizer.convertIdsToTokens(id)).filter(token => [...token].length === 1);
  // C0, C1 and F5 to FF occur in no UTF-8.
  expect(bytes.length).toBeGreaterThanOrEqual(256 - 13);
});

test('each digit is a token of its own', async () => {
  expect(await tokenizer.tokenize('2048 tokens in 12 s')).toEqual(
    expect.arrayContaining(['2', '0', '4', '8', '1']),
  );
  expect((await tokenizer.encode('31415926')).length).toBe(8);
});

test('it packs the data set of the course at about three characters a token', async () => {
  const rows = await readJsonl<{ question: string; answer: string }>(
    join(packageRoot, 'datasets', 'tunelab_docs.jsonl'),
  );
  const texts = rows.map(row => `### Question:\n${row.question}\n\n### Answer:\n${row.answer}`);
  const ids = await tokenizer.encodeBatch(texts);
  const characters = texts.join('').length / ids.flat().length;
  expect(characters).toBeGreaterThan(2.8);
  expect(tokenizer.decode(ids[0] as number[])).toBe(texts[0]);
});
