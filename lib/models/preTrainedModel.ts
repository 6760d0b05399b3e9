/** What models of all tasks share: weights, counting, saving, sessions. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  crossEntropy,
  type Graph,
  gather,
  mul,
  type ProductDtype,
  Session,
  type SessionOptions,
  sum,
  type Tensor,
  type Value,
  type Values,
} from '../graph/index.ts';
import type { Architecture, BatchTensors, Layers } from './architecture.ts';
import type { LabelTensors } from './batch.ts';
import { WEIGHTS_FILE } from './checkpoint.ts';
import { type ModelConfig, writeJson } from './config.ts';
import { inferenceWeights } from './inferenceWeights.ts';
import { inputLayers, type LayerOptions, storedShapes } from './layers.ts';
import { showModule } from './modules.ts';
import { checkQuantization, type QuantizationName } from './quantization.ts';
import { type WeightDtype, writeSafetensors } from './safetensors.ts';
import { Weights } from './weights.ts';

export interface RunOptions extends Pick<SessionOptions, 'device' | 'threads'> {
  /**
   * What matrix products are computed in; float32 if not given. The weights themselves stay in float32. `float16` needs a
   * GPU that has it.
   */
  readonly dtype?: ProductDtype;
  /** Runs the model with weights of 8 or 4 bits instead of 32: faster, and a little less exact. */
  readonly quantization?: QuantizationName;
}

export interface SaveOptions {
  /** What the weights are rounded to in the file; float16 halves it. Nothing is rounded if not given. */
  readonly dtype?: WeightDtype;
}

export const RUN_OPTIONS = [
  'device',
  'dtype',
  'threads',
  'quantization',
] as const satisfies readonly (keyof RunOptions)[];

/** What says how a model runs, without how it was found: a token for the hub does not stay with the model. */
export function runOptions(options: RunOptions): RunOptions {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.filter(([name]) => (RUN_OPTIONS as readonly string[]).includes(name)));
}

/** A session, and which graph and which weights it was opened with. */
interface Entry {
  readonly graphs: number;
  readonly version: number;
  readonly session: Promise<Session>;
}

/** A model with its weights. */
export abstract class PreTrainedModel {
  readonly config: ModelConfig;
  readonly architecture: Architecture;
  /** Float32 weights under Hugging Face's names. A GPU has copies: what is changed in them is to be set anew. */
  readonly weights: Weights;
  /** Where the model runs, and with weights of how many bits. */
  readonly options: RunOptions;
  readonly #sessions = new Map<string, Entry>();
  #graphs = 0;

  constructor(
    config: ModelConfig,
    architecture: Architecture,
    weights: ReadonlyMap<string, Value<'float32'>>,
    options: RunOptions,
  ) {
    checkQuantization(options.quantization);
    checkDtype(options.dtype);
    this.config = config;
    this.architecture = architecture;
    this.weights = new Weights(weights);
    this.options = options;
  }

  /** The names of the weights that training changes. */
  get trainable(): readonly string[] {
    return [...this.weights.keys()];
  }

  /** The model's layers for a new graph. */
  layers(options?: LayerOptions): Layers {
    return inputLayers(this.architecture, options);
  }

  /**
   * The loss that training takes the gradient of, as graph: Σ weight · cross-entropy over the labelled positions. Logits
   * are computed for these alone, since the vocabulary's matrix is half of a small model's arithmetic.
   */
  lossOf(layers: Layers, batch: BatchTensors, labels: LabelTensors): Tensor {
    const hidden = gather(this.architecture.hiddenStates(layers, batch), labels.labelPositions);
    return weightedLoss(layers.linear(hidden, this.architecture.head), labels);
  }

  /** What a graph reads in the place of weights that it takes as whole numbers, by the names of its inputs. */
  quantizedWeights(graph: Graph): Values {
    const { weights, options, architecture } = this;
    const values = Object.entries(inferenceWeights(graph, architecture, weights, options.quantization));
    return Object.fromEntries(values.filter(([name]) => !weights.has(name)));
  }

  /** The number of parameters; weights that are used twice count once. */
  numParameters(options: { readonly excludeEmbeddings?: boolean } = {}): number {
    const shapes = storedShapes(this.architecture, options);
    return [...shapes.values()].reduce((total, shape) => total + shape.reduce((a, b) => a * b, 1), 0);
  }

  /**
   * Bytes of the model's parameters and buffers in float32, as transformers counts them.
   *
   * @param options.maskBuffers counts an attention mask in each layer of GPT-NeoX, as transformers did before 2024
   */
  memoryFootprint(options: { readonly maskBuffers?: boolean } = {}): number {
    return 4 * this.numParameters() + this.architecture.bufferBytes(options.maskBuffers ?? false);
  }

