/** What the kinds of models that can be trained differ in. */
import type { Value } from '../graph/index.ts';
import { type CausalLM, SequenceClassifier } from '../models/index.ts';
import { type Example, type LossAverage, packMicroBatches } from './pack.ts';
import { type ClassifiedText, packClassified } from './packClassified.ts';

/** A model that continues texts, or one that puts them into classes; with adapters or without. */
export type TrainableModel = CausalLM | SequenceClassifier;

/** The feeds of a step of a model over several micro-batches. */
export function packFor(
  model: TrainableModel,
  microBatches: readonly (readonly Example[])[],
  average: LossAverage,
): Record<string, Value> {
  return model instanceof SequenceClassifier
    ? packClassified(microBatches as readonly (readonly ClassifiedText[])[], model)
    : packMicroBatches(microBatches, average, model.architecture.vocabularySize);
}
