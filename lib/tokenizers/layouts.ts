/** Tokenizers that come in other files than `tokenizer.json`. */
import type { TokenizerConfig } from './config.ts';
import { parseJsonObject, readJsonObject, type TokenizerFiles } from './files.ts';
import { specialTokens } from './specialTokens.ts';

/** Ends a text; GPT-2's only special token. */
const END = '<|endoftext|>';

/** The classes whose `vocab.json` and `merges.txt` are byte-level BPE with nothing around a text. */
const BYTE_LEVEL = ['GPT2Tokenizer', 'GPTNeoXTokenizer', 'PreTrainedTokenizer', 'TokenizersBackend'];

/**
 * The JSON of the tokenizer that other files describe.
 *
 * @throws saying which files were looked for, or what to do with those that were found
 */
export async function jsonFromOtherFiles(files: TokenizerFiles, config: TokenizerConfig): Promise<string> {
  const [vocab, merges, model] = await Promise.all(
    ['vocab.json', 'merges.txt', 'tokenizer.model'].map(name => files.text(name)),
  );
  if (typeof vocab === 'string' && typeof merges === 'string')
    return byteLevelJson(vocab, merges, files, config);
  if (typeof model === 'string') {
    throw new Error(
      `${files.place} holds a SentencePiece tokenizer.model, which is not read here; save it as tokenizer.json with Python: AutoTokenizer.from_pretrained(folder).save_pretrained(folder).`,
    );
  }
  throw new Error(
    `There is no tokenizer in ${files.place}: neither tokenizer.json, nor vocab.json with merges.txt, nor tokenizer.model. ${files.why('tokenizer.json')}`.trim(),
  );
}

/** GPT-2's layout as Python converts it. */
async function byteLevelJson(
  vocab: string,
  merges: string,
  files: TokenizerFiles,
  config: TokenizerConfig,
): Promise<string> {
  const { place } = files;
  const kind = config.tokenizer_class;
  if (typeof kind === 'string' && !BYTE_LEVEL.includes(kind.replace(/Fast$/, ''))) {
    throw new Error(
      `vocab.json and merges.txt in ${place} are those of a ${kind}; save tokenizer.json beside them with Python: AutoTokenizer.from_pretrained(folder).save_pretrained(folder).`,
    );
  }
  const addPrefixSpace = config.add_prefix_space === true;
  const byteLevel = { type: 'ByteLevel', use_regex: true };
  const ids = parseJsonObject(vocab, 'vocab.json', place);
  // As in Python, what the configuration lists stands in place of the older file.
  const added = config.added_tokens_decoder ? null : await readJsonObject(files, 'added_tokens.json');
  return JSON.stringify({
    version: '1.0',
    added_tokens: addedTokens(ids, added ?? {}, place, config),
    normalizer: null,
    pre_tokenizer: { ...byteLevel, add_prefix_space: addPrefixSpace, trim_offsets: true },
    post_processor: { ...byteLevel, add_prefix_space: true, trim_offsets: false },
    decoder: { ...byteLevel, add_prefix_space: true, trim_offsets: true },
    model: {
      type: 'BPE',
      vocab: ids,
      merges: readMerges(merges, place),
    },
  });
}

/**
 * GPT-2's special token and those of `added_tokens.json`, in the order of their ids.
 *
 * @throws if an id is not the one that a token gets after the vocabulary
 */
function addedTokens(
  ids: Readonly<Record<string, unknown>>,
  added: Readonly<Record<string, unknown>>,
  place: string,
  config: TokenizerConfig,
): object[] {
  const { byRole, others } = specialTokens(config);
  const special = new Set([END, ...[...byRole.values(), ...others].map(({ content }) => content)]);
  const all = END in ids ? { ...added, [END]: added[END] ?? ids[END] } : added;
  let next = Object.keys(ids).length;
  return Object.entries(all)
    .sort(([, a], [, b]) => Number(a) - Number(b))
    .map(([content, id]) => {
      const own = Object.hasOwn(ids, content) ? ids[content] : next++;
      if (id !== own) {
        throw new RangeError(
          `added_tokens.json in ${place} gives ${JSON.stringify(content)} the id ${id}, but with the vocabulary of vocab.json its id is ${own}; they are not of one tokenizer.`,
        );
      }
      const isSpecial = special.has(content);
      const rules = { single_word: false, lstrip: false, rstrip: false, normalized: !isSpecial };
      return { id, content, special: isSpecial, ...rules };
    });
}

function readMerges(text: string, place: string): [string, string][] {
  const merges: [string, string][] = [];
  text.split(/\r?\n/).forEach((line, index) => {
    if (line === '' || (index === 0 && line.startsWith('#version'))) return;
    const parts = line.split(' ');
    if (parts.length !== 2) {
      throw new SyntaxError(
        `merges.txt in ${place}, line ${index + 1} is not two tokens: ${JSON.stringify(line.slice(0, 80))}.`,
      );
    }
    merges.push(parts as [string, string]);
  });
  return merges;
}
