import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Dataset, type DatasetDict, loadDataset, type Row } from '../../../../lib/datasets/index.ts';
import { hubFile, hubFiles, snapshot } from '../../../../lib/hub/index.ts';
import { FakeHub } from '../../hub/fakeHub.ts';
import { Files, fixture } from '../formats/files.ts';

const files = new Files();
const parquet = readFileSync(fixture('all.snappy.parquet'));
const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => `{"i":${from + i}}\n`).join('');
/** Eight megabytes that do not compress. */
const long = Array.from({ length: 40_000 }, (_, i) =>
  JSON.stringify({ i, text: Array.from({ length: 12 }, () => Math.random().toString(36)).join(' ') }),
).join('\n');

/** Twenty row groups of a thousand rows. */
const groups = Buffer.from(
  parquetWriteBuffer({
    rowGroupSize: 1000,
    columnData: [
      { name: 'id', data: Array.from({ length: 20_000 }, (_, i) => i), type: 'INT32' },
      {
        name: 'text',
        data: Array.from({ length: 20_000 }, () => randomBytes(200).toString('base64')),
        type: 'STRING',
      },
    ],
  }),
);

let hub: FakeHub;
let environment: NodeJS.ProcessEnv;

beforeEach(async () => {
  environment = { ...process.env };
  hub = await new FakeHub({
    'datasets/org/plain': {
      files: { 'README.md': '', 'train.jsonl': lines(0, 10), 'test.jsonl': lines(10, 12) },
    },
    'datasets/org/shards': {
      files: {
        'data/train-00000-of-00002.parquet': parquet,
        'data/train-00001-of-00002.parquet': parquet,
        '.gitattributes': '',
      },
      lfs: ['data/train-00000-of-00002.parquet', 'data/train-00001-of-00002.parquet'],
    },
    'datasets/org/configs': {
      files: {
        'en/c4-train.0.json.gz': gzipSync(lines(0, 3)),
        'en/c4-train.1.json.gz': gzipSync(lines(3, 6)),
        'fr/x.jsonl': lines(6, 7),
      },
      card: {
        configs: [
          { config_name: 'en', data_files: [{ split: 'train', path: 'en/c4-train.*.json.gz' }] },
          { config_name: 'fr', data_files: 'fr/*.jsonl' },
        ],
      },
    },
    'datasets/org/languages': {
      files: {
        'README.md': '---\nconfigs:\n- config_name: english\n---\n',
        'english.jsonl': lines(0, 2),
        'french.jsonl': lines(2, 5),
      },
      card: {
        configs: [
          { config_name: 'english', data_files: 'english.jsonl' },
          { config_name: 'french', data_files: 'french.jsonl' },
        ],
      },
    },
    'datasets/org/named': {
      files: { 'good.jsonl': lines(0, 2), 'more.jsonl': lines(2, 5), 'bad.jsonl': lines(5, 9) },
      card: {
        configs: [
          {
            config_name: 'default',
            data_files: [
              { split: 'test', path: 'good.jsonl' },
              { split: 'train', path: ['more.jsonl', 'bad.jsonl'] },
            ],
          },
        ],
      },
    },
    'datasets/org/script': { files: { 'script.py': 'print()' } },
    'datasets/org/script@refs/convert/parquet': {
      files: { 'default/train/0000.parquet': parquet, 'other/test/0000.parquet': parquet },
    },
    'datasets/org/pictures': { files: { 'cat.png': '' } },
    'datasets/org/huge': {
      files: {
        'huge.jsonl': long,
        'huge.jsonl.gz': gzipSync(long),
        'groups.parquet': groups,
      },
      lfs: ['huge.jsonl', 'huge.jsonl.gz', 'groups.parquet'],
    },
  }).start();
  process.env.HF_ENDPOINT = hub.endpoint;
  process.env.HF_HOME = `${files.folder}/home`;
  process.env.HF_HUB_CACHE = `${files.folder}/${Math.random()}`;
  delete process.env.HF_TOKEN;
});
afterEach(async () => {
  process.env = environment;
  vi.restoreAllMocks();
  await hub.stop();
});

const first = async (rows: AsyncIterable<Row>, count: number): Promise<Row[]> => {
  const taken: Row[] = [];
  for await (const row of rows) if (taken.push(row) === count) break;
  return taken;
};

