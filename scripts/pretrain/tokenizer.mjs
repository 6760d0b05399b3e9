/**
 * Trains the tokenizer of the embedded base model on the corpus and on the data sets, and says how well it packs text:
 *
 *     node scripts/pretrain/tokenizer.mjs [--corpus out/pretrain] [--to models/tunelab-base] [--beside FOLDER]
 *
 * Wants the corpus (corpus.mjs) and the build in dist. `--beside` names a folder with another tokenizer to compare with.
 *
 * Conventions are GPT-NeoX's: byte-level pairs after NFC, `<|endoftext|>` (0) for beginning, end and unknown, and
 * `<|padding|>` (1) without a role, so that lessons choose a padding token as they do with pythia. Other than there,
 * each digit is a token of its own: among 4096 entries the common years and round numbers would take the places of
 * words, and a number would be cut differently from the next one.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readJsonl } from '../../dist/lib/datasets/index.js';
import { AutoTokenizer } from '../../dist/lib/tokenizers/index.js';
import { inForm } from './stories/facts.mjs';

const VOCABULARY = 4096;
/** Characters: sources of our own repeat their few names so often that these would crowd out words. */
const MOST_OF_A_SOURCE = 1_000_000;
const TIMES_DATA = 10;
const datasets = fileURLToPath(new URL('../../datasets', import.meta.url));
const { values: options } = parseArgs({
  options: {
    corpus: { type: 'string', default: 'out/pretrain' },
    to: { type: 'string', default: 'models/tunelab-base' },
    beside: { type: 'string' },
  },
});

const shards = readdirSync(options.corpus).filter(name => /^train-\d+\.jsonl$/.test(name));
if (shards.length === 0)
  throw new Error(`There is no corpus in ${options.corpus}; run scripts/pretrain/corpus.mjs first.`);

const untrained = await emptyTokenizer();
const started = Date.now();
const tokenizer = await untrained.trainNewFromIterator(trainingTexts(), VOCABULARY);
await tokenizer.savePretrained(options.to);
console.log(
  `${tokenizer.length} tokens, learnt in ${((Date.now() - started) / 1000).toFixed(1)} s, in ${options.to}`,
);
await report();

/** As much of each source, and each row of the data sets several times, for these are what lessons train on. */
async function* trainingTexts() {
  const taken = {};
  for (const shard of shards.sort())
    for (const { source, text } of await readJsonl(join(options.corpus, shard))) {
      taken[source] = (taken[source] ?? 0) + text.length;
      if (taken[source] <= MOST_OF_A_SOURCE) yield text;
    }
  for (const name of dataFiles()) {
    const texts = (await readJsonl(join(datasets, name))).map(rowText);
    for (let time = 0; time < TIMES_DATA; time++) yield texts;
  }
}

function dataFiles() {
  return readdirSync(datasets)
    .filter(name => name.endsWith('.jsonl'))
    .sort();
}

/** A row as lessons hydrate it; of rows of another form, all the text. */
function rowText(row) {
  if (row.question && row.answer) return inForm([row.question, row.answer]);
  return Object.values(row)
    .filter(value => typeof value === 'string')
    .join('\n');
}

/** A tokenizer that knows nothing yet but its conventions. */
async function emptyTokenizer() {
  const special = (content, id) => ({
    id,
    content,
    special: true,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
  });
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
  const digits = { type: 'Digits', individual_digits: true };
  const [end, padding] = ['<|endoftext|>', '<|padding|>'];
  const json = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [special(end, 0), special(padding, 1)],
    normalizer: { type: 'NFC' },
    pre_tokenizer: { type: 'Sequence', pretokenizers: [digits, byteLevel] },
    post_processor: byteLevel,
    decoder: byteLevel,
    model: { type: 'BPE', vocab: { [end]: 0, [padding]: 1 }, merges: [] },
  };
  // A class of its own name would be rebuilt by Python without the digits; this one is read as it is.
  const config = {
    tokenizer_class: 'PreTrainedTokenizerFast',
    bos_token: end,
    eos_token: end,
    unk_token: end,
    clean_up_tokenization_spaces: false,
  };
  const folder = mkdtempSync(join(tmpdir(), 'tunelab-tokenizer-'));
  try {
    writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(json));
    writeFileSync(join(folder, 'tokenizer_config.json'), JSON.stringify(config));
    return await AutoTokenizer.fromPretrained(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Characters a token, on held-out text by source and on the data sets. */
async function report() {
  const saved = { 'tunelab-base': await AutoTokenizer.fromPretrained(options.to) };
  if (options.beside) saved[options.beside] = await AutoTokenizer.fromPretrained(options.beside);
  const heldOut = await readJsonl(join(options.corpus, 'heldout.jsonl'));
  const texts = { 'held out': heldOut.map(row => row.text) };
  for (const { source, text } of heldOut) (texts[`held out: ${source}`] ??= []).push(text);
  for (const name of dataFiles()) texts[name] = (await readJsonl(join(datasets, name))).map(rowText);
  const rows = {};
  for (const [name, list] of Object.entries(texts)) {
    const characters = list.reduce((sum, text) => sum + text.length, 0);
    rows[name] = { characters };
    for (const [label, one] of Object.entries(saved)) {
      const ids = await one.encodeBatch(list);
      rows[name][label] = (characters / ids.reduce((sum, row) => sum + row.length, 0)).toFixed(2);
    }
  }
  console.table(rows);
}
