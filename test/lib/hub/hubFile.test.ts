import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { hubFile, hubFiles, openRemote, snapshot } from '../../../lib/hub/index.ts';
import { FakeHub, gitHash, TOKEN } from './fakeHub.ts';

const WEIGHTS = randomBytes(3_000_000);
const SHA256 = createHash('sha256').update(WEIGHTS).digest('hex');
const CONFIG = '{"hidden_size": 512}\n';

let hub: FakeHub;
let folder = '';
let cacheDir = '';
let environment: NodeJS.ProcessEnv;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunelab-hub-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

beforeEach(async () => {
  environment = { ...process.env };
  for (const name of [
    'HF_TOKEN',
    'HF_HUB_CACHE',
    'HF_HUB_OFFLINE',
    'HUGGING_FACE_HUB_TOKEN',
    'HF_ENDPOINT',
  ]) {
    delete process.env[name];
  }
  process.env.HF_HOME = join(folder, 'home');
  cacheDir = mkdtempSync(join(folder, 'cache-'));
  hub = await new FakeHub({
    'models/org/model': {
      files: {
        'config.json': CONFIG,
        'model.safetensors': WEIGHTS,
        'sub/deep/a b#.txt': 'deep',
        'empty.txt': '',
      },
      lfs: ['model.safetensors'],
    },
    'models/org/model@v1.0': { files: { 'config.json': 'old' } },
    'models/org/closed': {
      files: { 'config.json': CONFIG, 'big.bin': WEIGHTS },
      lfs: ['big.bin'],
      access: 'private',
    },
    'models/org/gated': { files: { 'config.json': CONFIG }, access: 'gated' },
    'datasets/org/data': { files: { 'train.jsonl': '{"a":1}\n' } },
  }).start();
});
afterEach(async () => {
  process.env = environment;
  vi.restoreAllMocks();
  await hub.stop();
});

const here = (): { endpoint: string; cacheDir: string } => ({ endpoint: hub.endpoint, cacheDir });
const repoFolder = (): string => join(cacheDir, 'models--org--model');
const leftovers = (): string[] =>
  readdirSync(cacheDir, { recursive: true })
    .map(String)
    .filter(name => /\.(incomplete|tmp|lock)$/.test(name));

describe('hubFile', () => {
  it("stores files in Python's cache layout: blob, relative link, ref", async () => {
    const path = await hubFile('org/model', 'model.safetensors', here());
    const commit = hub.commit('models/org/model');
    expect(path).toBe(join(repoFolder(), 'snapshots', commit, 'model.safetensors'));
    expect(readlinkSync(path)).toBe(join('..', '..', 'blobs', SHA256));
    expect(readFileSync(path).equals(WEIGHTS)).toBe(true);
    expect(readFileSync(join(repoFolder(), 'refs', 'main'), 'utf8')).toBe(commit);
    expect(leftovers()).toEqual([]);
  });

  it('names blobs of small files by the ETag and keeps folders of the repository', async () => {
    const path = await hubFile('org/model', 'sub/deep/a b#.txt', here());
    expect(readFileSync(path, 'utf8')).toBe('deep');
    expect(readlinkSync(path)).toBe(join('..', '..', '..', '..', 'blobs', gitHash(Buffer.from('deep'))));
    expect(readFileSync(await hubFile('org/model', 'empty.txt', here()), 'utf8')).toBe('');
  });

  it('downloads once, and asks the hub only whether there is something new', async () => {
    await hubFile('org/model', 'model.safetensors', here());
    const sent = hub.sentBytes;
    await hubFile('org/model', 'model.safetensors', here());
    expect(hub.sentBytes).toBe(sent);
    expect(hub.seen.at(-1)?.method).toBe('HEAD');
    hub.seen.length = 0;
    await hubFile('org/model', 'model.safetensors', { ...here(), revision: hub.commit('models/org/model') });
    expect(hub.seen).toEqual([]);
  });

  it('finds what Python downloaded', async () => {
    const commit = hub.commit('models/org/model');
    mkdirSync(join(repoFolder(), 'blobs'), { recursive: true });
    mkdirSync(join(repoFolder(), 'snapshots', commit), { recursive: true });
    writeFileSync(join(repoFolder(), 'blobs', SHA256), WEIGHTS);
    symlinkSync(`../../blobs/${SHA256}`, join(repoFolder(), 'snapshots', commit, 'model.safetensors'));
    await hubFile('org/model', 'model.safetensors', here());
    expect(hub.sentBytes).toBe(0);
  });

  it('reads revisions and data sets', async () => {
    const old = await hubFile('org/model', 'config.json', { ...here(), revision: 'v1.0' });
    expect(readFileSync(old, 'utf8')).toBe('old');
    const rows = await hubFile('org/data', 'train.jsonl', { ...here(), repoType: 'dataset' });
    expect(rows).toContain('datasets--org--data');
  });

  it('takes address, cache and token from the environment that Python reads', async () => {
    process.env.HF_ENDPOINT = `${hub.endpoint}/`;
    process.env.HF_HUB_CACHE = cacheDir;
    mkdirSync(process.env.HF_HOME!, { recursive: true });
    writeFileSync(join(process.env.HF_HOME!, 'token'), `${TOKEN}\n`);
    expect(await hubFile('org/closed', 'config.json')).toContain(cacheDir);
    process.env.HF_TOKEN = 'hf_wrong';
    await expect(hubFile('org/closed', 'big.bin')).rejects.toThrow('HF_TOKEN');
    rmSync(join(process.env.HF_HOME!, 'token'));
  });

  it('sends the token to the hub and never to the host that it redirects to', async () => {
    await hubFile('org/closed', 'big.bin', { ...here(), token: TOKEN });
    const hosts = (host: string) => hub.seen.filter(seen => seen.host === host);
    expect(hosts('hub').every(seen => seen.authorization === `Bearer ${TOKEN}`)).toBe(true);
    expect(hosts('cdn').map(seen => seen.authorization)).toEqual([undefined]);
  });
});

