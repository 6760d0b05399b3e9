/** Text to the ids that models read, and back. */
export { AutoTokenizer, type FromPretrainedOptions } from './auto.ts';
export type { ChatMessage, ChatOptions } from './chat.ts';
export type { ChatTemplates, Side } from './config.ts';
export type { DecodeOptions, Ids } from './decode.ts';
export type { Encoding } from './encoding.ts';
export type { Offset } from './offsets.ts';
export type { EncodeOptions, PadOptions } from './options.ts';
export type { EncodedRow, PadInput } from './pad.ts';
export type { AddedTokenEntry, SpecialTokens } from './specialTokens.ts';
export type { IntTensor } from './tensors.ts';
export type { PreTrainedTokenizer } from './tokenizer.ts';
