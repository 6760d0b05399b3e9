/** A folder of files served in the Hugging Face hub's layout: its API, its addresses of files, and a CDN that it redirects to. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeRepo {
  /** Files by name; `lfs` ones lie on the CDN. */
  readonly files: Record<string, Buffer | string>;
  readonly lfs?: readonly string[];
  readonly card?: Record<string, unknown>;
  /** Who may read it: everybody, whoever has a token, or nobody yet. */
  readonly access?: 'private' | 'gated';
}

export interface Seen {
  readonly host: 'hub' | 'cdn';
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
  readonly range: string | undefined;
}

export const TOKEN = 'hf_thesecretofthistest';

export class FakeHub {
  /** All requests, in order. */
  readonly seen: Seen[] = [];
  /** Bytes of file contents that were sent. */
  sentBytes = 0;
  /** Statuses that the next requests get instead of an answer. */
  readonly failures: { status: number; headers?: Record<string, string>; on?: 'hub' | 'cdn' }[] = [];
  /** After so many bytes of a content the connection is cut, so often. */
  cut: { after: number; times: number } = { after: 0, times: 0 };
  /** Sends other bytes than announced. */
  corrupt = false;
  /** Sends so many bytes more than announced, or fewer. */
  surplus = 0;
  /** Answers a request for a part with the whole. */
  ignoresRanges = false;
  /** Milliseconds between two pieces of 64 KiB. */
  pause = 0;
  /** Files on one page of a list. */
  pageSize = 1000;
  endpoint = '';
  readonly repos: Record<string, FakeRepo>;
  readonly #servers: Server[] = [];
  #cdn = '';

  /** @param repos by `models/org/name` or `datasets/org/name`, `@revision` behind it where it is not main */
  constructor(repos: Record<string, FakeRepo>) {
    this.repos = repos;
  }

  async start(): Promise<this> {
    this.endpoint = await this.#listen('hub', (request, response) => this.#hub(request, response));
    const cdn = await this.#listen('cdn', (request, response) => this.#serveCdn(request, response));
    // Another host than the hub, as in life: clients treat redirections to the same one differently.
    this.#cdn = cdn.replace('127.0.0.1', 'localhost');
    return this;
  }

  async stop(): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  commit(key: string): string {
    const { files } = this.repos[key]!;
    const hash = createHash('sha1');
    for (const [name, content] of Object.entries(files)) hash.update(name).update(content);
    return hash.digest('hex');
  }

