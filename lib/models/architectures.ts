/**
 * The families of models that can be run, by the `model_type` of config.json:
 *
 * - `gpt_neox`: Pythia and other GPT-NeoX models, with and without parallel residuals and biases
 * - `llama`: Llama 1 to 3, SmolLM and SmolLM2, TinyLlama, and what else is saved as Llama
 * - `mistral`: without a sliding window (`sliding_window: null`)
 * - `qwen2`: Qwen2 and Qwen2.5, without a sliding window
 *
 * Rotary embeddings may be scaled as `linear` and `llama3` say. What a config asks for beyond that is refused by name.
 */
import type { Architecture } from './architecture.ts';
import { type ModelConfig, oneOf } from './config.ts';
import { gptNeox } from './gptNeox.ts';
import { llama } from './llama.ts';

const ARCHITECTURES = { gpt_neox: gptNeox, llama, mistral: llama, qwen2: llama } as const;

/** @throws naming the setting of config.json that is missing, or asks for what is not written here */
export function architectureOf(config: ModelConfig): Architecture {
  if (config.model_type === undefined) {
    throw new TypeError('config.json has no model_type, so the model is not known.');
  }
  if (config.quantization_config != null) {
    const { quant_method: method } = Object(config.quantization_config) as ModelConfig;
    throw new TypeError(
      `config.json: the weights are stored quantised (quantization_config: ${JSON.stringify(method ?? null)}), which cannot be read; load the model that they were made from, with { quantization: 'int4' } or 'int8' if it is to be small.`,
    );
  }
  const types = Object.keys(ARCHITECTURES) as (keyof typeof ARCHITECTURES)[];
  return ARCHITECTURES[oneOf(config, 'model_type', types, 'llama')](config);
}
