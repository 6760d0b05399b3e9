/** Llama and those that differ from it by configuration: SmolLM, Mistral, Qwen2. https://arxiv.org/abs/2302.13971 */
import {
  add,
  attention,
  causalBias,
  type Dim,
  gather,
  mul,
  product,
  reshape,
  rmsNorm,
  rotaryEmbedding,
  silu,
  type Tensor,
  transpose,
} from '../graph/index.ts';
import type { Architecture } from './architecture.ts';
import { flagIn, type ModelConfig, numberIn, oneOf, quotientIn, sizeIn } from './config.ts';
import { embeddingModule, linearModule, module, moduleList, rmsNormModule } from './modules.ts';
import { longestText, rotaryFrequencies, rotation } from './rotary.ts';

/** The config's `model_type`, and how Python's classes are called. */
const FAMILIES = { llama: 'Llama', mistral: 'Mistral', qwen2: 'Qwen2' } as const;

/** @throws naming the setting if config.json lacks one or asks for what is not written here */
export function llama(config: ModelConfig): Architecture {
  const type = oneOf(config, 'model_type', ['llama', 'mistral', 'qwen2'], 'llama');
  const family = FAMILIES[type];
  const hidden = sizeIn(config, 'hidden_size');
  const depth = sizeIn(config, 'num_hidden_layers');
  const heads = sizeIn(config, 'num_attention_heads');
  // Where Mistral's config says nothing, it means its first models.
  const groups = sizeIn(config, 'num_key_value_heads', type === 'mistral' ? 8 : heads);
  quotientIn({ ...config, num_key_value_heads: groups }, 'num_attention_heads', 'num_key_value_heads');
  const size =
    config.head_dim == null
      ? quotientIn(config, 'hidden_size', 'num_attention_heads')
      : sizeIn(config, 'head_dim');
  const vocabulary = sizeIn(config, 'vocab_size');
  const inner = sizeIn(config, 'intermediate_size');
  const epsilon = numberIn(config, 'rms_norm_eps', 1e-6);
  const tied = flagIn(config, 'tie_word_embeddings', false);
  const padding = typeof config.pad_token_id === 'number' ? config.pad_token_id : undefined;
  oneOf(config, 'hidden_act', ['silu'], 'silu');
  checkWindow(config, type);
  const frequencies = rotaryFrequencies(config, size);
  if (2 * frequencies.length !== size) {
    throw new TypeError('config.json: partial_rotary_factor is not 1; only whole heads can be turned.');
  }
  // Qwen2 has biases on query, key and value alone, and does not say so in its config; Mistral has none.
  const queryBias = type === 'qwen2' || (type === 'llama' && flagIn(config, 'attention_bias', false));
  const outputBias = type === 'llama' && queryBias;
  const mlpBias = type === 'llama' && flagIn(config, 'mlp_bias', false);

  const norm = rmsNormModule(`${family}RMSNorm`, hidden, epsilon);
  const layerModule = module(`${family}DecoderLayer`, {
    self_attn: module(`${family}Attention`, {
      q_proj: linearModule(hidden, heads * size, queryBias),
      k_proj: linearModule(hidden, groups * size, queryBias),
      v_proj: linearModule(hidden, groups * size, queryBias),
      o_proj: linearModule(heads * size, hidden, outputBias),
    }),
    mlp: module(`${family}MLP`, {
      gate_proj: linearModule(hidden, inner, mlpBias),
      up_proj: linearModule(hidden, inner, mlpBias),
      down_proj: linearModule(inner, hidden, mlpBias),
      act_fn: module('SiLUActivation'),
    }),
    input_layernorm: norm,
    post_attention_layernorm: norm,
  });
  const embedding = 'model.embed_tokens.weight';

  return {
    modules: module(`${family}ForCausalLM`, {
      model: module(`${family}Model`, {
        embed_tokens: embeddingModule(vocabulary, hidden, padding),
        layers: moduleList(depth, layerModule),
        norm,
        rotary_emb: module(`${family}RotaryEmbedding`),
      }),
      lm_head: linearModule(hidden, vocabulary, false),
    }),
    vocabularySize: vocabulary,
    hiddenSize: hidden,
    initializerRange: numberIn(config, 'initializer_range', 0.02),
    embedding,
    head: 'lm_head',
    tied,
    keyValues: { layers: depth, groups, size },
    maxPositions: longestText(config),
    bufferBytes: () => 4 * size,

    hiddenStates(layers, { inputIds, attentionMask, positionIds }, mix = attention) {
      const [batch, seq] = inputIds.shape as [Dim, Dim];
      const rows = product([batch, seq]);
      const mask = causalBias(attentionMask);
      const { cosines, sines } = rotation(positionIds, frequencies);
      const normalize = (x: Tensor, name: string): Tensor =>
        rmsNorm(x, layers.parameter(`${name}.weight`), epsilon);

      const attend = (x: Tensor, name: string): Tensor => {
        const split = (projected: Tensor, count: number): Tensor =>
          transpose(reshape(projected, [batch, seq, count, size]), [0, 2, 1, 3]);
        const query = split(layers.linear(x, `${name}.q_proj`), heads);
        const key = split(layers.linear(x, `${name}.k_proj`), groups);
        const value = split(layers.linear(x, `${name}.v_proj`), groups);
        const mixed = mix(
          rotaryEmbedding(query, cosines, sines),
          rotaryEmbedding(key, cosines, sines),
          value,
          mask,
        );
        const joined = reshape(transpose(mixed, [0, 2, 1, 3]), [rows, heads * size]);
        return layers.linear(joined, `${name}.o_proj`);
      };
      const transform = (x: Tensor, name: string): Tensor => {
        const gate = silu(layers.linear(x, `${name}.gate_proj`));
        return layers.linear(mul(gate, layers.linear(x, `${name}.up_proj`)), `${name}.down_proj`);
      };

      let x = reshape(gather(layers.parameter(embedding), inputIds), [rows, hidden]);
      for (let i = 0; i < depth; i++) {
        const layer = `model.layers.${i}`;
        x = layers.block(x, x => {
          const attended = add(x, attend(normalize(x, `${layer}.input_layernorm`), `${layer}.self_attn`));
          const normal = normalize(attended, `${layer}.post_attention_layernorm`);
          return add(attended, transform(normal, `${layer}.mlp`));
        });
      }
      return normalize(x, 'model.norm');
    },
  };
}

/** @throws if tokens see only so many others before them, which would change what long texts give */
function checkWindow(config: ModelConfig, type: keyof typeof FAMILIES): void {
  const fault = (name: string, value: unknown): never => {
    throw new TypeError(`config.json: ${name} is ${JSON.stringify(value)}; only full attention can be run.`);
  };
  if (flagIn(config, 'use_sliding_window', false)) fault('use_sliding_window', true);
  const other = [config.layer_types ?? []].flat().find(layer => layer !== 'full_attention');
  if (other !== undefined) fault('a layer in layer_types', other);
  // Mistral's default is a window of 4096 tokens.
  if (type === 'mistral' && config.sliding_window !== null) {
    fault('sliding_window', config.sliding_window ?? 4096);
  }
}
