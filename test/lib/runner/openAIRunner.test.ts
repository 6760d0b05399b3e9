import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OpenAIRunner, type OpenAIRunnerOptions } from '../../../lib/runner/index.ts';
import { breakOff, chunk, completion, events, FakeServer, json, silence, text } from './fakeServer.ts';

let server: FakeServer;

beforeEach(async () => {
  vi.stubEnv('OPENAI_API_KEY', undefined);
  vi.stubEnv('OPENAI_BASE_URL', undefined);
  server = await new FakeServer().start();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
});

const runner = (more: Partial<OpenAIRunnerOptions> = {}): OpenAIRunner =>
  new OpenAIRunner({ model: 'tiny', baseUrl: server.baseUrl, ...more });

async function collect(pieces: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const piece of pieces) all.push(piece);
  return all;
}

const until = (holds: () => boolean) => vi.waitUntil(holds, { timeout: 20_000 });

/** Asks at once, so that a test need not wait for a second try. */
const AT_ONCE = { 'retry-after': '0' };

describe('what is sent', () => {
  it('is the question alone, where nothing else is said', async () => {
    expect(await runner().run('Why?')).toBe('You asked: Why?');
    expect(server.asked).toEqual([
      {
        url: '/v1/chat/completions',
        authorization: undefined,
        body: { model: 'tiny', messages: [{ role: 'user', content: 'Why?' }] },
      },
    ]);
  });

  it('has the system prompt, the settings and the key', async () => {
    const settings = { systemPrompt: 'Be brief.', temperature: 0, maxTokens: 5, apiKey: ' key-1\n' };
    await runner({ ...settings, baseUrl: `${server.baseUrl}/` }).run('Why?');
    expect(server.asked[0]).toEqual({
      url: '/v1/chat/completions',
      authorization: 'Bearer key-1',
      body: {
        model: 'tiny',
        temperature: 0,
        max_tokens: 5,
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'Why?' },
        ],
      },
    });
  });

  it('goes where the environment says, with its key', async () => {
    vi.stubEnv('OPENAI_API_KEY', 'key-2');
    vi.stubEnv('OPENAI_BASE_URL', server.baseUrl);
    expect(await new OpenAIRunner({ model: 'tiny' }).run('Why?')).toBe('You asked: Why?');
    expect(server.asked[0]!.authorization).toBe('Bearer key-2');
  });

  it('gives OpenAI the limit under the name that its newer models want', async () => {
    const sent = vi
      .spyOn(globalThis, 'fetch')
      .mockResolvedValue(Response.json(completion({ content: 'Yes.' })));
    try {
      await new OpenAIRunner({ model: 'gpt', apiKey: 'k', maxTokens: 7 }).run('Why?');
      const [url, { body }] = sent.mock.calls[0] as unknown as [string, { body: string }];
      expect(url).toBe('https://api.openai.com/v1/chat/completions');
      expect(JSON.parse(body)).toMatchObject({ max_completion_tokens: 7 });
    } finally {
      sent.mockRestore();
    }
  });
});

describe('answers', () => {
  it('come in the order of the questions', async () => {
    const questions = Array.from({ length: 11 }, (_, i) => `Number ${i}?`);
    expect(await runner().run(questions)).toEqual(questions.map(question => `You asked: ${question}`));
    expect(await runner().run([])).toEqual([]);
  });

  it('are given as they are where they are cut, declined or empty', async () => {
    server.next.push(
      json(200, completion({ content: 'Half an' }, 'length')),
      json(200, completion({ content: null, refusal: 'I cannot.' })),
      json(200, completion({ content: '' })),
    );
    expect(await runner().run('a')).toBe('Half an');
    expect(await runner().run('b')).toBe('I cannot.');
    expect(await runner().run('c')).toBe('');
  });

  it('that are none are refused with what came instead', async () => {
    const host = new URL(server.baseUrl).host;
    server.next.push(
      json(200, completion({ content: '' }, 'length')),
      json(200, completion({ content: null }, 'tool_calls')),
      text(200, '<html>Please log in</html>'),
      json(200, { answer: 42 }),
      json(200, { error: { message: 'The model is overloaded.' } }),
      text(200, '{"choices": [{"message": {"content": "Ye'),
      text(200, 'null'),
    );
    const failures: string[] = [];
    while (server.next.length > 0) {
      failures.push(
        await runner()
          .run('Why?')
          .then(String, ({ message }: Error) => message),
      );
    }
    expect(failures).toEqual([
      `${host} spent all of maxTokens before it wrote an answer, as models that think first do; raise maxTokens.`,
      `${host} gave no text (finish_reason tool_calls).`,
      `${host} gave what is not JSON (<html>Please log in</html>); check baseUrl.`,
      `${host} gave no chat completion ({"answer":42}); check baseUrl.`,
      `${host} failed (The model is overloaded).`,
      `${host} gave what is not JSON ({"choices": [{"message": {"content": "Ye); check baseUrl.`,
      `${host} gave no chat completion (null); check baseUrl.`,
    ]);
    expect(server.asked).toHaveLength(7);
  });
});