describe('a download that goes wrong', () => {
  it('goes on where the connection broke', async () => {
    hub.cut = { after: 1_000_000, times: 1 };
    const path = await hubFile('org/model', 'model.safetensors', here());
    expect(readFileSync(path).equals(WEIGHTS)).toBe(true);
    expect(hub.seen.at(-1)?.range).toMatch(/^bytes=\d{5,}-$/);
    expect(hub.sentBytes).toBeLessThan(WEIGHTS.length + 100_000);
  });

  it('starts again where the server gives no parts', async () => {
    hub.cut = { after: 1_000_000, times: 1 };
    hub.ignoresRanges = true;
    const path = await hubFile('org/model', 'model.safetensors', here());
    expect(readFileSync(path).equals(WEIGHTS)).toBe(true);
  });

  it('keeps nothing whose hash is wrong', async () => {
    hub.corrupt = true;
    await expect(hubFile('org/model', 'model.safetensors', here())).rejects.toThrow(
      /model\.safetensors of org\/model did not arrive as the hub announced it: its sha256 is .* instead of/,
    );
    await expect(hubFile('org/model', 'config.json', here())).rejects.toThrow('its sha1 is');
    expect(readdirSync(join(repoFolder(), 'blobs'))).toEqual([]);
    expect(leftovers()).toEqual([]);
    hub.corrupt = false;
    expect(readFileSync(await hubFile('org/model', 'config.json', here()), 'utf8')).toBe(CONFIG);
  });

  it('throws away the remains of an earlier attempt that do not fit', async () => {
    mkdirSync(join(repoFolder(), 'blobs'), { recursive: true });
    writeFileSync(join(repoFolder(), 'blobs', `${SHA256}.tunelab.incomplete`), randomBytes(500_000));
    const path = await hubFile('org/model', 'model.safetensors', here());
    expect(readFileSync(path).equals(WEIGHTS)).toBe(true);
  });

  it('replaces a blob in the cache that is not whole', async () => {
    mkdirSync(join(repoFolder(), 'blobs'), { recursive: true });
    writeFileSync(join(repoFolder(), 'blobs', SHA256), WEIGHTS.subarray(0, 1000));
    const path = await hubFile('org/model', 'model.safetensors', here());
    expect(statSync(path).size).toBe(WEIGHTS.length);
  });

  it('waits as long as a busy server asks for', async () => {
    hub.failures.push({ status: 429, headers: { 'retry-after': '1' } });
    const started = performance.now();
    await hubFile('org/model', 'config.json', here());
    expect(performance.now() - started).toBeGreaterThan(950);
  });

  it('tries again after errors of the server, and gives up with a sentence', async () => {
    hub.failures.push({ status: 500 }, { status: 503, on: 'cdn' });
    await hubFile('org/model', 'model.safetensors', here());
    hub.failures.push(...Array.from({ length: 5 }, () => ({ status: 503, headers: { 'retry-after': '0' } })));
    await expect(hubFile('org/model', 'sub/deep/a b#.txt', here())).rejects.toThrow(
      /127\.0\.0\.1:\d+ answered 503 \(out of service for now\), 5 times; check the network and HF_ENDPOINT/,
    );
  });

  it('says so at once when a server asks for more patience than a minute', async () => {
    hub.failures.push({ status: 429, headers: { 'retry-after': '300' } });
    await expect(hubFile('org/model', 'config.json', here())).rejects.toThrow('asks to wait 300 s');
  });

  it('uses the cached file, and says so, when the hub cannot be reached', async () => {
    await hubFile('org/model', 'config.json', here());
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    hub.failures.push({ status: 429, headers: { 'retry-after': '300' } });
    expect(readFileSync(await hubFile('org/model', 'config.json', here()), 'utf8')).toBe(CONFIG);
    expect(warn.mock.calls[0]?.[0]).toContain('The cached config.json of org/model is used.');
  });
});

