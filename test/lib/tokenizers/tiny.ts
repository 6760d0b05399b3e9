/** Small tokenizers for tests, written as a model's folder would hold them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { byteLevelAlphabet } from 'tokenizers';
import { afterAll } from 'vitest';

const root = mkdtempSync(join(tmpdir(), 'tunelab-tokenizers-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let count = 0;

/** A folder with these files: text as it is, objects as JSON. */
export function folder(files: Record<string, unknown>): string {
  const path = join(root, String(count++));
  mkdirSync(path);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(path, name, '..'), { recursive: true });
    writeFileSync(join(path, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return path;
}

const token = (id: number, content: string) => ({
  id,
  content,
  special: true,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
});

const special = (id: string, type: number) => ({ SpecialToken: { id, type_id: type } });
const sequence = (id: string, type: number) => ({ Sequence: { id, type_id: type } });

/** Letters a to j are words 4 to 13; texts stand between [CLS] 2 and [SEP] 3, as BERT has it. */
export const words = {
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: ['[PAD]', '[UNK]', '[CLS]', '[SEP]'].map((content, id) => token(id, content)),
  normalizer: null,
  pre_tokenizer: { type: 'WhitespaceSplit' },
  post_processor: {
    type: 'TemplateProcessing',
    single: [special('[CLS]', 0), sequence('A', 0), special('[SEP]', 0)],
    pair: [special('[CLS]', 0), sequence('A', 0), special('[SEP]', 0), sequence('B', 1), special('[SEP]', 1)],
    special_tokens: {
      '[CLS]': { id: '[CLS]', ids: [2], tokens: ['[CLS]'] },
      '[SEP]': { id: '[SEP]', ids: [3], tokens: ['[SEP]'] },
    },
  },
  decoder: null,
  model: {
    type: 'WordLevel',
    unk_token: '[UNK]',
    vocab: Object.fromEntries(
      ['[PAD]', '[UNK]', '[CLS]', '[SEP]', ...'abcdefghij'].map((word, id) => [word, id]),
    ),
  },
};

export const wordsConfig = {
  unk_token: '[UNK]',
  cls_token: '[CLS]',
  sep_token: { __type: 'AddedToken', content: '[SEP]', lstrip: false, rstrip: false, normalized: false },
  pad_token: '[PAD]',
  model_max_length: 16,
};

const END = '<|endoftext|>';
const alphabet = [...byteLevelAlphabet()].sort();
const pairs: [string, string][] = [
  ['h', 'e'],
  ['l', 'l'],
  ['he', 'll'],
  ['hell', 'o'],
  ['Ġ', 'hello'],
];

/** GPT-2's layout: the end of text is 0, bytes are 1 to 256, and five merges make "hello" and " hello". */
export const bytesVocab = Object.fromEntries(
  [END, ...alphabet, ...pairs.map(pair => pair.join(''))].map((piece, id) => [piece, id]),
);
export const bytesMerges = `#version: 0.2\n${pairs.map(pair => pair.join(' ')).join('\n')}\n`;

/** The same as `tokenizer.json`. */
export const bytes = {
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: [token(0, END)],
  normalizer: null,
  pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
  post_processor: null as unknown,
  decoder: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
  model: { type: 'BPE', vocab: bytesVocab, merges: pairs },
};