describe('a stream', () => {
  it('gives the pieces of the answer', async () => {
    expect(await collect(runner().stream('Why not?'))).toEqual(['You', ' asked:', ' Why', ' not?']);
    expect(server.asked[0]!.body.stream).toBe(true);
  });

  it('takes what servers send beside text, and an end without [DONE]', async () => {
    server.next.push(
      events([
        chunk({ role: 'assistant', content: null }),
        chunk({ content: 'größe 😀' }),
        chunk({}, 'stop'),
        '{"choices":[]}',
      ]),
    );
    expect(await collect(runner().stream('Why?'))).toEqual(['größe 😀']);
  });

  it('that breaks off or fails gives what came, and then says so', async () => {
    const host = new URL(server.baseUrl).host;
    const beginning = chunk({ content: 'Half' });
    const streamed = { 'content-type': 'text/event-stream' };
    server.next.push(
      breakOff(`data: ${beginning}\n\n`, streamed),
      events([beginning]),
      events([beginning, '{"error": {"message": "out of memory"}}']),
      events([beginning, '{"choices": [']),
    );
    const failures: string[] = [];
    while (server.next.length > 0) {
      const pieces: string[] = [];
      const reading = (async () => {
        for await (const piece of runner().stream('Why?')) pieces.push(piece);
      })();
      failures.push(await reading.then(String, ({ message }: Error) => message));
      expect(pieces).toEqual(['Half']);
    }
    expect(failures).toEqual([
      `${host} broke off the connection.`,
      `${host} ended before the answer did.`,
      `${host} failed (out of memory).`,
      `${host} gave what is not JSON ({"choices": [); check baseUrl.`,
    ]);
    expect(server.asked).toHaveLength(4);
  });

  it('is asked again before its first piece', async () => {
    server.next.push(text(503, '', AT_ONCE));
    expect((await collect(runner().stream('Why?'))).join('')).toBe('You asked: Why?');
  });

  it('closes the connection where the reader leaves', async () => {
    server.next.push(events([chunk({ content: 'One' }), chunk({ content: 'Two' })], { ends: false }));
    for await (const piece of runner().stream('Why?')) {
      expect(piece).toBe('One');
      break;
    }
    await until(() => server.closedEarly === 1);
  });
});

