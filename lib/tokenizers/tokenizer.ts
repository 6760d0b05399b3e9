/** The tokenizer that a notebook holds: shaped as Python's, over the native one. */
import { inspect } from 'node:util';
import type { Tokenizer as NativeTokenizer } from 'tokenizers';
import { addEntries } from './added.ts';
import { Callable, call } from './callable.ts';
import { type ChatMessage, type ChatOptions, renderChats } from './chat.ts';
import { type ChatTemplates, checkSide, type Side, type TokenizerConfig } from './config.ts';
import { cleanUpSpaces, type DecodeOptions, type Ids, TokenTable } from './decode.ts';
import { type Columns, type Encoding, toEncoding } from './encoding.ts';
import { type EncodeOptions, encodePlan, type PadOptions, padPlan } from './options.ts';
import { type PadInput, padRows, rowsToPad } from './pad.ts';
import { encodeRows } from './rows.ts';
import { saveTokenizer } from './save.ts';
import { type AddedTokenEntry, ROLES, type Role, type SpecialTokens, tokenEntry } from './specialTokens.ts';
import { type IntTensor, isRows, rowsOf } from './tensors.ts';
import { isTexts, kindOf, readTexts, type TextPair } from './texts.ts';
import { trainTokenizer } from './train.ts';

/** What a tokenizer is made of. */
export interface TokenizerParts {
  readonly native: NativeTokenizer;
  /** Where it came from, for messages. */
  readonly name: string;
  readonly config: TokenizerConfig;
  /** 'BPE', 'WordPiece', 'WordLevel' or 'Unigram'. */
  readonly modelType: string;
  readonly chatTemplate: ChatTemplates | null;
  readonly roles: ReadonlyMap<Role, string>;
  /** Every token that counts as special. */
  readonly special: ReadonlySet<string>;
  readonly modelMaxLength: number;
  readonly paddingSide: Side;
  readonly truncationSide: Side;
}

/**
 * A tokenizer, loaded by `AutoTokenizer.fromPretrained`.
 *
 * Call it with a text, a list of texts, two texts that make a pair, or a list of pairs; the promise is of plain columns:
 * `inputIds`, `attentionMask` and what else the options ask for, flat for one text or pair, a row each for a list.
 *
 * @example const { inputIds } = await tokenizer('Hi, how are you?');
 * @example const batch = await tokenizer(texts, { padding: true, truncation: true, maxLength: 512 });
 * @example await tokenizer('Who wrote it?', 'Ada wrote it.', { truncation: 'onlySecond', maxLength: 384 });
 * @example await tokenizer(rows.map(row => [row.question, row.context]), { padding: true });
 */
export interface PreTrainedTokenizer extends TokenizerBase, SpecialTokens {
  <
    const T extends string | readonly string[] | readonly TextPair[],
    const O extends EncodeOptions = EncodeOptions,
  >(
    text: T,
    options?: O,
  ): Promise<Encoding<T, O>>;
  <const T extends string | readonly string[], const O extends EncodeOptions = EncodeOptions>(
    text: T,
    textPair: T extends string ? string : readonly string[],
    options?: O,
  ): Promise<Encoding<T, O>>;
}

export class TokenizerBase extends Callable {
  /** The folder or the repository it was loaded from. */
  readonly nameOrPath: string;
  /** How many tokens the model takes at most; Infinity if nobody said. */
  modelMaxLength: number;
  /** The chat template, or several by name; null if there is none. */
  chatTemplate: ChatTemplates | null;
  readonly #native: NativeTokenizer;
  readonly #config: TokenizerConfig;
  readonly #modelType: string;
  readonly #roles: Map<Role, string>;
  readonly #special: Set<string>;
  readonly #table: TokenTable;
  #paddingSide: Side;
  #truncationSide: Side;

  constructor(parts: TokenizerParts) {
    super();
    this.nameOrPath = parts.name;
    this.modelMaxLength = parts.modelMaxLength;
    this.chatTemplate = parts.chatTemplate;
    this.#native = parts.native;
    this.#config = parts.config;
    this.#modelType = parts.modelType;
    this.#roles = new Map(parts.roles);
    this.#special = new Set(parts.special);
    this.#table = new TokenTable(parts.native, this.#special);
    this.#paddingSide = parts.paddingSide;
    this.#truncationSide = parts.truncationSide;
  }

  /** Where padding goes: 'right', or 'left' as generation in batches wants it. */
  get paddingSide(): Side {
    return this.#paddingSide;
  }
  set paddingSide(side: Side) {
    this.#paddingSide = checkSide(side, 'paddingSide');
  }

