/**
 * 5,000 cells with output, errors, declarations and imports in one kernel: nothing may be lost, and the kernel
 * must be at the end what it was at the start.
 *
 *     node test/conformance/soak.mjs [--cells 5000] [--kernel tunelab]
 *
 * Fails on a wrong or missing output, and
 * - when its memory after a collection has grown by more a cell than `MOST_REMAINING` says since the first 1,000 (by
 *   then what is kept of the latest cells is full; fewer than 5,000 cells mostly show what V8 compiles meanwhile);
 * - when its cells take more than 20 % longer than those of a kernel that has just run its first 1,000, the two taking
 *   turns, so that whatever else the machine does hits both.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { findKernels } from '../../bench/kernel/kernels.mjs';
import { Kernel } from '../../bench/kernel/launch.mjs';
import { median } from '../../bench/kernel/rows.mjs';

const KERNEL_HEAP = 'heap of the kernel';
const CELLS_HEAP = 'heap of the process that runs cells';
const RESIDENT = 'resident memory of both';
const SERVER = 'resident memory of the language server';
/** Bytes a cell that may remain: its line in the history, and how far two looks at the same memory lie apart. */
const MOST_REMAINING = { [KERNEL_HEAP]: 512, [CELLS_HEAP]: 512, [RESIDENT]: 2048, [SERVER]: 3072 };
const MOST_SLOWER = 0.2;
/** Cells after which a kernel has loaded what it loads once, and what it keeps of the latest cells is full. */
const FIRST = 1_000;
/** Cells that take turns with those of a new kernel. */
const COMPARED = 500;
const LOOKS = new Set([100, 500, 1_000, 2_500, 5_000, 7_500, 10_000, 15_000]);

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
    code: `const unknown${n % 100} = (globalThis as any).missing${n}.length`,
    error: ['TypeError', "Cannot read properties of undefined (reading 'length')"],
  }),
  n => ({
    code: `class Box<T> { constructor(readonly value: T) {} }\nawait Promise.all([1, 2].map(async x => console.log(new Box(x * ${n}).value)));\nvoid 0`,
    stdout: `${n}\n${2 * n}\n`,
  }),
];

const failures = [];
const collected = mkdtempSync(join(tmpdir(), 'kernel-soak-heaps-'));
const kernel = await start();
let ran = 0;
let early;
let late;
let fresh;
try {
  for (; ran < count && isSound(); ran++) {
    await run(kernel, ran, KINDS[ran % KINDS.length](ran));
    if (ran === FIRST) early = await remaining(kernel);
    if (LOOKS.has(ran)) report(`after ${ran} cells: ${describe(kernel.memory())}`);
  }
  if (isSound()) {
    report(`after ${ran} cells: ${describe(kernel.memory())}`);
    late = await remaining(kernel);
    fresh = await start();
    await compareLatency();
  }
  await kernel.client.drain(500);
  const strays = [...kernel.client.exchanges.values()].filter(cell =>
    cell.late.some(message => message.type === 'stream'),
  );
  if (strays.length) failures.push(`${strays.length} of the last cells had output after their idle status`);
} finally {
  if (!kernel.alive) failures.push(`the kernel ended with ${kernel.exited}: ${kernel.stderr.slice(-500)}`);
  await kernel.stop();
  await fresh?.stop();
  for (const scratch of [folder, collected]) rmSync(scratch, { recursive: true, force: true });
}
if (early && late) compareMemory();
for (const failure of failures) console.error(`FAIL ${failure}`);
console.log(failures.length ? `soak: ${failures.length} failures` : `soak: all ${ran} cells complete`);
process.exit(failures.length ? 1 : 0);

async function start() {
  const started = await Kernel.start({
    ...spec,
    cwd: folder,
    env: {
      ...spec.env,
      COLLECT_FOLDER: collected,
      NODE_OPTIONS: `--import=${new URL('collect.mjs', import.meta.url).href}`,
    },
  });
  return started.settle();
}

function isSound() {
  return failures.length < 10 && kernel.alive;
}

/** Runs a cell and notes what is wrong with its outcome. @returns its milliseconds */
async function run(on, n, expected) {
  const cell = await on.client.execute(expected.code, { timeout: 10_000 });
  const problem = compare(cell, expected);
  if (problem)
    failures.push(
      `cell ${n}: ${problem}\n    sent: ${JSON.stringify(expected.code)}\n    came: ${cell.describe()}`,
    );
  return cell.ms;
}

/** Lets the kernel's Node processes collect their garbage. @returns the bytes that remain, by what holds them */
async function remaining(on) {
  const bytes = {};
  for (const name of readdirSync(collected)) {
    const file = join(collected, name);
    writeFileSync(file, '');
    process.kill(Number(name), 'SIGUSR2');
    while (readFileSync(file, 'utf8') === '') await sleep(20);
    bytes[Number(name) === on.process.pid ? KERNEL_HEAP : CELLS_HEAP] = Number(readFileSync(file, 'utf8'));
  }
  // V8 hands pages back in the background.
  await sleep(1_000);
  const { rss, languageServer } = on.memory();
  bytes[RESIDENT] = (rss - languageServer) * 2 ** 20;
  bytes[SERVER] = languageServer * 2 ** 20;
  return bytes;
}

/** Both kernels run the same cells in turn; up to three times, for a busy machine may hit one of them more. */
async function compareLatency() {
  let next = count;
  for (; next < count + FIRST && isSound(); next++) await run(fresh, next, KINDS[next % KINDS.length](next));
  let [before, after] = [0, Infinity];
  for (let round = 0; round < 3 && isSound() && !(after / before - 1 <= MOST_SLOWER); round++) {
    const times = { fresh: [], old: [] };
    for (const last = next + COMPARED; next < last && isSound(); next++) {
      const expected = KINDS[next % KINDS.length](next);
      times.fresh.push(await run(fresh, next, expected));
      times.old.push(await run(kernel, next, expected));
    }
    [before, after] = [median(times.fresh), median(times.old)];
  }
  check(
    `latency: ${before.toFixed(2)} ms after ${FIRST} cells, ${after.toFixed(2)} ms after ${ran}`,
    after / before - 1,
    MOST_SLOWER,
    share => `${(share * 100).toFixed(0)} %`,
  );
}

function compareMemory() {
  for (const name of Object.keys(late)) {
    const [from, to] = [early[name], late[name]];
    check(
      `${name}: ${megabytes(from)} after ${FIRST} cells, ${megabytes(to)} after ${ran}`,
      (to - from) / (ran - FIRST),
      MOST_REMAINING[name],
      bytes => `${bytes.toFixed(0)} bytes a cell`,
    );
  }
}

function check(text, value, most, format) {
  report(`${text} (${format(value)}, at most ${format(most)})`);
  if (value > most) failures.push(text);
}

function report(text) {
  console.log(text);
}

function describe({ rss, processes }) {
  return `${rss.toFixed(0)} MB in ${processes} processes`;
}

function megabytes(bytes) {
  return `${(bytes / 2 ** 20).toFixed(2)} MB`;
}

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
