/** The classes of a classifier, as config.json names them. */
import type { ModelConfig } from './config.ts';

export interface LabelOptions {
  /** How many classes there are; not needed with `id2label`, or if config.json says it. */
  readonly numLabels?: number;
  /** The names of the classes, from class 0 on. */
  readonly id2label?: readonly string[];
  /** The token that texts are padded with, if config.json does not say it; the tokenizer has it as `padTokenId`. */
  readonly padTokenId?: number;
}

export const LABEL_OPTIONS = [
  'numLabels',
  'id2label',
  'padTokenId',
] as const satisfies readonly (keyof LabelOptions)[];

/**
 * A config.json with the names of the classes, as transformers writes it.
 *
 * @param classesOfHead how many classes a head has that is there already
 * @throws if the number of classes is not known, or the names do not fit it
 */
export function withLabels(
  config: ModelConfig,
  { numLabels, id2label, padTokenId }: LabelOptions,
  classesOfHead?: number,
): ModelConfig {
  if (numLabels !== undefined && !(Number.isSafeInteger(numLabels) && numLabels > 1)) {
    throw new RangeError(`numLabels must be a whole number from 2 on, not ${numLabels}.`);
  }
  const stored = labelsIn(config);
  const count = numLabels ?? id2label?.length ?? stored?.length ?? classesOfHead;
  if (count === undefined) {
    throw new RangeError('How many classes there are is not known: give numLabels or id2label.');
  }
  const numbered = Array.from({ length: count }, (_, id) => `LABEL_${id}`);
  const labels = id2label ?? (stored?.length === count ? stored : numbered);
  if (labels.length !== count) {
    throw new RangeError(`id2label has ${labels.length} names and numLabels is ${count}.`);
  }
  const twice = labels.find((label, id) => labels.indexOf(label) !== id);
  if (twice !== undefined) throw new RangeError(`id2label has ${twice} twice.`);
  const { architectures } = config;
  return {
    ...config,
    ...(Array.isArray(architectures) && {
      architectures: architectures.map(name =>
        String(name).replace('ForCausalLM', 'ForSequenceClassification'),
      ),
    }),
    id2label: Object.fromEntries(labels.map((label, id) => [id, label])),
    label2id: Object.fromEntries(labels.map((label, id) => [label, id])),
    problem_type: 'single_label_classification',
    ...(padTokenId !== undefined && { pad_token_id: padTokenId }),
  };
}

/**
 * The names of the classes that config.json has.
 *
 * @throws if the model is for something else than one class a text
 */
export function labelsIn({
  id2label,
  problem_type: problem,
  num_labels: count,
}: ModelConfig): string[] | undefined {
  if (problem != null && problem !== 'single_label_classification') {
    throw new TypeError(
      `config.json: problem_type is ${JSON.stringify(problem)}; "single_label_classification" can be run.`,
    );
  }
  if (id2label == null) {
    return typeof count === 'number' ? Array.from({ length: count }, (_, id) => `LABEL_${id}`) : undefined;
  }
  const labels = Object(id2label) as Record<string, unknown>;
  return Object.keys(labels).map((_, id) => {
    const label = labels[id];
    if (typeof label === 'string') return label;
    throw new TypeError(`config.json: id2label has no name for class ${id}.`);
  });
}
