/** Ids back to tokens and text, in one step without a promise, so that it works inside any loop. */
import type { Decoder, Tokenizer as NativeTokenizer } from 'tokenizers';
import { kindOf } from './texts.ts';

/** Ids as plain or typed arrays hold them. */
export type Ids = readonly number[] | BigInt64Array | Int32Array | Uint32Array;

export interface DecodeOptions {
  /** Leaves out tokens such as the one that ends a text. */
  readonly skipSpecialTokens?: boolean;
  /**
   * Joins punctuation and English contractions to the word before. As in Python, byte-pair encodings do not listen, since it
   * would damage their text.
   */
  readonly cleanUpTokenizationSpaces?: boolean;
}

/** Knows the token of each id, and which tokens are special. */
export class TokenTable {
  readonly #native: NativeTokenizer;
  readonly #special: Set<string>;
  readonly #tokens: string[] = [];
  #decoder: Decoder | null | undefined;

  constructor(native: NativeTokenizer, special: Set<string>) {
    this.#native = native;
    this.#special = special;
  }

  /** @throws naming the id and its place if the vocabulary has no such id */
  token(id: number | bigint, index: number): string {
    const number = Number(id);
    // The binding takes -1 for 4294967295 and 1.5 for 1.
    const known = !isList(id) && Number.isInteger(number) && number >= 0 && number < 2 ** 32;
    const token = known ? (this.#tokens[number] ?? this.#native.idToToken(number)) : null;
    if (token === null) {
      throw new RangeError(
        `Id ${isList(id) ? `[${id}]` : String(id)} at index ${index} is not in the vocabulary of ${this.#native.getVocabSize(true)} tokens; is this the tokenizer of that model?`,
      );
    }
    this.#tokens[number] = token;
    return token;
  }

  /** @throws if there is no list of ids, or naming the id that the vocabulary does not have */
  tokens(ids: Ids, skipSpecialTokens = false): string[] {
    if (!isList(ids)) {
      throw new TypeError(
        `Ids must be a list of whole numbers, not ${kindOf(ids)}; take inputIds of an encoding, data of a tensor.`,
      );
    }
    const found: string[] = [];
    for (let index = 0; index < ids.length; index++) {
      const token = this.token(ids[index] as number | bigint, index);
      if (!skipSpecialTokens || !this.#special.has(token)) found.push(token);
    }
    return found;
  }

  isSpecial(id: number): boolean {
    return this.#special.has(this.token(id, 0));
  }

  decode(ids: Ids, skipSpecialTokens = false): string {
    const tokens = this.tokens(ids, skipSpecialTokens);
    this.#decoder ??= this.#native.getDecoder();
    return this.#decoder ? this.#decoder.decode(tokens) : tokens.join(' ');
  }
}

/** Whether a value is an array, typed or not. */
export function isList(value: unknown): boolean {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

/** Takes out the spaces that stand before punctuation and English contractions, as Python does. */
export function cleanUpSpaces(text: string): string {
  return text
    .replaceAll(/ ([.?!,])/g, '$1')
    .replaceAll(" ' ", "'")
    .replaceAll(/ (n't|'m|'s|'ve|'re)/g, '$1');
}
