import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AutoTokenizer } from '../../../lib/tokenizers/index.ts';
import { bytes, bytesMerges, bytesVocab, folder, words, wordsConfig } from './tiny.ts';

const load = (files: Record<string, unknown>, options = {}) =>
  AutoTokenizer.fromPretrained(folder(files), options);

describe('a folder', () => {
  it('gives the special tokens, sides and lengths of its files', async () => {
    const tokenizer = await load({
      'tokenizer.json': words,
      'tokenizer_config.json': { ...wordsConfig, padding_side: 'left', truncation_side: 'left' },
    });
    expect(tokenizer.specialTokensMap).toEqual({
      unk_token: '[UNK]',
      sep_token: '[SEP]',
      pad_token: '[PAD]',
      cls_token: '[CLS]',
    });
    expect([tokenizer.padTokenId, tokenizer.sepToken, tokenizer.eosToken, tokenizer.eosTokenId]).toEqual([
      0,
      '[SEP]',
      null,
      null,
    ]);
    expect([tokenizer.modelMaxLength, tokenizer.paddingSide, tokenizer.truncationSide]).toEqual([
      16,
      'left',
      'left',
    ]);
  });

  it('is overruled by the options', async () => {
    const files = { 'tokenizer.json': words, 'tokenizer_config.json': wordsConfig };
    const tokenizer = await load(files, { paddingSide: 'left', modelMaxLength: 5 });
    expect([tokenizer.paddingSide, tokenizer.truncationSide, tokenizer.modelMaxLength]).toEqual([
      'left',
      'right',
      5,
    ]);
    await expect(load(files, { paddingSide: 'top' as never })).rejects.toThrow("paddingSide must be 'left'");
    await expect(load(files, { padding_side: 'left' })).rejects.toThrow('the nearest is paddingSide;');
  });

  it('may leave the special tokens to special_tokens_map.json', async () => {
    const map = { pad_token: { content: '[PAD]', lstrip: false }, unk_token: '[UNK]' };
    const tokenizer = await load({
      'tokenizer.json': words,
      'tokenizer_config.json': { model_max_length: 1e30 },
      'special_tokens_map.json': map,
    });
    expect([tokenizer.padToken, tokenizer.unkTokenId, tokenizer.modelMaxLength]).toEqual([
      '[PAD]',
      1,
      Infinity,
    ]);
  });

  it('may name tokens that tokenizer.json lacks, and gets them', async () => {
    const tokenizer = await load({
      'tokenizer.json': bytes,
      'tokenizer_config.json': {
        eos_token: '<|endoftext|>',
        pad_token: '<pad>',
        added_tokens_decoder: {
          262: { content: '<user>', special: true, lstrip: false, rstrip: true, normalized: false },
        },
        additional_special_tokens: ['<user>', '<bot>'],
      },
    });
    expect(tokenizer.length).toBe(265);
    expect(tokenizer.allSpecialTokens).toEqual(['<|endoftext|>', '<pad>', '<user>', '<bot>']);
    const ids = await tokenizer.encode('<user> hello<bot>');
    expect(tokenizer.convertIdsToTokens(ids)).toEqual(['<user>', 'hello', '<bot>']);
  });

  it('without any word on special tokens has those of its family', async () => {
    const tokenizer = await load({ 'tokenizer.json': bytes });
    expect(tokenizer.specialTokensMap).toEqual({
      bos_token: '<|endoftext|>',
      eos_token: '<|endoftext|>',
      unk_token: '<|endoftext|>',
    });
  });

  it('may ask for padding and truncation in tokenizer.json, which only say how', async () => {
    const asking = {
      ...bytes,
      truncation: { max_length: 1, stride: 0, strategy: 'LongestFirst', direction: 'Left' },
      padding: {
        strategy: 'BatchLongest',
        direction: 'Left',
        pad_to_multiple_of: null,
        pad_id: 0,
        pad_type_id: 0,
        pad_token: '<|endoftext|>',
      },
    };
    const config = { eos_token: '<|endoftext|>' };
    const tokenizer = await load({ 'tokenizer.json': asking, 'tokenizer_config.json': config });
    expect(await tokenizer.encodeBatch(['hello hello', 'hello'])).toEqual([[260, 261], [260]]);
    expect((await tokenizer(['hello hello', 'hello'], { padding: true })).inputIds[1]).toEqual([0, 260]);
    expect(tokenizer.truncationSide).toBe('left');
  });

  it('may say what stands around a text where tokenizer.json does not', async () => {
    const config = { bos_token: '<|endoftext|>', add_bos_token: true };
    const begun = await load({ 'tokenizer.json': bytes, 'tokenizer_config.json': config });
    expect(await begun.encode('hello')).toEqual([0, 260]);
    expect(await begun.encode('hello', { textPair: 'hello' })).toEqual([0, 260, 0, 260]);
    expect(await begun.encode('hello', { addSpecialTokens: false })).toEqual([260]);
    const both = { ...config, eos_token: '<|endoftext|>', add_eos_token: true };
    const ended = await load({ 'tokenizer.json': bytes, 'tokenizer_config.json': both });
    expect(await ended.encode('hello')).toEqual([0, 260, 0]);
  });

  it('may hold vocab.json and merges.txt, as GPT-2 does', async () => {
    const tokenizer = await load({ 'vocab.json': bytesVocab, 'merges.txt': bytesMerges });
    const whole = await load({ 'tokenizer.json': bytes });
    const text = ' hello wörld hello<|endoftext|>';
    expect(await tokenizer.encode(text)).toEqual(await whole.encode(text));
    expect(tokenizer.decode(await tokenizer.encode(text))).toBe(text);
    expect(tokenizer.eosTokenId).toBe(0);
    expect(tokenizer.vocabSize).toBe(262);
  });

  // The ids and what is special are those of Python's GPT2Tokenizer for the same files.
  it('may hold added_tokens.json beside vocab.json, as older versions of Python saved it', async () => {
    const files = {
      'vocab.json': bytesVocab,
      'merges.txt': bytesMerges,
      'added_tokens.json': { '<|pad|>': 263, '<user>': 262, '<|endoftext|>': 0 },
      'tokenizer_config.json': { tokenizer_class: 'GPT2Tokenizer', pad_token: '<|pad|>' },
    };
    const tokenizer = await load(files);
    const ids = await tokenizer.encode('hello<user> hello<|pad|><|endoftext|>');
    expect(ids).toEqual([260, 262, 261, 263, 0]);
    expect(tokenizer.length).toBe(264);
    expect(tokenizer.padTokenId).toBe(263);
    expect(tokenizer.decode(ids, { skipSpecialTokens: true })).toBe('hello<user> hello');
    await expect(load({ ...files, 'added_tokens.json': { '<user>': 270 } })).rejects.toThrow(
      /added_tokens\.json in .* gives "<user>" the id 270, but with the vocabulary of vocab\.json its id is 262/,
    );
    const listed = { 262: { content: '<bot>', special: true } };
    const newer = await load({ ...files, 'tokenizer_config.json': { added_tokens_decoder: listed } });
    expect(newer.convertIdsToTokens(await newer.encode('<bot><user>'))[0]).toBe('<bot>');
    expect(newer.length).toBe(263);
  });

  it('shows itself in a few lines', async () => {
    const tokenizer = await load({ 'tokenizer.json': words, 'tokenizer_config.json': wordsConfig });
    expect(typeof tokenizer).toBe('function');
    expect(inspect(tokenizer)).toMatch(/^PreTrainedTokenizer {\n.*vocabSize: 14,.*padToken: '\[PAD\]'/s);
  });
});

describe('a folder that is no tokenizer', () => {
  it.each([
    [{ 'config.json': {} }, /no tokenizer in .*: neither tokenizer\.json, nor vocab\.json with merges\.txt/],
    [{ 'vocab.json': {} }, /no tokenizer in/],
    [
      { 'tokenizer.model': 'x' },
      /SentencePiece tokenizer\.model, which is not read here; save it as tokenizer\.json/,
    ],
    [{ 'tokenizer.json': JSON.stringify(bytes).slice(0, 500) }, /tokenizer\.json in .* is not complete JSON/],
    [{ 'tokenizer.json': '[]' }, /tokenizer\.json in .* holds no JSON object/],
    [{ 'tokenizer.json': { version: '1.0' } }, /tokenizer\.json in .* describes no tokenizer: Model missing/],
    [
      { 'tokenizer.json': bytes, 'tokenizer_config.json': '{' },
      /tokenizer_config\.json in .* is not complete/,
    ],
    [
      { 'tokenizer.json': bytes, 'tokenizer_config.json': { pad_token: 3 } },
      /pad_token of the tokenizer must be/,
    ],
    [
      { 'tokenizer.json': bytes, 'tokenizer_config.json': { padding_side: 'top' } },
      /padding_side of the tokenizer must be 'left' or 'right', not "top"/,
    ],
    [
      { 'tokenizer.json': bytes, 'tokenizer_config.json': { chat_template: 3 } },
      /chat_template in .* must be/,
    ],
    [
      { 'vocab.json': bytesVocab, 'merges.txt': 'a b c\n' },
      /merges\.txt in .*, line 1 is not two tokens: "a b c"/,
    ],
    [
      {
        'vocab.json': bytesVocab,
        'merges.txt': bytesMerges,
        'tokenizer_config.json': { tokenizer_class: 'RobertaTokenizer' },
      },
      /are those of a RobertaTokenizer; save tokenizer\.json/,
    ],
  ])('says why: %#', async (files, message) => {
    await expect(load(files)).rejects.toThrow(message);
  });

  it('is named if it is not there, or is a file', async () => {
    await expect(AutoTokenizer.fromPretrained('./no/such/folder')).rejects.toThrow(/no folder .*folder/);
    await expect(AutoTokenizer.fromPretrained('')).rejects.toThrow('a folder or a hub id');
    const file = join(folder({ 'tokenizer.json': bytes }), 'tokenizer.json');
    await expect(AutoTokenizer.fromPretrained(file)).rejects.toThrow('is a file; name the folder');
  });

  it('cannot lead out of its folder', async () => {
    const outside = folder({ 'tokenizer.json': words });
    const config = { tokenizer_file: join(outside, 'tokenizer.json'), vocab_file: '../../vocab.json' };
    await expect(load({ 'tokenizer_config.json': config })).rejects.toThrow('no tokenizer in');
  });
});

describe('a repository on the hub', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it("is found in Python's cache without a connection", async () => {
    const cache = folder({});
    const repo = join(cache, 'models--someone--tiny');
    const commit = 'ab'.repeat(20);
    mkdirSync(join(repo, 'refs'), { recursive: true });
    writeFileSync(join(repo, 'refs', 'main'), commit);
    mkdirSync(join(repo, 'snapshots', commit), { recursive: true });
    writeFileSync(join(repo, 'snapshots', commit, 'tokenizer.json'), JSON.stringify(bytes));
    vi.stubEnv('HF_HUB_CACHE', cache);
    const tokenizer = await AutoTokenizer.fromPretrained('someone/tiny', { localFilesOnly: true });
    expect(await tokenizer.encode('hello')).toEqual([260]);
    expect(tokenizer.nameOrPath).toBe('someone/tiny');
  });

  it('says what the hub or its cache says where there is no such repository', async () => {
    vi.stubEnv('HF_HUB_CACHE', folder({}));
    await expect(AutoTokenizer.fromPretrained('someone/tiny', { localFilesOnly: true })).rejects.toThrow(
      /Nothing of the revision "main" of someone\/tiny is cached.*There is no folder .*someone\/tiny either\./,
    );
  });

  it('has an id that stays inside the cache', async () => {
    await expect(AutoTokenizer.fromPretrained('../secret')).rejects.toThrow(/no folder/);
    await expect(AutoTokenizer.fromPretrained('a/b/c')).rejects.toThrow(/no folder/);
  });
});
