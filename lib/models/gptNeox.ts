/** GPT-NeoX, the family of Pythia: https://arxiv.org/abs/2204.06745 */
import {
  add,
  attention,
  causalBias,
  type Dim,
  gather,
  gelu,
  layerNorm,
  product,
  reshape,
  rotaryEmbedding,
  slice,
  type Tensor,
  transpose,
} from '../graph/index.ts';
import type { Architecture } from './architecture.ts';
import { flagIn, type ModelConfig, numberIn, oneOf, quotientIn, sizeIn } from './config.ts';
import {
  embeddingModule,
  layerNormModule,
  linearModule,
  module,
  moduleList,
  pythonFloat,
} from './modules.ts';
import { longestText, rotaryFrequencies, rotation } from './rotary.ts';

/** @throws naming the setting if config.json lacks one or asks for what is not written here */
export function gptNeox(config: ModelConfig): Architecture {
  const hidden = sizeIn(config, 'hidden_size');
  const depth = sizeIn(config, 'num_hidden_layers');
  const heads = sizeIn(config, 'num_attention_heads');
  const vocabulary = sizeIn(config, 'vocab_size');
  const inner = sizeIn(config, 'intermediate_size');
  const longest = sizeIn(config, 'max_position_embeddings', 2048);
  const epsilon = numberIn(config, 'layer_norm_eps', 1e-5);
  const bias = flagIn(config, 'attention_bias', true);
  const parallel = flagIn(config, 'use_parallel_residual', true);
  const tied = flagIn(config, 'tie_word_embeddings', false);
  oneOf(config, 'hidden_act', ['gelu'], 'gelu');
  const size = quotientIn(config, 'hidden_size', 'num_attention_heads');
  const frequencies = rotaryFrequencies({ rotary_pct: 0.25, ...config }, size);

  const norm = layerNormModule(hidden, epsilon);
  const dropout = module(
    'Dropout',
    {},
    `p=${pythonFloat(numberIn(config, 'hidden_dropout', 0))}, inplace=False`,
  );
  const layerModule = module('GPTNeoXLayer', {
    input_layernorm: norm,
    post_attention_layernorm: norm,
    post_attention_dropout: dropout,
    post_mlp_dropout: dropout,
    attention: module('GPTNeoXAttention', {
      query_key_value: linearModule(hidden, 3 * hidden, bias),
      dense: linearModule(hidden, hidden, bias),
    }),
    mlp: module('GPTNeoXMLP', {
      dense_h_to_4h: linearModule(hidden, inner, true),
      dense_4h_to_h: linearModule(inner, hidden, true),
      act: module('GELUActivation'),
    }),
  });
  const embedding = 'gpt_neox.embed_in.weight';

  return {
    modules: module('GPTNeoXForCausalLM', {
      gpt_neox: module('GPTNeoXModel', {
        embed_in: embeddingModule(vocabulary, hidden),
        emb_dropout: dropout,
        layers: moduleList(depth, layerModule),
        final_layer_norm: norm,
        rotary_emb: module('GPTNeoXRotaryEmbedding'),
      }),
      embed_out: linearModule(hidden, vocabulary, false),
    }),
    vocabularySize: vocabulary,
    hiddenSize: hidden,
    initializerRange: numberIn(config, 'initializer_range', 0.02),
    embedding,
    head: 'embed_out',
    tied,
    keyValues: { layers: depth, groups: heads, size },
    maxPositions: longestText(config),
    // Two copies of the rotary frequencies now; a mask, frequencies and two scalars in each layer before.
    bufferBytes: maskBuffers =>
      maskBuffers ? depth * (longest ** 2 + 4 * frequencies.length + 8) : 8 * frequencies.length,

    hiddenStates(layers, { inputIds, attentionMask, positionIds }, mix = attention) {
      const [batch, seq] = inputIds.shape as [Dim, Dim];
      const rows = product([batch, seq]);
      const mask = causalBias(attentionMask);
      const { cosines, sines } = rotation(positionIds, frequencies);
      const normalize = (x: Tensor, name: string): Tensor =>
        layerNorm(x, layers.parameter(`${name}.weight`), layers.parameter(`${name}.bias`), epsilon);

      const attend = (x: Tensor, name: string): Tensor => {
        // Each head's query, key and value lie side by side.
        const joint = reshape(layers.linear(x, `${name}.query_key_value`), [batch, seq, heads, 3 * size]);
        const perHead = transpose(joint, [0, 2, 1, 3]);
        const [query, key, value] = [0, 1, 2].map(i => slice(perHead, -1, i * size, (i + 1) * size));
        const mixed = mix(
          rotaryEmbedding(query!, cosines, sines),
          rotaryEmbedding(key!, cosines, sines),
          value!,
          mask,
        );
        return layers.linear(reshape(transpose(mixed, [0, 2, 1, 3]), [rows, hidden]), `${name}.dense`);
      };
      const transform = (x: Tensor, name: string): Tensor =>
        layers.linear(gelu(layers.linear(x, `${name}.dense_h_to_4h`)), `${name}.dense_4h_to_h`);

      let x = reshape(gather(layers.parameter(embedding), inputIds), [rows, hidden]);
      for (let i = 0; i < depth; i++) {
        const layer = `gpt_neox.layers.${i}`;
        x = layers.block(x, x => {
          const attended = add(x, attend(normalize(x, `${layer}.input_layernorm`), `${layer}.attention`));
          const normal = normalize(parallel ? x : attended, `${layer}.post_attention_layernorm`);
          return add(attended, transform(normal, `${layer}.mlp`));
        });
      }
      return normalize(x, 'gpt_neox.final_layer_norm');
    },
  };
}
