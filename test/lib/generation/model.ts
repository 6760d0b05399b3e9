/** Small random models and the tokenizer that fits them. */
import { AutoModelForCausalLM, type CausalLM, type RunOptions } from '../../../lib/models/index.ts';
import { AutoTokenizer, type PreTrainedTokenizer } from '../../../lib/tokenizers/index.ts';
import { bytes, bytesVocab, folder } from '../tokenizers/tiny.ts';

/** The rows of the embedding are more than the tokens, as models often have it. */
export const VOCABULARY = 272;
export const TOKENS = Object.keys(bytesVocab).length;
export const POSITIONS = 600;

const shared = { vocab_size: VOCABULARY, hidden_size: 32, num_hidden_layers: 2, num_attention_heads: 4 };
const sizes = { intermediate_size: 64, max_position_embeddings: POSITIONS, initializer_range: 0.3 };
const CONFIGS = {
  gpt_neox: { model_type: 'gpt_neox', ...shared, ...sizes },
  llama: { model_type: 'llama', num_key_value_heads: 2, tie_word_embeddings: true, ...shared, ...sizes },
};

/** A model that never ends a text unless an option says how. */
export function makeModel(kind: keyof typeof CONFIGS = 'gpt_neox', options: RunOptions = {}): CausalLM {
  return AutoModelForCausalLM.fromConfig(CONFIGS[kind], { seed: 5, ...options });
}

export function makeTokenizer(): Promise<PreTrainedTokenizer> {
  const config = { eos_token: '<|endoftext|>', pad_token: '<|endoftext|>' };
  return AutoTokenizer.fromPretrained(folder({ 'tokenizer.json': bytes, 'tokenizer_config.json': config }));
}
