/** The tokens with a role: their names, where files mention them, and what families of tokenizers take for granted. */
import type { TokenizerConfig } from './config.ts';

/** Tokens with a role, and their ids; null where the tokenizer has none. */
export interface SpecialTokens {
  /** Begins a text. */
  bosToken: string | null;
  /** Ends a text. */
  eosToken: string | null;
  /** Stands for what the vocabulary lacks. */
  unkToken: string | null;
  /** Stands between two texts. */
  sepToken: string | null;
  /** Fills short rows of a batch; `tokenizer.padToken = tokenizer.eosToken` is the usual choice for GPT-like models. */
  padToken: string | null;
  /** Stands for the whole text, for classification. */
  clsToken: string | null;
  /** Hides a token, for masked language models. */
  maskToken: string | null;
  bosTokenId: number | null;
  eosTokenId: number | null;
  unkTokenId: number | null;
  sepTokenId: number | null;
  padTokenId: number | null;
  clsTokenId: number | null;
  maskTokenId: number | null;
}

export const ROLES = ['bos', 'eos', 'unk', 'sep', 'pad', 'cls', 'mask'] as const;
export type Role = (typeof ROLES)[number];
export type RoleTokens = Partial<Record<Role, string>>;

/** A token with rules of its own, as `tokenizer_config.json` and Python's `AddedToken` spell it. */
export interface AddedTokenEntry {
  readonly content: string;
  readonly special?: boolean;
  readonly single_word?: boolean;
  readonly lstrip?: boolean;
  readonly rstrip?: boolean;
  readonly normalized?: boolean;
}

/** Reads a token that a file gives as a string or as an object with its rules. */
export function tokenEntry(value: unknown, where: string): AddedTokenEntry {
  if (typeof value === 'string') return { content: value };
  const entry = Object(value) as AddedTokenEntry;
  if (typeof entry.content === 'string') return entry;
  throw new TypeError(
    `${where} must be a token or an object with its content, not ${JSON.stringify(value)}.`,
  );
}

/** The special tokens that the configuration names, by role, and those without a role. */
export function specialTokens(config: TokenizerConfig): {
  readonly byRole: ReadonlyMap<Role, AddedTokenEntry>;
  readonly others: readonly AddedTokenEntry[];
} {
  const byRole = new Map<Role, AddedTokenEntry>();
  for (const role of ROLES) {
    const value = config[`${role}_token`] ?? null;
    if (value !== null) byRole.set(role, tokenEntry(value, `${role}_token of the tokenizer`));
  }
  const listed = config.extra_special_tokens ?? config.additional_special_tokens ?? [];
  const values = Array.isArray(listed) ? listed : Object.values(listed as object);
  const others = values.map(value => tokenEntry(value, 'An additional special token'));
  return { byRole, others };
}

/** What Python's classes for GPT-2, GPT-NeoX and Llama take for granted where no file names a special token. */
const FAMILIES: readonly RoleTokens[] = [
  { bos: '<|endoftext|>', eos: '<|endoftext|>', unk: '<|endoftext|>' },
  { bos: '<s>', eos: '</s>', unk: '<unk>' },
];

/** The family's tokens if the vocabulary marks all of them as special. */
export function familyTokens(isSpecial: (token: string) => boolean): RoleTokens {
  return FAMILIES.find(family => Object.values(family).every(isSpecial)) ?? {};
}
