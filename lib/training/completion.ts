/** Which tokens of a text are its completion's, so that training can be on these alone. */
import type { PreTrainedTokenizer } from '../tokenizers/index.ts';

export interface TokenizedCompletion {
  readonly inputIds: readonly number[];
  /** 0 for the tokens of the prompt, 1 for those of the completion; a token of both counts as the completion's. */
  readonly completionMask: readonly number[];
}

/**
 * Tokenizes a prompt and its completion as one text, for training with `completionOnlyLoss`.
 *
 * @example
 * const train = await docs.map(row => tokenizeCompletion(tokenizer, { prompt: row.question, completion: row.answer }));
 * const args = new TrainingArguments({ completionOnlyLoss: true });
 */
export async function tokenizeCompletion(
  tokenizer: PreTrainedTokenizer,
  { prompt, completion }: { readonly prompt: string; readonly completion: string },
): Promise<TokenizedCompletion> {
  const { inputIds, offsetMapping } = await tokenizer(prompt + completion, { returnOffsetsMapping: true });
  // Tokens that the tokenizer adds have no place in the text; those at its end are the completion's, even of an empty one.
  const last = offsetMapping.findLastIndex(([, end]) => end > 0 && end <= prompt.length);
  return { inputIds, completionMask: inputIds.map((_, i) => (i > last ? 1 : 0)) };
}
