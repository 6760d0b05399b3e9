/** Tokens beside the model's own vocabulary. */
import type { Tokenizer as NativeTokenizer } from 'tokenizers';
import { nativePackage } from './native.ts';
import type { AddedTokenEntry } from './specialTokens.ts';

/** Adds tokens to the native tokenizer, and to `special` those that are. */
export function addEntries(
  native: NativeTokenizer,
  entries: readonly AddedTokenEntry[],
  special: Set<string>,
): void {
  const { AddedToken } = nativePackage();
  const tokens = entries.map(entry => {
    const options: Record<string, boolean> = {};
    if (entry.single_word !== undefined) options.singleWord = entry.single_word;
    if (entry.lstrip !== undefined) options.leftStrip = entry.lstrip;
    if (entry.rstrip !== undefined) options.rightStrip = entry.rstrip;
    if (entry.normalized !== undefined) options.normalized = entry.normalized;
    return new AddedToken(entry.content, entry.special === true, options);
  });
  if (tokens.length > 0) native.addAddedTokens(tokens);
  for (const entry of entries) if (entry.special) special.add(entry.content);
}
