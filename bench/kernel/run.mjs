/**
 * Measures this kernel and each peer that is installed, and prints a Markdown table.
 *
 *     npm run bench:kernel -- [--peers] [--pin] [--runs 7] [--only start,lines] [--kernels tunelab,deno] [--json FILE]
 *
 * `--peers` first installs tslab and Deno from npm into `.peers`. `--pin` puts kernels and client on one core (Linux,
 * `taskset`), as the design's table was measured. `--runs` is the number of kernel starts, and of repeats of each
 * long row. Compare numbers of one sitting only.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { findKernels, installPeers } from './kernels.mjs';
import { machine, markdown } from './report.mjs';
import { GROUPS, ROWS } from './rows.mjs';

const PINNED = 'TUNELAB_BENCH_PINNED';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    kernels: { type: 'string' },
    runs: { type: 'string', default: '7' },
    json: { type: 'string' },
    pin: { type: 'boolean', default: false },
    peers: { type: 'boolean', default: false },
  },
});

if (options.peers && !process.env[PINNED]) installPeers();
if (options.pin && !process.env[PINNED]) process.exit(runPinned());

const runs = Number(options.runs);
if (!Number.isInteger(runs) || runs < 1) fail(`--runs wants a number of at least 1, not ${options.runs}`);
const groups = choose(options.only, Object.keys(GROUPS), '--only');
const kernels = findKernels();
const wanted = choose(options.kernels, ['tunelab', 'tslab', 'deno', 'ijavascript', 'ipykernel'], '--kernels');
const chosen = kernels.found.filter(kernel => wanted.includes(kernel.name));
const missing = kernels.missing.filter(line => wanted.includes(line.split(':')[0]));
if (!chosen.length) fail(`no kernel to measure: ${missing.join('; ')}`);

const results = [];
for (const spec of chosen) {
  const result = { name: spec.name, label: spec.label, rows: {} };
  results.push(result);
  for (const group of groups) {
    const startedAt = performance.now();
    try {
      Object.assign(result.rows, await GROUPS[group](spec, { runs }));
    } catch (error) {
      for (const row of ROWS.filter(row => row.group === group))
        result.rows[row.id] = { text: '–', note: error.message };
    }
    console.error(`${spec.name} ${group}: ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  }
}

const host = machine();
const pinned = Boolean(process.env[PINNED]);
const rows = ROWS.filter(row => groups.includes(row.group));
console.log(markdown({ rows, results, host, pinned, missing, runs }));
if (options.json)
  writeFileSync(options.json, `${JSON.stringify({ host, pinned, runs, results, missing }, null, 2)}\n`);
process.exit(0);

function runPinned() {
  const again = spawnSync('taskset', ['-c', '0', process.execPath, ...process.argv.slice(1)], {
    stdio: 'inherit',
    env: { ...process.env, [PINNED]: '1' },
  });
  if (again.error) fail(`--pin needs the command taskset (Linux, util-linux): ${again.error.message}`);
  return again.status ?? 1;
}

/** Splits a comma-separated option and names what it does not know. */
function choose(list, known, option) {
  if (!list) return known;
  const names = list.split(',');
  for (const name of names)
    if (!known.includes(name)) fail(`${option} does not know ${name}; it knows ${known.join(', ')}`);
  return names;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
