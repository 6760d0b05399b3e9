import { beforeAll, describe, expect, expectTypeOf, it, vi } from 'vitest';
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

/** The tokens of each row, for expectations that a reader can check by eye. */
const spell = (rows: readonly (readonly number[])[]) =>
  rows.map(row => letters.convertIdsToTokens(row).join(' '));

describe('a call with a text', () => {
  it('gives flat columns', async () => {
    expect(await letters('a b')).toEqual({ inputIds: [2, 4, 5, 3], attentionMask: [1, 1, 1, 1] });
  });

  it('gives only what is asked for', async () => {
    const encoding = await letters('a b', {
      returnAttentionMask: false,
      returnTokenTypeIds: true,
      returnSpecialTokensMask: true,
      returnOffsetsMapping: true,
      textPair: 'c',
    });
    expect(encoding).toEqual({
      inputIds: [2, 4, 5, 3, 6, 3],
      tokenTypeIds: [0, 0, 0, 0, 1, 1],
      specialTokensMask: [1, 0, 0, 1, 0, 1],
      offsetMapping: [
        [0, 0],
        [0, 1],
        [2, 3],
        [0, 0],
        [0, 1],
        [0, 0],
      ],
    });
    expect(Object.keys(encoding)).not.toContain('attentionMask');
  });

  it('leaves out what stands around a text when asked to', async () => {
    expect(await letters.encode('a b', { addSpecialTokens: false })).toEqual([4, 5]);
    expect(await letters.tokenize('a z')).toEqual(['a', '[UNK]']);
  });

  it('takes the empty text, NULs and half a surrogate pair', async () => {
    expect(await hello('')).toEqual({ inputIds: [], attentionMask: [] });
    expect(await letters.encode('')).toEqual([2, 3]);
    expect(hello.decode(await hello.encode('a\0b'))).toBe('a\0b');
    expect(hello.decode(await hello.encode('a\ud83eb'))).toBe('a\ufffdb');
  });
});

describe('a call with a batch', () => {
  it('gives a row a text', async () => {
    expect(await letters(['a', 'b c'])).toEqual({
      inputIds: [
        [2, 4, 3],
        [2, 5, 6, 3],
      ],
      attentionMask: [
        [1, 1, 1],
        [1, 1, 1, 1],
      ],
    });
    expect(await letters.encodeBatch(['a', 'b'])).toEqual([
      [2, 4, 3],
      [2, 5, 3],
    ]);
  });

  it('gives no rows for no texts', async () => {
    expect(await letters([])).toEqual({ inputIds: [], attentionMask: [] });
    expect((await letters([], { returnTensors: 'np', padding: true })).inputIds.dims).toEqual([0, 0]);
  });

  it('joins pairs', async () => {
    const { inputIds } = await letters(['a', 'b'], { textPair: ['c', 'd e'] });
    expect(spell(inputIds)).toEqual(['[CLS] a [SEP] c [SEP]', '[CLS] b [SEP] d e [SEP]']);
  });

  it('takes pairs as two texts, as two lists, and as a list of pairs, as transformers 5.18 does', async () => {
    expect((await letters('a b', 'c')).inputIds).toEqual([2, 4, 5, 3, 6, 3]);
    const pairs = [
      [2, 4, 5, 3, 6, 3],
      [2, 7, 3, 8, 3],
    ];
    expect((await letters(['a b', 'd'], ['c', 'e'])).inputIds).toEqual(pairs);
    const rows = [
      { question: 'a b', context: 'c' },
      { question: 'd', context: 'e' },
    ];
    expect((await letters(rows.map(row => [row.question, row.context]))).inputIds).toEqual(pairs);
    const { inputIds, tokenTypeIds } = await letters(
      [
        ['a b', 'c'],
        ['d', 'e'],
      ],
      {
        padding: true,
        returnTokenTypeIds: true,
      },
    );
    expectTypeOf(inputIds).toEqualTypeOf<number[][]>();
    expect(inputIds[1]).toEqual([2, 7, 3, 8, 3, 0]);
    expect(tokenTypeIds[1]).toEqual([0, 0, 0, 1, 1, 0]);
    const cut = await letters('a b c', 'd', { truncation: 'onlyFirst', maxLength: 5 });
    expectTypeOf(cut.inputIds).toEqualTypeOf<number[]>();
    expect(cut.inputIds).toEqual([2, 4, 3, 7, 3]);
  });

  it('names the pair that is none', async () => {
    const words = [
      ['a', 'b'],
      ['c', 'd', 'e'],
    ];
    await expect(letters(words)).rejects.toThrow('Item 1 of a batch of pairs is a list of 3; each must be');
    const mixed = [['a', 'b'], 'c'] as unknown as string[][];
    await expect(letters(mixed)).rejects.toThrow('Item 1 of a batch of pairs is a string; each must be');
    const bad = [['a', null]] as unknown as string[][];
    await expect(letters(bad)).rejects.toThrow('Text 1 of pair 0 is null, not a string.');
    await expect(letters([['a', 'b']], { textPair: ['c'] })).rejects.toThrow('textPair is of no use');
    await expect(letters(['a', 'b'], ['c'])).rejects.toThrow('a list of 2 texts');
  });

  it('names the place and the type of what is no text', async () => {
    const bad = ['a', 3] as unknown as string[];
    await expect(letters(bad)).rejects.toThrow('Text 1 of the batch is a number (3), not a string.');
    await expect(letters(undefined as unknown as string)).rejects.toThrow('The text is undefined');
    await expect(letters(['a'], { textPair: [null] as unknown as string[] })).rejects.toThrow(
      'Text 0 of textPair is null',
    );
    await expect(letters(['a', 'b'], { textPair: ['c'] })).rejects.toThrow('a list of 2 texts');
    await expect(letters(['a'], { textPair: 'c' })).rejects.toThrow('not a string');
  });
});

