/**
 * Measures data frames of a million rows: arquero and DuckDB through the library, pandas where a Python has it, the
 * time to show a frame in the notebook, and the time to import the library. Prints a Markdown table.
 *
 *     node bench/frames/run.mjs [--rows 1000000] [--runs 7] [--python python3]
 *
 * It needs a build (`npm run build`) and DuckDB, which is a development dependency. Compare numbers of one sitting only.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { op } from 'arquero';
import { toMimeBundle } from '../../dist/kernel/display/index.js';
import { describe, frame, sql, toArquero } from '../../dist/lib/index.js';
import { machine } from '../kernel/report.mjs';

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    runs: { type: 'string', default: '7' },
    python: { type: 'string', default: 'python3' },
  },
});
const [rows, runs] = [Number(options.rows), Number(options.runs)];
const folder = mkdtempSync(join(tmpdir(), 'tunelab-bench-'));
const path = join(folder, 'frame.parquet');

try {
  const df = makeFrame();
  await sql(`COPY (FROM df) TO '${path}'`, { df });
  const [copied] = await once(() => sql('SELECT 1 FROM df LIMIT 1', { df: makeFrame() }));
  const ours = await measureOurs(df);
  const pandas = measurePandas();
  const table = [
    ['group by a text of 1,000 values, 4 figures', ours.text, ours.sqlText, pandas?.text],
    ['the same, the first question to a frame', ours.firstText, undefined, pandas?.text],
    ['group by an integer of 100 values, 4 figures', ours.integer, ours.sqlInteger, pandas?.integer],
    ['the same, the first question to a frame', ours.firstInteger, undefined, pandas?.integer],
    ['group by a text, one mean', ours.one, ours.sqlOne, pandas?.one],
    ['group by both, 4 figures', ours.both, ours.sqlBoth, pandas?.both],
    ['read Parquet', ours.read, undefined, pandas?.read],
    ['describe', ours.describe, undefined, pandas?.describe],
  ];
  const host = machine();
  console.log(
    `Measured ${host.date} on ${host.cpu}, ${host.cores} cores, Node ${host.node.slice(1)}, ${rows.toLocaleString('en-US')} rows; medians of ${runs}, in milliseconds.\n`,
  );
  console.log(
    `| | arquero | DuckDB | ${pandas ? `pandas ${pandas.version}` : 'pandas'} | arquero / pandas | DuckDB / pandas |`,
  );
  console.log('|---|---|---|---|---|---|');
  for (const [label, arquero, duckdb, peer] of table) {
    const cells = [ms(arquero), ms(duckdb), ms(peer), ratio(arquero, peer), ratio(duckdb, peer)];
    console.log(`| ${label} | ${cells.join(' | ')} |`);
  }
  console.log(`\nCopying the frame into DuckDB, once for each frame: ${ms(copied)} ms.`);
  console.log(
    `Showing the frame in a notebook: ${ms(ours.show)} ms, ${ours.shownBytes.toLocaleString('en-US')} bytes.`,
  );
  console.log(`import 'tunelab': ${ms(measureImport())} ms.`);
  if (!pandas) console.log(`\nNot measured: pandas (${options.python} has none).`);
} finally {
  rmSync(folder, { recursive: true });
}

function makeFrame() {
  let state = 1;
  const random = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  return toArquero({
    text: Array.from({ length: rows }, () => `key${Math.floor(random() * 1000)}`),
    integer: Int32Array.from({ length: rows }, () => random() * 100),
    x: Float64Array.from({ length: rows }, random),
    y: Float64Array.from({ length: rows }, random),
  });
}

async function measureOurs(df) {
  const figures = { n: op.count(), mean: op.mean('x'), total: op.sum('y'), most: op.max('x') };
  const group = keys =>
    sql(
      `SELECT ${keys}, count(*) AS n, avg(x) AS mean, sum(y) AS total, max(x) AS most FROM df GROUP BY ALL`,
      { df },
    );
  // A frame keeps the groups of its columns: another one has to find them.
  const first = async key => {
    const times = [];
    for (let run = 0; run < runs; run++) {
      const fresh = makeFrame();
      times.push((await once(() => fresh.groupby(key).rollup(figures)))[0]);
    }
    return middle(times);
  };
  const bundle = toMimeBundle(df);
  return {
    text: await median(() => df.groupby('text').rollup(figures)),
    firstText: await first('text'),
    integer: await median(() => df.groupby('integer').rollup(figures)),
    firstInteger: await first('integer'),
    both: await median(() => df.groupby('text', 'integer').rollup(figures)),
    one: await median(() => df.groupby('text').rollup({ mean: op.mean('x') })),
    sqlText: await median(() => group('text')),
    sqlInteger: await median(() => group('integer')),
    sqlBoth: await median(() => group('text, integer')),
    sqlOne: await median(() => sql('SELECT text, avg(x) AS mean FROM df GROUP BY ALL', { df })),
    read: await median(() => frame(path)),
    describe: await median(() => describe(df)),
    show: await median(() => toMimeBundle(df)),
    shownBytes: JSON.stringify(bundle).length,
  };
}

function measurePandas() {
  const script = fileURLToPath(new URL('measurePandas.py', import.meta.url));
  const { status, stdout } = spawnSync(options.python, [script, path, String(runs)], { encoding: 'utf8' });
  return status === 0 ? JSON.parse(stdout) : undefined;
}

function measureImport() {
  const entry = new URL('../../dist/lib/index.js', import.meta.url).href;
  const code = `const t = performance.now(); await import('${entry}'); console.log(performance.now() - t);`;
  const times = Array.from({ length: runs }, () =>
    Number(execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' })),
  );
  return middle(times);
}

async function median(action) {
  const times = [];
  for (let run = 0; run < runs; run++) times.push((await once(action))[0]);
  return middle(times);
}

async function once(action) {
  const start = performance.now();
  const value = await action();
  return [performance.now() - start, value];
}

function middle(times) {
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
}

function ms(time) {
  if (time === undefined) return '–';
  return time < 10 ? time.toFixed(1) : time.toFixed(0);
}

function ratio(time, peer) {
  return time === undefined || peer === undefined ? '–' : (time / peer).toFixed(1);
}
