import { beforeAll, describe, expect, it } from 'vitest';
import { trainBpe } from '../../../lib/tokenizers/bpe.ts';
import { AutoTokenizer, type PreTrainedTokenizer } from '../../../lib/tokenizers/index.ts';
import { bytes, folder, words } from './tiny.ts';

let tokenizer: PreTrainedTokenizer;
beforeAll(async () => {
  tokenizer = await AutoTokenizer.fromPretrained(folder({ 'tokenizer.json': bytes }));
});

const texts = ['low lower lowest', 'new newer newest', 'wide wider widest', 'low low new'];

describe('trainNewFromIterator', () => {
  it("learns the vocabulary of Python's train_new_from_iterator (tokenizers 0.23.2)", async () => {
    const own = await tokenizer.trainNewFromIterator(texts, 270);
    expect(own.length).toBe(270);
    // The end of text and 256 bytes come first, then the merges in this order.
    const learnt = own.convertIdsToTokens(Array.from({ length: 13 }, (_, index) => 257 + index));
    expect(learnt.join(' ')).toBe('lo low ew new de ide st wide Ġlow Ġnew er est Ġwide');
    expect(await own.tokenize('lower newest')).toEqual(['low', 'er', 'Ġnew', 'est']);
  });

  it('keeps special tokens and their roles', async () => {
    tokenizer.padToken = tokenizer.eosToken;
    const own = await tokenizer.trainNewFromIterator([texts], 262);
    expect([own.padTokenId, own.eosToken, own.length]).toEqual([0, '<|endoftext|>', 262]);
    const text = 'lowest <|endoftext|> 🤖';
    expect(own.decode(await own.encode(text))).toBe(text);
    expect(await tokenizer.encode('hello')).toEqual([260]);
  });

  it('adds the tokens that are not special after what it learnt, as AutoTokenizer does in Python', async () => {
    const gaps = ['    ', '  '].map((content, i) => ({
      ...bytes.added_tokens[0],
      id: 400 + i,
      content,
      special: false,
    }));
    const added = { ...bytes, added_tokens: [...bytes.added_tokens, ...gaps] };
    const own = await (
      await AutoTokenizer.fromPretrained(folder({ 'tokenizer.json': added }))
    ).trainNewFromIterator(texts, 262);
    expect([own.vocabSize, own.length]).toEqual([262, 264]);
    expect(own.convertIdsToTokens([262, 263])).toEqual(['    ', '  ']);
    expect(await own.tokenize('a    b  c')).toEqual(['a', '    ', 'b', '  ', 'c']);
  });

  it('stops when there is nothing left to join, and takes texts as they come', async () => {
    async function* stream() {
      yield 'ab';
      yield ['ab', ''];
    }
    expect((await tokenizer.trainNewFromIterator(stream(), 5000)).length).toBe(258);
    expect((await tokenizer.trainNewFromIterator([], 5000)).length).toBe(257);
  });

  it('gives the tokens around a text their new ids', async () => {
    const around = {
      ...bytes,
      added_tokens: [{ ...bytes.added_tokens[0], id: 300, content: '<s>' }, ...bytes.added_tokens],
      post_processor: {
        type: 'TemplateProcessing',
        single: [{ SpecialToken: { id: '<s>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
        pair: [{ Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 0 } }],
        special_tokens: { '<s>': { id: '<s>', ids: [262], tokens: ['<s>'] } },
      },
    };
    const begun = await AutoTokenizer.fromPretrained(folder({ 'tokenizer.json': around }));
    expect((await begun.encode('a'))[0]).toBe(begun.convertTokensToIds('<s>'));
    const own = await begun.trainNewFromIterator(['aa'], 259);
    const ids = await own.encode('a');
    expect(own.convertIdsToTokens(ids)).toEqual(['<s>', 'a']);
  });

  it('says what it cannot do', async () => {
    const letters = await AutoTokenizer.fromPretrained(folder({ 'tokenizer.json': words }));
    await expect(letters.trainNewFromIterator(texts, 100)).rejects.toThrow('this one is WordLevel');
    await expect(tokenizer.trainNewFromIterator(texts, 0)).rejects.toThrow('vocabSize must be');
    await expect(tokenizer.trainNewFromIterator([3 as never], 300)).rejects.toThrow('Text 0 is a number (3)');
    await expect(tokenizer.trainNewFromIterator([['a', null as never]], 300)).rejects.toThrow(
      'Text 1 is null',
    );
  });
});

describe('trainBpe', () => {
  it('joins the most frequent pair, of equals the one with the smaller ids', () => {
    const counts = new Map([
      ['bab', 2],
      ['cab', 1],
      ['cc', 3],
    ]);
    // ab stands in 3 words, cc in 3, ba in 2; a has the smaller id than c.
    expect(trainBpe(counts, 7, ['<s>'], ['z'])).toEqual({
      vocab: Object.assign(Object.create(null), { '<s>': 0, a: 1, b: 2, c: 3, z: 4, ab: 5, cc: 6 }),
      merges: [
        ['a', 'b'],
        ['c', 'c'],
      ],
    });
  });
});
