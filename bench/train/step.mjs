/**
 * Times training steps of pythia-70m's shape with random weights, float32 on the CPU, Adafactor and clipping.
 *
 *   node scripts/build.mjs && node bench/train/step.mjs [--threads 1,2] [--steps 9] [--profile]
 *
 * A row is one shape of batch; its time is the median step after the first two. --profile adds where the time goes,
 * by ONNX operator.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { AutoModelForCausalLM, batchTensors, labelTensors } from '../../dist/lib/models/index.js';
import { adafactor, packMicroBatches, TrainingStep } from '../../dist/lib/training/index.js';

const { values } = parseArgs({
  options: {
    threads: { type: 'string', default: '1,2' },
    steps: { type: 'string', default: '9' },
    profile: { type: 'boolean', default: false },
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
/** Lengths of the texts of a step: one micro-batch each. */
const SHAPES = { '1 × 256': [256], '4 × 128': [128, 128, 128, 128], '4 texts, 288 tokens': [86, 61, 94, 47] };
const WARM_UP = 2;

const model = AutoModelForCausalLM.fromConfig(CONFIG, { seed: 1 });
console.log('| batch | threads | step | tokens/s | preparing | memory |\n|---|---|---|---|---|---|');
for (const [name, lengths] of Object.entries(SHAPES)) {
  for (const threads of values.threads.split(',').map(Number)) await measure(name, lengths, threads);
}

async function measure(name, lengths, threads) {
  const layers = model.layers({ lookedUp: true });
  const folder = mkdtempSync(join(tmpdir(), 'tunelab-bench-'));
  const started = performance.now();
  const step = await TrainingStep.create({
    loss: model.lossOf(layers, batchTensors(), labelTensors()),
    parameters: new Map(model.trainable.map(weight => [weight, layers.parameter(weight)])),
    weights: model.weights,
    lookups: new Map([[model.architecture.embedding, 'inputIds']]),
    optimizer: adafactor({ scaleParameter: false, relativeStep: false }),
    maxGradNorm: 1,
    threads,
    ...(values.profile && { profile: join(folder, 'profile') }),
  });
  const preparing = performance.now() - started;
  const microBatches = lengths.map(length => [{ inputIds: randomTokens(length) }]);
  const batch = packMicroBatches(microBatches, 'tokens', CONFIG.vocab_size);
  const times = [];
  for (let i = 0; i < WARM_UP + Number(values.steps); i++) {
    const before = performance.now();
    await step.run(batch, 1e-5);
    times.push(performance.now() - before);
  }
  await step.release();
  const typical = median(times.slice(WARM_UP));
  const tokens = lengths.reduce((a, b) => a + b);
  const megabytes = process.memoryUsage().rss / 1e6;
  console.log(
    `| ${name} | ${threads} | ${typical.toFixed(0)} ms | ${((1000 * tokens) / typical).toFixed(0)} | ` +
      `${preparing.toFixed(0)} ms | ${megabytes.toFixed(0)} MB |`,
  );
  if (values.profile) showProfile(folder);
  rmSync(folder, { recursive: true });
}

/** The fastest run's milliseconds by operator. */
function showProfile(folder) {
  const events = readdirSync(folder).flatMap(file => JSON.parse(readFileSync(join(folder, file), 'utf8')));
  const runs = events.filter(({ name }) => name === 'model_run').sort((a, b) => a.dur - b.dur);
  const [from, to] = [runs[0].ts, runs[0].ts + runs[0].dur];
  const byOperator = new Map();
  for (const { cat, name, ts, dur, args } of events) {
    if (cat !== 'Node' || !name.endsWith('_kernel_time') || ts < from || ts > to) continue;
    const sum = byOperator.get(args.op_name) ?? { count: 0, milliseconds: 0 };
    byOperator.set(args.op_name, { count: sum.count + 1, milliseconds: sum.milliseconds + dur / 1000 });
  }
  const sorted = [...byOperator].sort(([, a], [, b]) => b.milliseconds - a.milliseconds).slice(0, 12);
  for (const [operator, { count, milliseconds }] of sorted) {
    console.log(`    ${milliseconds.toFixed(1).padStart(7)} ms  ${String(count).padStart(5)} × ${operator}`);
  }
}

function randomTokens(count) {
  return Array.from({ length: count }, () => Math.floor(Math.random() * CONFIG.vocab_size));
}

function median(numbers) {
  return numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
