/** Continuing texts: `generate` for all at once, `stream` for one as it grows. */
import { type CausalLM, checkContinues } from '../models/index.ts';
import type { PreTrainedTokenizer } from '../tokenizers/index.ts';
import { searchBeams } from './beams.ts';
import { type GenerationOptions, type Settings, settle } from './options.ts';
import { type GenerationInput, type Prompt, readPrompt } from './prompt.ts';
import { TextPieces } from './textPieces.ts';
import { nextTokens } from './tokens.ts';

export interface GenerationOutput {
  /** [prompts · numReturnSequences, length] token ids, prompt included, padded on the right. */
  readonly sequences: number[][];
  /** Of a search with beams: log-probabilities of the new tokens, divided by the length penalty. */
  readonly sequencesScores?: number[];
}

/**
 * Continues one prompt or several.
 *
 * The texts are what transformers gives with the same options, as long as nothing is drawn.
 *
 * @param input token ids, rows of them, or what the tokenizer gives; rows of one length, padded on the left
 * @returns the rows of token ids, prompts included, and with beams their scores
 * @throws naming the option or the part of the input that does not fit the model
 * @example
 * const input = await tokenizer('The capital of France is');
 * const { sequences } = await generateWithScores(model, input, { numBeams: 4 });
 */
export async function generateWithScores(
  model: CausalLM,
  input: GenerationInput,
  options: GenerationOptions = {},
): Promise<GenerationOutput> {
  const { prompt, settings } = prepare(model, input, options);
  if (settings.numBeams > 1) {
    const { sequences, scores } = await searchBeams(model, prompt, settings);
    return { sequences: padded(sequences, settings), sequencesScores: scores };
  }
  const sequences = prompt.inputIds.flatMap(row =>
    Array.from({ length: settings.numReturnSequences }, () => [...row]),
  );
  for await (const next of nextTokens(model, prompt, settings)) {
    next.forEach((id, i) => {
      sequences[i]!.push(id);
    });
  }
  return { sequences };
}

/**
 * Continues one prompt or several: the rows of token ids of `generateWithScores`.
 *
 * @example
 * const input = await tokenizer('The capital of France is');
 * const [ids] = await generate(model, input, { maxNewTokens: 10 });
 * console.log(tokenizer.decode(ids));
 */
export async function generate(
  model: CausalLM,
  input: GenerationInput,
  options: GenerationOptions = {},
): Promise<number[][]> {
  return (await generateWithScores(model, input, options)).sequences;
}

/**
 * Continues one prompt and gives the new text piece by piece, each as soon as its characters are complete.
 *
 * @param options.tokenizer turns the tokens into text; special ones are left out
 * @throws as `generate`, and if there is more than one prompt or a search with beams
 * @example
 * for await (const piece of stream(model, await tokenizer('Once'), { tokenizer })) process.stdout.write(piece);
 */
export async function* stream(
  model: CausalLM,
  input: GenerationInput,
  options: GenerationOptions & { readonly tokenizer: PreTrainedTokenizer },
): AsyncGenerator<string, void> {
  const { prompt, settings } = prepare(model, input, options);
  const { numBeams, numReturnSequences } = settings;
  if (prompt.inputIds.length > 1 || numReturnSequences > 1) {
    throw new RangeError('stream continues one prompt with one text; use generate for several.');
  }
  if (numBeams > 1) {
    throw new RangeError(`numBeams is ${numBeams}, and beams are known only at their end; use generate.`);
  }
  const pieces = new TextPieces(options.tokenizer, prompt.inputIds[0]!);
  for await (const [id] of nextTokens(model, prompt, settings)) {
    const piece = pieces.push(id!);
    if (piece !== '') yield piece;
  }
  const rest = pieces.end();
  if (rest !== '') yield rest;
}

function prepare(
  model: CausalLM,
  input: GenerationInput,
  options: GenerationOptions,
): { prompt: Prompt; settings: Settings } {
  checkContinues('generate', model);
  const settings = settle(options, model.generationConfig, model.architecture.vocabularySize);
  return { prompt: readPrompt(input, settings, model), settings };
}

/** Rows as long as the longest. */
function padded(rows: readonly number[][], { padTokenId }: Settings): number[][] {
  const length = Math.max(...rows.map(row => row.length));
  return rows.map(row => {
    if (row.length === length) return row;
    if (padTokenId === undefined)
      throw new Error('Beams differ in length; say with padTokenId what fills them.');
    return [...row, ...new Array<number>(length - row.length).fill(padTokenId)];
  });
}
