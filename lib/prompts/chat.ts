/** Conversations: as plain turns, and as the chat template of a tokenizer writes them. */
import { templates } from './course.ts';

/** What somebody says in a conversation; a role is mostly system, user or assistant, or a name that readers know. */
export interface Turn {
  readonly role: string;
  readonly content: string;
}

/** The part of a tokenizer that writes conversations. */
export interface ChatTokenizer<Message> {
  applyChatTemplate(
    messages: readonly Message[],
    options: { readonly tokenize: false; readonly addGenerationPrompt: boolean },
  ): unknown;
}

export interface FormatChatOptions {
  /** Whether the text ends with the opening of the assistant's turn: yes to generate (the default), no to train. */
  readonly addGenerationPrompt?: boolean;
}

/**
 * A conversation as lines of `role: content`, for models without a chat template. `templates.turn.stop` ends the turn that
 * the model writes.
 *
 * @param next the role whose turn the model is to write; without it the text ends after the last turn
 * @throws naming the turn that has no role or no content
 * @example formatTurns([{ role: 'Customer', content: 'My parcel is late.' }], 'Agent'); // 'Customer: My parcel is late.\nAgent:'
 */
export function formatTurns(turns: readonly Turn[], next?: string): string {
  const lines = turns.map((turn, index) => {
    for (const part of ['role', 'content'] as const) {
      if (typeof turn?.[part] !== 'string')
        throw new TypeError(`Turn ${index} has no ${part}; each turn is { role, content }, both text.`);
    }
    return templates.turn.hydrate(turn);
  });
  if (lines.length === 0) throw new RangeError('A conversation needs at least one turn.');
  if (next !== undefined) lines.push(`${next}:`);
  return lines.join('\n');
}

/**
 * A conversation in the form that a chat model was trained on, as the chat template of its tokenizer writes it.
 *
 * @throws if the tokenizer has no chat template, or what that template says of the conversation
 * @example await formatChat([{ role: 'user', content: 'Hello' }], tokenizer);
 */
export async function formatChat<Message extends object>(
  messages: readonly Message[],
  tokenizer: ChatTokenizer<NoInfer<Message>>,
  { addGenerationPrompt = true }: FormatChatOptions = {},
): Promise<string> {
  if (typeof tokenizer?.applyChatTemplate !== 'function') {
    throw new TypeError(
      'formatChat needs a tokenizer that has applyChatTemplate; use formatTurns for models without a chat template.',
    );
  }
  const text = await tokenizer.applyChatTemplate(messages, { tokenize: false, addGenerationPrompt });
  if (typeof text === 'string') return text;
  throw new TypeError(`The tokenizer's applyChatTemplate gave ${typeof text} where text was asked for.`);
}
