/** Pairs as rows of tokens for the Trainer. */
import type { PreTrainedTokenizer } from '../tokenizers/index.ts';
import { type TokenizedCompletion, tokenizeCompletion } from '../training/index.ts';
import type { Pair } from './pairs.ts';
import type { PairTemplate } from './pairTemplate.ts';

/**
 * Tokenizes pairs, each with the token at its end that ends texts, if the tokenizer has one: so a model learns where an
 * answer ends.
 *
 * @param maxLength in tokens; longer texts lose their end
 */
export async function trainingRows(
  pairs: readonly Pair[],
  template: PairTemplate,
  tokenizer: PreTrainedTokenizer,
  maxLength: number,
): Promise<TokenizedCompletion[]> {
  const end = tokenizer.eosTokenId;
  return Promise.all(
    pairs.map(async ({ input, output }) => {
      const prompt = template.prompt(input);
      const completion = template.text(input, output).slice(prompt.length);
      const { inputIds, completionMask } = await tokenizeCompletion(tokenizer, { prompt, completion });
      const ending = end === null || inputIds.at(-1) === end ? [] : [end];
      return {
        inputIds: [...inputIds, ...ending].slice(0, maxLength),
        // The token at the end has no place in the text, and is the answer's.
        completionMask: [...completionMask, ...ending.map(() => 1)].slice(0, maxLength),
      };
    }),
  );
}
