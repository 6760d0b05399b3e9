/**
 * Measures what is done with a million rows, here and in Python's datasets, and prints a Markdown table.
 *
 *     npm run build && node bench/datasets/run.mjs [--rows 1000000] [--runs 5] [--python path/to/python]
 *
 * `--python` names a Python that has `datasets`; its map, filter and shuffle run with caching off and data in memory.
 * Medians of `--runs`; compare numbers of one sitting only.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Dataset } from '../../dist/lib/index.js';
import { machine } from '../kernel/report.mjs';

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    runs: { type: 'string', default: '5' },
    python: { type: 'string' },
  },
});
const rows = Number(options.rows);
const runs = Number(options.runs);

const ds = Dataset.fromColumns({
  id: Int32Array.from({ length: rows }, (_, i) => i),
  text: Array.from({ length: rows }, (_, i) => `row ${i} of ${rows}`),
  score: Float64Array.from({ length: rows }, (_, i) => ((i * 7919) % 1000) / 10),
});
let objects;
const shuffled = ds.shuffle({ seed: 42 });
const folder = mkdtempSync(join(tmpdir(), 'tunelab-bench-'));

const TASKS = {
  'map, one line': () => ds.map(row => ({ length: row.text.length })),
  'map in batches': () =>
    ds.map(batch => ({ length: batch.text.map(text => text.length) }), { batched: true }),
  'map after shuffle': () => shuffled.map(row => ({ length: row.text.length })),
  filter: () => ds.filter(row => row.score > 50),
  shuffle: () => ds.shuffle({ seed: 42 }),
  'sort by number': () => ds.sort('score'),
  'sort by text': () => shuffled.sort('text'),
  'train and test': () => ds.trainTestSplit({ testSize: 0.1, seed: 123 }),
  'loop over rows': () => {
    let sum = 0;
    for (const row of ds) sum += row.score;
    return sum;
  },
  'save to disk': () => ds.saveToDisk(join(folder, 'saved')),
  'load from disk': () => Dataset.loadFromDisk(join(folder, 'saved')),
  'to Parquet': () => ds.toParquet(join(folder, 'saved.parquet')),
  // Last, and its objects made in its first run: a million objects would slow down what comes after them.
  'from rows': () => Dataset.fromRows((objects ??= ds.toRows())),
};

const own = {};
try {
  for (const [task, run] of Object.entries(TASKS)) {
    const times = [];
    for (let i = 0; i < runs; i++) {
      const start = performance.now();
      await run();
      times.push(performance.now() - start);
    }
    own[task] = times.sort((a, b) => a - b)[Math.floor(runs / 2)];
  }
} finally {
  rmSync(folder, { recursive: true });
}
const peer = options.python ? measurePython(options.python) : undefined;

const host = machine();
console.log(
  `Measured ${host.date} on ${host.cpu}, ${host.cores} cores, ${host.system}, Node ${host.node.slice(1)}` +
    `${peer ? `, ${peer.versions}` : ''}; ${rows.toLocaleString('en-US')} rows, medians of ${runs}.\n`,
);
console.log(`| | tunelab |${peer ? ' Python datasets |' : ''}\n|---|---|${peer ? '---|' : ''}`);
for (const task of Object.keys(TASKS)) {
  console.log(`| ${task} | ${seconds(own[task])} |${peer ? ` ${seconds(peer.times[task])} |` : ''}`);
}

function measurePython(python) {
  const script = fileURLToPath(new URL('./peer.py', import.meta.url));
  const { status, stdout, stderr } = spawnSync(python, [script, String(rows), String(runs)], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${python} cannot run ${script}: ${stderr.trim().split('\n').at(-1)}`);
  return JSON.parse(stdout);
}

function seconds(milliseconds) {
  return milliseconds === undefined ? '–' : `${(milliseconds / 1000).toFixed(3)} s`;
}
