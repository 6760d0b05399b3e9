/** The training step of a model under given arguments. */
import type { DeviceChoice, ProductDtype } from '../graph/index.ts';
import { batchTensors, labelTensors } from '../models/index.ts';
import { adafactor } from './optimizers/adafactor.ts';
import { adamW } from './optimizers/adamW.ts';
import type { Optimizer } from './optimizers/optimizer.ts';
import { sgd } from './optimizers/sgd.ts';
import { type OptimizerState, TrainingStep } from './step.ts';
import type { TrainableModel } from './task.ts';
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

export interface ModelStepOptions {
  /** The longest that all gradients as one vector may be; 1 if not given, 0 for no limit. */
  readonly maxGradNorm?: number;
  /** Where the steps run; where the model was told to run if not given. */
  readonly device?: DeviceChoice | undefined;
  /** What matrix products are computed in; as the model was told if not given. */
  readonly dtype?: ProductDtype | undefined;
  /** What a dropout leaves out follows from it and from the number of the step. */
  readonly seed?: number;
  /** Keeps less in memory for the gradient and computes it again instead. */
  readonly gradientCheckpointing?: boolean;
  /** What to go on from. */
  readonly resumed?: OptimizerState | undefined;
}

/**
 * Prepares the step that trains what a model says is trainable, for loops of one's own.
 *
 * @example
 * const step = await trainingStep(model, adamW());
 * const batch = packMicroBatches([[row]], 'tokens', model.architecture.vocabularySize);
 * const { loss } = await step.run(batch, 1e-4);
 */
export function trainingStep(
  model: TrainableModel,
  optimizer: Optimizer,
  { maxGradNorm = 1, device, dtype, seed = 0, gradientCheckpointing = false, resumed }: ModelStepOptions = {},
): Promise<TrainingStep> {
  const { embedding, tied } = model.architecture;
  const lookedUp = optimizer.byRow && !tied && model.trainable.includes(embedding);
  const layers = model.layers({ lookedUp, training: true, seed, gradientCheckpointing });
  return TrainingStep.create({
    ...model.options,
    ...(device && { device }),
    ...(dtype && { dtype }),
    loss: model.lossOf(layers, batchTensors(), labelTensors()),
    parameters: new Map(model.trainable.map(name => [name, layers.parameter(name)])),
    weights: model.weights,
    quantizedWeights: trained => model.quantizedWeights(trained),
    lookups: new Map(lookedUp ? [[embedding, 'inputIds']] : []),
    optimizer,
    maxGradNorm,
    ...(resumed && { resumed }),
  });
}
