/**
 * Memory of training steps of pythia-70m's shape with random weights, float32 on the CPU, Adafactor and clipping.
 *
 *   node scripts/build.mjs && node bench/train/memory.mjs [--lengths 256 | --lengths 128,128,128,128 | --lengths mixed] [--steps 500]
 *
 * `mixed` is one text of 8 to 256 tokens, another length at each step. Prints the resident memory every tenth of the
 * steps and, at the end, the most that the process has had.
 */
import { parseArgs } from 'node:util';
import { AutoModelForCausalLM, batchTensors, labelTensors } from '../../dist/lib/models/index.js';
import { adafactor, packMicroBatches, TrainingStep } from '../../dist/lib/training/index.js';

const { values } = parseArgs({
  options: {
    lengths: { type: 'string', default: 'mixed' },
    steps: { type: 'string', default: '500' },
    threads: { type: 'string', default: '2' },
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

const model = AutoModelForCausalLM.fromConfig(CONFIG, { seed: 1 });
const layers = model.layers({ lookedUp: true });
const step = await TrainingStep.create({
  loss: model.lossOf(layers, batchTensors(), labelTensors()),
  parameters: new Map(model.trainable.map(weight => [weight, layers.parameter(weight)])),
  weights: model.weights,
  lookups: new Map([[model.architecture.embedding, 'inputIds']]),
  optimizer: adafactor({ scaleParameter: false, relativeStep: false }),
  maxGradNorm: 1,
  threads: Number(values.threads),
});

let seed = 7;
/** A number in [0, 1), the same in every run. */
function random() {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
}

const steps = Number(values.steps);
const megabytes = bytes => `${(bytes / 1e6).toFixed(0)} MB`;
for (let i = 1; i <= steps; i++) {
  const lengths =
    values.lengths === 'mixed' ? [8 + Math.floor(249 * random())] : values.lengths.split(',').map(Number);
  const texts = lengths.map(length => Array.from({ length }, () => Math.floor(CONFIG.vocab_size * random())));
  const microBatches = texts.map(inputIds => [{ inputIds }]);
  await step.run(packMicroBatches(microBatches, 'tokens', CONFIG.vocab_size), 1e-5);
  if (i % Math.ceil(steps / 10) === 0) console.log(`step ${i}: ${megabytes(process.memoryUsage().rss)}`);
}
await step.release();
console.log(`most: ${megabytes(process.resourceUsage().maxRSS * 1024)}`);
