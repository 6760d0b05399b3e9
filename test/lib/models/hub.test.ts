import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  AutoModelForCausalLM,
  AutoModelForSequenceClassification,
  type CausalLM,
  getPeftModel,
  LoraConfig,
  listSafetensors,
  PeftModel,
  writeSafetensors,
} from '../../../lib/models/index.ts';
import { AutoTokenizer } from '../../../lib/tokenizers/index.ts';
import { FakeHub, TOKEN } from '../hub/fakeHub.ts';

const CONFIG = {
  ...{ model_type: 'gpt_neox', vocab_size: 600, hidden_size: 32, num_hidden_layers: 2 },
  ...{ num_attention_heads: 4, intermediate_size: 64, rotary_pct: 0.5 },
};
const model = AutoModelForCausalLM.fromConfig(CONFIG, { seed: 3 });
const IDS = [[3, 1, 4, 1, 5]];

/** Byte by byte: `toEqual` takes seconds for so many numbers. */
function expectSame({ weights }: Pick<CausalLM, 'weights'>): void {
  expect([...weights.keys()]).toEqual([...model.weights.keys()]);
  for (const [name, { shape, data }] of weights) {
    expect(shape).toEqual(model.weights.get(name)!.shape);
    expect(Buffer.from(data.buffer).equals(Buffer.from(model.weights.get(name)!.data.buffer)), name).toBe(
      true,
    );
  }
}

let folder: string;
let cacheDir: string;
let hub: FakeHub;
let warn: ReturnType<typeof vi.spyOn>;

/** What is in a folder, by name. */
async function filesIn(path: string): Promise<Record<string, Buffer>> {
  const names = await readdir(path);
  return Object.fromEntries(
    await Promise.all(names.map(async name => [name, await readFile(join(path, name))])),
  );
}

/** The model in three files with an index. */
async function sharded(whole: Record<string, Buffer>): Promise<Record<string, Buffer | string>> {
  const weights = [...model.weights];
  const parts: Record<string, Buffer> = {};
  const map: Record<string, string> = {};
  for (const [i, from] of [0, 5, 15].entries()) {
    const name = `model-0000${i + 1}-of-00003.safetensors`;
    const part = weights.slice(from, [5, 15][i]);
    await writeSafetensors(join(folder, name), new Map(part));
    parts[name] = await readFile(join(folder, name));
    for (const [tensor] of part) map[tensor] = name;
  }
  const index = JSON.stringify({ metadata: {}, weight_map: map });
  return { 'config.json': whole['config.json']!, 'model.safetensors.index.json': index, ...parts };
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tunelab-models-hub-'));
  cacheDir = join(folder, 'cache');
  await model.savePretrained(join(folder, 'model'));
  const whole = await filesIn(join(folder, 'model'));
  const adapted = getPeftModel(model, new LoraConfig({ r: 2 }));
  for (const name of adapted.trainable) {
    const { shape, data } = adapted.weights.get(name)!;
    adapted.weights.set(name, { dtype: 'float32', shape, data: data.map((_, i) => Math.sin(i)) });
  }
  await adapted.savePretrained(join(folder, 'adapter'));
  hub = await new FakeHub({
    'models/someone/model': { files: whole, lfs: ['model.safetensors'] },
    'models/someone/model@refs/pr/1': { files: { 'config.json': '{"model_type":"mamba"}' } },
    'models/someone/sharded': { files: await sharded(whole) },
    'models/someone/closed': { files: whole, access: 'private' },
    'models/someone/gated': { files: whole, access: 'gated' },
    'models/someone/adapter': { files: await filesIn(join(folder, 'adapter')) },
    'models/someone/pickled': {
      files: { 'config.json': whole['config.json']!, 'training_args.bin': 'x', 'pytorch_model.bin': 'x' },
    },
    'models/someone/broken': {
      files: {
        'config.json': whole['config.json']!,
        'model.safetensors.index.json': JSON.stringify({
          weight_map: Object.fromEntries([...model.weights.keys()].map(name => [name, 'gone.safetensors'])),
        }),
      },
    },
  }).start();
  vi.stubEnv('HF_HOME', join(folder, 'home'));
  vi.stubEnv('HF_ENDPOINT', hub.endpoint);
  vi.stubEnv('HF_HUB_CACHE', cacheDir);
  for (const name of ['HF_TOKEN', 'HUGGING_FACE_HUB_TOKEN', 'HF_HUB_OFFLINE']) vi.stubEnv(name, '');
  warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await hub.stop();
  await rm(folder, { recursive: true });
});

