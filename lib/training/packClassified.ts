/** Gradient accumulation for classifiers: the micro-batches of a step as one batch. */
import type { Value } from '../graph/index.ts';
import { checkPositions, feedBatch, feedLabels, type SequenceClassifier } from '../models/index.ts';
import { joinTexts } from './joinTexts.ts';

/** One text and its class. */
export interface ClassifiedText {
  /** Without padding. */
  readonly inputIds: readonly number[];
  readonly label: number;
}

/**
 * The feeds of a training step of a classifier over several micro-batches: the loss is the mean of the micro-batches'
 * means, as transformers has it.
 *
 * @throws naming the text that has no tokens or more than the model takes, or the class that there is not
 * @example await step.run(packClassified([[{ inputIds: [5, 17], label: 2 }]], model), 1e-4);
 */
export function packClassified(
  microBatches: readonly (readonly ClassifiedText[])[],
  model: SequenceClassifier,
): Record<string, Value> {
  const texts = microBatches.flat();
  checkPositions({ inputIds: texts.map(({ inputIds }) => inputIds) }, model.architecture.maxPositions);
  const joined = joinTexts(texts.map(({ inputIds }) => inputIds));
  let before = 0;
  const labelled = model
    .labelled({ inputIds: texts.map(({ inputIds }) => inputIds), labels: texts.map(({ label }) => label) })
    .map(({ position, label }, text) => {
      const placed = joined.starts[text]! + position - before;
      before += texts[text]!.inputIds.length;
      return { position: placed, label };
    });
  const weights = microBatches.flatMap(batch => batch.map(() => 1 / (microBatches.length * batch.length)));
  return {
    ...feedBatch(joined, model.architecture.vocabularySize),
    ...feedLabels(labelled, weights),
  };
}
