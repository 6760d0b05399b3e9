/**
 * Times training steps of Pythia's shapes with random weights, with Adafactor and clipping.
 *
 *   node scripts/build.mjs && node bench/train/step.mjs [--model 70m,410m] [--device cpu|webgpu]
 *     [--dtype float32,float16] [--threads 1,2] [--steps 9] [--profile] [--python PYTHON]
 *
 * A row is one shape of batch; its time is the median step after the first two, with the processor's time, which says
 * more on a busy machine, with one thread. --dtype says what matrix products are computed in. --profile adds where the
 * time goes, by ONNX operator. With --python, an interpreter that has torch and transformers, PyTorch takes the same
 * steps; beside webgpu it does so on the GPU that it finds, in float32 and bfloat16, and on the CPU where it finds none.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { AutoModelForCausalLM, batchTensors, labelTensors } from '../../dist/lib/models/index.js';
import { adafactor, packMicroBatches, TrainingStep } from '../../dist/lib/training/index.js';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: '70m' },
    device: { type: 'string', default: 'cpu' },
    dtype: { type: 'string', default: 'float32' },
    threads: { type: 'string' },
    steps: { type: 'string', default: '9' },
    profile: { type: 'boolean', default: false },
    python: { type: 'string' },
  },
});
const { device, python } = values;
const threadCounts = (values.threads ?? (device === 'cpu' ? '1,2' : '1')).split(',').map(Number);

const SHARED = { model_type: 'gpt_neox', vocab_size: 50304, max_position_embeddings: 2048, rotary_pct: 0.25 };
/** `tiny` is for trying this out. */
const CONFIGS = {
  tiny: {
    vocab_size: 500,
    hidden_size: 64,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    intermediate_size: 256,
  },
  '70m': { hidden_size: 512, num_hidden_layers: 6, num_attention_heads: 8, intermediate_size: 2048 },
  '410m': { hidden_size: 1024, num_hidden_layers: 24, num_attention_heads: 16, intermediate_size: 4096 },
};
/** Lengths of the texts of a step: one micro-batch each. */
const SHAPES = { '1 × 256': [256], '4 × 128': [128, 128, 128, 128], '4 texts, 288 tokens': [86, 61, 94, 47] };
const WARM_UP = 2;

console.log('| model | batch | device | threads | step | processor | tokens/s | preparing | memory |');
console.log('|---|---|---|---|---|---|---|---|---|');
for (const name of values.model.split(',')) {
  if (!(name in CONFIGS)) throw new RangeError(`--model ${name} is none of ${Object.keys(CONFIGS)}.`);
  const config = { ...SHARED, ...CONFIGS[name] };
  const model = AutoModelForCausalLM.fromConfig(config, { seed: 1 });
  for (const [batch, lengths] of Object.entries(SHAPES)) {
    for (const dtype of values.dtype.split(',')) {
      for (const threads of threadCounts) await measure(model, `${name} | ${batch}`, lengths, dtype, threads);
    }
  }
  if (python !== undefined) {
    for (const threads of threadCounts) measurePython(config, name, threads);
  }
}

/** PyTorch prints rows of the same table. */
function measurePython(config, name, threads) {
  const peer = fileURLToPath(new URL('peer.py', import.meta.url));
  const shapes = JSON.stringify(SHAPES);
  const args = [peer, device, String(threads), values.steps, name, JSON.stringify(config), shapes];
  const { status, error } = spawnSync(python, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw error ?? new Error(`${python} ended with status ${status}.`);
}

async function measure(model, name, lengths, dtype, threads) {
  const vocabulary = model.architecture.vocabularySize;
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
    device,
    dtype,
    threads,
    ...(values.profile && { profile: join(folder, 'profile') }),
  });
  const preparing = performance.now() - started;
  const microBatches = lengths.map(length => [{ inputIds: randomTokens(length, vocabulary) }]);
  const batch = packMicroBatches(microBatches, 'tokens', vocabulary);
  const times = [];
  const processor = [];
  for (let i = 0; i < WARM_UP + Number(values.steps); i++) {
    const [before, processorBefore] = [performance.now(), process.cpuUsage()];
    await step.run(batch, 1e-5);
    times.push(performance.now() - before);
    const { user, system } = process.cpuUsage(processorBefore);
    processor.push((user + system) / 1000);
  }
  await step.release();
  const typical = median(times.slice(WARM_UP));
  const tokens = lengths.reduce((a, b) => a + b);
  const megabytes = process.memoryUsage().rss / 1e6;
  console.log(
    `| ${name} | ${device}, ${dtype} | ${threads} | ${typical.toFixed(0)} ms | ${median(processor.slice(WARM_UP)).toFixed(0)} ms | ` +
      `${((1000 * tokens) / typical).toFixed(0)} | ${preparing.toFixed(0)} ms | ${megabytes.toFixed(0)} MB |`,
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

function randomTokens(count, vocabulary) {
  return Array.from({ length: count }, () => Math.floor(Math.random() * vocabulary));
}

function median(numbers) {
  return numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
