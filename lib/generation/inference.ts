/** Asking a model, as the course does it. */
import type { CausalLM } from '../models/index.ts';
import type { PreTrainedTokenizer } from '../tokenizers/index.ts';
import { generate } from './generate.ts';
import type { GenerationOptions } from './options.ts';

export interface InferenceOptions
  extends Omit<GenerationOptions, 'maxNewTokens' | 'maxLength' | 'tokenizer' | 'numReturnSequences'> {
  /** A longer text is cut; 1000 if not given, and never more than the model has room for. */
  readonly maxInputTokens?: number;
  /** How many tokens are answered at most; 100 if not given. */
  readonly maxOutputTokens?: number;
}

/**
 * Continues a text and gives what is new.
 *
 * @returns the continuation, without the text and without special tokens
 * @throws if the text is empty
 * @example console.log(await inference('Tell me how to train my dog to sit', model, tokenizer));
 */
export async function inference(
  text: string,
  model: CausalLM,
  tokenizer: PreTrainedTokenizer,
  options: InferenceOptions = {},
): Promise<string> {
  const { maxInputTokens = 1000, maxOutputTokens = 100, ...rest } = options;
  for (const [name, value] of Object.entries({ maxInputTokens, maxOutputTokens })) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new RangeError(`${name} must be a whole number from 1 on, not ${String(value)}.`);
    }
  }
  const room = model.architecture.maxPositions - maxOutputTokens;
  if (room < 1) {
    throw new RangeError(
      `maxOutputTokens is ${maxOutputTokens} and the model takes ${model.architecture.maxPositions} tokens, the text included.`,
    );
  }
  const inputIds = await tokenizer.encode(text, {
    truncation: true,
    maxLength: Math.min(maxInputTokens, room),
  });
  const [ids] = await generate(model, inputIds, { ...rest, maxNewTokens: maxOutputTokens, tokenizer });
  const decode = (tokens: readonly number[]): string => tokenizer.decode(tokens, { skipSpecialTokens: true });
  return decode(ids!).slice(decode(inputIds).length);
}
