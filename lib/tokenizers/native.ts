/** The native package, loaded when the first tokenizer is, and its tokenizers, made from JSON. */
import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tokenizer as NativeTokenizer } from 'tokenizers';
import { parseJsonObject } from './files.ts';
import type { AddedTokenEntry } from './specialTokens.ts';

const require = createRequire(import.meta.url);

/** A prebuilt binary of some megabytes, so it is not loaded before it is needed. */
export function nativePackage(): typeof import('tokenizers') {
  return require('tokenizers');
}

/** The parts of `tokenizer.json` that are read here; the native package reads the rest. */
export interface TokenizerJson {
  readonly added_tokens?: readonly AddedTokenEntry[];
  readonly model: { readonly type?: string; readonly [key: string]: unknown };
  readonly pre_tokenizer?: unknown;
  readonly post_processor?: Record<string, unknown> | null;
  readonly truncation?: { readonly direction?: string } | null;
  readonly padding?: { readonly direction?: string; readonly pad_token?: string } | null;
}

/**
 * The tokenizer that a JSON text describes, without the truncation and padding that it may ask for.
 *
 * @throws naming the file if the text is cut off or describes no tokenizer
 */
export function nativeFromJson(
  text: string,
  file: string,
  place: string,
): { readonly native: NativeTokenizer; readonly json: TokenizerJson } {
  const json = parseJsonObject(text, file, place);
  let native: NativeTokenizer;
  try {
    native = nativePackage().Tokenizer.fromString(text);
  } catch (error) {
    throw new SyntaxError(`${file} in ${place} describes no tokenizer: ${(error as Error).message}.`);
  }
  native.disableTruncation();
  native.disablePadding();
  return { native, json: json as unknown as TokenizerJson };
}

/** The JSON of a tokenizer; the binding gives it only as a file. */
export function nativeToJson(native: NativeTokenizer): TokenizerJson & Record<string, unknown> {
  const path = join(tmpdir(), `tunelab-tokenizer-${randomUUID()}.json`);
  try {
    native.save(path);
    return JSON.parse(readFileSync(path, 'utf8'));
  } finally {
    rmSync(path, { force: true });
  }
}