describe('what is not there or not allowed', () => {
  it('names the nearest files', async () => {
    const missing = hubFile('org/model', 'model.safetensor', here());
    await expect(missing).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(missing).rejects.toThrow(
      /org\/model has no file "model\.safetensor"; it has model\.safetensors, /,
    );
  });

  it('names the revisions that there are', async () => {
    const missing = hubFile('org/model', 'config.json', { ...here(), revision: 'v2' });
    await expect(missing).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(missing).rejects.toThrow('has no revision "v2"; it has main, v1.0');
  });

  it('says that a repository is not there, when the token would show it', async () => {
    const missing = hubFile('org/nothing', 'config.json', { ...here(), token: TOKEN });
    await expect(missing).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(missing).rejects.toThrow('There is no model "org/nothing"');
  });

  it('says what to do about private and gated repositories, without the token', async () => {
    await expect(hubFile('org/closed', 'config.json', here())).rejects.toThrow(
      /does not exist, or is gated or private: check the name "org\/closed"; for a private one set HF_TOKEN/,
    );
    const gated = hubFile('org/gated', 'config.json', { ...here(), token: TOKEN });
    await expect(gated).rejects.toThrow('is gated or private: ask for access on its page, or use a token');
    await expect(gated).rejects.not.toThrow(TOKEN);
    await expect(hubFile('org/gated', 'config.json', here())).rejects.toThrow('set HF_TOKEN');
  });

  it('says what is cached when the network is forbidden', async () => {
    await hubFile('org/model', 'config.json', here());
    hub.seen.length = 0;
    process.env.HF_HUB_OFFLINE = '1';
    expect(readFileSync(await hubFile('org/model', 'config.json', here()), 'utf8')).toBe(CONFIG);
    const missing = hubFile('org/model', 'tokenizer.json', here());
    await expect(missing).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(missing).rejects.toThrow(
      /tokenizer\.json of org\/model is not cached.*Cached of it is config\.json/,
    );
    expect(await hubFiles('org/model', here())).toEqual([{ path: 'config.json', size: CONFIG.length }]);
    expect(hub.seen).toEqual([]);
  });

  it.each(['../evil', '/etc/passwd', 'a/../../b', 'a\\..\\b', 'C:/x', 'a//b', '', './a', 'a\0b'])(
    'refuses the file name %j',
    async name => {
      await expect(hubFile('org/model', name, here())).rejects.toThrow('cannot be the name of a file');
      await expect(openRemote('org/model', name, here())).rejects.toThrow('cannot be the name of a file');
      expect(hub.seen).toEqual([]);
    },
  );

  it('refuses names of repositories and revisions that lead elsewhere', async () => {
    for (const id of ['../x', 'org/../x', 'a/b/c', 'org/x--y', '/org', 'org/', 'org/.git', 'https://x/y']) {
      await expect(hubFile(id, 'a', here())).rejects.toThrow('is no repository of the hub');
    }
    await expect(hubFile('org/model', 'a', { ...here(), revision: '../../x' })).rejects.toThrow(
      'cannot be a revision',
    );
  });

  it('does not write through a link that leads out of the cache', async () => {
    const outside = mkdtempSync(join(folder, 'outside-'));
    const commit = hub.commit('models/org/model');
    mkdirSync(join(repoFolder(), 'snapshots', commit), { recursive: true });
    symlinkSync(outside, join(repoFolder(), 'snapshots', commit, 'sub'));
    await expect(hubFile('org/model', 'sub/deep/a b#.txt', here())).rejects.toThrow('through the link');
    expect(readdirSync(outside, { recursive: true }).filter(name => String(name).endsWith('.txt'))).toEqual(
      [],
    );
  });

  it('refuses an address that is none, and says so where the cache cannot be written', async () => {
    await expect(hubFile('org/model', 'a', { endpoint: 'hub', cacheDir })).rejects.toThrow(
      '"hub" is no address of a hub',
    );
    const file = join(folder, 'a file');
    writeFileSync(file, '');
    await expect(hubFile('org/model', 'config.json', { ...here(), cacheDir: file })).rejects.toThrow(
      /The cache cannot be written: .*; set HF_HUB_CACHE/,
    );
  });

  it('refuses a server that is no hub', async () => {
    hub.failures.push({ status: 200, headers: { etag: '"../../x"' } });
    await expect(hubFile('org/model', 'config.json', here())).rejects.toThrow(
      'does not answer as a Hugging Face hub',
    );
  });
});

