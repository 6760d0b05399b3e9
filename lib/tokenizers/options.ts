/** How texts become rows of ids: the options as a caller writes them, and the plan that they amount to. */
import { checkOptions } from '../host.ts';
import { checkSide, type Side } from './config.ts';

export interface PadOptions {
  /** `true` or 'longest': as long as the longest row of the batch. 'maxLength': `maxLength` tokens. */
  readonly padding?: boolean | 'longest' | 'maxLength' | 'max_length' | 'doNotPad' | 'do_not_pad';
  /** Where padding goes; the tokenizer's `paddingSide` where nothing is said. */
  readonly paddingSide?: Side;
  /** In tokens, special tokens included; the tokenizer's `modelMaxLength` where nothing is said. */
  readonly maxLength?: number;
  /** Pads to the next multiple of so many tokens. */
  readonly padToMultipleOf?: number;
  /** `false` leaves `attentionMask` out. */
  readonly returnAttentionMask?: boolean;
  /** 'np' gives typed arrays of 64-bit integers with their dimensions, as ONNX Runtime takes them. */
  readonly returnTensors?: 'np';
}

export interface EncodeOptions extends PadOptions {
  /** The second text of the pair: one for one text, as many as there are texts for a batch. */
  readonly textPair?: string | readonly string[];
  /** `false` leaves out what the model expects around a text, such as a token that begins it. */
  readonly addSpecialTokens?: boolean;
  /**
   * Cuts rows to `maxLength`; `true` is 'longestFirst', which of a pair cuts the longer text. Where nobody knows the length,
   * there is a warning and nothing is cut.
   */
  readonly truncation?:
    | boolean
    | 'longestFirst'
    | 'longest_first'
    | 'onlyFirst'
    | 'only_first'
    | 'onlySecond'
    | 'only_second'
    | 'doNotTruncate'
    | 'do_not_truncate';
  /** Where rows are cut; the tokenizer's `truncationSide` where nothing is said. */
  readonly truncationSide?: Side;
  /** How many tokens a row of overflow repeats of the row before it. */
  readonly stride?: number;
  /** Gives what truncation cut off as further rows, and `overflowToSampleMapping` with the text each row is of. */
  readonly returnOverflowingTokens?: boolean;
  /**
   * Gives `offsetMapping`: where each token begins and ends, as indices of the JavaScript string, so that
   * `text.slice(start, end)` is its piece; some tokenizers leave the space before a word out of it.
   */
  readonly returnOffsetsMapping?: boolean;
  /** Gives `specialTokensMask`: 1 for tokens that were added around the text and for padding. */
  readonly returnSpecialTokensMask?: boolean;
  /** Gives `tokenTypeIds`: 0 for the first text of a pair, 1 for the second. */
  readonly returnTokenTypeIds?: boolean;
}

/** How rows are filled up; null where they are not. */
export interface PadPlan {
  readonly to: 'longest' | 'maxLength';
  readonly maxLength: number;
  readonly multipleOf: number;
  readonly side: Side;
}

/** How rows are cut; null where they are not. */
export interface CutPlan {
  readonly strategy: 'longestFirst' | 'onlyFirst' | 'onlySecond';
  readonly maxLength: number;
  readonly side: Side;
  readonly stride: number;
  readonly overflow: boolean;
}

/** What the tokenizer says where an option says nothing. */
export interface Defaults {
  readonly modelMaxLength: number;
  readonly paddingSide: Side;
  readonly truncationSide: Side;
}

const PAD_KEYS = [
  'padding',
  'paddingSide',
  'maxLength',
  'padToMultipleOf',
  'returnAttentionMask',
  'returnTensors',
];
export const ENCODE_KEYS = [
  ...PAD_KEYS,
  'textPair',
  'addSpecialTokens',
  'truncation',
  'truncationSide',
  'stride',
  'returnOverflowingTokens',
  'returnOffsetsMapping',
  'returnSpecialTokensMask',
  'returnTokenTypeIds',
];

export function padPlan(options: PadOptions, defaults: Defaults): PadPlan | null {
  checkOptions('pad', options, PAD_KEYS);
  return padding(options, defaults);
}

