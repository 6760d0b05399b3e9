/** The training step of a model under given arguments. */
import { batchTensors, type CausalLM, labelTensors } from '../models/index.ts';
import { adafactor } from './optimizers/adafactor.ts';
import { adamW } from './optimizers/adamW.ts';
import type { Optimizer } from './optimizers/optimizer.ts';
import { sgd } from './optimizers/sgd.ts';
import { type OptimizerState, TrainingStep } from './step.ts';
import type { TrainingArguments } from './trainingArguments.ts';

/** The optimizer that the arguments name, as transformers' Trainer sets it up. */
export function optimizerOf(args: TrainingArguments): Optimizer {
  switch (args.optim) {
    case 'adafactor':
      return adafactor({ scaleParameter: false, relativeStep: false });
    case 'sgd':
      return sgd();
    case 'adamw':
      return adamW({
        betas: [args.adamBeta1, args.adamBeta2],
        epsilon: args.adamEpsilon,
        weightDecay: args.weightDecay,
        decays: 'matrices',
      });
  }
}

/** Prepares the step that trains what a model says is trainable. */
export function createStep(
  model: CausalLM,
  optimizer: Optimizer,
  args: TrainingArguments,
  resumed: OptimizerState | undefined,
): Promise<TrainingStep> {
  const { embedding, tied } = model.architecture;
  const lookedUp = optimizer.byRow && !tied && model.trainable.includes(embedding);
  const { seed, gradientCheckpointing } = args;
  const layers = model.layers({ lookedUp, training: true, seed, gradientCheckpointing });
  return TrainingStep.create({
    ...model.options,
    ...(args.device && { device: args.device }),
    loss: model.lossOf(layers, batchTensors(), labelTensors()),
    parameters: new Map(model.trainable.map(name => [name, layers.parameter(name)])),
    weights: model.weights,
    quantizedWeights: trained => model.quantizedWeights(trained),
    lookups: new Map(lookedUp ? [[embedding, 'inputIds']] : []),
    optimizer,
    maxGradNorm: args.maxGradNorm,
    ...(resumed && { resumed }),
  });
}
