/** The families of models that can be run. */
import type { Architecture } from './architecture.ts';
import { type ModelConfig, oneOf } from './config.ts';
import { gptNeox } from './gptNeox.ts';
import { llama } from './llama.ts';

const ARCHITECTURES = { gpt_neox: gptNeox, llama, qwen2: llama } as const;

/** @throws naming the setting of config.json that is missing, or asks for what is not written here */
export function architectureOf(config: ModelConfig): Architecture {
  if (config.model_type === undefined) {
    throw new TypeError('config.json has no model_type, so the model is not known.');
  }
  const types = Object.keys(ARCHITECTURES) as (keyof typeof ARCHITECTURES)[];
  return ARCHITECTURES[oneOf(config, 'model_type', types, 'llama')](config);
}
