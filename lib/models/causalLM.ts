/** Models that continue texts: loading, making and running them. */
import { join } from 'node:path';
import { type Graph, gather, graph, int32, reshape, type Value } from '../graph/index.ts';
import { checkOptions } from '../host.ts';
import { openPretrained, PRETRAINED_OPTIONS, type PretrainedOptions } from '../hub/index.ts';
import type { Architecture, Layers } from './architecture.ts';
import { architectureOf } from './architectures.ts';
import {
  type Batch,
  batchTensors,
  checkPositions,
  feedBatch,
  feedLabels,
  labelledPositions,
  labelTensors,
  type Rows,
} from './batch.ts';
import { cachedGraph, KeyValueCache } from './cache.ts';
import { readCheckpoint } from './checkpoint.ts';
import {
  GENERATION_CONFIG_FILE,
  type ModelConfig,
  readConfig,
  readGenerationConfig,
  writeJson,
} from './config.ts';
import { initialize } from './initialize.ts';
import { storedShapes } from './layers.ts';
import {
  PreTrainedModel,
  RUN_OPTIONS,
  type RunOptions,
  runOptions,
  type SaveOptions,
  weightedLoss,
} from './preTrainedModel.ts';

export interface ModelOutput {
  /** [batch, seq, vocabulary] */
  readonly logits: Value<'float32'>;
  /** The mean cross-entropy of the labelled positions, if the batch has labels. */
  readonly loss?: number;
}

/** A model that continues texts, with its weights. */
export class CausalLM extends PreTrainedModel {
  /** What generation_config.json says; the model's own settings if there is none. */
  readonly generationConfig: ModelConfig;

  constructor(
    config: ModelConfig,
    architecture: Architecture,
    weights: ReadonlyMap<string, Value<'float32'>>,
    options: RunOptions,
    generationConfig: ModelConfig = config,
  ) {
    super(config, architecture, weights, options);
    this.generationConfig = generationConfig;
  }

  /**
   * Runs the model on a batch.
   *
   * @returns logits for the token after each position, and the mean loss if there are labels
   * @throws if the rows of the batch differ in length, are longer than the model takes or hold a token id that it does not
   * have
   * @example const { logits, loss } = await model.forward({ inputIds: [[5, 17, 99]], labels: [[5, 17, 99]] });
   */
  async forward(batch: Batch): Promise<ModelOutput> {
    const { architecture } = this;
    const size = architecture.vocabularySize;
    const { labels } = batch;
    checkPositions(batch, architecture.maxPositions);
    const kind = labels === undefined ? 'logits' : 'loss';
    const results = await this.compute(kind, layers => forwardGraph(architecture, layers, kind), {
      ...feedBatch(batch, size),
      ...(labels && feedLabels(labelledPositions(labels, batch.inputIds, size))),
    });
    const logits = results.logits as Value<'float32'>;
    return labels === undefined ? { logits } : { logits, loss: Number(results.loss!.data[0]) };
  }

  /** An empty cache for `step`, for so many rows. */
  createCache(batch: number): KeyValueCache {
    return new KeyValueCache(this.architecture.keyValues, batch);
  }

  /**
   * Reads new tokens after those that a cache holds, and adds them to it.
   *
   * @param batch.inputIds [batch, seq] the new tokens
   * @param batch.attentionMask [batch, seq] 0 for padding
   * @returns [batch, vocabulary] logits for the token after the last position of each row
   * @throws if there are more rows than the cache has, or more tokens than the model has positions, or if the logits are
   * no numbers
   * @example
   * const cache = model.createCache(1);
   * const { data } = await model.step({ inputIds: [[5, 17, 99]] }, cache);
   */
  async step(
    { inputIds, attentionMask }: Pick<Batch, 'inputIds' | 'attentionMask'>,
    cache: KeyValueCache,
  ): Promise<Value<'float32'>> {
    const { embedding, vocabularySize, maxPositions } = this.architecture;
    if (inputIds.length !== cache.batch) {
      throw new RangeError(`inputIds has ${inputIds.length} rows and the cache ${cache.batch}.`);
    }
    const mask = attentionMask ?? inputIds.map(row => row.map(() => 1));
    const positionIds = nextPositions(mask, cache.tokens);
    const feeds = feedBatch({ inputIds, attentionMask: mask, positionIds }, vocabularySize);
    const longest = Math.max(...positionIds.map(row => row.at(-1)! + 1));
    if (longest > maxPositions) {
      throw new RangeError(
        `The text would have ${longest} tokens and the model takes ${maxPositions} at most.`,
      );
    }
    const session = await this.session('step', layers => cachedGraph(this.architecture, layers), {
      lookedUp: true,
    });
    const [rows, seq] = [inputIds.length, inputIds[0]!.length];
    const { logits, newKeys, newValues } = await session.run({
      ...cache.feeds(),
      ...feeds,
      [embedding]: lookUp(this.weights.get(embedding)!, inputIds),
      inputIds: int32(
        Int32Array.from({ length: rows * seq }, (_, i) => i),
        [rows, seq],
      ),
      lastRows: int32(
        Int32Array.from({ length: rows }, (_, i) => (i + 1) * seq - 1),
        [rows],
      ),
    });
    const found = logits as Value<'float32'>;
    // A weight that is no number makes all logits so, and the likeliest of them would be token 0.
    if (inputIds.some((_, row) => Number.isNaN(found.data[row * vocabularySize]))) {
      throw new Error(
        'The model gives NaN where there should be logits: training went wrong, or its file is damaged; load an earlier checkpoint.',
      );
    }
    cache.append(newKeys!.data as Float32Array, newValues!.data as Float32Array, mask);
    return found;
  }

