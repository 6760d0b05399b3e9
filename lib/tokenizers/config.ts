/** What lies beside `tokenizer.json`: `tokenizer_config.json`, `special_tokens_map.json` and the chat template. */
import { readJsonObject, type TokenizerFiles } from './files.ts';

/** The keys of `tokenizer_config.json`, as Python spells them. */
export type TokenizerConfig = Readonly<Record<string, unknown>>;

export type Side = 'left' | 'right';

/** One template, or several by name. */
export type ChatTemplates = string | Readonly<Record<string, string>>;

/** The configuration, with the special tokens of `special_tokens_map.json` where the newer file leaves them to it. */
export async function readConfig(files: TokenizerFiles): Promise<TokenizerConfig> {
  const [config, map] = await Promise.all([
    readJsonObject(files, 'tokenizer_config.json'),
    readJsonObject(files, 'special_tokens_map.json'),
  ]);
  return config?.added_tokens_decoder ? config : { ...config, ...map };
}

/** `chat_template.jinja` if there is one, else what the configuration holds: one template, or a list of named ones. */
export async function readChatTemplate(
  files: TokenizerFiles,
  config: TokenizerConfig,
): Promise<ChatTemplates | null> {
  const file = await files.text('chat_template.jinja');
  if (file !== null) return file;
  const value = config.chat_template ?? null;
  if (value === null || typeof value === 'string') return value;
  if (Array.isArray(value) && value.every(isNamedTemplate))
    return Object.fromEntries(value.map(({ name, template }) => [name, template]));
  throw new TypeError(
    `chat_template in ${files.place} must be a template or a list of { name, template }, not ${JSON.stringify(value).slice(0, 80)}.`,
  );
}

/** @throws if the configuration names a side that is none */
export function sideOf(config: TokenizerConfig, key: 'padding_side' | 'truncation_side'): Side | undefined {
  const value = config[key];
  if (value === undefined || value === null) return undefined;
  return checkSide(value, `${key} of the tokenizer`);
}

export function checkSide(value: unknown, name: string): Side {
  if (value === 'left' || value === 'right') return value;
  throw new TypeError(`${name} must be 'left' or 'right', not ${JSON.stringify(value)}.`);
}

function isNamedTemplate(value: unknown): value is { name: string; template: string } {
  const { name, template } = Object(value) as Record<string, unknown>;
  return typeof name === 'string' && typeof template === 'string';
}
