import { beforeAll, describe, expect, it } from 'vitest';
import { AutoTokenizer, type PreTrainedTokenizer } from '../../../lib/tokenizers/index.ts';
import { bytes, folder, words, wordsConfig } from './tiny.ts';

let letters: PreTrainedTokenizer;
let hello: PreTrainedTokenizer;
beforeAll(async () => {
  letters = await AutoTokenizer.fromPretrained(
    folder({ 'tokenizer.json': words, 'tokenizer_config.json': wordsConfig }),
  );
  hello = await AutoTokenizer.fromPretrained(folder({ 'tokenizer.json': bytes }));
});

describe('decode', () => {
  it('gives back what was encoded', async () => {
    const text = 'hello héllo 🤖\n\thello<|endoftext|>';
    expect(hello.decode(await hello.encode(text))).toBe(text);
  });

  it('leaves special tokens out when asked to', () => {
    expect(letters.decode([2, 4, 5, 3])).toBe('[CLS] a b [SEP]');
    expect(letters.decode([2, 4, 5, 3, 0], { skipSpecialTokens: true })).toBe('a b');
  });

  it('takes one id, no ids, and the typed arrays of a tensor', async () => {
    expect(letters.decode(4)).toBe('a');
    expect(letters.decode([])).toBe('');
    const { inputIds } = await letters('a b', { returnTensors: 'np' });
    expect(letters.decode(inputIds.data)).toBe('[CLS] a b [SEP]');
    expect(letters.batchDecode([[4], [5, 6]])).toEqual(['a', 'b c']);
    const tensor = { type: 'int64', data: BigInt64Array.of(4n, 5n, 5n, 6n), dims: [2, 2] } as const;
    expect(letters.batchDecode(tensor)).toEqual(['a b', 'b c']);
    expect(() => letters.batchDecode({ ...tensor, dims: [4] })).toThrow('this tensor has 1');
  });

  it('takes rows and tensors for several texts, as in transformers 5', async () => {
    const { inputIds } = await letters(['a b', 'c d'], { addSpecialTokens: false, returnTensors: 'np' });
    expect(letters.decode(inputIds)).toEqual(['a b', 'c d']);
    expect(letters.decode([[4, 5], [6]])).toEqual(['a b', 'c']);
  });

  it('says what it needs where there are no ids', async () => {
    const message = 'Ids must be a list of whole numbers, not an object; take inputIds of an encoding';
    const encoding = (await letters('a b')) as never;
    expect(() => letters.decode(encoding)).toThrow(message);
    expect(() => letters.decode({} as never)).toThrow(message);
    expect(() => letters.convertIdsToTokens({} as never)).toThrow(message);
    expect(() => letters.decode(undefined as never)).toThrow('not undefined');
    expect(() => letters.convertIdsToTokens([[4]] as never)).toThrow(
      'Id [4] at index 0 is not in the vocabulary',
    );
  });

  it.each([
    [[4, 14], 'Id 14 at index 1 is not in the vocabulary of 14 tokens'],
    [[-1], 'Id -1 at index 0'],
    [[1.5], 'Id 1.5 at index 0'],
    [[2 ** 32], 'Id 4294967296 at index 0'],
    [[Number.NaN], 'Id NaN at index 0'],
  ])('refuses the ids %j', (ids, message) => {
    expect(() => letters.decode(ids)).toThrow(message);
  });

  it('joins punctuation to words where the files or the caller ask for it', async () => {
    const spaced = {
      ...words,
      model: { ...words.model, vocab: { '[UNK]': 0, it: 1, is: 2, "n't": 3, so: 4, '.': 5, ',': 6 } },
      added_tokens: [],
      post_processor: null,
    };
    const files = {
      'tokenizer.json': spaced,
      'tokenizer_config.json': { clean_up_tokenization_spaces: true },
    };
    const tokenizer = await AutoTokenizer.fromPretrained(folder(files));
    expect(tokenizer.decode([1, 2, 3, 4, 6, 4, 5])).toBe("it isn't so, so.");
    expect(tokenizer.decode([4, 5], { cleanUpTokenizationSpaces: false })).toBe('so .');
  });

  it('is deaf where it would damage text, as Python is (transformers 5.18)', async () => {
    const files = {
      'tokenizer.json': bytes,
      'tokenizer_config.json': { clean_up_tokenization_spaces: true },
    };
    const tokenizer = await AutoTokenizer.fromPretrained(folder(files));
    const ids = await tokenizer.encode('hello .');
    expect(tokenizer.decode(ids)).toBe('hello .');
    expect(tokenizer.decode(ids, { cleanUpTokenizationSpaces: true })).toBe('hello .');
  });
});

describe('tokens and ids', () => {
  it('convert to each other', () => {
    expect(letters.convertIdsToTokens(4)).toBe('a');
    expect(letters.convertIdsToTokens([2, 4, 3])).toEqual(['[CLS]', 'a', '[SEP]']);
    expect(letters.convertIdsToTokens([2, 4, 3], { skipSpecialTokens: true })).toEqual(['a']);
    expect(letters.convertTokensToIds('b')).toBe(5);
    expect(letters.convertTokensToIds(['b', 'zebra'])).toEqual([5, 1]);
  });

  it('have no id for an unknown token without a token for the unknown', async () => {
    const nameless = await AutoTokenizer.fromPretrained(
      folder({ 'tokenizer.json': bytes, 'tokenizer_config.json': { eos_token: '<|endoftext|>' } }),
    );
    expect(nameless.convertTokensToIds('zebra')).toBeNull();
  });

  it('count the vocabulary without and with added tokens', () => {
    expect([letters.vocabSize, letters.length]).toEqual([14, 14]);
    expect(letters.getVocab()).toMatchObject({ '[PAD]': 0, a: 4, j: 13 });
  });
});
