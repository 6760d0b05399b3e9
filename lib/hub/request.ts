/** Requests to the hub: redirects that keep the token at home, retries with patience, and connections that never hang. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface HubRequest {
  readonly method?: 'GET' | 'HEAD';
  /** Sent to the first host only, never to one that it redirects to. */
  readonly token?: string | undefined;
  /** Bytes wanted: from the first, up to but without the second. */
  readonly range?: readonly [from: number, to?: number];
  /** Stop at a redirect that says what it leads to (`X-Linked-ETag`) instead of following it. */
  readonly stopAtLink?: boolean;
}

/** An answer of any status but those worth another try. */
export interface HubReply {
  readonly status: number;
  readonly headers: Headers;
  json(): Promise<unknown>;
  /** The body, piece by piece; leaving the loop early closes the connection. */
  bytes(): AsyncGenerator<Uint8Array, void, undefined>;
  /** Closes the connection of an answer whose body nobody wants. */
  discard(): void;
}

const ATTEMPTS = 5;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 60_000;
/** A connection on which nothing moves for so long is given up. */
const SILENCE_MS = 30_000;
const MOST_REDIRECTS = 10;
const PASSING: readonly number[] = [408, 429, 500, 502, 503, 504];

/** The hub cannot be reached, or keeps failing. */
export class HubUnreachable extends Error {
  override readonly name = 'HubUnreachable';
}

/**
 * Sends a request, again where the server is busy or the connection breaks.
 *
 * @throws HubUnreachable if no attempt gets an answer
 */
export async function request(url: string, options: HubRequest = {}): Promise<HubReply> {
  for (let attempt = 1; ; attempt++) {
    let trouble: string;
    let wait = FIRST_WAIT_MS * 2 ** (attempt - 1);
    try {
      const reply = await follow(url, options);
      if (!PASSING.includes(reply.status)) return reply;
      reply.discard();
      trouble = `answered ${reply.status} (${MEANINGS[reply.status]})`;
      wait = retryAfter(reply.headers) ?? wait;
    } catch (error) {
      if (!isConnectionError(error)) throw error;
      trouble = `could not be reached (${reasonOf(error)})`;
    }
    const { host } = new URL(url);
    if (wait > LONGEST_WAIT_MS) {
      throw new HubUnreachable(
        `${host} ${trouble} and asks to wait ${Math.ceil(wait / 1000)} s; try again then, or set HF_TOKEN, since the hub lets known users ask more often.`,
      );
    }
    if (attempt === ATTEMPTS) {
      throw new HubUnreachable(
        `${host} ${trouble}, ${ATTEMPTS} times; check the network and HF_ENDPOINT, or try again later.`,
      );
    }
    await sleep(wait);
  }
}

async function follow(url: string, options: HubRequest): Promise<HubReply> {
  const origin = new URL(url).origin;
  const headers = new Headers();
  let address = url;
  for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
    const token = new URL(address).origin === origin ? options.token : undefined;
    const reply = await send(address, { ...options, token });
    // The hub speaks of its commit and of the linked file before it redirects to where the bytes are.
    for (const name of ['x-repo-commit', 'x-linked-etag', 'x-linked-size']) {
      const value = headers.get(name) ?? reply.headers.get(name);
      if (value !== null) headers.set(name, value);
    }
    const location = reply.headers.get('location');
    const isRedirect = [301, 302, 303, 307, 308].includes(reply.status) && location !== null;
    if (!isRedirect || (options.stopAtLink && headers.has('x-linked-etag'))) {
      for (const [name, value] of reply.headers) if (!headers.has(name)) headers.set(name, value);
      return { ...reply, headers };
    }
    reply.discard();
    address = new URL(location, address).href;
  }
  throw new HubUnreachable(`${new URL(url).host} redirects in a circle.`);
}

async function send(url: string, { method = 'GET', token, range }: HubRequest): Promise<HubReply> {
  const controller = new AbortController();
  const watch = watchdog(controller);
  const headers: Record<string, string> = { 'accept-encoding': 'identity', 'user-agent': 'tunelab' };
  if (token) headers.authorization = `Bearer ${token}`;
  if (range) headers.range = `bytes=${range[0]}-${range[1] === undefined ? '' : range[1] - 1}`;
  let response: Response;
  try {
    response = await fetch(url, { method, headers, redirect: 'manual', signal: controller.signal });
  } finally {
    watch.stop();
  }
  async function* bytes(): AsyncGenerator<Uint8Array, void, undefined> {
    const reader = response.body?.getReader();
    try {
      while (reader) {
        watch.start();
        const { done, value } = await reader.read();
        watch.stop();
        if (done) return;
        yield value;
      }
    } finally {
      watch.stop();
      controller.abort();
    }
  }
  return {
    status: response.status,
    headers: response.headers,
    bytes,
    async json() {
      const pieces: Uint8Array[] = [];
      for await (const piece of bytes()) pieces.push(piece);
      return JSON.parse(Buffer.concat(pieces).toString('utf8'));
    },
    discard: () => controller.abort(),
  };
}

function watchdog(controller: AbortController): { start(): void; stop(): void } {
  const arm = (): NodeJS.Timeout =>
    setTimeout(
      () =>
        controller.abort(
          Object.assign(new Error(`nothing came for ${SILENCE_MS / 1000} s`), { code: 'ETIMEDOUT' }),
        ),
      SILENCE_MS,
    );
  let timer: NodeJS.Timeout | undefined = arm();
  return {
    start() {
      clearTimeout(timer);
      timer = arm();
    },
    stop() {
      clearTimeout(timer);
    },
  };
}

/** How long the server asks to wait, in milliseconds; it says seconds or a date. */
function retryAfter(headers: Headers): number | undefined {
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  const wait = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

/** `fetch` rejects with a TypeError whose cause is the socket's error; a body that breaks off does the same. */
export function isConnectionError(error: unknown): boolean {
  const { name, code, cause } = error as { name?: string; code?: unknown; cause?: unknown };
  return code === 'ETIMEDOUT' || (name === 'TypeError' && cause !== undefined);
}

function reasonOf(error: unknown): string {
  const cause = ((error as { cause?: unknown }).cause ?? error) as { code?: string; message?: string };
  const code = cause.code ?? '';
  return CONNECTION_REASONS[code] ?? cause.message ?? code;
}

const CONNECTION_REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name is unknown',
  EAI_AGAIN: 'its name cannot be looked up; there may be no network',
  ECONNREFUSED: 'it refuses connections',
  ECONNRESET: 'the connection broke',
  UND_ERR_SOCKET: 'the connection broke',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer',
};

const MEANINGS: Readonly<Record<number, string>> = {
  408: 'the request took too long',
  429: 'too many requests',
  500: 'its own error',
  502: 'its own error',
  503: 'out of service for now',
  504: 'its own error',
};
