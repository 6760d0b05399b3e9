import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { withoutDatasetInfo } from '../../../lib/datasets/files/hubData.ts';
import { localSource, readTable } from '../../../lib/datasets/formats/index.ts';
import { Dataset, DatasetDict } from '../../../lib/datasets/index.ts';

const COMMIT = 'c'.repeat(40);

/** Answers as the hub does to the making of repositories and to commits, and keeps what it is given. */
class Hub {
  readonly repos = new Map<string, { private: boolean; files: Map<string, Buffer> }>();
  readonly branches = new Set(['main']);
  readonly commits: { summary: string; branch: string }[] = [];
  readonly #lfs = new Map<string, Buffer>();
  readonly #server: Server;
  endpoint = '';

  constructor() {
    this.#server = createServer(async (request, response) => {
      const body = await bytesOf(request);
      const [status, answer, headers] = this.#answer(request, new URL(request.url!, this.endpoint), body);
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(Buffer.isBuffer(answer) ? answer : JSON.stringify(answer));
    });
  }

  async open(): Promise<void> {
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve));
    this.endpoint = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #answer(request: IncomingMessage, url: URL, body: Buffer): [number, unknown, Record<string, string>?] {
    const { pathname } = url;
    if (pathname.startsWith('/lfs/')) {
      this.#lfs.set(pathname.slice('/lfs/'.length), body);
      return [200, {}];
    }
    const token = request.headers.authorization;
    if (token !== 'Bearer hf_write') return [token ? 403 : 401, { error: 'no right to write' }];
    if (pathname === '/api/whoami-v2') {
      return [
        200,
        { type: 'user', name: 'me', auth: { type: 'access_token', accessToken: { role: 'write' } } },
      ];
    }
    if (pathname === '/api/repos/create') {
      const { name, organization, visibility, type } = JSON.parse(String(body));
      const repo = `${organization}/${name}`;
      if (type !== 'dataset') return [400, { error: 'not a data set' }];
      if (this.repos.has(repo)) return [409, { error: 'You already created this dataset repo' }];
      this.repos.set(repo, { private: visibility === 'private', files: new Map() });
      return [200, { url: `${this.endpoint}/datasets/${repo}`, id: repo }];
    }
    const [, repo = '', rest = ''] =
      /^\/(?:api\/)?datasets\/([\w-]+\/[\w-]+?)(?:\.git)?\/(.*)$/.exec(decodeURIComponent(pathname)) ?? [];
    const stored = this.repos.get(repo);
    if (!stored) return [404, { error: 'Repository not found' }, { 'x-error-code': 'RepoNotFound' }];
    const [what, branch = 'main'] = rest.split('/');
    if (what === 'branch') {
      if (this.branches.has(branch)) return [409, { error: 'Reference already exists' }];
      this.branches.add(branch);
      return [200, {}];
    }
    if ((what === 'tree' || what === 'commit') && !this.branches.has(branch)) {
      return [404, { error: 'Invalid rev id' }, { 'x-error-code': 'RevisionNotFound' }];
    }
    if (rest.startsWith('tree/')) {
      return [
        200,
        [...stored.files].map(([path, { length }]) => ({ type: 'file', path, size: length, oid: 'o' })),
      ];
    }
    if (rest.startsWith('preupload/')) {
      const { files } = JSON.parse(String(body)) as { files: { path: string }[] };
      const mode = (path: string): string => (path.endsWith('.parquet') ? 'lfs' : 'regular');
      return [200, { files: files.map(({ path }) => ({ path, uploadMode: mode(path) })) }];
    }
    if (rest === 'info/lfs/objects/batch') {
      const { objects } = JSON.parse(String(body)) as { objects: { oid: string; size: number }[] };
      const actions = (oid: string): object => ({ upload: { href: `${this.endpoint}/lfs/${oid}` } });
      return [
        200,
        { transfer: 'basic', objects: objects.map(object => ({ ...object, actions: actions(object.oid) })) },
      ];
    }
    if (rest.startsWith('commit/')) return this.#commit(stored.files, rest.slice('commit/'.length), body);
    const file = stored.files.get(rest.replace(/^resolve\/\w+\//, ''));
    if (!file) return [404, {}, { 'x-error-code': 'EntryNotFound' }];
    const etag = createHash('sha1').update(`blob ${file.length}\0`).update(file).digest('hex');
    return [200, file, { 'x-repo-commit': COMMIT, etag: `"${etag}"`, 'content-length': String(file.length) }];
  }

  #commit(files: Map<string, Buffer>, branch: string, body: Buffer): [number, unknown] {
    const lines = String(body)
      .split('\n')
      .map(line => JSON.parse(line) as { key: string; value: never });
    for (const { key, value } of lines) {
      const { path, content, oid, summary } = value as Record<string, string>;
      if (key === 'header') this.commits.push({ summary: summary!, branch });
      else if (key === 'file') files.set(path!, Buffer.from(content!, 'base64'));
      else if (key === 'lfsFile') files.set(path!, this.#lfs.get(oid!)!);
      else if (key === 'deletedFile') files.delete(path!);
      else return [400, { error: `unknown operation ${key}` }];
    }
    return [200, { success: true, commitOid: COMMIT, commitUrl: `${this.endpoint}/commit/${COMMIT}` }];
  }
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

let folder = '';
let hub: Hub;
const saved = { ...process.env };
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunelab-push-'));
  for (const name of Object.keys(process.env)) if (name.startsWith('HF_')) delete process.env[name];
  process.env.HF_HOME = folder;
});
afterAll(() => {
  process.env = saved;
  hub.close();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  hub?.close();
  hub = new Hub();
  await hub.open();
  process.env.HF_ENDPOINT = hub.endpoint;
});