const snapshotOf = (id: string): string =>
  join(
    process.env.HF_HUB_CACHE!,
    `datasets--${id.replace('/', '--')}/snapshots`,
    hub.commit(`datasets/${id}`),
  );

describe('a data set of the hub', () => {
  it('has the splits that its file names say', async () => {
    const dict = await loadDataset('org/plain');
    expect(dict.numRows).toEqual({ train: 10, test: 2 });
    const some = await loadDataset('org/plain', { split: 'test+train[:1]' });
    expect([...some].map(row => row.i)).toEqual([10, 11, 0]);
  });

  it('downloads only the split that is asked for', async () => {
    await loadDataset('org/plain', { split: 'test' });
    expect(hub.seen.some(({ url }) => url.includes('train.jsonl'))).toBe(false);
  });

  it('is read from its Parquet shards', async () => {
    const train = await loadDataset('org/shards', { split: 'train' });
    expect(train.length).toBe(600);
    expect(train.table.row(307).text).toBe('row 7 é😀');
  });

  it('has the configurations of its card', async () => {
    const english = await loadDataset('org/configs', { name: 'en', split: 'train' });
    expect([...english].map(row => row.i)).toEqual([0, 1, 2, 3, 4, 5]);
    await expect(loadDataset('org/configs')).rejects.toThrow(
      'several configurations; choose one with name: en, fr',
    );
    await expect(loadDataset('org/configs', { name: 'de' })).rejects.toThrow(
      'no configuration "de"; it has en, fr',
    );
  });

  it('takes the files that are named', async () => {
    const some = await loadDataset('org/configs', { dataFiles: 'fr/*.jsonl', split: 'train' });
    expect(some.length).toBe(1);
    await expect(loadDataset('org/configs', { dataFiles: '../*.jsonl' })).rejects.toThrow(
      'has no file that matches',
    );
    expect((await loadDataset('org/configs', { dataDir: 'fr', split: 'train' })).length).toBe(1);
  });

  it("is read from the hub's own conversion where it has no data files of its own", async () => {
    expect((await loadDataset('org/script', { split: 'train' })).length).toBe(300);
    expect((await loadDataset('org/script', { name: 'other', split: 'test' })).length).toBe(300);
    await expect(loadDataset('org/script', { name: 'third' })).rejects.toThrow(
      'no configuration "third"; it has default, other',
    );
  });

  it('is refused where there is nothing to read', async () => {
    await expect(loadDataset('org/pictures')).rejects.toThrow(
      'org/pictures has no data files that can be read (.jsonl, .json, .csv, .tsv, .parquet, .arrow, .txt), and the hub has not converted it to Parquet.',
    );
  });

  it('is there again without a connection', async () => {
    await loadDataset('org/plain');
    await hub.stop();
    process.env.HF_HUB_OFFLINE = '1';
    expect((await loadDataset('org/plain')).numRows).toEqual({ train: 10, test: 2 });
    await expect(loadDataset('org/shards')).rejects.toThrow(
      'Nothing of the revision "main" of org/shards is cached',
    );
    const stream = await loadDataset('org/plain', { split: 'train', streaming: true });
    expect(await first(stream, 2)).toEqual([{ i: 0 }, { i: 1 }]);
    await hub.start();
  });

  it('is taken from the cache, with one warning, when the hub has gone away', async () => {
    await loadDataset('org/plain');
    await loadDataset('org/script', { split: 'train' });
    await hub.stop();
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const [plain, converted, unknown] = await Promise.allSettled([
      loadDataset('org/plain'),
      loadDataset('org/script', { split: 'train' }),
      loadDataset('org/shards'),
    ]);
    expect((plain as PromiseFulfilledResult<DatasetDict>).value.numRows).toEqual({ train: 10, test: 2 });
    expect((converted as PromiseFulfilledResult<Dataset>).value.length).toBe(300);
    expect((unknown as PromiseRejectedResult).reason.message).toContain('it refuses connections');
    expect(warn.mock.calls.map(([line]) => line).sort()).toEqual([
      expect.stringContaining('The files of org/plain in the cache are used'),
      expect.stringContaining('The files of org/script in the cache are used'),
    ]);
    await hub.start();
  }, 30_000);

  it('has the configurations and splits of its card without a connection', async () => {
    for (const name of ['english', 'french']) await loadDataset('org/languages', { name });
    await loadDataset('org/named', { split: 'test' });
    process.env.HF_HUB_OFFLINE = '1';
    expect((await loadDataset('org/languages', { name: 'english' })).numRows).toEqual({ train: 2 });
    await expect(loadDataset('org/languages')).rejects.toThrow(
      'several configurations; choose one with name: english, french',
    );
    expect((await loadDataset('org/named', { split: 'test' })).length).toBe(2);
    // A part of a split is no split, and some of the splits are not all.
    const folder = snapshotOf('org/named');
    writeFileSync(join(folder, 'more.jsonl'), lines(2, 5));
    for (const load of [() => loadDataset('org/named'), () => loadDataset('org/named', { split: 'train' })]) {
      await expect(load()).rejects.toThrow(
        'bad.jsonl of org/named is not cached, and the network may not be used (HF_HUB_OFFLINE, HF_DATASETS_OFFLINE or localFilesOnly). Cached of it are',
      );
    }
  });

  it('has all files of a pattern without a connection, or says which is missing', async () => {
    await loadDataset('org/configs', { dataFiles: 'en/c4-train.1.json.gz' });
    process.env.HF_HUB_OFFLINE = '1';
    const all = { dataFiles: 'en/*.json.gz', split: 'train' };
    await expect(loadDataset('org/configs', all)).rejects.toThrow(
      'en/c4-train.0.json.gz of org/configs is not cached',
    );
    await expect(loadDataset('org/configs', { name: 'en', split: 'train' })).rejects.toThrow(
      'en/c4-train.0.json.gz of org/configs is not cached',
    );
    delete process.env.HF_HUB_OFFLINE;
    await loadDataset('org/configs', all);
    process.env.HF_HUB_OFFLINE = '1';
    expect((await loadDataset('org/configs', all)).length).toBe(6);
    expect((await loadDataset('org/configs', { name: 'en', split: 'train' })).length).toBe(6);
  });

  it("has the configurations of the hub's conversion without a connection", async () => {
    await loadDataset('org/script', { name: 'other', split: 'test' });
    process.env.HF_HUB_OFFLINE = '1';
    expect((await loadDataset('org/script', { name: 'other', split: 'test' })).length).toBe(300);
    // Not the one that happens to be cached.
    await expect(loadDataset('org/script')).rejects.toThrow(
      'default/train/0000.parquet of org/script is not cached',
    );
  });

  it('has the configurations and splits of its card when the hub has gone away', async () => {
    for (const name of ['english', 'french']) await loadDataset('org/languages', { name });
    await loadDataset('org/named', { split: 'test' });
    await hub.stop();
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    const [english, languages, named, ...missing] = await Promise.allSettled([
      loadDataset('org/languages', { name: 'english' }),
      loadDataset('org/languages'),
      loadDataset('org/named', { split: 'test' }),
      loadDataset('org/named'),
      loadDataset('org/named', { dataFiles: 'bad.jsonl' }),
    ]);
    expect((english as PromiseFulfilledResult<DatasetDict>).value.numRows).toEqual({ train: 2 });
    expect((languages as PromiseRejectedResult).reason.message).toContain('choose one with name');
    expect((named as PromiseFulfilledResult<Dataset>).value.length).toBe(2);
    for (const result of missing) {
      expect((result as PromiseRejectedResult).reason.message).toContain('it refuses connections');
    }
    await hub.start();
  }, 30_000);

  it.each(['1', 'true', 'Yes', 'ON'])('is not asked for with HF_DATASETS_OFFLINE=%s', async value => {
    await loadDataset('org/plain');
    hub.seen.length = 0;
    process.env.HF_DATASETS_OFFLINE = value;
    expect((await loadDataset('org/plain')).numRows).toEqual({ train: 10, test: 2 });
    const stream = await loadDataset('org/plain', { split: 'train', streaming: true });
    expect(await first(stream, 1)).toEqual([{ i: 0 }]);
    expect(hub.seen).toEqual([]);
    // Models are no business of it.
    await expect(hubFile('org/model', 'config.json', { token: 'hf_x' })).rejects.toThrow('There is no model');
    process.env.HF_DATASETS_OFFLINE = '0';
    expect((await loadDataset('org/shards')).numRows).toEqual({ train: 600 });
  });

  it('has the configurations of its card in a snapshot too', async () => {
    await snapshot('org/languages', { repoType: 'dataset' });
    process.env.HF_HUB_OFFLINE = '1';
    expect((await loadDataset('org/languages', { name: 'french' })).numRows).toEqual({ train: 3 });
  });

  it('is not guessed offline from files that came without their list', async () => {
    for (const id of ['org/languages', 'org/shards']) {
      for (const { path } of await hubFiles(id, { repoType: 'dataset' }))
        await hubFile(id, path, { repoType: 'dataset' });
    }
    process.env.HF_HUB_OFFLINE = '1';
    for (const [id, dataFiles] of [['org/languages'], ['org/shards', 'data/*.parquet']] as const) {
      await expect(loadDataset(id, dataFiles === undefined ? {} : { dataFiles })).rejects.toThrow(
        `Files of ${id} are cached, but not the list of all that it has; load it once with a connection, or name each file with dataFiles.`,
      );
    }
    const named = await loadDataset('org/languages', { dataFiles: { test: 'french.jsonl' } });
    expect(named.numRows).toEqual({ test: 3 });
    const shard = { dataDir: 'data', dataFiles: ['train-00001-of-00002.parquet'] };
    expect((await loadDataset('org/shards', shard)).numRows).toEqual({ train: 300 });
  });

  it('is not taken from the cache when the hub says that there is none, or only a part is cached', async () => {
    await loadDataset('org/shards');
    const repo = hub.repos['datasets/org/shards']!;
    delete hub.repos['datasets/org/shards'];
    await expect(loadDataset('org/shards', { token: 'hf_x' })).rejects.toThrow(
      'There is no dataset "org/shards"',
    );
    hub.repos['datasets/org/shards'] = repo;
    rmSync(join(snapshotOf('org/shards'), 'data/train-00001-of-00002.parquet'));
    process.env.HF_HUB_OFFLINE = '1';
    await expect(loadDataset('org/shards')).rejects.toThrow(
      'data/train-00001-of-00002.parquet of org/shards is not cached',
    );
  });

  it('that does not exist is named', async () => {
    await expect(loadDataset('org/nothing', { token: 'hf_x' })).rejects.toThrow(
      'There is no dataset "org/nothing"',
    );
  });
});

