import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AutoTokenizer } from '../../../lib/tokenizers/index.ts';
import { bytes, bytesMerges, bytesVocab, folder, words, wordsConfig } from './tiny.ts';

const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'));

describe('savePretrained', () => {
  it('writes what fromPretrained reads, with what was changed since', async () => {
    const files = { 'tokenizer.json': bytes, 'chat_template.jinja': '{{ messages[0].content }}' };
    const tokenizer = await AutoTokenizer.fromPretrained(folder(files));
    tokenizer.addSpecialTokens({ padToken: '<pad>' });
    tokenizer.paddingSide = 'left';
    tokenizer.modelMaxLength = 2048;
    const path = join(folder({}), 'new', 'model');
    const saved = await tokenizer.savePretrained(path);
    expect(readdirSync(path).sort()).toEqual([
      'chat_template.jinja',
      'special_tokens_map.json',
      'tokenizer.json',
      'tokenizer_config.json',
    ]);
    expect(saved).toContain(join(path, 'tokenizer.json'));

    const again = await AutoTokenizer.fromPretrained(path);
    const texts = ['hello<pad>', 'hello hello'];
    expect(await again(texts, { padding: true })).toEqual(await tokenizer(texts, { padding: true }));
    expect([again.padTokenId, again.paddingSide, again.modelMaxLength, again.chatTemplate]).toEqual([
      262,
      'left',
      2048,
      '{{ messages[0].content }}',
    ]);
  });

  it('keeps the keys and the rules of the files it was loaded from, and Python names', async () => {
    const config = { ...wordsConfig, tokenizer_class: 'BertTokenizer', do_lower_case: true };
    const tokenizer = await AutoTokenizer.fromPretrained(
      folder({ 'tokenizer.json': words, 'tokenizer_config.json': config }),
    );
    tokenizer.clsToken = null;
    const path = folder({});
    await tokenizer.savePretrained(path);
    expect(read(join(path, 'tokenizer_config.json'))).toEqual({
      do_lower_case: true,
      model_max_length: 16,
      pad_token: '[PAD]',
      padding_side: 'right',
      sep_token: '[SEP]',
      tokenizer_class: 'BertTokenizer',
      truncation_side: 'right',
      unk_token: '[UNK]',
    });
    expect(read(join(path, 'special_tokens_map.json'))).toEqual({
      pad_token: '[PAD]',
      sep_token: { content: '[SEP]', lstrip: false, rstrip: false, normalized: false },
      unk_token: '[UNK]',
    });
    expect(read(join(path, 'tokenizer.json')).model).toEqual(words.model);
  });

  it('makes tokenizer.json of the older layout', async () => {
    const old = await AutoTokenizer.fromPretrained(
      folder({ 'vocab.json': bytesVocab, 'merges.txt': bytesMerges }),
    );
    const path = folder({});
    await old.savePretrained(path);
    const again = await AutoTokenizer.fromPretrained(path);
    expect(await again.encode('hello hello<|endoftext|>')).toEqual([260, 261, 0]);
    expect(again.eosToken).toBe('<|endoftext|>');
  });

  it('keeps several chat templates by name', async () => {
    const templates = { default: 'a', rag: 'b' };
    const tokenizer = await AutoTokenizer.fromPretrained(folder({ 'tokenizer.json': bytes }));
    tokenizer.chatTemplate = templates;
    const path = folder({});
    await tokenizer.savePretrained(path);
    expect((await AutoTokenizer.fromPretrained(path)).chatTemplate).toEqual(templates);
  });

  it('leaves nothing half-written where it cannot write', async () => {
    const tokenizer = await AutoTokenizer.fromPretrained(folder({ 'tokenizer.json': bytes }));
    const path = folder({ 'tokenizer.json/inside': 'x' });
    await expect(tokenizer.savePretrained(path)).rejects.toThrow();
    expect(readdirSync(path)).toEqual(['tokenizer.json']);
    writeFileSync(join(path, 'file'), '');
    await expect(tokenizer.savePretrained(join(path, 'file'))).rejects.toThrow('EEXIST');
  });
});
