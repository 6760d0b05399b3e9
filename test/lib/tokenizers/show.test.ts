import { inspect } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { AutoTokenizer, type PreTrainedTokenizer } from '../../../lib/tokenizers/index.ts';
import { bytes, folder, words, wordsConfig } from './tiny.ts';

let hello: PreTrainedTokenizer;
beforeAll(async () => {
  hello = await AutoTokenizer.fromPretrained(folder({ 'tokenizer.json': bytes }));
  hello.padToken = hello.eosToken;
});

function shown(encoding: unknown): { html: string; text: string } {
  const method = (encoding as Record<symbol, () => Record<string, string>>)[Symbol.for('Jupyter.display')];
  const bundle = method?.call(encoding) ?? {};
  return { html: bundle['text/html'] ?? '', text: bundle['text/plain'] ?? '' };
}

describe('an encoding in a notebook', () => {
  it('shows pieces with their ids, and white space', async () => {
    const { text, html } = shown(await hello('hello hello\n'));
    expect(text).toBe('3 tokens: hello|260  ·hello|261  ⏎|199');
    expect(html).toMatch(/hello<sub [^>]*>260<\/sub>/);
    // The form of a colour that JupyterLab lets pass in a notebook that it does not trust.
    expect(html.match(/background:rgba\((\d+, ){3}0\.\d+\)"/g)).toHaveLength(3);
  });

  it('keeps the bytes of one character together, and shows what it cannot', async () => {
    const { text } = shown(await hello('é🤖\0'));
    expect(text.split('  ').map(piece => piece.split('|')[0])).toEqual(['7 tokens: é', '🤖', '\\u{0}']);
    const half = (await hello.encode('🤖')).slice(0, 2);
    expect(shown(hello.pad([{ inputIds: half }])).text).toMatch(/^2 tokens: \ufffd\|\d+ {2}\ufffd\|\d+$/);
  });

  it('marks special tokens, and sums padding up', async () => {
    const { text, html } = shown(await hello(['hello<|endoftext|>hello', 'hello'], { padding: true }));
    expect(text).toBe(
      '3 tokens: hello|260  <|endoftext|>|0  hello|260\n3 tokens: hello|260  <|endoftext|>|0 ×2',
    );
    expect(html.match(/1px dashed/g)).toHaveLength(2);
  });

  it('escapes what a text holds', async () => {
    const { html } = shown(await hello('<img src=x onerror="alert(1)">&amp;'));
    expect(html).not.toContain('<img');
    expect(html).toContain('&lt;');
    expect(html).toContain('&amp;');
  });

  it('keeps the space before a word that a decoder would drop at the start of a text', async () => {
    const metaspace = {
      ...words,
      pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
      decoder: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
      post_processor: null,
      model: { ...words.model, vocab: { '[UNK]': 0, '▁a': 1, '▁b': 2 } },
      added_tokens: [],
    };
    const tokenizer = await AutoTokenizer.fromPretrained(
      folder({ 'tokenizer.json': metaspace, 'tokenizer_config.json': { unk_token: '[UNK]' } }),
    );
    expect(shown(await tokenizer('a b')).text).toBe('2 tokens: a|1  ·b|2');
  });

  it('stays bounded for long texts and batches, and says what is left out', async () => {
    const { text, html } = shown(await hello('hello '.repeat(100_000)));
    expect(text).toMatch(/^100,001 tokens, the first 400 shown: /);
    expect(html.length).toBeLessThan(150_000);
    const many = shown(await hello(Array(500).fill('hello')));
    expect(many.text).toMatch(/and 488 more rows$/);
    expect(shown(await hello([])).text).toBe('no rows');
  });

  it('shows tensors and single rows alike', async () => {
    const tensor = await hello(['hello'], { returnTensors: 'np' });
    expect(shown(tensor).text).toBe('1 token: hello|260');
  });
});

describe('an encoding in a terminal', () => {
  it('is short, and its columns are its only properties', async () => {
    const letters = await AutoTokenizer.fromPretrained(
      folder({ 'tokenizer.json': words, 'tokenizer_config.json': wordsConfig }),
    );
    const encoding = await letters('a b');
    expect(inspect(encoding)).toBe('Encoding { inputIds: [ 2, 4, 5, 3 ], attentionMask: [ 1, 1, 1, 1 ] }');
    expect(Object.keys(encoding)).toEqual(['inputIds', 'attentionMask']);
    expect(JSON.stringify(encoding)).toBe('{"inputIds":[2,4,5,3],"attentionMask":[1,1,1,1]}');
    const big = await letters(Array(2000).fill('a b c d e f g h i j'));
    expect(inspect(big).split('\n').length).toBeLessThan(20);
  });
});