describe('offsets', () => {
  it('are indices of the JavaScript string, beyond characters that take two', async () => {
    const text = '🤖 hello 👩‍👧 é hello';
    const { inputIds, offsetMapping } = await hello(text, { returnOffsetsMapping: true });
    const tokens = hello.convertIdsToTokens(inputIds);
    const pieces = offsetMapping.map(([start, end]) => text.slice(start, end));
    expect(pieces.filter((_, index) => tokens[index]?.endsWith('hello'))).toEqual([' hello', ' hello']);
    expect(pieces[0]).toBe('🤖');
    expect(offsetMapping.at(-1)?.[1]).toBe(text.length);
  });

  it('are those of each text of a pair', async () => {
    const options = { returnOffsetsMapping: true, textPair: ['🤖🤖hello'] } as const;
    const { inputIds, offsetMapping } = await hello(['hello'], options);
    expect(hello.convertIdsToTokens(inputIds[0] ?? [])).toContain('hello');
    expect(offsetMapping[0]?.[0]).toEqual([0, 5]);
    expect(offsetMapping[0]?.at(-1)).toEqual([4, 9]);
  });
});

describe('padding', () => {
  it('fills up to the longest row, on the right', async () => {
    expect(
      await letters(['a', 'b c'], { padding: true, returnSpecialTokensMask: true, returnTokenTypeIds: true }),
    ).toEqual({
      inputIds: [
        [2, 4, 3, 0],
        [2, 5, 6, 3],
      ],
      attentionMask: [
        [1, 1, 1, 0],
        [1, 1, 1, 1],
      ],
      specialTokensMask: [
        [1, 0, 1, 1],
        [1, 0, 0, 1],
      ],
      tokenTypeIds: [
        [0, 0, 0, 0],
        [0, 0, 0, 0],
      ],
    });
  });

  it('goes to the left when asked to, by option or by the tokenizer', async () => {
    const { inputIds } = await letters(['a', 'b c'], { padding: 'longest', paddingSide: 'left' });
    expect(inputIds[0]).toEqual([0, 2, 4, 3]);
    letters.paddingSide = 'left';
    const again = await letters(['a', 'b c'], { padding: true });
    letters.paddingSide = 'right';
    expect(again.inputIds[0]).toEqual([0, 2, 4, 3]);
  });

  it('goes to maxLength, or to the next multiple', async () => {
    const fixed = await letters('a', { padding: 'maxLength', maxLength: 5 });
    expect(fixed.inputIds).toEqual([2, 4, 3, 0, 0]);
    expect((await letters('a', { padding: 'max_length' })).inputIds).toHaveLength(16);
    expect((await letters(['a', 'b c'], { padding: true, padToMultipleOf: 8 })).inputIds[1]).toHaveLength(8);
  });

  it('needs a padding token, and takes the one that is set', async () => {
    const own = await AutoTokenizer.fromPretrained(folder({ 'tokenizer.json': bytes }));
    await expect(own(['hello', 'a'], { padding: true })).rejects.toThrow(
      'tokenizer.padToken = tokenizer.eosToken',
    );
    own.padToken = own.eosToken;
    expect((await own(['hello hello', 'hello'], { padding: true })).inputIds).toEqual([
      [260, 261],
      [260, 0],
    ]);
  });

  it('does not leak into the next call, nor does truncation', async () => {
    const options = { padding: 'maxLength', maxLength: 4, truncation: true } as const;
    const [cut, whole] = await Promise.all([letters(['a b c d'], options), letters(['a b c d', 'a'])]);
    expect(spell(cut.inputIds)).toEqual(['[CLS] a b [SEP]']);
    expect(spell(whole.inputIds)).toEqual(['[CLS] a b c d [SEP]', '[CLS] a [SEP]']);
  });

  it('makes tensors for ONNX Runtime', async () => {
    const options = { padding: true, returnTensors: 'np', returnOffsetsMapping: true } as const;
    const { inputIds, offsetMapping } = await letters(['a', 'b c'], options);
    expect(inputIds).toEqual({
      type: 'int64',
      data: BigInt64Array.of(2n, 4n, 3n, 0n, 2n, 5n, 6n, 3n),
      dims: [2, 4],
    });
    expect(offsetMapping.dims).toEqual([2, 4, 2]);
    expect((await letters('a', { returnTensors: 'np' })).inputIds.dims).toEqual([1, 3]);
    await expect(letters(['a', 'b c'], { returnTensors: 'np' })).rejects.toThrow(
      'The rows of inputIds differ in length (3 and 4)',
    );
  });
});

