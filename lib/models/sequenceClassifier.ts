/** Models that put texts into classes. */
import { type Graph, gather, graph, type Value } from '../graph/index.ts';
import { checkOptions } from '../host.ts';
import { openPretrained, PRETRAINED_OPTIONS, type PretrainedOptions } from '../hub/index.ts';
import type { Architecture, Layers } from './architecture.ts';
import { architectureOf } from './architectures.ts';
import { type Batch, batchTensors, checkPositions, feedBatch, feedLabels, labelTensors } from './batch.ts';
import { readCheckpoint, storedShape } from './checkpoint.ts';
import { type ModelConfig, readConfig } from './config.ts';
import { initialize } from './initialize.ts';
import { LABEL_OPTIONS, type LabelOptions, labelsIn, withLabels } from './labels.ts';
import { storedShapes } from './layers.ts';
import { linearModule, type Module } from './modules.ts';
import {
  PreTrainedModel,
  RUN_OPTIONS,
  type RunOptions,
  runOptions,
  weightedLoss,
} from './preTrainedModel.ts';

/** The head of classifiers, as transformers names it. */
const HEAD = 'score';

export interface ClassifierBatch extends Pick<Batch, 'inputIds' | 'attentionMask' | 'positionIds'> {
  /** [batch] the class of each text, from 0 on. */
  readonly labels?: readonly number[];
}

export interface ClassifierOutput {
  /** [batch, classes] */
  readonly logits: Value<'float32'>;
  /** The mean cross-entropy, if the batch has labels. */
  readonly loss?: number;
}

export interface ClassifierOptions extends RunOptions, LabelOptions {
  /** For the head, if the folder has none: the same seed gives the same head; 42 if not given. */
  readonly seed?: number;
}

/** A model that puts texts into classes, with its weights: a head reads what the last token of a text has become. */
export class SequenceClassifier extends PreTrainedModel {
  /** How many classes there are. */
  get numLabels(): number {
    return this.id2label.length;
  }

  /** The names of the classes, from class 0 on. */
  get id2label(): readonly string[] {
    return labelsIn(this.config)!;
  }

  /** The class of each name. */
  get label2id(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.id2label.map((label, id) => [label, id]));
  }

  /**
   * Runs the model on a batch, padded on either side.
   *
   * @throws if the rows of the batch differ in length, are longer than the model takes, hold a token id that it does not
   * have or nothing but padding, or if there is no such class
   * @example const { logits } = await model.forward({ inputIds: [[5, 17, 99]] });
   */
  async forward(batch: ClassifierBatch): Promise<ClassifierOutput> {
    const { labels } = batch;
    const kind = labels === undefined ? 'logits' : 'loss';
    const results = await this.compute(kind, layers => this.#graph(layers, kind), {
      ...this.#feeds(batch),
      ...feedLabels(this.labelled(batch)),
    });
    const logits = results.logits as Value<'float32'>;
    return labels === undefined ? { logits } : { logits, loss: Number(results.loss!.data[0]) };
  }

  /**
   * What the head reads: features of texts, for a classifier of another kind or to look at.
   *
   * @returns [batch, hidden]
   * @throws as `forward`
   * @example const { data } = await model.features({ inputIds: [[5, 17, 99]] });
   */
  async features(batch: Omit<ClassifierBatch, 'labels'>): Promise<Value<'float32'>> {
    const feeds = this.#feeds(batch);
    const { features } = await this.compute('features', layers => this.#graph(layers, 'features'), {
      ...feeds,
      ...feedLabels(this.labelled(batch)),
    });
    return features as Value<'float32'>;
  }

  /**
   * The last tokens of the texts of a batch and their classes, 0 if they have none. Places are counted through all rows,
   * whose lengths may differ here.
   *
   * @throws naming the row that is nothing but padding, or the class that there is not
   */
  labelled({ inputIds, attentionMask, labels }: ClassifierBatch): { position: number; label: number }[] {
    if (labels !== undefined && labels.length !== inputIds.length) {
      throw new RangeError(`labels has ${labels.length} entries and inputIds ${inputIds.length} rows.`);
    }
    const { pad_token_id: padding } = this.config;
    let start = 0;
    return inputIds.map((row, i) => {
      // As transformers: where the token for padding is known, the attention mask is not asked.
      const last =
        typeof padding === 'number'
          ? row.findLastIndex(id => id !== padding)
          : (attentionMask?.[i]?.findLastIndex(bit => bit !== 0) ?? row.length - 1);
      if (last < 0) throw new RangeError(`Row ${i} of inputIds is nothing but padding.`);
      const position = start + last;
      start += row.length;
      return { position, label: this.#checkLabel(labels?.[i] ?? 0) };
    });
  }

  #feeds(batch: Omit<ClassifierBatch, 'labels'>): Record<string, Value> {
    checkPositions(batch, this.architecture.maxPositions);
    return feedBatch(batch, this.architecture.vocabularySize);
  }

  #checkLabel(label: number): number {
    if (Number.isInteger(label) && label >= 0 && label < this.numLabels) return label;
    throw new RangeError(`There is no class ${label}: the classes go from 0 to ${this.numLabels - 1}.`);
  }

  #graph(layers: Layers, kind: 'features' | 'logits' | 'loss'): Graph {
    const { architecture } = this;
    const labels = labelTensors();
    const features = gather(architecture.hiddenStates(layers, batchTensors()), labels.labelPositions);
    if (kind === 'features') return graph({ features });
    const logits = layers.linear(features, architecture.head);
    return graph(kind === 'logits' ? { logits } : { logits, loss: weightedLoss(logits, labels) });
  }
}