  /** Where rows are cut: 'right' keeps their beginning, 'left' their end. */
  get truncationSide(): Side {
    return this.#truncationSide;
  }
  set truncationSide(side: Side) {
    this.#truncationSide = checkSide(side, 'truncationSide');
  }

  /** How many tokens the vocabulary has without the added ones. */
  get vocabSize(): number {
    return this.#native.getVocabSize(false);
  }

  /** How many tokens there are, the added ones included: as many rows as a model's embedding needs at least. */
  get length(): number {
    return this.#native.getVocabSize(true);
  }

  /** The special tokens by role, in Python's names, as `special_tokens_map.json` has them. */
  get specialTokensMap(): Record<string, string> {
    return Object.fromEntries(
      ROLES.flatMap(role => {
        const token = this.#roles.get(role);
        return token === undefined ? [] : [[`${role}_token`, token]];
      }),
    );
  }

  /** Every special token, with a role or without. */
  get allSpecialTokens(): string[] {
    return [...new Set([...Object.values(this.specialTokensMap), ...this.#special])];
  }

  async [call](
    text: string | readonly string[] | readonly TextPair[],
    second: string | readonly string[] | EncodeOptions = {},
    third: EncodeOptions = {},
  ): Promise<Columns> {
    const [partner, options] = isTexts(second) ? [second, third] : [undefined, second];
    const { texts, partners, single } = readTexts(text, partner, options);
    const { pad, cut } = encodePlan(options, this);
    const padId = pad && this.#padId();
    const rows = await encodeRows(this.#native, texts, partners, cut, options);
    if (pad) padRows(rows, pad, padId as number);
    return toEncoding(rows, this.#table, single && !options.returnOverflowingTokens, options);
  }

  /**
   * The ids of one text alone.
   *
   * @example await tokenizer.encode('Hi, how are you?'); // [12764, 13, 849, 403, 368, 32] with pythia's tokenizer
   */
  async encode(text: string, options: IdsOptions = {}): Promise<number[]> {
    const { inputIds } = (await this[call](text, options)) as unknown as { inputIds: number[] };
    return inputIds;
  }

  /** The ids of each text alone. */
  async encodeBatch(texts: readonly string[], options: IdsOptions = {}): Promise<number[][]> {
    const { inputIds } = (await this[call](texts, options)) as unknown as { inputIds: number[][] };
    return inputIds;
  }

  /**
   * The tokens of a text as the vocabulary spells them; a piece that it lacks is the token for the unknown, where Python gives
   * the piece if the model is a Unigram.
   */
  async tokenize(text: string, options: IdsOptions = {}): Promise<string[]> {
    return this.#table.tokens(await this.encode(text, { addSpecialTokens: false, ...options }));
  }

  /**
   * Fills rows that were encoded one by one to one length, for a batch.
   *
   * @param rows a list of encodings, or their columns; columns other than the tokenizer's own stay as they are
   * @throws if rows are to be padded and there is no padding token
   * @example const batch = tokenizer.pad(rows, { padToMultipleOf: 8, returnTensors: 'np' });
   */
  pad<const O extends PadOptions>(rows: PadInput, options?: O): Encoding<readonly string[], O> {
    const wanted: PadOptions = { padding: true, ...options };
    const plan = padPlan(wanted, this);
    const columns = rowsToPad(rows, wanted.returnAttentionMask !== false);
    if (plan) padRows(columns, plan, this.#padId());
    return toEncoding(columns, this.#table, false, wanted) as unknown as Encoding<readonly string[], O>;
  }

  /**
   * The text that ids stand for, or the texts of rows of ids, as `batchDecode` gives them.
   *
   * @throws if there are no ids, or naming an id that the vocabulary does not have
   * @example tokenizer.decode([12764, 13, 849], { skipSpecialTokens: true });
   */
  decode(ids: number | Ids, options?: DecodeOptions): string;
  decode(rows: readonly Ids[] | IntTensor, options?: DecodeOptions): string[];
  decode(ids: number | Ids | readonly Ids[] | IntTensor, options: DecodeOptions = {}): string | string[] {
    if (isRows<Ids>(ids)) return this.batchDecode(ids, options);
    const text = this.#table.decode(typeof ids === 'number' ? [ids] : ids, options.skipSpecialTokens);
    // Where words were not cut at spaces, the clean-up would damage texts.
    const { cleanUpTokenizationSpaces = this.#config.clean_up_tokenization_spaces === true } = options;
    return cleanUpTokenizationSpaces && this.#modelType !== 'BPE' ? cleanUpSpaces(text) : text;
  }

  /** The texts that rows of ids stand for; the rows may be those of a tensor, as `returnTensors: 'np'` gives them. */
  batchDecode(rows: readonly Ids[] | IntTensor, options: DecodeOptions = {}): string[] {
    return rowsOf(rows).map(ids => this.decode(ids, options));
  }

  /** Tokens as the vocabulary spells them; `skipSpecialTokens` leaves the special ones of a list out. */
  convertIdsToTokens(id: number): string;
  convertIdsToTokens(ids: Ids, options?: Pick<DecodeOptions, 'skipSpecialTokens'>): string[];
  convertIdsToTokens(ids: number | Ids, options: DecodeOptions = {}): string | string[] {
    if (typeof ids === 'number') return this.#table.token(ids, 0);
    return this.#table.tokens(ids, options.skipSpecialTokens);
  }

  /** Ids of tokens; that of `unkToken` for a token that the vocabulary lacks, null if there is none. */
  convertTokensToIds(token: string): number | null;
  convertTokensToIds(tokens: readonly string[]): (number | null)[];
  convertTokensToIds(tokens: string | readonly string[]): number | null | (number | null)[] {
    if (typeof tokens !== 'string') return tokens.map(token => this.convertTokensToIds(token));
    return this.#native.tokenToId(tokens) ?? this.#idOfRole('unk');
  }

  /** Every token with its id, added tokens included. */
  getVocab(): Record<string, number> {
    return this.#native.getVocab(true);
  }

  /**
   * Adds tokens to the vocabulary that text is never cut inside of; the model's embedding must grow to `length` rows.
   *
   * @returns how many of them are new
   */
  addTokens(
    tokens: string | readonly (string | AddedTokenEntry)[],
    options: { readonly specialTokens?: boolean } = {},
  ): number {
    const entries = (typeof tokens === 'string' ? [tokens] : tokens).map(token => ({
      ...tokenEntry(token, 'A token to add'),
      ...(options.specialTokens && { special: true }),
    }));
    const before = this.length;
    addEntries(this.#native, entries, this.#special);
    return this.length - before;
  }

  /**
   * Gives tokens a role, and adds those to the vocabulary that it lacks.
   *
   * @returns how many of them are new
   * @example tokenizer.addSpecialTokens({ padToken: '<|pad|>', additionalSpecialTokens: ['<|user|>'] });
   */
  addSpecialTokens(
    tokens: Partial<Record<`${Role}Token`, string>> & {
      readonly additionalSpecialTokens?: readonly string[];
    },
  ): number {
    const { additionalSpecialTokens = [], ...byRole } = tokens;
    const roles = Object.entries(byRole).map(([key, token]): [Role, string] => {
      const role = ROLES.find(name => `${name}Token` === key);
      if (role && typeof token === 'string') return [role, token];
      throw new TypeError(
        role
          ? `${key} must be a string, not ${kindOf(token)}.`
          : `There is no special token ${key}; there are ${ROLES.map(name => `${name}Token`).join(', ')} and additionalSpecialTokens.`,
      );
    });
    const added = this.addTokens([...roles.map(([, token]) => token), ...additionalSpecialTokens], {
      specialTokens: true,
    });
    for (const [role, token] of roles) this.#roles.set(role, token);
    return added;
  }

  /**
   * Writes a conversation, or each of a list, as the model was trained to read it, and encodes it.
   *
   * Unlike Python, templates write booleans, null, lists and objects as JSON does, take what is asked of a missing value for
   * empty, and know neither `{% raw %}` nor numbers such as `1e10`.
   *
   * @returns the encoding; with `tokenize: false` the text, or the texts of a list of conversations
   * @throws if there is no template, it cannot be read or rendered, or with its own words if it refuses the conversation
   * @example await tokenizer.applyChatTemplate([{ role: 'user', content: 'Hi!' }], { addGenerationPrompt: true });
   * @see https://huggingface.co/docs/transformers/main/en/chat_templating
   */
  applyChatTemplate<const O extends ChatOptions & { readonly tokenize: false }>(
    conversation: readonly ChatMessage[],
    options: O,
  ): Promise<string>;
  applyChatTemplate<const O extends ChatOptions & { readonly tokenize: false }>(
    conversations: readonly (readonly ChatMessage[])[],
    options: O,
  ): Promise<string[]>;
  applyChatTemplate<const O extends ChatOptions>(
    conversation: readonly ChatMessage[],
    options?: O,
  ): Promise<Encoding<string, O>>;
  applyChatTemplate<const O extends ChatOptions>(
    conversations: readonly (readonly ChatMessage[])[],
    options?: O,
  ): Promise<Encoding<readonly string[], O>>;
  async applyChatTemplate(
    conversation: readonly ChatMessage[] | readonly (readonly ChatMessage[])[],
    options: ChatOptions = {},
  ): Promise<unknown> {
    const { text, encodeOptions } = await renderChats(conversation, options, this);
    if (options.tokenize === false) return text;
    return this[call](text, { ...encodeOptions, addSpecialTokens: false });
  }

  /**
   * Writes `tokenizer.json`, `tokenizer_config.json`, `special_tokens_map.json` and, if there is one template,
   * `chat_template.jinja` to a folder, as Python reads them.
   *
   * @returns the paths of the files
   */
  savePretrained(folder: string): Promise<string[]> {
    return saveTokenizer(folder, this.#native, this.#config, this);
  }

  /**
   * Learns a new vocabulary from texts, with this tokenizer's way of cutting words and its added tokens.
   *
   * @param texts texts, or lists of texts
   * @param vocabSize how many tokens there will be at most, special tokens and single characters included; added tokens that
   *   are not special come on top
   * @throws if this tokenizer is not a byte-pair encoding
   * @example const own = await tokenizer.trainNewFromIterator(rows.map(row => row.text), 4096);
   */
  async trainNewFromIterator(
    texts: Iterable<string | readonly string[]> | AsyncIterable<string | readonly string[]>,
    vocabSize: number,
  ): Promise<PreTrainedTokenizer> {
    const native = await trainTokenizer(this.#native, texts, vocabSize);
    return makeTokenizer({
      native,
      name: this.nameOrPath,
      config: this.#config,
      modelType: this.#modelType,
      chatTemplate: this.chatTemplate,
      roles: this.#roles,
      special: this.#special,
      modelMaxLength: this.modelMaxLength,
      paddingSide: this.paddingSide,
      truncationSide: this.truncationSide,
    });
  }

  [inspect.custom](): string {
    const { nameOrPath, vocabSize, length, modelMaxLength, paddingSide, truncationSide } = this;
    const tokens = Object.fromEntries([...this.#roles].map(([role, token]) => [`${role}Token`, token]));
    const facts = { nameOrPath, vocabSize, length, modelMaxLength, paddingSide, truncationSide, ...tokens };
    return `PreTrainedTokenizer ${inspect(facts)}`;
  }

  static {
    for (const role of ROLES) {
      Object.defineProperty(TokenizerBase.prototype, `${role}Token`, {
        get(this: TokenizerBase) {
          return this.#roles.get(role) ?? null;
        },
        set(this: TokenizerBase, token: string | null) {
          this.#setRole(role, token);
        },
      });
      Object.defineProperty(TokenizerBase.prototype, `${role}TokenId`, {
        get(this: TokenizerBase) {
          return this.#idOfRole(role);
        },
        set(this: TokenizerBase, id: number | null) {
          this.#setRole(role, id === null ? null : this.#table.token(id, 0));
        },
      });
    }
  }

  #setRole(role: Role, token: string | null): void {
    if (token === null) return void this.#roles.delete(role);
    if (typeof token !== 'string')
      throw new TypeError(`${role}Token must be a string, not ${kindOf(token)}.`);
    if (this.#native.tokenToId(token) === null) {
      throw new RangeError(
        `${JSON.stringify(token)} is not in the vocabulary; add it with tokenizer.addSpecialTokens({ ${role}Token: ${JSON.stringify(token)} }).`,
      );
    }
    this.#roles.set(role, token);
  }

  #idOfRole(role: Role): number | null {
    const token = this.#roles.get(role);
    return token === undefined ? null : this.#native.tokenToId(token);
  }

  #padId(): number {
    const id = this.#idOfRole('pad');
    if (id !== null) return id;
    throw new Error(
      'Padding needs a padding token and this tokenizer has none; choose one first: tokenizer.padToken = tokenizer.eosToken.',
    );
  }
}

/** The ids alone come as plain arrays, and of one row a text. */
export type IdsOptions = Omit<EncodeOptions, 'returnTensors' | 'returnOverflowingTokens'>;

export function makeTokenizer(parts: TokenizerParts): PreTrainedTokenizer {
  return new TokenizerBase(parts) as PreTrainedTokenizer;
}