describe('hubFiles and snapshot', () => {
  it('lists names and sizes', async () => {
    expect(await hubFiles('org/model', here())).toContainEqual({
      path: 'model.safetensors',
      size: WEIGHTS.length,
    });
  });

  it('reads lists of several pages', async () => {
    hub.pageSize = 3;
    expect(await hubFiles('org/model', here())).toHaveLength(4);
    expect(hub.seen.filter(({ url }) => url.includes('/tree/'))).toHaveLength(2);
  });

  it('refuses a listing with a name that leaves the folder', async () => {
    (hub.repos['models/org/model']!.files as Record<string, string>)['../../evil.sh'] = 'x';
    await expect(hubFiles('org/model', here())).rejects.toThrow(
      '"../../evil.sh" cannot be the name of a file',
    );
    await expect(snapshot('org/model', here())).rejects.toThrow('cannot be the name of a file');
  });

  it('downloads what matches and remembers the branch', async () => {
    const path = await snapshot('org/model', { ...here(), allowPatterns: ['*.json', '*.txt'] });
    expect(readdirSync(path).sort()).toEqual(['config.json', 'empty.txt', 'sub']);
    expect(readFileSync(join(repoFolder(), 'refs', 'main'), 'utf8')).toBe(hub.commit('models/org/model'));
    expect(await snapshot('org/model', { ...here(), localFilesOnly: true })).toBe(path);
    await expect(snapshot('org/model', { ...here(), allowPatterns: '*.bin' })).rejects.toThrow(
      'no file that matches *.bin',
    );
  });
});

describe('several processes', () => {
  const program = (): string => `
    import { hubFile } from ${JSON.stringify(fileURLToPath(new URL('../../../lib/hub/index.ts', import.meta.url)))};
    process.stdout.write(await hubFile('org/model', 'model.safetensors', ${JSON.stringify(here())}));`;
  function start(): { child: ChildProcess; output: Promise<string> } {
    const outfile = join(folder, `${randomUUID()}.mjs`);
    buildSync({
      stdin: { contents: program(), resolveDir: folder },
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      outfile,
    });
    const child = spawn(process.execPath, [outfile], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout!.on('data', data => {
      text += data;
    });
    return { child, output: once(child, 'close').then(() => text) };
  }

  it('download a file once when they ask for it at the same time', async () => {
    hub.pause = 5;
    const paths = await Promise.all([start().output, start().output]);
    expect(paths[0]).toBe(paths[1]);
    expect(readFileSync(paths[0]!).equals(WEIGHTS)).toBe(true);
    expect(hub.sentBytes).toBe(WEIGHTS.length);
    expect(leftovers()).toEqual([]);
  });

  it('go on with what a killed one left, and are not held up by its lock', async () => {
    hub.pause = 20;
    const { child, output } = start();
    const incomplete = join(repoFolder(), 'blobs', `${SHA256}.tunelab.incomplete`);
    await vi.waitFor(
      () => expect(existsSync(incomplete) && statSync(incomplete).size).toBeGreaterThan(500_000),
      {
        timeout: 120_000,
      },
    );
    child.kill('SIGKILL');
    await output;
    expect(existsSync(join(repoFolder(), 'blobs', SHA256))).toBe(false);
    const kept = statSync(incomplete).size;
    hub.pause = 0;
    hub.seen.length = 0;
    const path = await hubFile('org/model', 'model.safetensors', here());
    expect(readFileSync(path).equals(WEIGHTS)).toBe(true);
    expect(hub.seen.at(-1)?.range).toBe(`bytes=${kept}-`);
    expect(leftovers()).toEqual([]);
  });
});

describe('openRemote', () => {
  it('reads parts, and no more than the parts', async () => {
    const file = await openRemote('org/model', 'model.safetensors', here());
    expect(file.size).toBe(WEIGHTS.length);
    expect(Buffer.from(await file.slice(100, 200)).equals(WEIGHTS.subarray(100, 200))).toBe(true);
    expect(hub.sentBytes).toBe(100);
  });

  it('reads on after the connection broke', async () => {
    hub.cut = { after: 1_000_000, times: 2 };
    const file = await openRemote('org/model', 'model.safetensors', here());
    const pieces: Uint8Array[] = [];
    for await (const piece of file.bytes()) pieces.push(piece);
    expect(Buffer.concat(pieces).equals(WEIGHTS)).toBe(true);
  });

  it('says so where a server gives no parts', async () => {
    hub.ignoresRanges = true;
    const file = await openRemote('org/model', 'model.safetensors', here());
    await expect(file.slice(1, 2)).rejects.toThrow('does not give parts of model.safetensors');
  });
});