describe('truncation', () => {
  it('keeps the beginning, or the end, with what stands around a text', async () => {
    const cut = (options: object) => letters(['a b c d e'], { truncation: true, ...options });
    expect(spell((await cut({ maxLength: 4 })).inputIds)).toEqual(['[CLS] a b [SEP]']);
    expect(spell((await cut({ maxLength: 4, truncationSide: 'left' })).inputIds)).toEqual([
      '[CLS] d e [SEP]',
    ]);
    letters.truncationSide = 'left';
    const left = await cut({ maxLength: 3 });
    letters.truncationSide = 'right';
    expect(spell(left.inputIds)).toEqual(['[CLS] e [SEP]']);
  });

  it('is what maxLength alone asks for, as in Python, and uses the length of the model', async () => {
    expect((await letters('a b c d e', { maxLength: 4 })).inputIds).toEqual([2, 4, 5, 3]);
    const long = Array(40).fill('a').join(' ');
    expect((await letters(long, { truncation: true })).inputIds).toHaveLength(16);
    expect((await letters(long)).inputIds).toHaveLength(42);
    await expect(hello('hello', { padding: 'maxLength' })).rejects.toThrow(
      "padding: 'maxLength' needs maxLength",
    );
  });

  it('is not asked for by maxLength beside a word on padding, as in Python', async () => {
    for (const padding of ['do_not_pad', 'doNotPad', 'max_length'] as const)
      expect((await letters('a b c d e', { padding, maxLength: 4 })).inputIds, padding).toHaveLength(7);
    expect((await letters('a b c d e', { padding: false, maxLength: 4 })).inputIds).toHaveLength(4);
  });

  it('warns once and leaves texts whole where nobody knows the length, as in Python', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    try {
      for (const truncation of [true, 'onlyFirst'] as const)
        expect((await hello('hello', { truncation })).inputIds).toEqual([260]);
      expect(warn.mock.calls).toEqual([[expect.stringContaining('say so with maxLength')]]);
    } finally {
      warn.mockRestore();
    }
  });

  it.each([
    [4, 3, 3, false, [1, 2]],
    [4, 3, 5, false, [3, 2]],
    [3, 4, 3, false, [1, 2]],
    [7, 6, 6, true, [1, 2]],
    [7, 5, 6, true, [2, 1]],
    [4, 4, 8, true, [2, 3]],
    [6, 7, 6, true, [1, 2]],
  ])(
    'of a pair of %i and %i tokens with maxLength %i keeps what transformers 5.18 keeps',
    async (first, second, maxLength, addSpecialTokens, kept) => {
      const options = { truncation: true, maxLength, addSpecialTokens };
      const { inputIds } = await letters('a '.repeat(first), 'b '.repeat(second), options);
      expect([4, 5].map(id => inputIds.filter(other => other === id).length)).toEqual(kept);
    },
  );

  it.each([
    ['longestFirst', 7, '[CLS] a b [SEP] e f [SEP]'],
    ['longestFirst', 8, '[CLS] a b [SEP] e f g [SEP]'],
    ['onlySecond', 9, '[CLS] a b c d [SEP] e f [SEP]'],
    ['onlyFirst', 10, '[CLS] a [SEP] e f g h i j [SEP]'],
  ] as const)(
    'shortens a pair by %s to %i tokens as tokenizers 0.22.2 does',
    async (truncation, maxLength, want) => {
      const { inputIds } = await letters(['a b c d'], { textPair: ['e f g h i j'], truncation, maxLength });
      expect(spell(inputIds)).toEqual([want]);
    },
  );

  it('cannot shorten the text that is not to be cut', async () => {
    const options = { textPair: 'e f g h i j', maxLength: 7 } as const;
    await expect(letters('a b c d', { ...options, truncation: 'onlySecond' })).rejects.toThrow(
      "truncation: 'onlySecond' cannot bring text 0 to maxLength 7",
    );
    await expect(letters('a b c d', { maxLength: 3, truncation: 'onlySecond' })).rejects.toThrow(
      'has no second text',
    );
  });

  it('gives overflow as further rows that repeat stride tokens, as tokenizers 0.22.2 does', async () => {
    const options = { maxLength: 5, stride: 1, returnOverflowingTokens: true } as const;
    const { inputIds, overflowToSampleMapping } = await letters(['a b c d e f g', 'h'], options);
    expect(spell(inputIds)).toEqual([
      '[CLS] a b c [SEP]',
      '[CLS] c d e [SEP]',
      '[CLS] e f g [SEP]',
      '[CLS] h [SEP]',
    ]);
    expect(overflowToSampleMapping).toEqual([0, 0, 0, 1]);
    const left = await letters('a b c d e f g', {
      ...options,
      truncationSide: 'left',
      truncation: true,
      padding: true,
    });
    expect(spell(left.inputIds)).toEqual(['[CLS] e f g [SEP]', '[CLS] c d e [SEP]', '[CLS] a b c [SEP]']);
  });

  it('gives the overflow of a pair in the order of tokenizers 0.22.2', async () => {
    const options = { textPair: ['e f g h i j'], maxLength: 8, stride: 1, truncation: true } as const;
    const { inputIds } = await letters(['a b c d'], { ...options, returnOverflowingTokens: true });
    expect(spell(inputIds)).toEqual([
      '[CLS] a b [SEP] e f g [SEP]',
      '[CLS] b c [SEP] e f g [SEP]',
      '[CLS] b c [SEP] g h i [SEP]',
      '[CLS] b c [SEP] i j [SEP]',
      '[CLS] c d [SEP] e f g [SEP]',
      '[CLS] c d [SEP] g h i [SEP]',
      '[CLS] c d [SEP] i j [SEP]',
      '[CLS] a b [SEP] g h i [SEP]',
      '[CLS] a b [SEP] i j [SEP]',
    ]);
  });
});