  async #listen(
    host: 'hub' | 'cdn',
    handle: (request: IncomingMessage, response: ServerResponse) => void,
  ): Promise<string> {
    const server = createServer((request, response) => {
      const { method = '', url = '', headers } = request;
      this.seen.push({ host, method, url, authorization: headers.authorization, range: headers.range });
      const at = this.failures.findIndex(({ on }) => on === undefined || on === host);
      if (at < 0) return handle(request, response);
      const [failure] = this.failures.splice(at, 1);
      response.writeHead(failure!.status, failure!.headers).end();
    });
    this.#servers.push(server);
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** The repository at a revision, which may be its commit. */
  #find(kind: string, id: string, revision: string): { key: string; repo: FakeRepo } | undefined {
    const base = `${kind}/${id}`;
    const keys = Object.keys(this.repos).filter(key => key === base || key.startsWith(`${base}@`));
    const key = keys.find(key => (key.split('@')[1] ?? 'main') === revision || this.commit(key) === revision);
    return key === undefined ? undefined : { key, repo: this.repos[key]! };
  }

  #hub(request: IncomingMessage, response: ServerResponse): unknown {
    const { pathname } = new URL(request.url!, this.endpoint);
    const api = /^\/api\/(models|datasets)\/([^/]+\/[^/]+)(?:\/(revision|tree|refs))?(?:\/([^/]+))?/.exec(
      pathname,
    );
    const file = /^\/(datasets\/)?([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(pathname);
    const [kind, id] = api ? [api[1]!, api[2]!] : [file?.[1] ? 'datasets' : 'models', file?.[2] ?? ''];
    const any = Object.keys(this.repos).find(key => key.split('@')[0] === `${kind}/${id}`);
    if (!any) return fail(response, request.headers.authorization ? 404 : 401, 'RepoNotFound');
    const { access } = this.repos[any]!;
    const hasToken = request.headers.authorization === `Bearer ${TOKEN}`;
    if (access === 'gated') return fail(response, hasToken ? 403 : 401, 'GatedRepo');
    if (access === 'private' && !hasToken) return fail(response, 401, 'RepoNotFound');
    if (api?.[3] === 'refs') {
      const branches = Object.keys(this.repos)
        .filter(key => key.split('@')[0] === `${kind}/${id}`)
        .map(key => ({ name: key.split('@')[1] ?? 'main' }));
      return json(response, { branches, tags: [] });
    }
    const revision = decodeURIComponent((api ? api[4] : file?.[3]) ?? 'main');
    const found = this.#find(kind, id, revision);
    if (!found) return fail(response, 404, 'RevisionNotFound');
    if (api) return this.#api(api[3], found, new URL(request.url!, this.endpoint), response);
    this.#file(decodeURIComponent(file![4]!), found, request, response);
  }

  #api(
    what: string | undefined,
    { key, repo }: { key: string; repo: FakeRepo },
    request: URL,
    response: ServerResponse,
  ): unknown {
    if (what === 'revision') return json(response, { sha: this.commit(key), cardData: repo.card });
    const entries = Object.entries(repo.files).map(([path, content]) => ({
      type: 'file',
      path,
      size: Buffer.byteLength(content),
      oid: gitHash(Buffer.from(content)),
    }));
    const page = Number(request.searchParams.get('cursor') ?? 0);
    const next = (page + 1) * this.pageSize;
    if (next < entries.length) {
      const url = new URL(request);
      url.searchParams.set('cursor', String(page + 1));
      response.setHeader('link', `<${url.href}>; rel="next"`);
    }
    json(response, entries.slice(page * this.pageSize, next));
  }

  #file(
    name: string,
    { key, repo }: { key: string; repo: FakeRepo },
    request: IncomingMessage,
    response: ServerResponse,
  ): unknown {
    if (!Object.hasOwn(repo.files, name)) return fail(response, 404, 'EntryNotFound');
    const content = Buffer.from(repo.files[name]!);
    const head = { 'x-repo-commit': this.commit(key) };
    if (repo.lfs?.includes(name)) {
      response
        .writeHead(302, {
          ...head,
          etag: '"of the redirection"',
          'x-linked-etag': `"${createHash('sha256').update(content).digest('hex')}"`,
          'x-linked-size': content.length,
          location: `${this.#cdn}/${encodeURIComponent(key)}/${encodeURIComponent(name)}?signature=x`,
        })
        .end();
      return;
    }
    this.#content(content, { ...head, etag: `W/"${gitHash(content)}"` }, request, response);
  }

  #serveCdn(request: IncomingMessage, response: ServerResponse): void {
    const [, key, name] = new URL(request.url!, this.#cdn).pathname.split('/').map(decodeURIComponent);
    this.#content(Buffer.from(this.repos[key!]!.files[name!]!), { etag: '"cdn"' }, request, response);
  }

  #content(
    content: Buffer,
    head: Record<string, string>,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    const range = this.ignoresRanges ? null : /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
    const from = range ? Number(range[1]) : 0;
    const to = range?.[2] ? Math.min(Number(range[2]) + 1, content.length) : content.length;
    const part = Buffer.alloc(Math.max(to - from + (request.method === 'HEAD' ? 0 : this.surplus), 0));
    content.copy(part, 0, from, to);
    response.writeHead(range ? 206 : 200, {
      ...head,
      'content-length': part.length,
      ...(range ? { 'content-range': `bytes ${from}-${to - 1}/${content.length}` } : {}),
    });
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    if (this.corrupt) part[0]! ^= 1;
    void this.#send(part, response);
  }

  async #send(part: Buffer, response: ServerResponse): Promise<void> {
    const isCut = this.cut.times > 0;
    if (isCut) this.cut.times--;
    const end = isCut ? Math.min(this.cut.after, part.length) : part.length;
    for (let at = 0; at < end && !response.destroyed; at += 1 << 16) {
      const piece = part.subarray(at, Math.min(at + (1 << 16), end));
      this.sentBytes += piece.length;
      const isTaken = response.write(piece);
      if (!isTaken) {
        const left = new AbortController();
        const { signal } = left;
        await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]);
        left.abort();
      }
      if (this.pause > 0) await new Promise(resolve => setTimeout(resolve, this.pause));
    }
    if (isCut) setTimeout(() => response.destroy(), 20);
    else response.end();
  }
}

/** Git's hash of a file, which the hub gives as the ETag of small ones. */
export function gitHash(content: Buffer): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function fail(response: ServerResponse, status: number, reason: string): void {
  response.writeHead(status, { 'x-error-code': reason }).end();
}
