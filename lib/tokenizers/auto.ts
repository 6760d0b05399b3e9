/** Loads the tokenizer of a model. */
import type { Tokenizer as NativeTokenizer } from 'tokenizers';
import { checkOptions } from '../host.ts';
import { PRETRAINED_OPTIONS, type PretrainedOptions } from '../hub/index.ts';
import { addEntries } from './added.ts';
import {
  checkSide,
  readChatTemplate,
  readConfig,
  type Side,
  sideOf,
  type TokenizerConfig,
} from './config.ts';
import { openFiles } from './files.ts';
import { jsonFromOtherFiles } from './layouts.ts';
import { nativeFromJson, nativePackage, type TokenizerJson } from './native.ts';
import { familyTokens, type Role, specialTokens, tokenEntry } from './specialTokens.ts';
import { makeTokenizer, type PreTrainedTokenizer } from './tokenizer.ts';

export interface FromPretrainedOptions extends PretrainedOptions {
  readonly paddingSide?: Side;
  readonly truncationSide?: Side;
  readonly modelMaxLength?: number;
}

const OPTION_KEYS = ['paddingSide', 'truncationSide', 'modelMaxLength', ...PRETRAINED_OPTIONS];

export const AutoTokenizer = {
  /**
   * Loads the tokenizer of a model, from a folder, from the hub, or from this package (`tunelab-base`).
   *
   * @param idOrFolder a folder with `tokenizer.json` (or GPT-2's `vocab.json` and `merges.txt`), or an id on the hub
   * @throws naming the file if one is missing or damaged
   * @example const tokenizer = await AutoTokenizer.fromPretrained('EleutherAI/pythia-70m');
   */
  async fromPretrained(
    idOrFolder: string,
    options: FromPretrainedOptions = {},
  ): Promise<PreTrainedTokenizer> {
    checkOptions('AutoTokenizer.fromPretrained', options, OPTION_KEYS);
    const { paddingSide, truncationSide, modelMaxLength, ...hub } = options;
    const files = await openFiles(idOrFolder, hub);
    const [config, text] = await Promise.all([readConfig(files), files.text('tokenizer.json')]);
    const chatTemplate = await readChatTemplate(files, config);
    const { native, json } = nativeFromJson(
      text ?? (await jsonFromOtherFiles(files, config)),
      text === null ? 'vocab.json' : 'tokenizer.json',
      files.place,
    );
    const special = new Set(json.added_tokens?.filter(token => token.special).map(token => token.content));
    const roles = addSpecialTokens(native, json, config, special);
    setAddedAround(native, json, config, roles);
    return makeTokenizer({
      native,
      name: idOrFolder,
      config,
      modelType: json.model.type ?? 'unknown',
      chatTemplate,
      roles,
      special,
      modelMaxLength: modelMaxLength ?? readMaxLength(config),
      paddingSide: checkSide(
        paddingSide ?? sideOf(config, 'padding_side') ?? json.padding?.direction?.toLowerCase() ?? 'right',
        'paddingSide',
      ),
      truncationSide: checkSide(
        truncationSide ??
          sideOf(config, 'truncation_side') ??
          json.truncation?.direction?.toLowerCase() ??
          'right',
        'truncationSide',
      ),
    });
  },
};

/** Adds the tokens that only the configuration knows, and gives the special ones their roles. */
function addSpecialTokens(
  native: NativeTokenizer,
  json: TokenizerJson,
  config: TokenizerConfig,
  special: Set<string>,
): Map<Role, string> {
  const known = new Set(json.added_tokens?.map(token => token.content));
  const listed = Object.entries((config.added_tokens_decoder ?? {}) as object)
    .map(([id, value]) => ({ id: Number(id), entry: tokenEntry(value, `added_tokens_decoder ${id}`) }))
    .filter(({ entry }) => !known.has(entry.content))
    .sort((a, b) => a.id - b.id);
  addEntries(
    native,
    listed.map(({ entry }) => entry),
    special,
  );
  for (const { id, entry } of listed) {
    const got = native.tokenToId(entry.content);
    if (got !== id) {
      throw new RangeError(
        `added_tokens_decoder gives ${JSON.stringify(entry.content)} the id ${id}, but after the vocabulary of these files its id is ${got}; they are not of one tokenizer.`,
      );
    }
  }

  const { byRole, others } = specialTokens(config);
  const entries = [...byRole.values(), ...others].filter(entry => !special.has(entry.content));
  addEntries(
    native,
    entries.map(entry => ({ ...entry, special: true })),
    special,
  );
  const named = [...byRole].map(([role, entry]): [Role, string] => [role, entry.content]);
  const family = Object.entries(familyTokens(token => special.has(token))) as [Role, string][];
  const roles = new Map(named.length > 0 ? named : family);
  const padToken = json.padding?.pad_token;
  if (padToken !== undefined && !roles.has('pad')) roles.set('pad', padToken);
  return roles;
}

/** `add_bos_token` and `add_eos_token`, for files that do not say what stands around a text. */
function setAddedAround(
  native: NativeTokenizer,
  json: TokenizerJson,
  config: TokenizerConfig,
  roles: ReadonlyMap<Role, string>,
): void {
  if (json.post_processor) return;
  const [bos, eos] = (['bos', 'eos'] as const).map(role =>
    config[`add_${role}_token`] === true ? roles.get(role) : undefined,
  );
  if (bos === undefined && eos === undefined) return;
  const around = (sequence: string, type: number) =>
    [bos && `${bos}:${type}`, `${sequence}:${type}`, eos && `${eos}:${type}`].filter(Boolean).join(' ');
  const added = [...new Set([bos, eos])].flatMap((token): [string, number][] =>
    token === undefined ? [] : [[token, native.tokenToId(token) as number]],
  );
  native.setPostProcessor(
    nativePackage().templateProcessing(around('$A', 0), `${around('$A', 0)} ${around('$B', 1)}`, added),
  );
}

/** Python writes a very large number where nobody knows. */
function readMaxLength(config: TokenizerConfig): number {
  const length = config.model_max_length;
  return typeof length === 'number' && length > 0 && length < 1e20 ? length : Infinity;
}
