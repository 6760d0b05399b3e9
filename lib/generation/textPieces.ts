/** Text from tokens that come one by one. */
import type { PreTrainedTokenizer } from '../tokenizers/index.ts';

/** So many tokens of the prompt are decoded with the new ones, since some tokenizers write a text's first token apart. */
const CONTEXT = 8;

/** Turns tokens into pieces of text that end with whole characters. */
export class TextPieces {
  readonly #tokenizer: PreTrainedTokenizer;
  /** What is decoded together: some tokens whose text is out already, and the new ones. */
  #tokens: number[];
  /** How many of them are out. */
  #given: number;

  constructor(tokenizer: PreTrainedTokenizer, prompt: readonly number[]) {
    this.#tokenizer = tokenizer;
    this.#tokens = prompt.slice(-CONTEXT);
    this.#given = this.#tokens.length;
  }

  /** The text that a token completes; empty while a character lacks bytes. */
  push(id: number): string {
    this.#tokens.push(id);
    const text = this.#decode(this.#tokens);
    return text.endsWith('\ufffd') ? '' : this.#take(text);
  }

  /** What is left when no token follows: half a character as a replacement sign. */
  end(): string {
    return this.#take(this.#decode(this.#tokens));
  }

  #take(text: string): string {
    const before = this.#decode(this.#tokens.slice(0, this.#given));
    this.#tokens = this.#tokens.slice(Math.max(this.#given - CONTEXT, 0));
    this.#given = this.#tokens.length;
    return text.slice(before.length);
  }

  #decode(tokens: readonly number[]): string {
    return this.#tokenizer.decode(tokens, { skipSpecialTokens: true });
  }
}
