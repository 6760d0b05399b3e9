/** Pairs as rows of tokens for the Trainer. */
import { IGNORED } from '../graph/index.ts';
import type { PreTrainedTokenizer } from '../tokenizers/index.ts';
import type { TrainingRow } from '../training/index.ts';
import type { Pair } from './pairs.ts';
import type { PairTemplate } from './pairTemplate.ts';

/**
 * Tokenizes pairs, each with the token at its end that ends texts, if the tokenizer has one: so a model learns where an
 * answer ends.
 *
 * @param maxLength in tokens; longer texts lose their end
 * @param completionOnlyLoss takes the loss of the outputs alone
 */
export async function trainingRows(
  pairs: readonly Pair[],
  template: PairTemplate,
  tokenizer: PreTrainedTokenizer,
  maxLength: number,
  completionOnlyLoss: boolean,
): Promise<TrainingRow[]> {
  const texts = pairs.map(({ input, output }) => template.text(input, output));
  const { inputIds, offsetMapping } = await tokenizer(texts, {
    truncation: true,
    maxLength,
    returnOffsetsMapping: true,
  });
  const end = tokenizer.eosTokenId;
  return inputIds.map((ids, row) => {
    const ended = end === null || ids.length === maxLength || ids.at(-1) === end ? ids : [...ids, end];
    if (!completionOnlyLoss) return { inputIds: ended };
    const from = template.prompt(pairs[row]!.input).length;
    // The token at the end has no place in the text, and is the answer's.
    const labels = ended.map((id, at) => ((offsetMapping[row]![at]?.[0] ?? from) >= from ? id : IGNORED));
    return { inputIds: ended, labels };
  });
}
