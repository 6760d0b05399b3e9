/** Conversations as text, by the Jinja templates that models come with. */
import { checkOptions } from '../host.ts';
import type { ChatTemplates } from './config.ts';
import { renderJinja } from './jinja.ts';
import { ENCODE_KEYS, type EncodeOptions } from './options.ts';

/** One message; templates may read more of it than its role and content, in Python's spelling, such as `tool_calls`. */
export interface ChatMessage {
  readonly role: string;
  readonly content?: unknown;
  readonly [field: string]: unknown;
}

export interface ChatOptions extends Omit<EncodeOptions, 'textPair' | 'addSpecialTokens'> {
  /** Ends the text so that the model answers next. */
  readonly addGenerationPrompt?: boolean;
  /** `false` gives the text instead of its encoding. */
  readonly tokenize?: boolean;
  /** A template, or the name of one of the tokenizer's, instead of its default. */
  readonly chatTemplate?: string;
  /** JSON schemas of functions that the model may call. */
  readonly tools?: readonly object[];
  /** Documents to answer from. */
  readonly documents?: readonly object[];
  /** Further variables that the template reads. */
  readonly variables?: Readonly<Record<string, unknown>>;
}

const CHAT_KEYS = ['addGenerationPrompt', 'tokenize', 'chatTemplate', 'tools', 'documents', 'variables'];

interface ChatSource {
  readonly chatTemplate: ChatTemplates | null;
  readonly specialTokensMap: Readonly<Record<string, string>>;
}

/** The text of a conversation, or the texts of several, and the options that are left for encoding them. */
export async function renderChats(
  conversation: readonly ChatMessage[] | readonly (readonly ChatMessage[])[],
  options: ChatOptions,
  source: ChatSource,
): Promise<{ readonly text: string | string[]; readonly encodeOptions: EncodeOptions }> {
  checkOptions('applyChatTemplate', options, [...CHAT_KEYS, ...ENCODE_KEYS]);
  const {
    addGenerationPrompt = false,
    tokenize,
    chatTemplate,
    tools,
    documents,
    variables,
    ...rest
  } = options;
  const template = chooseTemplate(source.chatTemplate, chatTemplate, tools !== undefined);
  const render = (messages: unknown): Promise<string> => {
    if (!Array.isArray(messages) || messages.length === 0)
      throw new TypeError('A conversation needs a list of one message or more.');
    return renderJinja(template, {
      ...source.specialTokensMap,
      messages,
      tools: tools ?? null,
      documents: documents ?? null,
      add_generation_prompt: addGenerationPrompt,
      ...variables,
    });
  };
  const several = Array.isArray(conversation) && Array.isArray(conversation[0]);
  const text = several ? await Promise.all(conversation.map(render)) : await render(conversation);
  return { text, encodeOptions: rest };
}

function chooseTemplate(own: ChatTemplates | null, asked: string | undefined, withTools: boolean): string {
  const named = typeof own === 'object' && own !== null ? own : null;
  if (asked !== undefined) return named?.[asked] ?? asked;
  if (typeof own === 'string') return own;
  const found = (withTools ? named?.tool_use : undefined) ?? named?.default;
  if (found !== undefined) return found;
  throw new Error(
    named
      ? `This tokenizer has no default chat template; choose one with chatTemplate: ${Object.keys(named).join(', ')}.`
      : 'This tokenizer has no chat template; pass one as chatTemplate, or set tokenizer.chatTemplate.',
  );
}
