/** Writes a tokenizer's files as Hugging Face lays them out. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Tokenizer as NativeTokenizer } from 'tokenizers';
import { writeWhole } from '../host.ts';
import type { ChatTemplates, Side, TokenizerConfig } from './config.ts';
import { ROLES } from './specialTokens.ts';

interface State {
  readonly chatTemplate: ChatTemplates | null;
  readonly specialTokensMap: Readonly<Record<string, string>>;
  readonly modelMaxLength: number;
  readonly paddingSide: Side;
  readonly truncationSide: Side;
}

/** Kept in other files, or true only of the place that the tokenizer was loaded from. */
const LEFT_OUT = ['added_tokens_decoder', 'chat_template', 'name_or_path', 'special_tokens_map_file'];

/** Each file gets its name when it is whole. */
export async function saveTokenizer(
  folder: string,
  native: NativeTokenizer,
  config: TokenizerConfig,
  state: State,
): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const saved: string[] = [];
  const write = async (name: string, fill: (path: string) => Promise<unknown>) => {
    const path = resolve(join(folder, name));
    await writeWhole(path, fill);
    saved.push(path);
  };
  const { chatTemplate, specialTokensMap } = state;
  const map = withRules(specialTokensMap, config);
  await write('tokenizer.json', async path => native.save(path, true));
  await write('tokenizer_config.json', path => writeFile(path, toJson(configToSave(config, state))));
  await write('special_tokens_map.json', path => writeFile(path, toJson(map)));
  if (typeof chatTemplate === 'string')
    await write('chat_template.jinja', path => writeFile(path, chatTemplate));
  return saved;
}

function configToSave(config: TokenizerConfig, state: State): Record<string, unknown> {
  const { chatTemplate, specialTokensMap, modelMaxLength, paddingSide, truncationSide } = state;
  const saved: Record<string, unknown> = { ...config };
  for (const key of [...LEFT_OUT, ...ROLES.map(role => `${role}_token`)]) delete saved[key];
  Object.assign(saved, specialTokensMap);
  if (modelMaxLength !== Infinity) saved.model_max_length = modelMaxLength;
  saved.padding_side = paddingSide;
  saved.truncation_side = truncationSide;
  saved.tokenizer_class ??= 'PreTrainedTokenizerFast';
  if (chatTemplate !== null && typeof chatTemplate === 'object')
    saved.chat_template = Object.entries(chatTemplate).map(([name, template]) => ({ name, template }));
  return saved;
}

/** Special tokens keep the rules of their own that the files gave them. */
function withRules(
  tokens: Readonly<Record<string, string>>,
  config: TokenizerConfig,
): Record<string, unknown> {
  const entries = Object.entries(tokens).map(([key, token]) => {
    const { __type, ...rules } = Object(config[key]) as { __type?: string; content?: string };
    return [key, rules.content === token ? rules : token];
  });
  const { additional_special_tokens: others } = config;
  return {
    ...Object.fromEntries(entries),
    ...(others !== undefined && { additional_special_tokens: others }),
  };
}

function toJson(values: Record<string, unknown>): string {
  const sorted = Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify(sorted, null, 2)}\n`;
}