const load = AutoModelForCausalLM.fromPretrained;

describe('a model on the hub', () => {
  it('is downloaded once, and then found in the cache', async () => {
    const loaded = await load('someone/model');
    expectSame(loaded);
    expect(loaded.generationConfig).toBe(loaded.config);
    const sent = hub.sentBytes;
    hub.seen.length = 0;
    expectSame(await load('someone/model'));
    expect(hub.sentBytes).toBe(sent);
    expect(hub.seen[0]!.url).toContain('/api/models/someone/model/revision/main');
  });

  it('may lie in several files', async () => {
    expectSame(await load('someone/sharded'));
    expect(hub.seen.filter(({ method, url }) => method === 'GET' && /-of-00003/.test(url))).toHaveLength(3);
  });

  it('has revisions, pull requests among them', async () => {
    await expect(load('someone/model', { revision: 'refs/pr/1' })).rejects.toThrow('model_type is "mamba"');
    await expect(load('someone/model', { revision: 'v9' })).rejects.toThrow('has no revision "v9"');
    expectSame(await load('someone/model', { revision: hub.commit('models/someone/model') }));
  });

  it('keeps the options that say how it runs, and not the token', async () => {
    const loaded = await load('someone/closed', { token: TOKEN, threads: 1 });
    expect(loaded.options).toEqual({ threads: 1 });
    expect((await loaded.forward({ inputIds: IDS })).logits).toEqual(
      (await model.forward({ inputIds: IDS })).logits,
    );
  });

  it('becomes a classifier', async () => {
    vi.spyOn(console, 'info').mockImplementation(() => {});
    const classifier = await AutoModelForSequenceClassification.fromPretrained('someone/model', {
      numLabels: 3,
    });
    expect((await classifier.forward({ inputIds: IDS })).logits.shape).toEqual([1, 3]);
  });

  it('has adapters, which name it as their base', async () => {
    const base = await load('someone/model');
    const adapted = await PeftModel.fromPretrained(base, 'someone/adapter');
    const local = await PeftModel.fromPretrained(model, join(folder, 'adapter'));
    expect((await adapted.forward({ inputIds: IDS })).logits).toEqual(
      (await local.forward({ inputIds: IDS })).logits,
    );
    await adapted.savePretrained(join(folder, 'again'));
    const config = JSON.parse(await readFile(join(folder, 'again', 'adapter_config.json'), 'utf8'));
    expect(config.base_model_name_or_path).toBe('someone/model');
    await adapted.mergeAndUnload().savePretrained(join(folder, 'merged'));
    expect(JSON.parse(await readFile(join(folder, 'merged', 'config.json'), 'utf8'))).toEqual({
      ...CONFIG,
      dtype: 'float32',
    });
  });

  it('is what was asked for by a name of this package, too', async () => {
    const [short, long] = await Promise.all(
      ['tunelab-base', 'tunelab/tunelab-base'].map(name => AutoTokenizer.fromPretrained(name)),
    );
    expect(await short!.encode('Hello')).toEqual(await long!.encode('Hello'));
    expect(hub.seen).toEqual([]);
  });
});