describe('an option that cannot be', () => {
  it('is a second text beside another, and what is neither text nor options', async () => {
    const call = letters as unknown as (...given: unknown[]) => Promise<unknown>;
    const twice = 'The second text is given twice, as an argument and as textPair; leave one out.';
    await expect(call('a', 'b', { textPair: 'c' })).rejects.toThrow(twice);
    await expect(call(['a'], ['b'], { textPair: ['c'] })).rejects.toThrow(twice);
    const neither = 'it must be a second text, a list of them, or an object of options';
    await expect(call('a', null)).rejects.toThrow(`What follows the text is null; ${neither}`);
    await expect(call('a', 5)).rejects.toThrow(`What follows the text is a number (5); ${neither}`);
    await expect(call('a', 'b', null)).rejects.toThrow(neither);
  });

  it.each([
    [{ maxLength: 0 }, 'maxLength must be a whole number above 0, not 0'],
    [{ maxLength: -2, truncation: true }, 'maxLength must be a whole number above 0, not -2'],
    [{ maxLength: 1.5, truncation: true }, 'not 1.5'],
    [{ maxLength: 1 }, 'maxLength 1 has no room for the 2 special tokens'],
    [{ maxLength: 4, stride: 4 }, 'stride must be a whole number from 0 to less than maxLength (4), not 4'],
    [
      { maxLength: 4, stride: 2 },
      'stride 2 must be less than the 2 tokens that maxLength 4 leaves of text 0',
    ],
    [
      { maxLength: 2, returnOverflowingTokens: true },
      'maxLength 2 leaves no room for a token of text 0; raise maxLength',
    ],
    [{ maxLength: 4, stride: -1 }, 'not -1'],
    [
      { padding: 'longer' },
      "padding must be true, false, 'longest', 'maxLength', 'doNotPad', not \"longer\"",
    ],
    [{ truncation: 'first' }, 'truncation must be'],
    [{ padding: true, paddingSide: 'LEFT' }, "paddingSide must be 'left' or 'right', not \"LEFT\""],
    [{ padding: true, maxLength: 4 }, 'maxLength does nothing with padding: true alone'],
    [{ max_length: 3 }, 'The tokenizer has no option "max_length"; the nearest is maxLength;'],
    [{ returnTensors: 'pt' }, 'returnTensors must be \'np\', not "pt"'],
    [{ length: 3 }, 'The tokenizer has no option "length"; the nearest is maxLength; there are padding,'],
    [{ padding: true, padToMultipleOf: 0 }, 'padToMultipleOf must be'],
    [{ padding: true, truncation: true, maxLength: 6, padToMultipleOf: 4 }, 'must be a multiple of'],
  ])('%j is refused', async (options, message) => {
    await expect(letters(['a b c d e'], options as object)).rejects.toThrow(message);
  });
});

