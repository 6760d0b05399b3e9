/**
 * 5,000 cells with output, errors, declarations and imports in one kernel: nothing may be lost, and the kernel
 * must be at the end what it was at the start.
 *
 *     node test/conformance/soak.mjs [--cells 5000] [--kernel tunelab]
 *
 * Fails on a wrong or missing output, and when memory doubles. Latency is reported; the target is that the last
 * 500 cells take at most 20 % longer than the first 500.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findKernels } from '../../bench/kernel/kernels.mjs';
import { Kernel } from '../../bench/kernel/launch.mjs';
import { median } from '../../bench/kernel/rows.mjs';

const { values: options } = parseArgs({
  options: { cells: { type: 'string', default: '5000' }, kernel: { type: 'string', default: 'tunelab' } },
});
const count = Number(options.cells);
const spec = findKernels().found.find(kernel => kernel.name === options.kernel);
if (!spec) {
  console.error(`there is no kernel ${options.kernel} to run; is it built?`);
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), 'kernel-soak-'));
const writeModule = version =>
  writeFileSync(join(folder, 'helper.ts'), `export const version: number = ${version};\n`);
writeModule(0);

/** What a cell is to show; each kind comes round every ten cells. */
const KINDS = [
  n => ({ code: `${n} + 1`, value: String(n + 1) }),
  n => ({
    code: `console.log('line', ${n}); console.error('warning ${n}')`,
    stdout: `line ${n}\n`,
    stderr: `warning ${n}\n`,
  }),
  n => ({
    code: `for (let i = 0; i < 50; i++) console.log(i + ' of ${n}')`,
    stdout: Array.from({ length: 50 }, (_, i) => `${i} of ${n}\n`).join(''),
  }),
  n => ({ code: `throw new RangeError('error ${n}')`, error: ['RangeError', `error ${n}`] }),
  n => ({
    code: `interface Row { id: number }\nconst row: Row = { id: ${n} };\nfunction get(r: Row): number { return r.id }\nget(row)`,
    value: String(n),
  }),
  n => ({ code: `import { basename } from 'node:path';\nbasename('/a/b/${n}.ts')`, value: `'${n}.ts'` }),
  n => ({
    code: `const waited${n % 100} = await new Promise<number>(done => setTimeout(done, 1, ${n}));\nwaited${n % 100}`,
    value: String(n),
  }),
  n => {
    // Every twentieth time the file has been edited meanwhile.
    const version = Math.floor(n / 200);
    if (n % 200 < 10) writeModule(version);
    return { code: `import { version } from './helper.ts';\nversion`, value: String(version) };
  },
  n => ({
    code: `const unknown${n} = (globalThis as any).missing${n}.length`,
    error: ['TypeError', "Cannot read properties of undefined (reading 'length')"],
  }),
  n => ({
    code: `class Box<T> { constructor(readonly value: T) {} }\nawait Promise.all([1, 2].map(async x => console.log(new Box(x * ${n}).value)));\nvoid 0`,
    stdout: `${n}\n${2 * n}\n`,
  }),
];

const failures = [];
const times = [];
const kernel = await Kernel.start({ ...spec, cwd: folder });
let start;
let half;
try {
  await kernel.settle();
  for (let n = 0; n < count; n++) {
    const expected = KINDS[n % KINDS.length](n);
    const cell = await kernel.client.execute(expected.code, { timeout: 10_000 });
    const problem = compare(cell, expected);
    if (problem)
      failures.push(
        `cell ${n}: ${problem}\n    sent: ${JSON.stringify(expected.code)}\n    came: ${cell.describe()}`,
      );
    times.push(cell.ms);
    // The first hundred cells load what a kernel loads once; by the half V8 has grown its young generation.
    if (n === Math.min(100, count >> 1)) start = kernel.memory();
    if (n === count >> 1) half = kernel.memory();
    if (failures.length >= 10 || !kernel.alive) break;
  }
  await kernel.client.drain(500);
  const late = [...kernel.client.exchanges.values()].filter(cell =>
    cell.late.some(message => message.type === 'stream'),
  );
  if (late.length) failures.push(`${late.length} of the last cells had output after their idle status`);
} finally {
  const end = kernel.alive ? kernel.memory() : undefined;
  report(start, half, end);
  if (!end) failures.push(`the kernel ended with ${kernel.exited}: ${kernel.stderr.slice(-500)}`);
  else if (start && end.rss > 2 * start.rss)
    failures.push(`memory went from ${start.rss.toFixed(0)} to ${end.rss.toFixed(0)} MB`);
  await kernel.stop();
  rmSync(folder, { recursive: true, force: true });
}
for (const failure of failures) console.error(`FAIL ${failure}`);
console.log(
  failures.length ? `soak: ${failures.length} failures` : `soak: all ${times.length} cells complete`,
);
process.exit(failures.length ? 1 : 0);

/** @returns what is wrong with a cell's outcome, or undefined */
function compare(cell, { value, stdout = '', stderr = '', error }) {
  if (cell.timedOut) return 'it did not end';
  if (cell.status !== (error ? 'error' : 'ok')) return `status ${cell.status}`;
  if (cell.value !== value) return `value ${JSON.stringify(cell.value)} instead of ${JSON.stringify(value)}`;
  if (cell.text('stdout') !== stdout) return `stdout ${JSON.stringify(cell.text('stdout').slice(0, 200))}`;
  if (cell.text('stderr') !== stderr) return `stderr ${JSON.stringify(cell.text('stderr').slice(0, 200))}`;
  if (error && (cell.error?.ename !== error[0] || cell.error?.evalue !== error[1])) return 'another error';
  return undefined;
}

function report(start, half, end) {
  // A tail of fewer than 500 cells would compare other mixes of cells.
  const window = Math.min(500, times.length >> 1);
  const [first, last] = [times.slice(0, window), times.slice(-window)].map(median);
  const change = ((last / first - 1) * 100).toFixed(0);
  console.log(
    `latency: first ${window} cells ${first.toFixed(2)} ms, last ${window} ${last.toFixed(2)} ms (${change} %, target within 20 %)`,
  );
  if (start && end) {
    const line = memory => `${memory.rss.toFixed(0)} MB in ${memory.processes} processes`;
    console.log(
      `memory: after 100 cells ${line(start)}, after ${count >> 1} ${line(half ?? start)}, after ${times.length} ${line(end)}`,
    );
  }
}
