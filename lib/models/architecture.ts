/** What the rest of the library needs to know of a family of models. */
import type { attention, Tensor } from '../graph/index.ts';
import type { Module } from './modules.ts';

/** What a batch is for the layers. */
export interface BatchTensors {
  /** [batch, seq] int32 */
  readonly inputIds: Tensor;
  /** [batch, seq] int32: 0 is padding, and tokens with equal numbers see each other. */
  readonly attentionMask: Tensor;
  /** [batch, seq] int32: each token's place in its text. */
  readonly positionIds: Tensor;
}

/** The parameters of a model in the graph that is being built, and the layer that adapters change. */
export interface Layers {
  /** The parameter of a name, the same tensor each time. */
  parameter(name: string): Tensor;
  /** x · weightᵀ + bias of the linear layer of a name: [rows, inputs] → [rows, outputs]. */
  linear(x: Tensor, name: string): Tensor;
  /** One of the equal blocks that a model is a tower of: `compute(x)`. */
  block(x: Tensor, compute: (x: Tensor) => Tensor): Tensor;
}

/**
 * How the tokens of a layer mix: query [batch, heads, seq, size], key and value [batch, groups, seq, size], and what is
 * added to the scores [batch, 1, seq, seq]. It is called once for each layer, from the first to the last.
 */
export type Mix = typeof attention;

/** What a layer keeps of each token so that later ones can attend to it: keys and values of so many heads and features. */
export interface KeyValueShape {
  readonly layers: number;
  readonly groups: number;
  readonly size: number;
}

/** A family of models that continue texts, for one config.json. */
export interface Architecture {
  readonly modules: Module;
  readonly vocabularySize: number;
  readonly hiddenSize: number;
  /** The standard deviation of weights before training. */
  readonly initializerRange: number;
  /** The table of token embeddings: [vocabulary, hidden]. */
  readonly embedding: string;
  /** The linear layer that turns hidden states into logits. */
  readonly head: string;
  /** Whether the head is the embedding itself. */
  readonly tied: boolean;
  /** Bytes of what a PyTorch model holds beside its parameters; `maskBuffers` as transformers did before 4.5x. */
  bufferBytes(maskBuffers: boolean): number;
  readonly keyValues: KeyValueShape;
  /** The most tokens that a text may have; of longer ones the model has seen no positions. */
  readonly maxPositions: number;
  /** The last hidden states: [batch*seq, hidden]. */
  hiddenStates(layers: Layers, batch: BatchTensors, mix?: Mix): Tensor;
}