describe('a download that goes wrong', () => {
  it('goes on where the connection broke', async () => {
    const bytes = hub.repos['models/someone/model']!.files['model.safetensors']!.length;
    hub.cut = { after: 100_000, times: 2 };
    expectSame(await load('someone/model'));
    expect(hub.seen.filter(({ range }) => range !== undefined)).toHaveLength(2);
    expect(hub.sentBytes).toBeLessThan(bytes + 2000);
  });

  it('leaves nothing that another attempt would take for whole', async () => {
    hub.corrupt = true;
    await expect(load('someone/model')).rejects.toThrow('did not arrive as the hub announced it');
    hub.corrupt = false;
    expectSame(await load('someone/model'));
  });

  it('is not taken if its length is not what the hub announced', async () => {
    hub.surplus = 5;
    await expect(load('someone/model')).rejects.toThrow(
      /config\.json of someone\/model did not arrive as the hub announced it: it has \d+ bytes instead of \d+/,
    );
    hub.surplus = -5;
    await expect(load('someone/model')).rejects.toThrow(
      /The connection broke 5 times in a row at byte \d+ of \d+ of config\.json \(someone\/model\); what came is kept/,
    );
    hub.surplus = 0;
    expectSame(await load('someone/model'));
  }, 60_000);

  it('is tried again while the server is busy', async () => {
    const busy = [429, 500, 502, 503].map(status => ({ status, headers: { 'retry-after': '0' } }));
    hub.failures.push(...busy);
    expectSame(await load('someone/model'));
    expect(hub.failures).toEqual([]);
  });

  it.each([
    [
      'a repository that there is not',
      'someone/nothing',
      {},
      /someone\/nothing does not exist, or is gated or private.*There is no folder .*someone\/nothing either\./,
    ],
    [
      'one that the token would show',
      'someone/nothing',
      { token: TOKEN },
      /There is no model "someone\/nothing" at/,
    ],
    ['a private one', 'someone/closed', {}, /for a private one set HF_TOKEN/],
    ['a wrong token', 'someone/closed', { token: 'hf_wrong' }, /the token that was sent .* gives no access/],
    ['a gated one', 'someone/gated', { token: TOKEN }, /is gated or private: ask for access on its page/],
    [
      'one with pickled weights alone',
      'someone/pickled',
      {},
      /There is no model\.safetensors .*only pytorch_model\.bin, which is not read here\..*refs\/pr\/1.*save_pretrained/,
    ],
    [
      'one that lacks a part',
      'someone/broken',
      {},
      /names gone\.safetensors, which the repository someone\/broken has not\. .*has no file "gone\.safetensors"/,
    ],
    [
      'an adapter',
      'someone/adapter',
      {},
      /There is an adapter in the repository someone\/adapter, not a model/,
    ],
  ])('says what to do about %s', async (_, id, options, message) => {
    await expect(load(id, options)).rejects.toThrow(message);
  });
});

describe('without a connection', () => {
  const noConnection = { status: 429, headers: { 'retry-after': '300' } };

  it('uses what is cached, with one warning', async () => {
    await load('someone/sharded');
    hub.failures.push(...new Array(30).fill(noConnection));
    expectSame(await load('someone/sharded'));
    expect(warn.mock.calls).toEqual([
      [expect.stringContaining('What is cached of someone/sharded is used.')],
    ]);
    hub.failures.length = 29;
    expect(hub.failures).toHaveLength(29);
  });

  it('says so where nothing is cached', async () => {
    hub.failures.push(noConnection);
    await expect(load('someone/model')).rejects.toThrow('asks to wait 300 s');
    expect(warn).not.toHaveBeenCalled();
  });

  it('asks nobody if HF_HUB_OFFLINE or localFilesOnly forbids it', async () => {
    await load('someone/model');
    hub.seen.length = 0;
    expectSame(await load('someone/model', { localFilesOnly: true }));
    vi.stubEnv('HF_HUB_OFFLINE', '1');
    expectSame(await load('someone/model'));
    await expect(load('someone/sharded')).rejects.toThrow(
      /Nothing of the revision "main" of someone\/sharded is cached in .*the network may not be used/,
    );
    expect(hub.seen).toEqual([]);
  });

  it('names the file that is missing in the cache', async () => {
    await AutoTokenizer.fromPretrained('someone/model').catch(() => {});
    const at = join(cacheDir, 'models--someone--model', 'snapshots', hub.commit('models/someone/model'));
    await mkdir(at, { recursive: true });
    await mkdir(join(at, '../../refs'), { recursive: true });
    await writeFile(join(at, '../../refs/main'), hub.commit('models/someone/model'));
    await writeFile(join(at, 'config.json'), JSON.stringify(CONFIG));
    await expect(load('someone/model', { localFilesOnly: true })).rejects.toThrow(
      /There is no model\.safetensors .*model\.safetensors of someone\/model is not cached, and the network may not be used/,
    );
  });
});

describe("Python's cache", () => {
  it('has the same layout: files of one commit, and a ref', async () => {
    await load('someone/model');
    const commit = hub.commit('models/someone/model');
    const repo = join(cacheDir, 'models--someone--model');
    expect(await readFile(join(repo, 'refs', 'main'), 'utf8')).toBe(commit);
    expect((await readdir(join(repo, 'snapshots', commit))).sort()).toEqual([
      'config.json',
      'model.safetensors',
    ]);
    const path = join(repo, 'snapshots', commit, 'model.safetensors');
    expect((await listSafetensors(path)).size).toBe(model.weights.size);
  });
});