describe('pad', () => {
  it('fills up rows that were encoded one by one, and leaves other columns alone', async () => {
    const rows = [
      { ...(await letters('a')), label: 1 },
      { ...(await letters('b c')), label: 0 },
    ];
    expect(letters.pad(rows)).toEqual({
      inputIds: [
        [2, 4, 3, 0],
        [2, 5, 6, 3],
      ],
      attentionMask: [
        [1, 1, 1, 0],
        [1, 1, 1, 1],
      ],
      label: [1, 0],
    });
    expect(rows[0]?.inputIds).toEqual([2, 4, 3]);
  });

  it('takes columns, makes the mask that is missing, and tensors', () => {
    const batch = letters.pad({ inputIds: [[4], [5, 6]] }, { paddingSide: 'left', returnTensors: 'np' });
    expect(batch.inputIds.data).toEqual(BigInt64Array.of(0n, 4n, 5n, 6n));
    expect(batch.attentionMask.data).toEqual(BigInt64Array.of(0n, 1n, 1n, 1n));
    const rows = [{ inputIds: [4], label: 1 }];
    expect(letters.pad(rows, { returnTensors: 'np' })).toMatchObject({
      label: { data: BigInt64Array.of(1n), dims: [1] },
    });
    const named = [{ inputIds: [4], label: 'x' }];
    expect(() => letters.pad(named, { returnTensors: 'np' })).toThrow('label holds a string');
    expect(() => letters.pad({ inputIds: [4, 5] } as never)).toThrow('row 0 has a number (4) instead');
    expect(() => hello.pad([{ inputIds: [1] }])).toThrow('tokenizer.padToken = tokenizer.eosToken');
  });
});
