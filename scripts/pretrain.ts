/**
 * Pretrains the embedded base model from nothing, with this project's own engine:
 *
 *     npm run pretrain [-- --steps 4000] [--threads 2] [--corpus out/pretrain] [--work out/tunelab-base] [--to models/tunelab-base]
 *
 * Builds the corpus if it is not there (corpus.mjs), goes on from the last checkpoint in the work folder if there is one,
 * and ends with the weights in float16 and the figures of the model card (training.json, loss.png) beside the tokenizer.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readJsonl } from '../lib/datasets/index.ts';
import { AutoModelForCausalLM } from '../lib/models/index.ts';
import { plot } from '../lib/plots/index.ts';
import { AutoTokenizer } from '../lib/tokenizers/index.ts';
import { Trainer, TrainingArguments, type TrainingRows } from '../lib/training/index.ts';
import { baselines } from './pretrain/baselines.ts';

const CONFIG = {
  architectures: ['GPTNeoXForCausalLM'],
  model_type: 'gpt_neox',
  vocab_size: 4096,
  hidden_size: 256,
  num_hidden_layers: 4,
  num_attention_heads: 4,
  intermediate_size: 1024,
  max_position_embeddings: 1024,
  rotary_pct: 0.25,
  hidden_act: 'gelu',
  use_parallel_residual: true,
  tie_word_embeddings: false,
  layer_norm_eps: 1e-5,
  initializer_range: 0.02,
  bos_token_id: 0,
  eos_token_id: 0,
};
/** Tokens of a training row. */
const ROW = 256;
const SEED = 42;
/** Rows of the held-out text that are looked at while training. */
const GLANCE = 64;

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values: options } = parseArgs({
  options: {
    steps: { type: 'string', default: '4000' },
    threads: { type: 'string', default: '2' },
    corpus: { type: 'string', default: join(root, 'out/pretrain') },
    work: { type: 'string', default: join(root, 'out/tunelab-base') },
    to: { type: 'string', default: join(root, 'models/tunelab-base') },
  },
});

if (!existsSync(join(options.corpus, 'heldout.jsonl'))) {
  const made = spawnSync(
    process.execPath,
    [join(root, 'scripts/pretrain/corpus.mjs'), '--out', options.corpus],
    {
      stdio: 'inherit',
    },
  );
  if (made.status !== 0) process.exit(made.status ?? 1);
}
mkdirSync(options.work, { recursive: true });
const tokenizer = await AutoTokenizer.fromPretrained(options.to);
const shards = readdirSync(options.corpus).filter(name => /^train-\d+\.jsonl$/.test(name));
const train = await tokensOf('train', shards.sort());
const heldOut = await tokensOf('heldout', ['heldout.jsonl']);

const trainer = new Trainer({
  model: AutoModelForCausalLM.fromConfig(CONFIG, { seed: SEED, threads: Number(options.threads) }),
  args: new TrainingArguments({
    outputDir: options.work,
    maxSteps: Number(options.steps),
    perDeviceTrainBatchSize: 8,
    learningRate: 2e-3,
    weightDecay: 0.1,
    adamBeta2: 0.95,
    loggingSteps: 25,
    evalStrategy: 'steps',
    evalSteps: 250,
    saveSteps: 250,
    saveTotalLimit: 2,
    seed: SEED,
    reportTo: ['console', 'jsonl'],
  }),
  // The rate rises over 100 steps, stays, and falls in half a wave over the last 750, in which the loss falls most.
  optimizers: [undefined, taken => (Math.min(1, taken / 100) * (1 + Math.cos(Math.PI * decayed(taken)))) / 2],
  trainDataset: rowsOf(train),
  evalDataset: rowsOf(heldOut.subarray(0, GLANCE * ROW)),
});
const started = readdirSync(options.work).some(name => name.startsWith('checkpoint-'));
await trainer.train({ resumeFromCheckpoint: started });

await trainer.model.savePretrained(options.to, { dtype: 'float16' });
await writeCard();

/** The share of the decay of the learning rate that is done. */
function decayed(taken: number): number {
  return Math.max(0, Math.min(1, (taken - (Number(options.steps) - 750)) / 750));
}

/** The figures of the model card: of the saved weights, in float16 as they are. */
async function writeCard(): Promise<void> {
  const { globalStep, logHistory, numInputTokensSeen, totalFlos } = trainer.state;
  const saved = new Trainer({
    model: await AutoModelForCausalLM.fromPretrained(options.to),
    args: new TrainingArguments({ outputDir: options.work, reportTo: [] }),
  });
  const { evalLoss } = await saved.evaluate(rowsOf(heldOut));
  const { unigram, bigram } = baselines(train, heldOut, CONFIG.vocab_size, ROW);
  const losses = { 'tunelab-base': evalLoss, bigram, unigram };
  const curve = logHistory.filter(line => line.loss !== undefined || line.evalLoss !== undefined);
  const figures = {
    parameters: saved.model.numParameters(),
    corpusTokens: train.length,
    heldOutTokens: heldOut.length,
    steps: globalStep,
    tokens: numInputTokensSeen,
    operations: totalFlos,
    heldOutLoss: losses,
    perplexity: Object.fromEntries(Object.entries(losses).map(([name, loss]) => [name, Math.exp(loss)])),
    evaluations: curve.flatMap(({ step, evalLoss }) => (evalLoss === undefined ? [] : [{ step, evalLoss }])),
  };
  writeFileSync(join(options.to, 'training.json'), `${JSON.stringify(figures, null, 2)}\n`);
  writeFileSync(
    join(options.to, 'loss.png'),
    await plot.lossCurve(curve, { title: 'Pretraining tunelab-base' }).png(),
  );
  console.log(figures);
}

/** The documents as token ids one after another, each after the end-of-text token; kept in the work folder. */
async function tokensOf(name: string, files: readonly string[]): Promise<Uint16Array> {
  const path = join(options.work, `${name}.bin`);
  if (!existsSync(path)) {
    const parts: number[][] = [];
    for (const file of files) {
      const rows = (await readJsonl(join(options.corpus, file))) as { text: string }[];
      for (const ids of await tokenizer.encodeBatch(rows.map(({ text }) => text))) {
        parts.push([CONFIG.eos_token_id, ...ids]);
      }
    }
    writeFileSync(path, Uint16Array.from(parts.flat()));
  }
  const bytes = readFileSync(path);
  return new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
}

function rowsOf(tokens: Uint16Array): TrainingRows {
  return {
    length: Math.floor(tokens.length / ROW),
    at: row => ({ inputIds: tokens.subarray(row * ROW, (row + 1) * ROW) }),
  };
}
