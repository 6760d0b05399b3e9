import { Template } from '@huggingface/jinja';
import { describe, expect, it } from 'vitest';
import { formatChat, formatTurns, type Turn, templates } from '../../../lib/prompts/index.ts';

const turns = [
  { role: 'user', content: 'Hello {name}' },
  { role: 'assistant', content: 'Hi' },
];

describe('formatTurns', () => {
  it('writes a line for each turn and opens the next one', () => {
    expect(formatTurns(turns, 'Agent')).toBe('user: Hello {name}\nassistant: Hi\nAgent:');
    expect(formatTurns(turns)).toBe('user: Hello {name}\nassistant: Hi');
  });

  it('writes turns that end where a generation is told to stop', () => {
    const [stop] = templates.turn.stop;
    expect(formatTurns(turns).split(stop!)).toEqual(turns.map(turn => templates.turn.hydrate(turn)));
  });

  it('names the turn that is not complete', () => {
    expect(() => formatTurns([turns[0]!, { role: 'user' } as Turn])).toThrow('Turn 1 has no content');
    expect(() => formatTurns([])).toThrow('at least one turn');
  });
});

describe('formatChat', () => {
  const chatml =
    '{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}';
  const tokenizer = {
    applyChatTemplate: async (
      list: readonly Turn[],
      { addGenerationPrompt }: { tokenize: false; addGenerationPrompt: boolean },
    ) => new Template(chatml).render({ messages: [...list], add_generation_prompt: addGenerationPrompt }),
  };

  it("writes the conversation by the tokenizer's template, ready for the answer or without", async () => {
    const written = '<|im_start|>user\nHello {name}<|im_end|>\n<|im_start|>assistant\nHi<|im_end|>\n';
    expect(await formatChat(turns, tokenizer)).toBe(`${written}<|im_start|>assistant\n`);
    expect(await formatChat(turns, tokenizer, { addGenerationPrompt: false })).toBe(written);
  });

  it('says so when the tokenizer writes no chat or gives something else than text', async () => {
    await expect(formatChat(turns, {} as never)).rejects.toThrow('use formatTurns for models without');
    await expect(formatChat(turns, { applyChatTemplate: () => [1, 2] })).rejects.toThrow(
      'gave object where text',
    );
  });
});
