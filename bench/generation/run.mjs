/**
 * Times greedy decoding of a model of pythia-70m's shape with random weights, in tokens a second, beside PyTorch and
 * transformers where they are installed, and prints a Markdown table.
 *
 *     node bench/generation/run.mjs [--prompt 64] [--new 128] [--runs 5] [--threads 1,2] [--python python3]
 *
 * The time of a text is that of reading its prompt and of all new tokens. Needs the build in dist. Compare numbers of
 * one sitting only.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { generate } from '../../dist/lib/generation/index.js';
import { AutoModelForCausalLM } from '../../dist/lib/models/index.js';
import { machine } from '../kernel/report.mjs';

const CONFIG = {
  vocab_size: 50304,
  hidden_size: 512,
  num_hidden_layers: 6,
  num_attention_heads: 8,
  intermediate_size: 2048,
  max_position_embeddings: 2048,
  rotary_pct: 0.25,
  use_parallel_residual: true,
  hidden_act: 'gelu',
};
const WEIGHTS = { '32 bits': {}, '8 bits': { quantization: 'int8' }, '4 bits': { quantization: 'int4' } };
/** How many times as fast as PyTorch each is meant to be. */
const TARGETS = { '32 bits': 1.5, '8 bits': 3 };

const { values: options } = parseArgs({
  options: {
    prompt: { type: 'string', default: '64' },
    new: { type: 'string', default: '128' },
    runs: { type: 'string', default: '5' },
    threads: { type: 'string', default: '1,2' },
    python: { type: 'string', default: 'python3' },
  },
});
const [promptLength, newTokens, runs] = ['prompt', 'new', 'runs'].map(name => {
  const value = Number(options[name]);
  if (!Number.isInteger(value) || value < 1) fail(`--${name} wants a whole number of at least 1`);
  return value;
});
const threadCounts = options.threads.split(',').map(Number);
if (!threadCounts.every(count => Number.isInteger(count) && count > 0)) fail('--threads wants numbers: 1,2');

const prompt = Array.from({ length: promptLength }, (_, i) => (i * 7919) % 50000);
const python = measurePython();
const rows = [];
for (const threads of threadCounts) {
  for (const [name, quantization] of Object.entries(WEIGHTS)) {
    rows.push({ threads, name, ...(await measure({ threads, ...quantization })) });
  }
}
print();

async function measure(modelOptions) {
  const config = { model_type: 'gpt_neox', ...CONFIG };
  const model = AutoModelForCausalLM.fromConfig(config, { seed: 1, ...modelOptions });
  const text = async count => {
    const start = performance.now();
    const [ids] = await generate(model, prompt, { maxNewTokens: count, eosTokenId: null });
    if (ids.length !== promptLength + count) throw new Error('The text has another length.');
    return (performance.now() - start) / 1000;
  };
  const first = await text(1);
  const reading = await median(() => text(1));
  const all = await median(() => text(newTokens));
  await model.release();
  return { first, reading, speed: newTokens / all };
}

async function median(time) {
  const times = [];
  for (let run = 0; run < runs; run++) times.push(await time());
  return times.sort((a, b) => a - b)[Math.floor(runs / 2)];
}

/** Python's speeds by thread count, or why there are none. */
function measurePython() {
  const folder = mkdtempSync(join(tmpdir(), 'tunelab-bench-'));
  try {
    const path = join(folder, 'config.json');
    writeFileSync(path, JSON.stringify(CONFIG));
    const script = fileURLToPath(new URL('python.py', import.meta.url));
    const args = [script, path, promptLength, newTokens, runs, ...threadCounts].map(String);
    const done = spawnSync(options.python, args, { encoding: 'utf8' });
    if (done.status === 0) return JSON.parse(done.stdout);
    return { missing: (done.error?.message ?? done.stderr.trim().split('\n').at(-1)).slice(0, 200) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function print() {
  const host = machine();
  console.log(
    `Measured ${host.date} on ${host.cpu}, ${host.cores} cores, ${host.system}, Node ${host.node.slice(1)}; medians of ${runs}; ` +
      `pythia-70m's shape, prompt of ${promptLength} tokens, ${newTokens} new ones, greedy.\n`,
  );
  console.log(
    `| threads | weights | tokens/s | ${python.version ?? 'PyTorch'} | ratio | target | reading the prompt | preparing |`,
  );
  console.log('|---|---|---|---|---|---|---|---|');
  for (const { threads, name, speed, reading, first } of rows) {
    const theirs = python.speeds?.[threads];
    const target = TARGETS[name];
    const cells = [
      threads,
      name,
      speed.toFixed(0),
      theirs?.toFixed(0) ?? '–',
      theirs ? `${(speed / theirs).toFixed(1)}×` : '–',
      target && theirs ? `${target}× ${speed / theirs >= target ? 'met' : '**missed**'}` : '',
      `${(reading * 1000).toFixed(0)} ms`,
      `${first.toFixed(1)} s`,
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
  if (python.missing) console.log(`\nPython was not measured: ${python.missing}`);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