  /**
   * Floating-point operations of a forward and backward pass: 6 for each token and parameter outside the embeddings.
   *
   * @param batch its rows of tokens, or how many tokens they have in all
   * @see Kaplan et al., 2020, https://arxiv.org/abs/2001.08361
   */
  floatingPointOps(batch: number | { readonly inputIds: readonly ArrayLike<unknown>[] }): number {
    const tokens =
      typeof batch === 'number' ? batch : batch.inputIds.reduce((sum, { length }) => sum + length, 0);
    return 6 * tokens * this.numParameters({ excludeEmbeddings: true });
  }

  /** The tree of modules as PyTorch prints it. */
  toString(): string {
    return showModule(this.architecture.modules);
  }

  /** In a notebook and in console.log: the tree of modules. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  /**
   * Writes config.json and model.safetensors into a folder, which is made if there is none; Python reads them.
   *
   * @example await model.savePretrained('my-model/final');
   * @example await model.savePretrained('my-model/small', { dtype: 'float16' });
   */
  async savePretrained(folder: string, { dtype = 'float32' }: SaveOptions = {}): Promise<void> {
    await mkdir(folder, { recursive: true });
    await writeSafetensors(join(folder, WEIGHTS_FILE), this.weights, dtype);
    // Python loads weights as dtype says; the older name of the setting would contradict it.
    const { _name_or_path: _, torch_dtype: __, ...config } = this.config;
    await writeJson(join(folder, 'config.json'), { ...config, dtype });
  }

  /** Frees what running the model holds; it can be run again. */
  async release(): Promise<void> {
    const entries = [...this.#sessions.values()];
    this.#sessions.clear();
    await Promise.all(entries.map(async ({ session }) => (await session).release()));
  }

  /** Runs a graph of the model, with the weights that it needs. */
  protected async compute(
    kind: string,
    build: (layers: Layers) => Graph,
    feeds: Values,
  ): Promise<Record<string, Value>> {
    const session = await this.session(kind, build);
    await session.setConstants(this.weights);
    return session.run(feeds);
  }

  /**
   * The open session of a kind, or a new one if there is none, or if the graph or weights in its model have changed; the
   * other weights are its constants.
   *
   * @param options.lookedUp takes of the embedding only some rows, and holds the other weights: a text is read token by
   * token with weights that stay, and while training they change with each step
   */
  protected async session(
    kind: string,
    build: (layers: Layers) => Graph,
    { lookedUp = false } = {},
  ): Promise<Session> {
    const { quantization } = this.options;
    const { embedding } = this.architecture;
    const holdsWeights = lookedUp || quantization !== undefined;
    const graphs = this.#graphs;
    const version = holdsWeights ? this.weights.version : 0;
    const entry = this.#sessions.get(kind);
    if (entry?.graphs === graphs && entry.version === version) return entry.session;
    const layers = this.layers(holdsWeights ? { lookedUp, ownHead: true, quantization } : {});
    const graph = build(layers);
    const initializers = holdsWeights
      ? inferenceWeights(graph, this.architecture, this.weights, quantization)
      : {};
    const constants = [...this.weights].filter(
      ([name]) => name in graph.inputs && !(name in initializers) && !(lookedUp && name === embedding),
    );
    const session = Session.create(graph, {
      ...this.options,
      initializers,
      constants: Object.fromEntries(constants),
    });
    this.#sessions.set(kind, { graphs, version, session });
    if (entry !== undefined) await (await entry.session).release();
    return session;
  }

  /** To be called when `layers` changes: what is open runs the graphs of before. */
  protected changeGraphs(): void {
    this.#graphs++;
  }
}

/** @throws if there is no such dtype for matrix products */
function checkDtype(dtype: unknown): void {
  if (dtype === undefined || dtype === 'float32' || dtype === 'float16') return;
  throw new TypeError(
    dtype === 'bfloat16'
      ? "dtype must be 'float32' or 'float16': no engine here computes in bfloat16. Weights that are stored so are read."
      : `dtype must be 'float32' or 'float16', not ${JSON.stringify(dtype)}.`,
  );
}

/** @param logits [labelled, classes] */
export function weightedLoss(logits: Tensor, { labelIds, labelWeights }: LabelTensors): Tensor {
  return sum(mul(crossEntropy(logits, labelIds, { reduction: 'none' }), labelWeights));
}
