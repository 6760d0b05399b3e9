/** A server that speaks OpenAI's chat completions, as well or as badly as a test wants. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly url: string | undefined;
  readonly authorization: string | undefined;
  readonly body: {
    readonly model: string;
    readonly messages: readonly { readonly role: string; readonly content: string }[];
    readonly [setting: string]: unknown;
  };
}

type Answer = (response: ServerResponse, asked: Asked) => void;

export class FakeServer {
  /** All requests, in order. */
  readonly asked: Asked[] = [];
  /** How the next requests are answered, each once; the others are answered well. */
  readonly next: Answer[] = [];
  /** How many connections a client has closed before the answer was whole. */
  closedEarly = 0;
  baseUrl = '';
  readonly #server: Server = createServer((request, response) => void this.#answer(request, response));

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.baseUrl = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
    return this;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const piece of request.setEncoding('utf8')) text += piece;
    const { url, headers } = request;
    const asked: Asked = { url, authorization: headers.authorization, body: JSON.parse(text) };
    this.asked.push(asked);
    response.on('close', () => {
      if (!response.writableFinished) this.closedEarly++;
    });
    (this.next.shift() ?? answerWell)(response, asked);
  }
}

/** Repeats the question. */
const answerWell: Answer = (response, { body }) => {
  const answer = `You asked: ${body.messages.at(-1)!.content}`;
  if (!body.stream) return json(200, completion({ content: answer }))(response);
  const words = answer.split(/(?= )/).map(content => chunk({ content }));
  events([...words, chunk({}, 'stop'), '[DONE]'])(response);
};

export const completion = (message: object, finish_reason = 'stop'): object => ({
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason }],
});

export const chunk = (delta: object, finish_reason: string | null = null): string =>
  JSON.stringify({ object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] });

export const json = (status: number, body: object, headers: Record<string, string> = {}) =>
  text(status, JSON.stringify(body), { 'content-type': 'application/json', ...headers });

export const text =
  (status: number, body: string, headers: Record<string, string> = {}) =>
  (response: ServerResponse): void =>
    void response.writeHead(status, headers).end(body);

/** Sends events and ends; without `ends` it leaves the connection open. */
export const events =
  (data: readonly string[], { ends = true } = {}) =>
  (response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(data.map(item => `data: ${item}\n\n`).join(''));
    if (ends) response.end();
  };

/** Sends the beginning of an answer and breaks the connection. */
export const breakOff =
  (body: string, headers: Record<string, string> = {}) =>
  (response: ServerResponse): void => {
    response.writeHead(200, headers);
    response.write(body, () => response.destroy());
  };

/** Never answers. */
export const silence = (): void => {};
