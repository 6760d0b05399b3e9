/**
 * Measures how long a JSON Lines file of 100 MB takes to open, beside Python's `json`, and prints a Markdown table.
 *
 *     node bench/formats/run.mjs [--runs 5] [--megabytes 100] [--python python3]
 *
 * Needs `npm run build`. Both sides run in processes of their own, in turns, on a file in a temporary folder whose pages
 * are in memory. Compare numbers of one sitting only.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { machine } from '../kernel/report.mjs';

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    megabytes: { type: 'string', default: '100' },
    python: { type: 'string', default: 'python3' },
  },
});
const here = name => fileURLToPath(new URL(name, import.meta.url));
const runs = Number(options.runs);
const folder = mkdtempSync(join(tmpdir(), 'tunelab-bench-'));
try {
  const { path, rows, bytes } = writeRows(Number(options.megabytes) * 1e6);
  const sides = {
    tunelab: () => measure(process.execPath, [here('tunelab.mjs'), path]),
    python: () => measure(options.python, [here('side.py'), path]),
  };
  const results = { tunelab: [], python: [] };
  for (let run = 0; run < runs; run++)
    for (const [side, start] of Object.entries(sides)) results[side].push(start());
  print(results, rows, bytes);
} finally {
  rmSync(folder, { recursive: true });
}

/** The course's questions and answers over and over, with a number, a fraction and a list beside them. */
function writeRows(wanted) {
  const docs = readFileSync(here('../../datasets/tunelab_docs.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map(JSON.parse);
  const path = join(folder, 'rows.jsonl');
  const file = openSync(path, 'w');
  let [bytes, rows] = [0, 0];
  while (bytes < wanted) {
    let text = '';
    for (const { question, answer } of docs) {
      text += `${JSON.stringify({ id: rows, question, answer, score: (rows * 0.618) % 1, tags: ['docs', `é${rows % 7}`] })}\n`;
      rows++;
    }
    bytes += writeSync(file, text);
  }
  closeSync(file);
  return { path, rows, bytes };
}

function measure(command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} failed: ${error?.message ?? stderr}`);
  return JSON.parse(stdout);
}

function print(results, rows, bytes) {
  const { date, cpu, cores, node, system } = machine();
  const median = (side, what) => results[side].map(result => result[what]).sort((a, b) => a - b)[runs >> 1];
  const seconds = (side, what) => `${median(side, what).toFixed(3)} s`;
  const ratio = suffix =>
    (median('tunelab', `open${suffix}`) / median('python', `parse${suffix}`)).toFixed(2);
  const memory = median('tunelab', 'maxBytes') / bytes;
  console.log(
    [
      `Measured ${date} on ${cpu}, ${cores} cores, ${system}, Node ${node.slice(1)}, Python ${results.python[0].version}; medians of ${runs}; ${rows} rows, ${bytes} bytes.`,
      '',
      '| | tunelab | Python | |',
      '|---|---|---|---|',
      `| open, check and index | ${seconds('tunelab', 'open')} | ${seconds('python', 'parse')} (\`json.loads\` a line, rows thrown away) | ${ratio('')}, target ≤ 0.5 |`,
      `| the same in processor time | ${seconds('tunelab', 'openCpu')} | ${seconds('python', 'parseCpu')} | ${ratio('Cpu')} |`,
      `| all rows in order | ${seconds('tunelab', 'rows')} | | |`,
      `| 20,000 rows at random | ${seconds('tunelab', 'random')} | | |`,
      `| first five rows, streamed | ${seconds('tunelab', 'five')} | | |`,
      `| most memory, all of the above | ${Math.round(median('tunelab', 'maxBytes') / 1e6)} MB | | ${memory.toFixed(2)} of the file, target ≤ 2 |`,
    ].join('\n'),
  );
}