describe('streaming from the hub', () => {
  it.each(['huge.jsonl', 'huge.jsonl.gz'])('gives the first five rows without the rest: %s', async name => {
    // Slower than the network, or its buffers alone would take all.
    hub.pause = 10;
    const stream = await loadDataset('org/huge', { dataFiles: name, split: 'train', streaming: true });
    expect((await first(stream, 5)).map(row => row.i)).toEqual([0, 1, 2, 3, 4]);
    await new Promise(resolve => setTimeout(resolve, 200));
    expect(hub.sentBytes).toBeLessThan(1_000_000);
  });

  it('asks for no file before rows are read', async () => {
    const splits = await loadDataset('org/plain', { streaming: true });
    expect(Object.keys(splits)).toEqual(['train', 'test']);
    expect(hub.seen.filter(({ method, url }) => method === 'HEAD' || url.includes('/resolve/'))).toEqual([]);
    expect((await first(splits.test!, Infinity)).map(row => row.i)).toEqual([10, 11]);
  });

  it('reads the first row groups of Parquet alone', async () => {
    const stream = await loadDataset('org/huge', {
      dataFiles: 'groups.parquet',
      split: 'train',
      streaming: true,
    });
    expect((await first(stream, 5)).map(row => row.id)).toEqual([0, 1, 2, 3, 4]);
    expect(groups.length).toBeGreaterThan(5_000_000);
    expect(hub.sentBytes).toBeLessThan(1_500_000);
  });

  it('gives all rows, also when the connection breaks', async () => {
    hub.cut = { after: 3_000_000, times: 2 };
    const stream = await loadDataset('org/huge', {
      dataFiles: 'huge.jsonl.gz',
      split: 'train',
      streaming: true,
    });
    expect(await first(stream, Infinity)).toHaveLength(40_000);
  });
});
