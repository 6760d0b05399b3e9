/** A new vocabulary for an old tokenizer. The native package's own training takes neither a size nor special tokens. */
import type { Tokenizer as NativeTokenizer } from 'tokenizers';
import { addEntries } from './added.ts';
import { trainBpe } from './bpe.ts';
import { nativeFromJson, nativePackage, nativeToJson, type TokenizerJson } from './native.ts';
import { kindOf } from './texts.ts';

/** The same normalizer, pre-tokenizer, decoder and added tokens, with a vocabulary learnt from the texts. */
export async function trainTokenizer(
  native: NativeTokenizer,
  texts: Iterable<string | readonly string[]> | AsyncIterable<string | readonly string[]>,
  vocabSize: number,
): Promise<NativeTokenizer> {
  if (!Number.isInteger(vocabSize) || vocabSize < 1)
    throw new RangeError(`vocabSize must be a whole number above 0, not ${String(vocabSize)}.`);
  const json = nativeToJson(native);
  const { model } = json;
  if (model.type !== 'BPE' || model.continuing_subword_prefix || model.end_of_word_suffix) {
    throw new Error(
      `Only byte-pair encodings without marks inside words can be trained here, and this one is ${model.type}; start from a tokenizer such as GPT-2's or pythia's.`,
    );
  }
  const added = json.added_tokens ?? [];
  const special = added.filter(token => token.special);
  const alphabet = usesBytes(json.pre_tokenizer) ? nativePackage().byteLevelAlphabet() : [];
  const counts = await countWords(native, texts);
  const { vocab, merges } = trainBpe(
    counts,
    vocabSize,
    special.map(token => token.content),
    alphabet,
  );
  const trained = {
    ...json,
    added_tokens: special.map(token => ({ ...token, id: vocab[token.content] })),
    post_processor: withIds(json.post_processor ?? null, vocab),
    model: { ...model, vocab, merges },
  };
  const renewed = nativeFromJson(JSON.stringify(trained), 'The trained tokenizer', 'memory').native;
  // As in Python, what is added but not special has no part in the training, and comes after what was learnt.
  addEntries(
    renewed,
    added.filter(token => !token.special),
    new Set(),
  );
  return renewed;
}

async function countWords(
  native: NativeTokenizer,
  texts: Iterable<string | readonly string[]> | AsyncIterable<string | readonly string[]>,
): Promise<Map<string, number>> {
  const normalizer = native.getNormalizer();
  const preTokenizer = native.getPreTokenizer();
  const counts = new Map<string, number>();
  let number = 0;
  for await (const given of texts) {
    for (const text of Array.isArray(given) ? given : [given]) {
      if (typeof text !== 'string') throw new TypeError(`Text ${number} is ${kindOf(text)}, not a string.`);
      number++;
      const normal = normalizer?.normalizeString(text) ?? text;
      const words = preTokenizer?.preTokenizeString(normal) ?? [[normal] as const];
      for (const [word] of words) counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  return counts;
}

/** Whether words are cut into bytes, so that each byte needs a token. */
function usesBytes(preTokenizer: unknown): boolean {
  const { type, pretokenizers = [] } = Object(preTokenizer) as { type?: string; pretokenizers?: unknown[] };
  return type === 'ByteLevel' || pretokenizers.some(usesBytes);
}

/** The post-processor with the new ids of the tokens that it adds around texts. */
function withIds(
  processor: TokenizerJson['post_processor'],
  vocab: Readonly<Record<string, number>>,
): Record<string, unknown> | null {
  if (!processor) return null;
  const renewed: Record<string, unknown> = { ...processor };
  for (const key of ['cls', 'sep']) {
    const pair = processor[key] as [string, number] | undefined;
    if (pair) renewed[key] = [pair[0], vocab[pair[0]]];
  }
  const special = processor.special_tokens as Record<string, { tokens: string[] }> | undefined;
  if (special) {
    renewed.special_tokens = Object.fromEntries(
      Object.entries(special).map(([key, entry]) => [
        key,
        { ...entry, ids: entry.tokens.map(token => vocab[token]) },
      ]),
    );
  }
  if (Array.isArray(processor.processors))
    renewed.processors = processor.processors.map(inner => withIds(inner, vocab));
  return renewed;
}
