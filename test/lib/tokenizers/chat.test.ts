import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { AutoTokenizer, type PreTrainedTokenizer } from '../../../lib/tokenizers/index.ts';
import { bytes, folder } from './tiny.ts';

const TURNS = `{% for message in messages %}
    {% if message.role == 'refused' %}
{{ raise_exception('no ' + message.role + ' here') }}
    {% endif %}
{{ message.role + ': ' + message.content | trim }}{{ eos_token }}
{% endfor %}
{% if add_generation_prompt %}assistant:{% endif %}`;
const conversation = [
  { role: 'user', content: ' hello ' },
  { role: 'assistant', content: 'hello!' },
];

const load = (config: object, files: Record<string, unknown> = {}) =>
  AutoTokenizer.fromPretrained(
    folder({
      'tokenizer.json': bytes,
      'tokenizer_config.json': { eos_token: '<|endoftext|>', ...config },
      ...files,
    }),
  );

let tokenizer: PreTrainedTokenizer;
beforeAll(async () => {
  tokenizer = await load({ chat_template: TURNS });
});

describe('applyChatTemplate', () => {
  it('writes a conversation as Jinja does with trimmed blocks', async () => {
    expect(await tokenizer.applyChatTemplate(conversation, { tokenize: false })).toBe(
      'user: hello<|endoftext|>\nassistant: hello!<|endoftext|>\n',
    );
    expect(
      await tokenizer.applyChatTemplate(conversation.slice(0, 1), {
        tokenize: false,
        addGenerationPrompt: true,
      }),
    ).toBe('user: hello<|endoftext|>\nassistant:');
  });

  it('encodes it with nothing added around it', async () => {
    const { inputIds, attentionMask } = await tokenizer.applyChatTemplate(conversation);
    expect(tokenizer.decode(inputIds)).toBe('user: hello<|endoftext|>\nassistant: hello!<|endoftext|>\n');
    expect(attentionMask).toHaveLength(inputIds.length);
  });

  it('takes several conversations, and the options of encoding', async () => {
    const several = [conversation, conversation.slice(0, 1)];
    const texts = await tokenizer.applyChatTemplate(several, { tokenize: false });
    expect(texts.map(text => text.split('\n').length)).toEqual([3, 2]);
    const { inputIds } = await tokenizer.applyChatTemplate(several, { maxLength: 4, truncation: true });
    expect(inputIds.map(row => row.length)).toEqual([4, 4]);
  });

  it('gives the template tools and variables, as JSON where it asks for it', async () => {
    const chatTemplate =
      '{% if tools %}{{ tools | tojson }}{% endif %}{{ mood if mood is defined else "none" }}{% for i in range(1, 4) %}{{ i }}{% endfor %}';
    const write = (options: object) =>
      tokenizer.applyChatTemplate(conversation, { tokenize: false, chatTemplate, ...options });
    expect(await write({})).toBe('none123');
    // As Python's json.dumps: spaces after commas and colons, and nothing escaped for HTML.
    expect(await write({ tools: [{ name: 'é <b>', n: [1, 2] }], variables: { mood: 'merry' } })).toBe(
      '[{"name": "é <b>", "n": [1, 2]}]merry123',
    );
  });

  it('says what the template says, what is wrong with it, and that there is none', async () => {
    await expect(tokenizer.applyChatTemplate([{ role: 'refused' }])).rejects.toThrow(
      'The chat template refuses the conversation: no refused here',
    );
    await expect(tokenizer.applyChatTemplate([])).rejects.toThrow('a list of one message or more');
    await expect(tokenizer.applyChatTemplate(conversation, { chatTemplate: '{% if %}' })).rejects.toThrow(
      'The chat template cannot be read',
    );
    const chatTemplate = '{{ messages[0].content | shout }}';
    await expect(tokenizer.applyChatTemplate(conversation, { chatTemplate })).rejects.toThrow(
      'The chat template cannot be rendered: Unknown StringValue filter: shout',
    );
    await expect((await load({})).applyChatTemplate(conversation)).rejects.toThrow('has no chat template');
    const asPython = { tokenize: false, add_generation_prompt: true } as const;
    await expect(tokenizer.applyChatTemplate(conversation, asPython)).rejects.toThrow(
      'the nearest is addGenerationPrompt;',
    );
  });
});

describe('a chat template', () => {
  it('may be a file of its own, before the one in the configuration', async () => {
    const own = await load({ chat_template: TURNS }, { 'chat_template.jinja': 'file' });
    expect(await own.applyChatTemplate(conversation, { tokenize: false })).toBe('file');
  });

  it('may be one of several, by name', async () => {
    const list = [
      { name: 'default', template: 'plain' },
      { name: 'tool_use', template: 'with tools' },
      { name: 'rag', template: 'with {{ documents[0].title }}' },
    ];
    const several = await load({ chat_template: list });
    const write = (options: object) =>
      several.applyChatTemplate(conversation, { tokenize: false, ...options });
    expect(await write({})).toBe('plain');
    expect(await write({ tools: [{ name: 'f' }] })).toBe('with tools');
    expect(await write({ chatTemplate: 'rag', documents: [{ title: 'x' }] })).toBe('with x');
    const nameless = await load({ chat_template: list.slice(1) });
    await expect(nameless.applyChatTemplate(conversation)).rejects.toThrow(
      'no default chat template; choose one with chatTemplate: tool_use, rag',
    );
  });
});

describe('dates in a template', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('are English, as Python writes them', async () => {
    vi.useFakeTimers({ now: new Date(2024, 6, 26, 15, 4, 5) });
    const write = (format: string) =>
      tokenizer.applyChatTemplate(conversation, {
        tokenize: false,
        chatTemplate: `{{ strftime_now('${format}') }}`,
      });
    expect(await write('%d %b %Y')).toBe('26 Jul 2024');
    expect(await write('%A, %B %d, %y at %I:%M:%S %p or %H, 100%%')).toBe(
      'Friday, July 26, 24 at 03:04:05 PM or 15, 100%',
    );
    await expect(write('%Q')).rejects.toThrow('has %Q, of which this library knows nothing');
  });
});