const ds = Dataset.fromRows([
  { text: 'a', n: 1 },
  { text: 'b', n: null },
]);
const token = 'hf_write';

async function pushed(repo: string, split = 'train'): Promise<Dataset> {
  const path = join(folder, 'pushed.parquet');
  writeFileSync(path, hub.repos.get(repo)!.files.get(`data/${split}-00000-of-00001.parquet`)!);
  return new Dataset(await readTable(await localSource(path), 'parquet'));
}

describe('pushToHub', () => {
  it('makes the repository and puts the split there as Parquet', async () => {
    expect(await ds.pushToHub('me/answers', { token, private: true })).toBe(
      `${hub.endpoint}/commit/${COMMIT}`,
    );
    expect(hub.repos.get('me/answers')?.private).toBe(true);
    expect(hub.commits).toEqual([{ summary: 'Upload dataset', branch: 'main' }]);
    expect((await pushed('me/answers')).toRows()).toEqual(ds.toRows());
  });

  it("takes the token of the environment, and the token's account for a bare name", async () => {
    process.env.HF_TOKEN = token;
    await ds.pushToHub('answers', { split: 'test', commitMessage: 'More', revision: 'dev' });
    delete process.env.HF_TOKEN;
    expect([...hub.repos.get('me/answers')!.files.keys()]).toEqual(['data/test-00000-of-00001.parquet']);
    expect([hub.repos.get('me/answers')?.private, hub.commits[0]]).toEqual([
      false,
      { summary: 'More', branch: 'dev' },
    ]);
  });

  it('makes the branch that is named where it is not there, as Python does', async () => {
    for (const revision of ['dev', 'dev', 'main']) await ds.pushToHub('me/answers', { token, revision });
    expect([...hub.branches]).toEqual(['main', 'dev']);
    expect(hub.commits.map(({ branch }) => branch)).toEqual(['dev', 'dev', 'main']);
  });

  it('pushes every split of a dictionary', async () => {
    await new DatasetDict({ train: ds, test: ds.take(1) }).pushToHub('me/answers', { token });
    expect((await pushed('me/answers', 'test')).toRows()).toEqual([{ text: 'a', n: 1 }]);
    expect(hub.commits.length).toBe(1);
  });

  it('replaces what an earlier push left of the split, and nothing else', async () => {
    await ds.pushToHub('me/answers', { token });
    const { files } = hub.repos.get('me/answers')!;
    for (const name of ['data/train-00000-of-00002.parquet', 'data/train-00001-of-00002.parquet']) {
      files.set(name, Buffer.from('old'));
    }
    for (const name of ['data/test-00000-of-00001.parquet', 'data/train.csv', 'notes.md']) {
      files.set(name, Buffer.from('kept'));
    }
    await ds.take(1).pushToHub('me/answers', { token });
    expect([...files.keys()].sort()).toEqual([
      'data/test-00000-of-00001.parquet',
      'data/train-00000-of-00001.parquet',
      'data/train.csv',
      'notes.md',
    ]);
    expect((await pushed('me/answers')).numRows).toBe(1);
  });

  it('takes row counts of an earlier push out of the card', async () => {
    await ds.pushToHub('me/answers', { token });
    const { files } = hub.repos.get('me/answers')!;
    files.set('README.md', Buffer.from('---\ndataset_info:\n  splits:\n  - name: train\n---\n# Mine\n'));
    await ds.pushToHub('me/answers', { token });
    expect(String(files.get('README.md'))).toBe('---\n---\n# Mine\n');
  });

  it('says what is missing', async () => {
    await expect(ds.pushToHub('me/answers')).rejects.toThrow(
      'Pushing to me/answers needs a token that may write: set HF_TOKEN, or give { token }.',
    );
    await expect(ds.pushToHub('me/answers', { token: 'hf_read' })).rejects.toMatchObject({
      message: `The token gives no right to write to me/answers at ${hub.endpoint}.`,
      code: 'EACCES',
    });
    await expect(ds.pushToHub('../answers', { token })).rejects.toThrow('is no repository of the hub');
    await expect(ds.pushToHub('me/answers', { token, split: '../x' })).rejects.toThrow(
      'Split "../x" cannot be pushed',
    );
    process.env.HF_HUB_OFFLINE = '1';
    await expect(ds.pushToHub('me/answers', { token })).rejects.toThrow(
      'HF_HUB_OFFLINE or HF_DATASETS_OFFLINE is set',
    );
    delete process.env.HF_HUB_OFFLINE;
    expect(hub.repos.size).toBe(0);
  });
});

describe('a data set card', () => {
  it('loses its row counts, however they are written, and nothing else', () => {
    const card = (head: string): string => `---\n${head}---\n# Title\ndataset_info:\n  stays\n`;
    const info = 'dataset_info:\n- config_name: default\n  splits:\n  - name: train\n    num_examples: 5\n';
    expect(withoutDatasetInfo(card(`license: mit\n${info}configs:\n- config_name: default\n`))).toBe(
      card('license: mit\nconfigs:\n- config_name: default\n'),
    );
    expect(withoutDatasetInfo(card(info))).toBe(card(''));
    expect(withoutDatasetInfo(card('license: mit\n'))).toBe(card('license: mit\n'));
    expect(withoutDatasetInfo('# No head\n')).toBe('# No head\n');
  });
});
