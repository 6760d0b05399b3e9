/** What a text is continued from, in any of the forms in which tokenizers give it. */
import type { CausalLM } from '../models/index.ts';
import type { Settings } from './options.ts';

/** Integers as `returnTensors: 'np'` gives them. */
interface IntTensor {
  readonly data: BigInt64Array;
  readonly dims: readonly number[];
}

/** Token ids, or a mask: of one text, of several, or as one tensor. */
export type TokenRows = readonly number[] | readonly (readonly number[])[] | IntTensor;

/** One prompt or several: token ids alone, or what the tokenizer gives. */
export type GenerationInput =
  | readonly number[]
  | readonly (readonly number[])[]
  | { readonly inputIds: TokenRows; readonly attentionMask?: TokenRows };

export interface Prompt {
  /** [batch, seq] */
  readonly inputIds: readonly (readonly number[])[];
  /** [batch, seq]: 0 for padding, which is on the left. */
  readonly attentionMask: readonly (readonly number[])[];
  /** How many tokens a row has at most when it is done, prompt included. */
  readonly maxLength: number;
}

/**
 * Reads a prompt and how long its continuation may become.
 *
 * @throws if it is empty, if its rows differ in length or are padded on the right, if it has a token that the model does
 * not have, or if it is longer than the model's positions allow
 */
export function readPrompt(given: GenerationInput, settings: Settings, model: CausalLM): Prompt {
  if (typeof given !== 'object' || given === null) {
    throw new TypeError(
      `A prompt is token ids, not ${JSON.stringify(given)}; generate(await tokenizer(text)) encodes a text.`,
    );
  }
  const columns = 'inputIds' in given ? given : { inputIds: given };
  const inputIds = rowsOf(columns.inputIds, 'inputIds');
  const [first] = inputIds;
  if (first === undefined || first.length === 0) {
    throw new RangeError(
      'The prompt is empty; a text that begins from nothing begins with the token that starts texts.',
    );
  }
  checkLengths(inputIds, first.length);
  const size = model.architecture.vocabularySize;
  for (const id of inputIds.flat()) {
    if (Number.isInteger(id) && id >= 0 && id < size) continue;
    const { tokenizer } = settings;
    const isNamed = tokenizer !== undefined && Number.isInteger(id) && id >= 0 && id < tokenizer.length;
    throw new RangeError(
      `The prompt has the token ${id}${isNamed ? ` (${tokenizer.convertIdsToTokens(id)})` : ''}, and the model's embedding has ${size} rows; use the model's own tokenizer.`,
    );
  }
  const attentionMask =
    columns.attentionMask === undefined
      ? maskOf(inputIds, settings)
      : rowsOf(columns.attentionMask, 'attentionMask');
  checkMask(attentionMask, inputIds);
  return { inputIds, attentionMask, maxLength: maxLengthOf(first.length, settings, model) };
}

function rowsOf(given: TokenRows, name: string): readonly (readonly number[])[] {
  if ('data' in given) {
    const width = given.dims.at(-1) ?? 0;
    const count = width === 0 ? 0 : given.data.length / width;
    return Array.from({ length: count }, (_, i) =>
      Array.from(given.data.subarray(i * width, (i + 1) * width), Number),
    );
  }
  if (!Array.isArray(given)) {
    throw new TypeError(
      `${name} must be a list of numbers or rows of them; a tokenizer's promise must be awaited.`,
    );
  }
  return given.every(item => Array.isArray(item)) && given.length > 0
    ? (given as readonly (readonly number[])[])
    : [given as readonly number[]];
}

function checkLengths(rows: readonly (readonly number[])[], length: number): void {
  const wrong = rows.findIndex(row => row.length !== length);
  if (wrong < 0) return;
  throw new RangeError(
    `Row ${wrong} of the prompts has ${rows[wrong]!.length} tokens and row 0 has ${length}; ` +
      "pad them: tokenizer(texts, { padding: true, paddingSide: 'left' }).",
  );
}

/** Where nothing is said, padding is what looks like it, as in transformers. */
function maskOf(
  inputIds: readonly (readonly number[])[],
  { padTokenId, eosTokenIds }: Settings,
): readonly (readonly number[])[] {
  const padding = padTokenId !== undefined && !eosTokenIds.includes(padTokenId) ? padTokenId : undefined;
  return inputIds.map(row => row.map(id => (id === padding ? 0 : 1)));
}

function checkMask(mask: readonly (readonly number[])[], inputIds: readonly (readonly number[])[]): void {
  mask.forEach((row, i) => {
    if (row.length !== inputIds[i]?.length || row.some(bit => bit !== 0 && bit !== 1)) {
      throw new RangeError(`Row ${i} of attentionMask must have a 0 or a 1 for each token of the prompt.`);
    }
    if (row.at(-1) === 0) {
      throw new RangeError(
        `Row ${i} of the prompts ends in padding, where it should go on; pad on the left: tokenizer.paddingSide = 'left'.`,
      );
    }
  });
  if (mask.length === inputIds.length) return;
  throw new RangeError(`attentionMask has ${mask.length} rows and the prompts are ${inputIds.length}.`);
}

const DEFAULT_NEW_TOKENS = 20;

function maxLengthOf(length: number, { maxNewTokens, maxLength }: Settings, model: CausalLM): number {
  const { maxPositions } = model.architecture;
  if (length >= maxPositions) {
    throw new RangeError(
      `The prompt has ${length} tokens and the model takes ${maxPositions} at most, new ones included; shorten it.`,
    );
  }
  if (maxNewTokens === undefined && maxLength === undefined) {
    return Math.min(length + DEFAULT_NEW_TOKENS, maxPositions);
  }
  const wanted = maxNewTokens === undefined ? maxLength! : length + maxNewTokens;
  if (wanted <= length) {
    throw new RangeError(
      `The prompt has ${length} tokens already and maxLength is ${wanted}; raise it, or set maxNewTokens.`,
    );
  }
  if (wanted > maxPositions) {
    throw new RangeError(
      maxNewTokens === undefined
        ? `maxLength is ${wanted} and the model takes ${maxPositions} tokens at most.`
        : `The prompt's ${length} tokens and maxNewTokens ${maxNewTokens} make ${wanted}, and the model takes ` +
            `${maxPositions} at most; lower maxNewTokens to ${maxPositions - length}.`,
    );
  }
  return wanted;
}
