/** Requests to a server: again where it is busy, and never waiting for ever. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Where and how to ask. */
export interface Server {
  readonly url: string;
  readonly apiKey: string | undefined;
  /** Seconds without a sign of the server after which a try is given up. */
  readonly timeout: number;
  /** How often a request is sent again. */
  readonly maxRetries: number;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 60_000;

/** A failure that may be gone at the next try. */
class Passing extends Error {
  /** Milliseconds that the server asks to wait. */
  readonly wait: number | undefined;

  constructor(message: string, wait?: number) {
    super(message);
    this.wait = wait;
  }
}

/**
 * Sends a request, again where the server is busy, cannot be reached or breaks off.
 *
 * @param read what to make of the answer; where it fails because the answer broke off, the request is sent again too
 * @throws the reason of the signal; or what the server's last answer was
 */
export async function ask<T>(
  server: Server,
  body: object,
  signal: AbortSignal | undefined,
  read: (pieces: AsyncGenerator<string, void>) => T | Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await read(await post(server, body, signal));
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof Passing)) throw error;
      const wait = error.wait ?? FIRST_WAIT_MS * 2 ** (attempt - 1);
      if (wait > LONGEST_WAIT_MS) {
        throw new Error(`${error.message} It asks to wait ${Math.ceil(wait / 1000)} s; try again then.`);
      }
      if (attempt > server.maxRetries) {
        throw new Error(attempt === 1 ? error.message : `${error.message} That was try ${attempt}.`);
      }
      // Only the signal ends a wait early.
      await sleep(wait, undefined, signal && { signal }).catch(() => signal!.throwIfAborted());
    }
  }
}

/** @returns the text of the answer, piece by piece; leaving the loop early closes the connection */
async function post(
  { url, apiKey, timeout }: Server,
  body: object,
  signal: AbortSignal | undefined,
): Promise<AsyncGenerator<string, void>> {
  const { host } = new URL(url);
  const controller = new AbortController();
  const silent = new Passing(`${host} sent nothing for ${timeout} s.`);
  const arm = () => setTimeout(() => controller.abort(silent), timeout * 1000);
  let timer = arm();
  const passing = (error: unknown): unknown =>
    // fetch rejects with a TypeError whose cause is the socket's error.
    error instanceof TypeError ? new Passing(`${host} ${troubleOf(error)}.`) : error;
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'tunelab',
        ...(apiKey && { authorization: `Bearer ${apiKey}` }),
      },
      body: JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, controller.signal]) : controller.signal,
    });
  } catch (error) {
    clearTimeout(timer);
    throw passing(error);
  }
  async function* pieces(): AsyncGenerator<string, void> {
    const decoder = new TextDecoder();
    try {
      for await (const bytes of response.body ?? []) {
        clearTimeout(timer);
        yield decoder.decode(bytes, { stream: true });
        timer = arm();
      }
      yield decoder.decode();
    } catch (error) {
      throw passing(error);
    } finally {
      clearTimeout(timer);
    }
  }
  if (response.ok) return pieces();
  throw refusal(response, host, messageOf(await textOf(pieces())), apiKey);
}

/** All pieces as one text. */
export async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

/** The sentence for a status that is no success. */
function refusal(
  { status, headers }: Response,
  host: string,
  message: string,
  apiKey: string | undefined,
): Error {
  // A notebook keeps what it shows, and a server may repeat what it was sent.
  const said = apiKey ? message.replaceAll(apiKey, '…') : message;
  const answered = `${host} answered ${status}${said && ` (${said})`}`;
  if (status === 408 || status === 429 || status >= 500)
    return new Passing(`${answered}.`, retryAfter(headers));
  if (status === 401 || status === 403) {
    return apiKey
      ? new Error(`${answered}: it does not take this key; check OPENAI_API_KEY.`)
      : missingKey(host, answered);
  }
  if (status === 404) {
    return new Error(`${answered}; check the name of the model, and baseUrl, which often ends in /v1.`);
  }
  return new Error(`${answered}.`);
}

export function missingKey(host: string, answered = ''): Error {
  return new Error(
    `${answered && `${answered}. `}${host} wants a key: set OPENAI_API_KEY where the notebook is started, or leave this cell out.`,
  );
}

const SHOWN_CHARACTERS = 300;

/** What a server says of an error: `{ error: { message } }` as OpenAI, or in another common shape, or as plain text. */
function messageOf(text: string): string {
  let message: unknown = text;
  try {
    const { error, detail, message: own } = JSON.parse(text) as Record<string, unknown>;
    message = (error as { message?: unknown } | null | undefined)?.message ?? error ?? detail ?? own ?? text;
  } catch {
    // Proxies answer in HTML or words, which are shown as they are.
  }
  return excerpt(typeof message === 'string' ? message : JSON.stringify(message));
}

/** The beginning of a text on one line, without a full stop. */
export function excerpt(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim().replace(/\.$/, '');
  return line.length > SHOWN_CHARACTERS ? `${line.slice(0, SHOWN_CHARACTERS)}…` : line;
}

/** How long the server asks to wait, in milliseconds; it says seconds or a date. */
function retryAfter(headers: Headers): number | undefined {
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  const wait = /^[\d.]+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

function troubleOf(error: TypeError): string {
  const { code = '', message = error.message } = (error.cause ?? {}) as { code?: string; message?: string };
  return TROUBLES[code] ?? `could not be asked (${message || code})`;
}

const TROUBLES: Readonly<Record<string, string>> = {
  ENOTFOUND: 'is a name that nobody knows; check baseUrl and the network',
  EAI_AGAIN: 'cannot be looked up; there may be no network',
  ECONNREFUSED: 'refuses connections; is the server running',
  ECONNRESET: 'broke off the connection',
  UND_ERR_SOCKET: 'broke off the connection',
};