function padding(options: PadOptions, defaults: Defaults): PadPlan | null {
  const { padding = false, padToMultipleOf = 1, paddingSide = defaults.paddingSide } = options;
  const to = oneOf('padding', padding === true ? 'longest' : padding, ['longest', 'maxLength', 'doNotPad']);
  checkCount('padToMultipleOf', padToMultipleOf);
  checkSide(paddingSide, 'paddingSide');
  if (options.returnTensors !== undefined && options.returnTensors !== 'np')
    throw new TypeError(`returnTensors must be 'np', not ${JSON.stringify(options.returnTensors)}.`);
  if (to !== 'longest' && to !== 'maxLength') return null;
  const maxLength = to === 'maxLength' ? lengthOf(options, defaults) : 0;
  return { to, maxLength, multipleOf: padToMultipleOf, side: paddingSide };
}

/** Both plans; as in Python, `maxLength` without a word on padding and truncation asks for truncation. */
export function encodePlan(
  options: EncodeOptions,
  defaults: Defaults,
): { readonly pad: PadPlan | null; readonly cut: CutPlan | null } {
  checkOptions('The tokenizer', options, ENCODE_KEYS);
  const pad = padding(options, defaults);
  const { truncation, truncationSide = defaults.truncationSide, stride = 0 } = options;
  const implied = truncation === undefined && options.maxLength !== undefined && !options.padding;
  const asked = implied || truncation === true ? 'longestFirst' : (truncation ?? false);
  const strategy = oneOf('truncation', asked, ['longestFirst', 'onlyFirst', 'onlySecond', 'doNotTruncate']);
  checkSide(truncationSide, 'truncationSide');
  if (pad?.to === 'longest' && truncation === undefined && options.maxLength !== undefined) {
    throw new TypeError(
      "maxLength does nothing with padding: true alone; add truncation: true to cut rows, or pad to it with padding: 'maxLength'.",
    );
  }
  if (strategy === false || strategy === 'doNotTruncate') return { pad, cut: null };
  if (options.maxLength === undefined && defaults.modelMaxLength === Infinity) {
    warnOnce(defaults);
    return { pad, cut: null };
  }
  const maxLength = lengthOf(options, defaults);
  if (!Number.isInteger(stride) || stride < 0 || stride >= maxLength) {
    throw new RangeError(
      `stride must be a whole number from 0 to less than maxLength (${maxLength}), not ${stride}.`,
    );
  }
  if (pad && maxLength % pad.multipleOf !== 0) {
    throw new RangeError(
      `maxLength ${maxLength} must be a multiple of padToMultipleOf ${pad.multipleOf} where both apply.`,
    );
  }
  const overflow = options.returnOverflowingTokens === true;
  return { pad, cut: { strategy, maxLength, side: truncationSide, stride, overflow } };
}

/** Those that have warned already. */
const warned = new WeakSet<Defaults>();

function warnOnce(tokenizer: Defaults): void {
  if (warned.has(tokenizer)) return;
  warned.add(tokenizer);
  console.warn(
    "Nothing is truncated: this tokenizer does not know how long its model's input may be; say so with maxLength.",
  );
}

function lengthOf({ maxLength }: PadOptions, { modelMaxLength }: Defaults): number {
  const length = maxLength ?? modelMaxLength;
  if (length === Infinity) {
    throw new RangeError(
      `padding: 'maxLength' needs maxLength, because this tokenizer does not know how long its model's input may be.`,
    );
  }
  checkCount('maxLength', length);
  return length;
}

function checkCount(name: string, value: number): void {
  if (Number.isInteger(value) && value > 0) return;
  throw new RangeError(`${name} must be a whole number above 0, not ${String(value)}.`);
}

function oneOf<T extends string>(name: string, value: unknown, allowed: readonly T[]): T | false {
  if (value === false) return false;
  const found = allowed.find(word => word === camelCase(String(value)));
  if (found) return found;
  const words = allowed.map(word => `'${word}'`).join(', ');
  throw new TypeError(`${name} must be true, false, ${words}, not ${JSON.stringify(value)}.`);
}

const camelCase = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
