/** When a row is done. */
import type { PreTrainedTokenizer } from '../tokenizers/index.ts';
import type { Settings } from './options.ts';

/** Whether a row, prompt included, is done with its last token. */
export type Stop = (tokens: readonly number[]) => boolean;

export function stopFor(settings: Settings, maxLength: number): Stop {
  const { eosTokenIds, stopStrings, tokenizer } = settings;
  const ends = new Set(eosTokenIds);
  const hasText =
    tokenizer === undefined || stopStrings.length === 0 ? () => false : endsText(stopStrings, tokenizer);
  return tokens => tokens.length >= maxLength || ends.has(tokens.at(-1)!) || hasText(tokens);
}

/** Whether the last token completes one of the texts. */
function endsText(texts: readonly string[], tokenizer: PreTrainedTokenizer): Stop {
  // A token has a byte at least, so that this many reach back far enough.
  const reach = Math.max(...texts.map(text => Buffer.byteLength(text))) + 1;
  return tokens => {
    const tail = tokens.slice(-reach);
    const text = tokenizer.decode(tail);
    // Half a character at the end becomes a replacement sign, which the last token may complete.
    const before = tokenizer.decode(tail.slice(0, -1)).replace(/\ufffd+$/, '').length;
    return texts.some(wanted => {
      const at = text.lastIndexOf(wanted);
      return at >= 0 && at + wanted.length > before;
    });
  };
}
