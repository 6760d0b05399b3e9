import { beforeEach, describe, expect, it } from 'vitest';
import { AutoTokenizer, type PreTrainedTokenizer } from '../../../lib/tokenizers/index.ts';
import { bytes, folder } from './tiny.ts';

let tokenizer: PreTrainedTokenizer;
beforeEach(async () => {
  tokenizer = await AutoTokenizer.fromPretrained(folder({ 'tokenizer.json': bytes }));
});

describe('a special token', () => {
  it('is set by its text or its id, and unset by null', () => {
    expect(tokenizer.padTokenId).toBeNull();
    tokenizer.padToken = tokenizer.eosToken;
    expect(tokenizer.padTokenId).toBe(0);
    tokenizer.padTokenId = 260;
    expect(tokenizer.padToken).toBe('hello');
    tokenizer.padToken = null;
    expect([tokenizer.padToken, tokenizer.padTokenId]).toEqual([null, null]);
  });

  it('must be in the vocabulary', () => {
    expect(() => {
      tokenizer.padToken = '<pad>';
    }).toThrow(
      `"<pad>" is not in the vocabulary; add it with tokenizer.addSpecialTokens({ padToken: "<pad>" })`,
    );
    expect(() => {
      tokenizer.padTokenId = 999;
    }).toThrow('Id 999');
    expect(() => {
      tokenizer.padToken = 3 as never;
    }).toThrow('padToken must be a string, not a number (3)');
  });
});

describe('addSpecialTokens', () => {
  it('adds what is missing and gives it its role', async () => {
    const added = tokenizer.addSpecialTokens({
      padToken: '<pad>',
      bosToken: '<|endoftext|>',
      additionalSpecialTokens: ['<user>'],
    });
    expect([added, tokenizer.length, tokenizer.vocabSize]).toEqual([2, 264, 262]);
    expect([tokenizer.padTokenId, tokenizer.bosTokenId]).toEqual([262, 0]);
    const ids = await tokenizer.encode('<user>hello<pad>');
    expect(ids).toEqual([263, 260, 262]);
    expect(tokenizer.decode(ids, { skipSpecialTokens: true })).toBe('hello');
  });

  it('knows its roles', () => {
    expect(() => tokenizer.addSpecialTokens({ fooToken: 'x' } as never)).toThrow(
      'There is no special token fooToken; there are bosToken,',
    );
  });
});

describe('addTokens', () => {
  it('counts only what is new, and keeps it whole in text', async () => {
    expect(tokenizer.addTokens(['hello', 'Lamini', 'Lamini'])).toBe(1);
    expect(tokenizer.addTokens('LoRA')).toBe(1);
    const ids = await tokenizer.encode('LaminiLoRA');
    expect(ids).toEqual([262, 263]);
    expect(tokenizer.decode(ids, { skipSpecialTokens: true })).toBe('LaminiLoRA');
  });

  it('takes rules, and special ones', async () => {
    tokenizer.addTokens([{ content: '<mask>', lstrip: true }], { specialTokens: true });
    const ids = await tokenizer.encode('hello <mask>');
    expect(tokenizer.convertIdsToTokens(ids)).toEqual(['hello', '<mask>']);
    expect(tokenizer.decode(ids, { skipSpecialTokens: true })).toBe('hello');
    expect(() => tokenizer.addTokens([3] as never)).toThrow('A token to add must be a token or an object');
  });
});
