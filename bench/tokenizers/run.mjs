/**
 * Times the tokenizer on a data set, beside Python's `tokenizers` where it is installed, and prints a Markdown table.
 *
 *     node bench/tokenizers/run.mjs [--tokenizer FOLDER|ID] [--data FILE.jsonl] [--runs 15] [--pin] [--python python3]
 *
 * A row's text is its text columns one after the other. `--pin` puts everything on one core (Linux, `taskset`). Needs
 * the build in dist. Compare numbers of one sitting only.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readJsonl } from '../../dist/lib/datasets/index.js';
import { AutoTokenizer } from '../../dist/lib/tokenizers/index.js';
import { machine } from '../kernel/report.mjs';

const PINNED = 'TUNELAB_BENCH_PINNED';
const { values: options } = parseArgs({
  options: {
    tokenizer: { type: 'string', default: 'EleutherAI/pythia-70m' },
    data: {
      type: 'string',
      default: fileURLToPath(new URL('../../datasets/tunelab_docs.jsonl', import.meta.url)),
    },
    runs: { type: 'string', default: '15' },
    pin: { type: 'boolean', default: false },
    python: { type: 'string', default: 'python3' },
  },
});
const runs = Number(options.runs);
if (!Number.isInteger(runs) || runs < 1) fail(`--runs wants a number of at least 1, not ${options.runs}`);
if (options.pin && !process.env[PINNED]) process.exit(runPinned());

const rows = await readJsonl(options.data);
const texts = rows.map(row =>
  Object.values(row)
    .filter(value => typeof value === 'string')
    .join(''),
);
const folder = mkdtempSync(join(tmpdir(), 'tunelab-bench-'));
try {
  const tokenizer = await AutoTokenizer.fromPretrained(options.tokenizer);
  tokenizer.padToken ??= tokenizer.eosToken;
  await tokenizer.savePretrained(folder);
  const python = measurePython();
  const [ours, parts, tokens] = await measureOurs(tokenizer);
  print(ours, parts, tokens, python);
} finally {
  rmSync(folder, { recursive: true });
}

async function measureOurs(tokenizer) {
  const ids = await tokenizer.encodeBatch(texts);
  const tokens = ids.reduce((sum, row) => sum + row.length, 0);
  const { Tokenizer } = createRequire(import.meta.url)('tokenizers');
  const native = Tokenizer.fromFile(join(folder, 'tokenizer.json'));
  const encodings = await native.encodeBatch(texts);
  const ours = {
    load: await median(() => AutoTokenizer.fromPretrained(folder)),
    ids: await median(() => tokenizer.encodeBatch(texts)),
    call: await median(() => tokenizer(texts)),
    padded: await median(() => tokenizer(texts, { padding: true, truncation: true, maxLength: 256 })),
    tensors: await median(() =>
      tokenizer(texts, { padding: true, truncation: true, maxLength: 256, returnTensors: 'np' }),
    ),
    offsets: await median(() => tokenizer(texts, { returnOffsetsMapping: true })),
    one: await median(async () => {
      for (const text of texts) await tokenizer.encode(text);
    }),
    decode: await median(() => tokenizer.batchDecode(ids)),
    train: await median(() => tokenizer.trainNewFromIterator(texts, 4096)),
  };
  const parts = {
    'the native call': await median(() => native.encodeBatch(texts)),
    'ids to JavaScript arrays': await median(() => encodings.map(encoding => encoding.getIds())),
    'attention masks, filled in JavaScript': await median(() =>
      ids.map(row => new Array(row.length).fill(1)),
    ),
    'attention masks, had they come from the native side': await median(() =>
      encodings.map(encoding => encoding.getAttentionMask()),
    ),
    'offsets to JavaScript arrays': await median(() => encodings.map(encoding => encoding.getOffsets())),
  };
  return [ours, parts, tokens];
}

/** Python's medians, or why there are none. */
function measurePython() {
  const textsFile = join(folder, 'texts.json');
  writeFileSync(textsFile, JSON.stringify(texts));
  const script = fileURLToPath(new URL('python.py', import.meta.url));
  const args = [script, join(folder, 'tokenizer.json'), textsFile, String(runs)];
  const done = spawnSync(options.python, args, { encoding: 'utf8' });
  if (done.status === 0) return JSON.parse(done.stdout);
  return { missing: (done.error?.message ?? done.stderr.trim().split('\n').at(-1)).slice(0, 200) };
}

async function median(task) {
  const times = [];
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    await task();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[Math.floor(runs / 2)];
}

function print(ours, parts, tokens, python) {
  const LABELS = {
    load: 'load',
    ids: 'ids of the batch',
    call: 'ids and attention mask',
    padded: 'cut to 256 and padded',
    tensors: 'the same as int64 tensors',
    offsets: 'ids and offsets',
    one: 'ids, a call a text',
    decode: 'decode the batch',
    train: 'train a vocabulary of 4096',
  };
  const host = machine();
  const name = python.times ? `Python tokenizers ${python.version}` : 'Python tokenizers';
  const cell = time => (time === undefined ? '–' : `${time.toFixed(1)} ms`);
  console.log(
    `Measured ${host.date} on ${host.cpu}, ${process.env[PINNED] ? 'one core' : `${host.cores} cores`}, ${host.system}, Node ${host.node.slice(1)}; medians of ${runs}; ${texts.length} texts, ${tokens.toLocaleString('en-US')} tokens, ${rate(tokens, ours.ids)} tokens a second.\n`,
  );
  console.log(`| | tunelab | ${name} |\n|---|---|---|`);
  for (const [key, label] of Object.entries(LABELS))
    console.log(`| ${label} | ${cell(ours[key])} | ${cell(python.times?.[key])} |`);
  console.log('\n| where the time goes | |\n|---|---|');
  for (const [part, time] of Object.entries(parts)) console.log(`| ${part} | ${cell(time)} |`);
  if (python.missing) console.log(`\nPython was not measured: ${python.missing}`);
  else if (python.tokens !== tokens) console.log(`\nPython counts ${python.tokens} tokens!`);
}

function rate(tokens, milliseconds) {
  return `${((tokens / milliseconds / 1e6) * 1000).toFixed(2)} million`;
}

function runPinned() {
  const again = spawnSync('taskset', ['-c', '0', process.execPath, ...process.argv.slice(1)], {
    stdio: 'inherit',
    env: { ...process.env, [PINNED]: '1', RAYON_NUM_THREADS: '1' },
  });
  if (again.error) fail(`--pin needs the command taskset (Linux, util-linux): ${again.error.message}`);
  return again.status ?? 1;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