/** Loads and makes models that put texts into classes. */
export const AutoModelForSequenceClassification = {
  /**
   * Loads a classifier, or puts a new head on a model that continues texts.
   *
   * @param idOrFolder a folder, an id on the hub, or what comes with this package (`tunelab-base`)
   * @throws naming the file, and the setting or tensor in it, that is missing or does not fit; for the hub as `hubFile`
   * @example
   * const id2label = ['World', 'Sports', 'Business', 'Science/Technology'];
   * const model = await AutoModelForSequenceClassification.fromPretrained('tunelab-base', { id2label });
   */
  async fromPretrained(
    idOrFolder: string,
    options: ClassifierOptions & PretrainedOptions = {},
  ): Promise<SequenceClassifier> {
    checkOptions('AutoModelForSequenceClassification.fromPretrained', options, [
      ...LABEL_OPTIONS,
      'seed',
      ...RUN_OPTIONS,
      ...PRETRAINED_OPTIONS,
    ]);
    const name = `${HEAD}.weight`;
    const files = await openPretrained(idOrFolder, options, 'A classifier');
    const stored = await readConfig(files);
    const storedHead = await storedShape(files, name);
    const config = withLabels(stored, options, storedHead?.[0]);
    const architecture = classifierOf(architectureOf(config), labelsIn(config)!.length);
    const shapes = storedShapes(architecture);
    const head = shapes.get(name)!;
    if (storedHead === undefined) shapes.delete(name);
    const weights = await readCheckpoint(files, shapes);
    if (storedHead === undefined) {
      const fresh = initialize(new Map([[name, head]]), architecture.initializerRange, options.seed ?? 42);
      weights.set(name, fresh.get(name)!);
      console.info(
        `${idOrFolder} has no ${name}: the head is new, and has to be trained before it is of use.`,
      );
    }
    return new SequenceClassifier(config, architecture, weights, runOptions(options));
  },

  /**
   * Makes a classifier with random weights.
   *
   * @param config the content of a config.json
   * @param options.seed the same seed gives the same weights
   * @example const model = AutoModelForSequenceClassification.fromConfig(config, { numLabels: 4, seed: 42 });
   */
  fromConfig(
    config: ModelConfig,
    options: ClassifierOptions & { readonly seed: number },
  ): SequenceClassifier {
    const { numLabels, id2label, padTokenId, seed, ...rest } = options;
    const full = withLabels(config, options);
    const architecture = classifierOf(architectureOf(full), labelsIn(full)!.length);
    const weights = initialize(storedShapes(architecture), architecture.initializerRange, seed);
    return new SequenceClassifier(full, architecture, weights, rest);
  },
} as const;

/** A family of models with a head for classes in the place of that for tokens. */
function classifierOf(architecture: Architecture, numLabels: number): Architecture {
  const { modules, head, hiddenSize } = architecture;
  const { [head]: _, ...children } = modules.children as Record<string, Module>;
  return {
    ...architecture,
    modules: {
      ...modules,
      type: modules.type.replace('ForCausalLM', 'ForSequenceClassification'),
      children: { ...children, [HEAD]: linearModule(hiddenSize, numLabels, false) },
    },
    head: HEAD,
    tied: false,
  };
}
