/**
 * Times an epoch of the Trainer over documentation rows at the course's settings: pythia-70m's shape with random weights,
 * batch 1, accumulation 4, Adafactor, learning rate 1e-5, one step of warm-up.
 *
 *   node scripts/build.mjs && node bench/train/epoch.mjs [--rows 120] [--threads 1,2] [--data FILE] [--tokenizer ID]
 *     [--python PYTHON]
 *
 * --rows 420-840 takes the rows from 420 up to 840: an epoch in pieces, where no one run may take long.
 * With --python, an interpreter that has torch and transformers, the Hugging Face Trainer runs on the same tokens in turn.
 * On a busy machine look at the processor's seconds, with one thread.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readJsonl } from '../../dist/lib/datasets/index.js';
import { AutoModelForCausalLM } from '../../dist/lib/models/index.js';
import { AutoTokenizer } from '../../dist/lib/tokenizers/index.js';
import { Trainer, TrainingArguments } from '../../dist/lib/training/index.js';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '120' },
    threads: { type: 'string', default: '1,2' },
    data: {
      type: 'string',
      default: fileURLToPath(new URL('../../datasets/tunelab_docs.jsonl', import.meta.url)),
    },
    tokenizer: { type: 'string', default: 'EleutherAI/pythia-70m' },
    python: { type: 'string' },
  },
});

const CONFIG = {
  model_type: 'gpt_neox',
  vocab_size: 50304,
  hidden_size: 512,
  num_hidden_layers: 6,
  num_attention_heads: 8,
  intermediate_size: 2048,
  max_position_embeddings: 2048,
  rotary_pct: 0.25,
};

const tokenizer = await AutoTokenizer.fromPretrained(values.tokenizer);
const [to, from = 0] = values.rows.split('-').map(Number).reverse();
const texts = (await readJsonl(values.data)).slice(from, to);
const trainDataset = [];
for (const { question, answer } of texts) {
  trainDataset.push({ inputIds: (await tokenizer(question + answer)).inputIds.slice(-2048) });
}
const tokens = trainDataset.reduce((sum, { inputIds }) => sum + inputIds.length, 0);
const folder = mkdtempSync(join(tmpdir(), 'tunelab-epoch-'));
const tokenFile = join(folder, 'tokens.json');
writeFileSync(tokenFile, JSON.stringify(trainDataset.map(({ inputIds }) => inputIds)));

console.log(`${trainDataset.length} rows, ${tokens} tokens\n`);
console.log('| Trainer | threads | seconds | tokens/s | processor seconds |\n|---|---|---|---|---|');
for (const threads of values.threads.split(',').map(Number)) {
  const model = AutoModelForCausalLM.fromConfig(CONFIG, { seed: 1, threads });
  const args = new TrainingArguments({
    outputDir: folder,
    numTrainEpochs: 1,
    perDeviceTrainBatchSize: 1,
    gradientAccumulationSteps: 4,
    optim: 'adafactor',
    learningRate: 1e-5,
    warmupSteps: 1,
    saveStrategy: 'no',
    reportTo: [],
  });
  const before = process.cpuUsage();
  const { metrics } = await new Trainer({ model, args, trainDataset }).train();
  const { user, system } = process.cpuUsage(before);
  report('tunelab', threads, metrics.trainRuntime, (user + system) / 1e6);
  if (values.python !== undefined) {
    const peer = fileURLToPath(new URL('epochPeer.py', import.meta.url));
    const stdio = ['ignore', 'pipe', 'inherit'];
    const printed = execFileSync(values.python, [peer, String(threads), tokenFile], { cwd: folder, stdio });
    report('Hugging Face', threads, ...String(printed).trim().split('\n').at(-1).split(' ').map(Number));
  }
}
rmSync(folder, { recursive: true });

/** Both count from the call of train() on, what it prepares included. */
function report(name, threads, seconds, processor) {
  const speed = (tokens / seconds).toFixed(0);
  console.log(`| ${name} | ${threads} | ${seconds.toFixed(1)} | ${speed} | ${processor.toFixed(1)} |`);
}