  /** Writes what generation_config.json said too. */
  override async savePretrained(folder: string, options: SaveOptions = {}): Promise<void> {
    await super.savePretrained(folder, options);
    if (this.generationConfig !== this.config) {
      await writeJson(join(folder, GENERATION_CONFIG_FILE), this.generationConfig);
    }
  }
}

/** Logits of all positions, and with labels the loss. */
function forwardGraph(architecture: Architecture, layers: Layers, kind: 'logits' | 'loss'): Graph {
  const batch = batchTensors();
  const rows = layers.linear(architecture.hiddenStates(layers, batch), architecture.head);
  const logits = reshape(rows, [...batch.inputIds.shape, architecture.vocabularySize]);
  if (kind === 'logits') return graph({ logits });
  const labels = labelTensors();
  return graph({ logits, loss: weightedLoss(gather(rows, labels.labelPositions), labels) });
}

/** The positions of new tokens in rows that have some already; padding repeats the position before it. */
function nextPositions(mask: Rows, tokens: readonly number[]): number[][] {
  return mask.map((row, i) => {
    let count = tokens[i]!;
    return row.map(bit => Math.max((count += bit) - 1, 0));
  });
}

/** The embeddings of tokens: [batch*seq, hidden]. */
function lookUp({ shape, data }: Value<'float32'>, inputIds: Rows): Value<'float32'> {
  const size = shape[1]!;
  const ids = inputIds.flat();
  const rows = new Float32Array(ids.length * size);
  ids.forEach((id, i) => {
    rows.set(data.subarray(id * size, (id + 1) * size), i * size);
  });
  return { dtype: 'float32', shape: [ids.length, size], data: rows };
}

/** @throws if what a function that continues texts was given is no model that does, such as a classifier */
export function checkContinues(verb: string, model: unknown): void {
  if (model instanceof CausalLM) return;
  throw new TypeError(
    `${verb} takes a model that continues texts, as AutoModelForCausalLM loads it${model instanceof PreTrainedModel ? ', not a classifier' : ''}.`,
  );
}

/** Loads and makes models that continue texts. */
export const AutoModelForCausalLM = {
  /**
   * Loads a model from a folder, from the hub, or from this package (`tunelab-base`): config.json, and model.safetensors
   * in one file or several, of float32, float16 or bfloat16.
   *
   * Models of the families of GPT-NeoX (Pythia), Llama (also SmolLM, TinyLlama), Mistral and Qwen2 can be run, with full
   * attention, and with rotary embeddings as they are or scaled as `linear` and `llama3` say. What a config asks for
   * beyond that is refused by name. The dropout that some ask for in training is left out.
   *
   * @param idOrFolder a folder, or an id on the hub, whose files are kept in the cache that Python uses
   * @throws naming the file, and the setting or tensor in it, that is missing or does not fit; for the hub as `hubFile`
   * @example
   * const model = await AutoModelForCausalLM.fromPretrained('EleutherAI/pythia-70m', { revision: 'step1000' });
   */
  async fromPretrained(idOrFolder: string, options: RunOptions & PretrainedOptions = {}): Promise<CausalLM> {
    checkOptions('AutoModelForCausalLM.fromPretrained', options, [...RUN_OPTIONS, ...PRETRAINED_OPTIONS]);
    const files = await openPretrained(idOrFolder, options, 'A model');
    const config = await readConfig(files);
    const architecture = architectureOf(config);
    const weights = await readCheckpoint(files, storedShapes(architecture));
    return new CausalLM(
      config,
      architecture,
      weights,
      runOptions(options),
      await readGenerationConfig(files, config),
    );
  },

  /**
   * Makes a model with random weights, to train from nothing.
   *
   * @param config the content of a config.json
   * @param options.seed the same seed gives the same weights
   * @example const model = AutoModelForCausalLM.fromConfig(config, { seed: 42 });
   */
  fromConfig(config: ModelConfig, { seed, ...options }: RunOptions & { readonly seed: number }): CausalLM {
    const architecture = architectureOf(config);
    const weights = initialize(storedShapes(architecture), architecture.initializerRange, seed);
    return new CausalLM(config, architecture, weights, options);
  },
} as const;
