/** The process that runs cells may die; the kernel does not. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  cellProcesses,
  type Exchange,
  isAlive,
  kernelForFile,
  kernelForTest,
  newGate,
  PATIENT,
  until,
} from '../client.ts';

const kernel = await kernelForFile();

/** Runs a deadly cell with another queued behind it, and one after it. */
async function deadly(code: string): Promise<Exchange> {
  await kernel.ok('let survivor = 1');
  const gate = newGate(kernel);
  const dying = kernel.execute(`${gate.wait} console.log("last words");\n${code}`);
  const queued = kernel.execute('"queued"');
  await kernel.arrived();
  gate.open();
  await Promise.all([dying.done, queued.done]);
  expect(dying.status).toBe('error');
  expect(dying.of('error').length).toBe(1);
  expect(dying.stdout).toBe('last words\n');
  expect(dying.stderr).not.toContain('debugger');
  expect(queued.status).toBe('aborted');
  expect((await kernel.ok('typeof survivor')).value).toBe("'undefined'");
  return dying;
}

describe('the cell’s error says why', () => {
  test.each([
    ['process.exit(0)', 'process.exit(0)', /exit code 0/],
    ['process.exit(7)', 'process.exit(7)', /exit code 7/],
    ['process.exit() with an exit code set', 'process.exitCode = 9; process.exit()', /exit code 9/],
    [
      'process.exit in a timer',
      'setTimeout(() => process.exit(3), 10); await new Promise(() => {})',
      /exit code 3/,
    ],
    ['SIGKILL', 'process.kill(process.pid, "SIGKILL"); for (;;) {}', /SIGKILL/],
    ['SIGTERM', 'process.kill(process.pid, "SIGTERM"); await new Promise(() => {})', /SIGTERM/],
    ['SIGSEGV', 'process.kill(process.pid, "SIGSEGV"); for (;;) {}', /SIGSEGV/],
    ['process.abort()', 'process.abort()', /SIGABRT/],
    ['process.reallyExit', '(process as any).reallyExit(5)', /exit code 5/],
  ])('%s', async (_name, code, why) => {
    const { error } = await deadly(code);
    expect(error!.evalue).toMatch(why);
    expect(error!.evalue).toMatch(/variables are gone/);
    expect(error!.ename).toMatch(/^Process/);
  });

  test('all output before the death is there', async () => {
    const cell = await kernel.run(
      'for (let i = 0; i < 5_000; i++) console.log(i); require("node:fs").writeSync(2, "raw\\n"); process.exit(1)',
    );
    expect(cell.stdout.split('\n').length).toBe(5_001);
    expect(cell.stderr).toContain('raw\n');
    expect(cell.late).toEqual([]);
  });

  test('imports, constants and settings of the old process are forgotten', async () => {
    await kernel.ok('const firm = 1');
    await kernel.run('process.exit()');
    await kernel.ok('globalThis.firm = 1; 0');
    expect((await kernel.ok('firm = 2; firm')).value).toBe('2');
  });

  test('output of what a dead process had started does no harm', async () => {
    const cell = await kernel.run(
      'import { spawn } from "node:child_process"; spawn("sh", ["-c", "sleep 0.3; echo orphan; touch said"], { stdio: "inherit" }); process.exit(2)',
    );
    expect(cell.error!.evalue).toContain('exit code 2');
    await until(() => existsSync(join(kernel.folder, 'said')), 'the output');
    expect((await kernel.ok('1 + 1')).value).toBe('2');
  });
});

test('heap exhaustion says so, with the limit', async () => {
  const own = await kernelForTest({ args: ['--heap-mb', '128'] });
  const gate = newGate(own);
  const cell = own.execute(
    `${gate.wait} const hoard: number[][] = []; for (;;) hoard.push(new Array(100_000).fill(1.5))`,
  );
  const queued = own.execute('1');
  await own.arrived();
  gate.open();
  await cell.done;
  expect(cell.error).toMatchObject({ ename: 'OutOfMemory', evalue: expect.stringContaining('128 MB') });
  expect((await queued.done).status).toBe('aborted');
  expect((await own.ok('1 + 1')).value).toBe('2');
});

test('TUNELAB_HEAP_MB is the limit without the option', async () => {
  const own = await kernelForTest({ env: { TUNELAB_HEAP_MB: '200' } });
  const { stdout } = await own.ok(
    'import v8 from "node:v8"; console.log(v8.getHeapStatistics().heap_size_limit / 2 ** 20)',
  );
  expect(Number(stdout)).toBeLessThan(320);
});

test('a death between cells is shown, and the next cell runs', async () => {
  const gate = newGate(kernel);
  const cell = await kernel.ok(`setTimeout(async () => { ${gate.wait} process.exit(6) })`);
  gate.open();
  await until(() => cell.late.length > 0, 'the error');
  expect(cell.late.map(({ type, content }) => [type, content.evalue ?? content.text])).toEqual([
    ['error', expect.stringContaining('exit code 6')],
  ]);
  expect((await kernel.ok('2')).value).toBe('2');
});

test('a cell sent while the new process starts runs', async () => {
  for (let round = 0; round < 5; round++) {
    const dying = kernel.execute('process.exit()', { stopOnError: false });
    await dying.done;
    expect((await kernel.ok(`${round}`)).value).toBe(String(round));
  }
});

test('fifteen exits in a row, each answered', async () => {
  for (let round = 0; round < 15; round++) {
    const cell = await kernel.run('process.exit(4)');
    expect(cell.error!.evalue).toContain('exit code 4');
  }
});

test.runIf(process.platform === 'linux')(
  'an idle process for cells ends with its kernel, every time',
  async () => {
    for (let round = 0; round < 4; round++) await (await kernelForTest()).stop();
  },
);

test('completion, comms and interrupts survive a death', async () => {
  await kernel.run('const here = 1; process.exit()');
  await expect
    .poll(() => kernel.ask('complete_request', { code: 'JSON.pa', cursor_pos: 7 }), PATIENT)
    .toMatchObject({ matches: ['parse'] });
  expect((await kernel.ask('comm_info_request')).comms).toEqual({});
  const loop = kernel.execute('console.log("on"); for (;;) {}');
  await until(() => loop.stdout !== '', 'the loop');
  await kernel.interrupt();
  expect((await loop.done).error!.evalue).toMatch(/interrupt/i);
});

test.runIf(process.platform === 'linux')('no process outlives a killed kernel, however busy', async () => {
  const own = await kernelForTest();
  const [child] = cellProcesses(own.pid);
  const loop = own.execute('console.log("on"); for (;;) {}');
  await until(() => loop.stdout !== '', 'the loop');
  own.process.kill('SIGKILL');
  await own.exited;
  await until(() => !isAlive(child!), 'the end of the process that runs cells');
});

test.runIf(process.platform === 'linux')('a killed child is replaced by one child', async () => {
  const [child] = cellProcesses(kernel.pid);
  const running = kernel.execute('await new Promise(() => {})');
  await until(() => running.messages.length > 1, 'the cell');
  process.kill(child!, 'SIGKILL');
  expect((await running.done).error!.evalue).toContain('SIGKILL');
  await kernel.ok('1');
  expect(cellProcesses(kernel.pid).length).toBe(1);
});

test('an uncaught error while the process exits by itself', async () => {
  const cell = await kernel.run('process.on("exit", () => { throw new Error("on exit") }); process.exit(0)');
  expect(cell.status).toBe('error');
  expect((await kernel.ok('3')).value).toBe('3');
});
