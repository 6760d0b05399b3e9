/** Models as ONNX files that transformers.js loads, in Node and in browsers. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  and,
  append,
  attention,
  cast,
  type Dim,
  equal,
  expandDims,
  type Graph,
  graph,
  input,
  iota,
  last,
  lessOrEqual,
  reshape,
  type Tensor,
  toOnnx,
  where,
} from '../graph/index.ts';
import { writeWhole } from '../host.ts';
import type { PreTrainedTokenizer } from '../tokenizers/index.ts';
import type { Architecture, Layers } from './architecture.ts';
import { type CausalLM, checkContinues } from './causalLM.ts';
import { GENERATION_CONFIG_FILE, type ModelConfig, writeJson } from './config.ts';
import { inferenceWeights } from './inferenceWeights.ts';
import type { QuantizationName } from './quantization.ts';

/** Weights of 32, 8 or 4 bits, by the names that transformers.js has for them. */
export type OnnxDtype = 'fp32' | 'q8' | 'q4';

/** The end of the file's name that transformers.js looks for, and how the weights are rounded. */
const DTYPES: Readonly<Record<OnnxDtype, { suffix: string; quantization?: QuantizationName }>> = {
  fp32: { suffix: '' },
  q8: { suffix: '_quantized', quantization: 'int8' },
  q4: { suffix: '_q4', quantization: 'int4' },
};
const MINUS_INFINITY = -3.4028234663852886e38;

export interface ExportOptions {
  /** The model's tokenizer, whose files belong beside it. */
  readonly tokenizer?: Pick<PreTrainedTokenizer, 'savePretrained'>;
  /** The files to write; `fp32` alone if not given. */
  readonly dtypes?: readonly OnnxDtype[];
}

/**
 * Writes a model as ONNX files into a folder that transformers.js loads: `onnx/model.onnx`, or `model_quantized.onnx` and
 * `model_q4.onnx`, with config.json, generation_config.json and the tokenizer's files. Adapters become part of it.
 *
 * @throws if a file would be larger than the 2 GB that its format allows
 * @example await exportOnnx(model, 'my-model/browser', { tokenizer, dtypes: ['fp32', 'q8'] });
 */
export async function exportOnnx(
  model: CausalLM,
  folder: string,
  options: ExportOptions = {},
): Promise<void> {
  checkContinues('exportOnnx', model);
  const { tokenizer, dtypes = ['fp32'] } = options;
  const unknown = dtypes.find(dtype => !Object.hasOwn(DTYPES, dtype));
  if (unknown !== undefined) {
    throw new RangeError(`dtypes has ${unknown}; there are ${Object.keys(DTYPES).join(', ')}.`);
  }
  await mkdir(join(folder, 'onnx'), { recursive: true });
  for (const dtype of dtypes) {
    const { suffix, quantization } = DTYPES[dtype];
    const path = join(folder, 'onnx', `model${suffix}.onnx`);
    const file = onnxOf(model, quantization);
    await writeWhole(path, temporary => writeFile(temporary, file));
  }
  const { config, generationConfig } = model;
  await writeJson(join(folder, 'config.json'), withDefaults(config, model.architecture));
  await writeJson(
    join(folder, GENERATION_CONFIG_FILE),
    generationConfig === config ? tokensOf(config) : generationConfig,
  );
  await tokenizer?.savePretrained(folder);
}

function onnxOf(model: CausalLM, quantization: QuantizationName | undefined): Uint8Array {
  const { architecture, weights } = model;
  const layers = model.layers(quantization === undefined ? {} : { ownHead: true, quantization });
  const built = decoderGraph(architecture, layers);
  const initializers = inferenceWeights(built, architecture, weights, quantization);
  const { embedding } = architecture;
  return toOnnx(built, { ...initializers, [embedding]: weights.get(embedding)! });
}

/**
 * The graph that continues texts, with the inputs and outputs that transformers.js and Optimum give such models.
 *
 * Inputs: `input_ids` and `position_ids` int64 [batch, seq], `attention_mask` int64 [batch, total], and for each layer
 * `past_key_values.N.key` and `.value` [batch, groups, past, size]. Outputs: `logits` [batch, seq, vocabulary], and
 * `present.N.key` and `.value` [batch, groups, total, size].
 */
function decoderGraph(architecture: Architecture, layers: Layers): Graph {
  const { groups, size } = architecture.keyValues;
  const rows = (name: string, length: Dim): Tensor => cast(input(name, ['batch', length], 'int64'), 'int32');
  const inputIds = rows('input_ids', 'seq');
  const positionIds = rows('position_ids', 'seq');
  const bias = biasOf(rows('attention_mask', 'total'), inputIds);
  const present: Record<string, Tensor> = {};
  let layer = 0;
  const hidden = architecture.hiddenStates(
    layers,
    // The mask of the new tokens alone is not asked: the one above is of all.
    { inputIds, positionIds, attentionMask: inputIds },
    (query, key, value) => {
      const grow = (name: string, added: Tensor): Tensor => {
        const past = input(`past_key_values.${layer}.${name}`, ['batch', groups, 'past', size]);
        return (present[`present.${layer}.${name}`] = append(past, added, 2, 'total'));
      };
      const [keys, values] = [grow('key', key), grow('value', value)];
      layer++;
      return attention(query, keys, values, bias);
    },
  );
  const logits = layers.linear(hidden, architecture.head);
  return graph({ logits: reshape(logits, [...inputIds.shape, architecture.vocabularySize]), ...present });
}

/**
 * What to add to the scores of new tokens so that each sees itself and all before it but padding.
 *
 * @param mask [batch, total]: 0 for padding
 * @param inputIds [batch, seq] the new tokens, which are the last of all
 * @returns [batch, 1, seq, total]
 */
function biasOf(mask: Tensor, inputIds: Tensor): Tensor {
  const places = iota(mask, 1);
  const own = last(places, 0, inputIds.shape[1]!, inputIds);
  const earlier = lessOrEqual(expandDims(places, 0), expandDims(own, 1));
  const real = equal(expandDims(mask, 1), 1);
  return expandDims(where(and(real, earlier), 0, MINUS_INFINITY), 1);
}

/** transformers.js takes the sizes of the keys and values from config.json, and knows no defaults of theirs. */
function withDefaults(given: ModelConfig, { keyValues }: Architecture): ModelConfig {
  const { _name_or_path: _, ...config } = given;
  if (config.model_type === 'gpt_neox') return config;
  return { head_dim: keyValues.size, ...config, num_key_value_heads: keyValues.groups };
}

/** What a generation_config.json says at least. */
function tokensOf(config: ModelConfig): ModelConfig {
  const names = ['bos_token_id', 'eos_token_id', 'pad_token_id'];
  return Object.fromEntries(
    Object.entries(config).filter(([name, id]) => names.includes(name) && id != null),
  );
}