describe('trouble', () => {
  it('that may pass is met with another try', async () => {
    server.next.push(
      json(429, { error: { message: 'Slow down.' } }, AT_ONCE),
      text(500, 'oops', { 'retry-after': new Date(0).toUTCString() }),
      breakOff('{"choices": [', { 'content-length': '500' }),
    );
    expect(await runner({ maxRetries: 3 }).run('Why?')).toBe('You asked: Why?');
    expect(server.asked).toHaveLength(4);
  });

  it('that stays ends with what the server said last', async () => {
    const host = new URL(server.baseUrl).host;
    for (let i = 0; i < 4; i++)
      server.next.push(json(429, { error: { message: 'Quota exceeded.' } }, AT_ONCE));
    await expect(runner().run('Why?')).rejects.toThrow(
      `${host} answered 429 (Quota exceeded). That was try 3.`,
    );
    await expect(runner({ maxRetries: 0 }).run('Why?')).rejects.toThrow(/429 \(Quota exceeded\)\.$/);
  });

  it('is not waited out for long', async () => {
    server.next.push(text(429, '', { 'retry-after': '3600' }));
    await expect(runner().run('Why?')).rejects.toThrow(
      'answered 429. It asks to wait 3600 s; try again then.',
    );
    expect(server.asked).toHaveLength(1);
  });

  it('of the question’s own making is not asked again', async () => {
    const host = new URL(server.baseUrl).host;
    server.next.push(
      json(400, { error: { message: "Unsupported parameter: 'temperature'." } }),
      json(404, { error: 'model "tiny" not found' }),
      json(422, { detail: [{ msg: 'too long' }] }),
      text(418, ''),
    );
    const failures: string[] = [];
    while (server.next.length > 0) {
      failures.push(
        await runner()
          .run('Why?')
          .then(String, ({ message }: Error) => message),
      );
    }
    expect(failures).toEqual([
      `${host} answered 400 (Unsupported parameter: 'temperature').`,
      `${host} answered 404 (model "tiny" not found); check the name of the model, and baseUrl, which often ends in /v1.`,
      `${host} answered 422 ([{"msg":"too long"}]).`,
      `${host} answered 418.`,
    ]);
    expect(server.asked).toHaveLength(4);
  });

  it('of a server that is silent ends after the timeout, before and within an answer', async () => {
    server.next.push(silence, events([chunk({ content: 'Half' })], { ends: false }));
    const impatient = runner({ timeout: 0.05, maxRetries: 0 });
    await expect(impatient.run('Why?')).rejects.toThrow('sent nothing for 0.05 s.');
    await expect(collect(impatient.stream('Why?'))).rejects.toThrow('sent nothing for 0.05 s.');
  });

  it('of a server that is not there says so', async () => {
    const { baseUrl } = await new FakeServer().start().then(async other => {
      await other.close();
      return other;
    });
    await expect(runner({ baseUrl, maxRetries: 0 }).run('Why?')).rejects.toThrow(
      `${new URL(baseUrl).host} refuses connections; is the server running.`,
    );
  });

  it('in one question of a list ends the others', async () => {
    server.next.push(silence, silence, json(400, {}));
    await expect(runner().run(['a', 'b', 'c', 'd', 'e', 'f'])).rejects.toThrow('answered 400');
    await until(() => server.closedEarly === 2);
  });

  it('ends where the signal says, also between two tries', async () => {
    const reason = new Error('enough');
    const asking = new AbortController();
    server.next.push(silence);
    const answer = runner().run('Why?', { signal: asking.signal });
    await until(() => server.asked.length === 1);
    asking.abort(reason);
    await expect(answer).rejects.toBe(reason);

    const waiting = new AbortController();
    server.next.push(text(503, '', { 'retry-after': '50' }));
    const second = runner().run(['Why?'], { signal: waiting.signal });
    await until(() => server.asked.length === 2);
    waiting.abort(reason);
    await expect(second).rejects.toBe(reason);
    expect(server.asked).toHaveLength(2);
  });
});

describe('the key', () => {
  it('is asked for where OpenAI, or another server, wants one', async () => {
    const advice = 'set OPENAI_API_KEY where the notebook is started, or leave this cell out.';
    expect(() => new OpenAIRunner({ model: 'gpt-4o-mini' })).toThrow(`api.openai.com wants a key: ${advice}`);
    server.next.push(json(401, { error: { message: 'no key' } }));
    const host = new URL(server.baseUrl).host;
    await expect(runner().run('Why?')).rejects.toThrow(
      `${host} answered 401 (no key). ${host} wants a key: ${advice}`,
    );
  });

  it('is never shown', async () => {
    const secret = 'sk-verysecret';
    server.next.push(json(401, { error: { message: `Incorrect API key provided: ${secret}.` } }));
    const withKey = runner({ apiKey: secret });
    await expect(withKey.run('Why?')).rejects.toThrow(
      'answered 401 (Incorrect API key provided: …): it does not take this key; check OPENAI_API_KEY.',
    );
    expect(() => runner({ apiKey: `${secret} ${secret}` })).toThrow(
      /characters that no key has; copy it again\.$/,
    );
    expect(inspect(withKey, { depth: 9, showHidden: true })).not.toContain(secret);
  });
});

it('refuses options that cannot be, and says which', () => {
  expect(() => runner({ model: '' })).toThrow("OpenAIRunner needs the model's name at the server");
  expect(() => runner({ baseUrl: 'localhost:11434/v1' })).toThrow(
    `baseUrl must be an address such as 'http://localhost:11434/v1', not "localhost:11434/v1".`,
  );
  expect(() => runner({ temperature: -1 })).toThrow('temperature must be a number from 0 on, not -1.');
  expect(() => runner({ maxTokens: 0.5 })).toThrow('maxTokens must be a whole number from 1 on, not 0.5.');
  expect(() => runner({ timeout: Number.NaN })).toThrow(
    'timeout must be a number of seconds above 0, not NaN.',
  );
  expect(() => runner({ maxRetries: -1 })).toThrow('maxRetries must be a whole number from 0 on, not -1.');
  expect(() => runner({ max_tokens: 5 } as object)).toThrow(
    'OpenAIRunner has no option "max_tokens"; the nearest is maxTokens;',
  );
});
