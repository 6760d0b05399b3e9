/** Answers of a model to questions, several at a time. */
import { generate, type InferenceOptions } from '../generation/index.ts';
import { progress } from '../host.ts';
import type { CausalLM } from '../models/index.ts';
import type { PreTrainedTokenizer } from '../tokenizers/index.ts';
import type { PairTemplate } from './pairTemplate.ts';

/** So many questions at once read a small model's weights once for all of them. */
const BATCH_SIZE = 8;
/** Seconds after which it is shown how far the answers are. */
const DELAY = 2;

/**
 * Answers questions in a template, each cut where the template says that an answer ends.
 *
 * @param description what is being done, for the progress bar
 */
export async function answer(
  questions: readonly string[],
  model: CausalLM,
  tokenizer: PreTrainedTokenizer,
  template: PairTemplate,
  { maxInputTokens = 1000, maxOutputTokens = 100, ...options }: InferenceOptions,
  description: string,
): Promise<string[]> {
  const { maxPositions } = model.architecture;
  if (!(maxOutputTokens < maxPositions)) {
    throw new RangeError(
      `maxOutputTokens is ${maxOutputTokens} and the model takes ${maxPositions} tokens, the question included.`,
    );
  }
  // Training ends texts with the tokenizer's own token, which a model's settings may not name.
  const ends = [model.generationConfig.eos_token_id ?? [], tokenizer.eosTokenId ?? []].flat() as number[];
  const maxLength = Math.min(maxInputTokens, maxPositions - maxOutputTokens);
  const batches = Array.from({ length: Math.ceil(questions.length / BATCH_SIZE) }, (_, i) =>
    questions.slice(i * BATCH_SIZE, (i + 1) * BATCH_SIZE),
  );
  const answers: string[] = [];
  for (const batch of progress(batches, { description, unit: 'batch', delay: DELAY })) {
    const prompts = batch.map(template.prompt);
    const input = await tokenizer(prompts, {
      padding: true,
      paddingSide: 'left',
      truncation: true,
      // A question that is cut must still end as the template does.
      truncationSide: 'left',
      maxLength,
    });
    const rows = await generate(model, input, {
      stopStrings: template.stop,
      eosTokenId: ends,
      padTokenId: tokenizer.padTokenId,
      ...options,
      maxNewTokens: maxOutputTokens,
      tokenizer,
    });
    const width = input.inputIds[0]!.length;
    const texts = rows.map(ids => tokenizer.decode(ids.slice(width), { skipSpecialTokens: true }));
    answers.push(...texts.map(template.cut));
  }
  return answers;
}
