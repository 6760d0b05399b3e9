/** How a text is continued: the options as a caller writes them, under transformers' names, and what they amount to. */
import { checkOptions } from '../host.ts';
import type { ModelConfig } from '../models/index.ts';
import type { PreTrainedTokenizer } from '../tokenizers/index.ts';

export interface GenerationOptions {
  /** How many tokens are added at most. Without it and `maxLength` 20, or fewer if the model takes no more. */
  readonly maxNewTokens?: number;
  /** How many tokens the text has at most, the prompt included; `maxNewTokens` goes before it. */
  readonly maxLength?: number;
  /** How many tokens are added before the text may end. 0 if not given. */
  readonly minNewTokens?: number;
  /** Draws each token by its probability instead of taking the likeliest. */
  readonly doSample?: boolean;
  /** Divides the logits: below 1 makes likely tokens likelier. 1 if not given. */
  readonly temperature?: number;
  /** Draws among so many of the likeliest tokens; 0 for all. 50 if not given. */
  readonly topK?: number;
  /** Draws among the likeliest tokens that together have this probability. 1 if not given. */
  readonly topP?: number;
  /** Draws among tokens that are at least so many times as likely as the likeliest. 0 if not given. */
  readonly minP?: number;
  /** Above 1 makes tokens that the text has already less likely. 1 if not given. */
  readonly repetitionPenalty?: number;
  /** Lets no run of so many tokens come twice; 0 for no limit. */
  readonly noRepeatNgramSize?: number;
  /** Follows so many continuations at once and takes the one that is likeliest as a whole. 1 if not given. */
  readonly numBeams?: number;
  /** The power of its length that a continuation's log-probability is divided by. 1 if not given. */
  readonly lengthPenalty?: number;
  /** Ends a search with beams when as many are complete; `never` when none can become better. `false` guesses the latter. */
  readonly earlyStopping?: boolean | 'never';
  /** How many continuations of each prompt to return. 1 if not given. */
  readonly numReturnSequences?: number;
  /** The tokens that end a text; those of the model if not given, and null for none. */
  readonly eosTokenId?: number | readonly number[] | null;
  /** What fills rows that end early; the model's if not given, or the first that ends a text. */
  readonly padTokenId?: number | null;
  /** Tokens that are never chosen. */
  readonly suppressTokens?: readonly number[];
  /** Texts that end the continuation once they are in it; needs `tokenizer`. */
  readonly stopStrings?: string | readonly string[];
  /** The model's tokenizer, for `stopStrings`; numbers that it has no token for are not chosen either. */
  readonly tokenizer?: PreTrainedTokenizer;
  /** Makes draws repeatable: the same seed gives the same text. Different each time if not given. */
  readonly seed?: number;
  /** Ends the work before its time: `generate` then throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/** The options with everything filled in. */
export interface Settings {
  readonly maxNewTokens: number | undefined;
  readonly maxLength: number | undefined;
  readonly minNewTokens: number;
  readonly doSample: boolean;
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
  readonly minP: number;
  readonly repetitionPenalty: number;
  readonly noRepeatNgramSize: number;
  readonly numBeams: number;
  readonly lengthPenalty: number;
  readonly earlyStopping: boolean | 'never';
  readonly numReturnSequences: number;
  readonly eosTokenIds: readonly number[];
  readonly padTokenId: number | undefined;
  readonly suppressTokens: readonly number[];
  readonly stopStrings: readonly string[];
  readonly tokenizer: PreTrainedTokenizer | undefined;
  readonly seed: number;
  readonly signal: AbortSignal | undefined;
}

type Numeric = 'temperature' | 'topP' | 'minP' | 'repetitionPenalty' | 'lengthPenalty';
type Counted =
  | 'maxNewTokens'
  | 'maxLength'
  | 'minNewTokens'
  | 'topK'
  | 'noRepeatNgramSize'
  | 'numBeams'
  | 'numReturnSequences';

/** The options that generation_config.json may set, and the rest. */
const STORED: Readonly<Record<Numeric | Counted | 'doSample' | 'earlyStopping' | 'suppressTokens', string>> =
  {
    maxNewTokens: 'max_new_tokens',
    maxLength: 'max_length',
    minNewTokens: 'min_new_tokens',
    doSample: 'do_sample',
    temperature: 'temperature',
    topK: 'top_k',
    topP: 'top_p',
    minP: 'min_p',
    repetitionPenalty: 'repetition_penalty',
    noRepeatNgramSize: 'no_repeat_ngram_size',
    numBeams: 'num_beams',
    lengthPenalty: 'length_penalty',
    earlyStopping: 'early_stopping',
    numReturnSequences: 'num_return_sequences',
    suppressTokens: 'suppress_tokens',
  };
const OTHERS = ['eosTokenId', 'padTokenId', 'stopStrings', 'tokenizer', 'seed', 'signal'];

/**
 * Fills in what the options leave open, from the model's generation_config.json first.
 *
 * @param vocabularySize how many logits the model gives
 * @throws naming the option whose value makes no sense, or that does not go with another
 */
export function settle(options: GenerationOptions, stored: ModelConfig, vocabularySize: number): Settings {
  checkOptions('generate', options, [...Object.keys(STORED), ...OTHERS]);
  const given = (name: keyof typeof STORED): unknown => options[name] ?? stored[STORED[name]] ?? undefined;
  const number = (name: Numeric, otherwise: number, fits: (x: number) => boolean, wanted: string): number => {
    const value = given(name) ?? otherwise;
    if (typeof value === 'number' && fits(value)) return value;
    throw new RangeError(`${name} must be ${wanted}, not ${show(value)}.`);
  };
  const count = <T extends number | undefined>(name: Counted, otherwise: T, least: number): number | T => {
    const value = given(name) ?? otherwise;
    if (value === undefined || (Number.isSafeInteger(value) && (value as number) >= least)) return value as T;
    throw new RangeError(`${name} must be a whole number from ${least} on, not ${show(value)}.`);
  };
  const flag = given('doSample') ?? false;
  if (typeof flag !== 'boolean') throw new TypeError(`doSample must be true or false, not ${show(flag)}.`);
  const earlyStopping = given('earlyStopping') ?? false;
  if (typeof earlyStopping !== 'boolean' && earlyStopping !== 'never') {
    throw new TypeError(`earlyStopping must be true, false or 'never', not ${show(earlyStopping)}.`);
  }

  const tokenId = (name: string, value: unknown): number => {
    if (Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < vocabularySize) {
      return value as number;
    }
    throw new RangeError(
      `${name} is ${show(value)}, and the model's token ids go from 0 to ${vocabularySize - 1}.`,
    );
  };
  const eos = options.eosTokenId !== undefined ? options.eosTokenId : (stored.eos_token_id ?? null);
  const eosTokenIds = (eos === null ? [] : [eos].flat()).map(id => tokenId('eosTokenId', id));
  const pad = options.padTokenId ?? stored.pad_token_id ?? eosTokenIds[0];
  const { tokenizer, signal } = options;
  const settings: Settings = {
    maxNewTokens: count('maxNewTokens', undefined, 1),
    maxLength: count('maxLength', undefined, 1),
    minNewTokens: count('minNewTokens', 0, 0),
    doSample: flag,
    temperature: number('temperature', 1, x => x > 0, 'above 0'),
    topK: count('topK', 50, 0),
    topP: number('topP', 1, x => x > 0 && x <= 1, 'above 0 and at most 1'),
    minP: number('minP', 0, x => x >= 0 && x <= 1, 'from 0 to 1'),
    repetitionPenalty: number('repetitionPenalty', 1, x => x > 0, 'above 0'),
    noRepeatNgramSize: count('noRepeatNgramSize', 0, 0),
    numBeams: count('numBeams', 1, 1),
    lengthPenalty: number('lengthPenalty', 1, Number.isFinite, 'a number'),
    earlyStopping,
    numReturnSequences: count('numReturnSequences', 1, 1),
    eosTokenIds,
    padTokenId: pad === undefined || pad === null ? undefined : tokenId('padTokenId', pad),
    suppressTokens: [
      ...((given('suppressTokens') ?? []) as readonly number[]).map(id => tokenId('suppressTokens', id)),
      ...idsFrom(tokenizer?.length ?? vocabularySize, vocabularySize),
    ],
    stopStrings: [options.stopStrings ?? []].flat(),
    tokenizer,
    seed: seedOf(options.seed),
    signal,
  };
  checkTogether(settings);
  return settings;
}

function checkTogether({ numReturnSequences, numBeams, doSample, stopStrings, tokenizer }: Settings): void {
  if (numReturnSequences > 1 && numBeams === 1 && !doSample) {
    throw new RangeError(
      `numReturnSequences is ${numReturnSequences}, and the likeliest tokens give one text; set doSample or numBeams.`,
    );
  }
  if (numBeams > 1 && numReturnSequences > numBeams) {
    throw new RangeError(
      `numReturnSequences is ${numReturnSequences} and numBeams ${numBeams}; raise numBeams.`,
    );
  }
  if (stopStrings.some(text => typeof text !== 'string' || text === '')) {
    throw new TypeError('stopStrings must be texts with at least one character.');
  }
  if (stopStrings.length > 0 && tokenizer === undefined) {
    throw new TypeError('stopStrings needs tokenizer, the tokenizer of the model.');
  }
}

function seedOf(seed: number | undefined): number {
  if (seed === undefined) return Math.floor(Math.random() * 2 ** 32);
  if (Number.isSafeInteger(seed)) return seed;
  throw new RangeError(`seed must be a whole number, not ${show(seed)}.`);
}

const idsFrom = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(to - from, 0) }, (_, i) => from + i);

const show = (value: unknown): string => JSON.stringify(value) ?? String(value);
