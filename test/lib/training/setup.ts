/** What the tests of training share: a step that trains a whole model, and the reference runs. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Device } from '../../../lib/graph/index.ts';
import {
  AutoModelForCausalLM,
  batchTensors,
  type CausalLM,
  labelTensors,
} from '../../../lib/models/index.ts';
import { type Optimizer, TrainingStep } from '../../../lib/training/index.ts';

export const GOLDEN = join(import.meta.dirname, '../../../../shared/data/golden');
export const missing = !existsSync(GOLDEN);
/** For the titles of tests that are skipped without the reference values. */
export const reason = missing ? ' (skipped: the reference values of ../shared/data/golden are not here)' : '';

// biome-ignore lint/suspicious/noExplicitAny: the reference values are JSON.
export function readGolden(): any {
  return JSON.parse(readFileSync(join(GOLDEN, 'golden.json'), 'utf8'));
}

export function loadGolden(kind: 'neox' | 'llama'): Promise<CausalLM> {
  return AutoModelForCausalLM.fromPretrained(join(GOLDEN, kind));
}

export const TINY = {
  model_type: 'gpt_neox',
  vocab_size: 40,
  hidden_size: 16,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  intermediate_size: 24,
  rotary_pct: 0.5,
  initializer_range: 0.2,
};

/** A step that trains all weights; `lookedUp` feeds only the rows of the embedding that a batch uses. */
export function stepOf(
  model: CausalLM,
  optimizer: Optimizer,
  maxGradNorm: number,
  { lookedUp = optimizer.byRow, device = 'cpu' }: { lookedUp?: boolean; device?: Device } = {},
): Promise<TrainingStep> {
  const layers = model.layers({ lookedUp });
  return TrainingStep.create({
    loss: model.lossOf(layers, batchTensors(), labelTensors()),
    parameters: new Map(model.trainable.map(name => [name, layers.parameter(name)])),
    weights: model.weights,
    lookups: new Map(lookedUp ? [[model.architecture.embedding, 'inputIds']] : []),
    optimizer,
    maxGradNorm,
    device,
  });
}
