/** Output of cells: in order, all of it, under the right cell, and bounded. */
import { describe, expect, test } from 'vitest';
import {
  commandsUnder,
  kernelForFile,
  kernelForTest,
  newGate,
  residentMegabytes,
  sleep,
  textOf,
  until,
} from '../client.ts';

const kernel = await kernelForFile();
const linux = process.platform === 'linux';

describe('order and completeness', () => {
  test('console’s methods go to the two streams, in order', async () => {
    const cell = await kernel.ok(
      'console.log("1"); console.error("2"); console.info("3"); console.warn("4"); console.debug("5"); process.stdout.write("6"); process.stderr.write("7\\n")',
    );
    const streams = cell.of('stream').map(({ content }) => [content.name, content.text]);
    expect(streams).toEqual([
      ['stdout', '1\n'],
      ['stderr', '2\n'],
      ['stdout', '3\n'],
      ['stderr', '4\n'],
      ['stdout', '5\n6'],
      ['stderr', '7\n'],
    ]);
  });

  test('console’s tables, groups, counts and directories', async () => {
    const { stdout } = await kernel.ok(
      'console.group("g"); console.log("in"); console.groupEnd(); console.count(); console.table([{ a: 1 }]); console.dir({ b: 2 }); console.log("%s is %d", "x", 3)',
    );
    expect(stdout).toContain('g\n  in\n');
    expect(stdout).toContain('default: 1');
    expect(stdout).toContain('│ a │');
    expect(stdout).toContain('{ b: 2 }');
    expect(stdout).toContain('x is 3');
  });

  test('10,000 lines: none lost, in order, all before idle, in few messages', async () => {
    const cell = await kernel.ok('for (let i = 0; i < 10_000; i++) console.log(i)');
    expect(cell.stdout).toBe(Array.from({ length: 10_000 }, (_, i) => `${i}\n`).join(''));
    expect(cell.late).toEqual([]);
    // One a line, where nothing is gathered.
    expect(cell.of('stream').length).toBeLessThan(2_000);
  });

  test('10,000 lines on alternating streams keep their order', async () => {
    const cell = await kernel.ok('for (let i = 0; i < 2_000; i++) (i % 2 ? console.error : console.log)(i)');
    const both = cell
      .of('stream')
      .map(({ content }) => content.text)
      .join('');
    expect(both).toBe(Array.from({ length: 2_000 }, (_, i) => `${i}\n`).join(''));
  });

  test('output and result and error of many quick cells stay with their cells', async () => {
    const sent = Array.from({ length: 200 }, (_, i) => kernel.execute(`console.log("out ${i}"); ${i}`));
    for (const [i, cell] of sent.entries()) {
      await cell.done;
      expect([cell.stdout, cell.value, cell.late.length]).toEqual([`out ${i}\n`, `${i}`, 0]);
    }
  });

  test('is live while a cell loops', async () => {
    const gate = newGate(kernel);
    const running = kernel.execute(`console.log("before"); ${gate.block} console.log("after")`);
    await until(() => running.stdout === 'before\n', 'the first line');
    gate.open();
    expect((await running.done).stdout).toBe('before\nafter\n');
  });

  test('text of every kind arrives as it was', async () => {
    const text = '"\\ \u0000\u0007\b\f\n\r\t\u001b[31m\u2028\u2029 é 漢字 😀 \ud800 \u007f</script>';
    const { stdout } = await kernel.ok(`process.stdout.write(${JSON.stringify(text)})`);
    expect(stdout).toBe(text);
  });

  test('bytes that end in the middle of a character', async () => {
    const { stdout } = await kernel.ok(
      'for (const byte of Buffer.from("é漢😀")) process.stdout.write(Uint8Array.of(byte))',
    );
    expect(stdout).toBe('é漢😀');
  });

  test('a line of a million characters, and one of 50 MB', async () => {
    expect((await kernel.ok('console.log("x".repeat(1e6))')).stdout.length).toBe(1_000_001);
    const { stdout } = await kernel.ok('process.stdout.write("é".repeat(25e6))');
    expect(stdout.length).toBe(25e6);
    expect(/^é+$/.test(stdout)).toBe(true);
  });

  test('pairs of surrogates are not torn where long text is cut', async () => {
    const { stdout } = await kernel.ok('process.stdout.write("x" + "😀".repeat(300_000))');
    expect(stdout).toBe(`x${'😀'.repeat(300_000)}`);
  });

  test('write takes what a stream takes', async () => {
    const { stdout } = await kernel.ok(
      'await new Promise<void>(done => process.stdout.write("a", () => done())); process.stdout.write("b", "utf8", () => {}); process.stdout.write(Buffer.from("c")); process.stdout.write("ZA==", "base64"); process.stdout.write("")',
    );
    expect(stdout).toBe('abcd');
    expect((await kernel.run('process.stdout.write(5 as any)')).error?.ename).toBe('TypeError');
    expect(
      (
        await kernel.ok(
          'import { pipeline } from "node:stream/promises"; import { Readable } from "node:stream"; await pipeline(Readable.from(["p", "q"]), process.stdout, { end: false }); 1',
        )
      ).stdout,
    ).toBe('pq');
  });
});

describe('what does not go through console', () => {
  test('writes to descriptors 1 and 2', async () => {
    const cell = await kernel.ok(
      'import fs from "node:fs"; console.log("a"); fs.writeSync(1, "b\\n"); fs.writeSync(2, "c\\n"); console.log("d"); fs.writeSync(1, Buffer.from("e\\n")); fs.writeFileSync(1, "f\\n")',
    );
    expect(cell.stdout.split('\n').sort().join('')).toBe('abdef');
    expect(cell.stdout.startsWith('a\nb\nd\ne\n')).toBe(true);
    expect(cell.stderr).toBe('c\n');
    expect(cell.late).toEqual([]);
  });

  test('writeSync says how much it wrote, of a part too', async () => {
    const { value, stdout } = await kernel.ok(
      'import fs from "node:fs"; [fs.writeSync(1, "é\\n"), fs.writeSync(1, Buffer.from("0123456789"), 2, 3)]',
    );
    expect(value).toBe('[ 3, 3 ]');
    expect(stdout).toContain('234');
  });

  test('child processes that inherit the descriptors', async () => {
    const cell = await kernel.ok(
      'import { execSync, spawnSync } from "node:child_process"; execSync("echo inherited; echo problem >&2", { stdio: "inherit" }); spawnSync("echo", ["spawned"], { stdio: "inherit" }); 1',
    );
    expect(cell.stdout).toBe('inherited\nspawned\n');
    expect(cell.stderr).toBe('problem\n');
    expect(cell.late).toEqual([]);
  });

  test('execSync shows a failing command’s stderr', async () => {
    const cell = await kernel.run(
      'import { execSync } from "node:child_process"; execSync("echo gone wrong >&2; exit 4")',
    );
    expect(cell.error?.evalue).toContain('Command failed');
    expect(cell.stderr).toContain('gone wrong');
  });

  test('a worker thread’s console', async () => {
    const cell = await kernel.ok(
      'import { Worker } from "node:worker_threads"; const w = new Worker("console.log(\\"from a worker\\")", { eval: true }); await new Promise(done => w.once("exit", done)); await new Promise(done => setTimeout(done, 50))',
    );
    await until(() => textOf(cell.all, 'stdout') === 'from a worker\n', 'the line');
  });

  test('warnings of Node', async () => {
    const cell = await kernel.ok(
      'process.emitWarning("mind this"); await new Promise(done => setTimeout(done, 50))',
    );
    expect(cell.stderr).toContain('mind this');
    expect(cell.stderr.match(/mind this/g)!.length).toBe(1);
  });
});

describe('late output', () => {
  test('of a cell that goes on printing, a thousand cells later', async () => {
    const own = await kernelForTest();
    const first = await own.ok('const ticking = setInterval(() => console.log("tick"), 5)');
    for (let round = 0; round < 24; round++) {
      await Promise.all(Array.from({ length: 50 }, () => own.ok('0')));
      const before = first.late.length;
      await until(() => first.late.length > before, 'another tick');
    }
    await own.ok('clearInterval(ticking)');
  }, 120_000);

  test('goes to the cell that started it, while another cell runs', async () => {
    const [soon, over] = [newGate(kernel), newGate(kernel)];
    const first = await kernel.ok(
      `setTimeout(async () => { ${soon.wait} console.log("late from first") }); console.log("first")`,
    );
    const second = kernel.execute(`console.log("second"); ${over.wait} console.log("still second")`);
    await until(() => second.stdout === 'second\n', 'the second cell');
    soon.open();
    await until(() => first.late.length > 0, 'the late line');
    over.open();
    await second.done;
    expect(textOf(first.late, 'stdout')).toBe('late from first\n');
    expect(second.stdout).toBe('second\nstill second\n');
  });

  test.each([
    [
      'setInterval',
      'let n = 0; const timer = setInterval(() => { console.log("late"); if (++n === 3) clearInterval(timer) }, 20)',
    ],
    [
      'an async function',
      '(async () => { for (let i = 0; i < 3; i++) { await new Promise(done => setTimeout(done, 20)); console.log("late") } })(); 0',
    ],
    [
      'a promise chain',
      'let p = Promise.resolve(); for (let i = 0; i < 3; i++) p = p.then(() => new Promise(done => setTimeout(done, 20))).then(() => console.log("late")); 0',
    ],
    [
      'setImmediate and nextTick',
      'setTimeout(() => { setImmediate(() => console.log("late")); process.nextTick(() => console.log("late")); queueMicrotask(() => console.log("late")) }, 30)',
    ],
    [
      'timers/promises',
      'import { setTimeout as pause } from "node:timers/promises"; (async () => { for (let i = 0; i < 3; i++) { await pause(20); console.log("late") } })(); 0',
    ],
    [
      'node:timers',
      'import timers from "node:timers"; for (const ms of [30, 40, 50]) timers.setTimeout(() => console.log("late"), ms); 0',
    ],
    [
      'a file callback',
      'import fs from "node:fs"; setTimeout(() => { for (let i = 0; i < 3; i++) fs.readFile("/dev/null", () => console.log("late")) }, 30)',
    ],
    [
      'an event emitter',
      'import { EventEmitter } from "node:events"; const bus = new EventEmitter(); bus.on("x", () => console.log("late")); setTimeout(() => { bus.emit("x"); bus.emit("x"); bus.emit("x") }, 30)',
    ],
    [
      'a child process’s output',
      'import { exec } from "node:child_process"; for (const n of [1, 2, 3]) exec("sleep 0.05", () => console.log("late")); 0',
    ],
    [
      'fetch',
      'import http from "node:http"; const server = http.createServer((_q, r) => setTimeout(() => r.end("x"), 20)).listen(0, async () => { for (let i = 0; i < 3; i++) { await (await fetch("http://localhost:" + (server.address() as any).port)).text(); console.log("late") } server.close(); server.closeAllConnections() }); 0',
    ],
  ])('from %s', async (_name, source) => {
    const first = await kernel.ok(source);
    const second = await kernel.ok(
      'for (let i = 0; i < 20; i++) await new Promise(done => setTimeout(done, 10)); console.log("second")',
    );
    await until(
      () => textOf(first.all, 'stdout') + textOf(second.all, 'stdout') === 'late\nlate\nlate\nsecond\n',
      'three lines of the first cell and one of the second',
    );
    expect(second.stdout).toBe('second\n');
  });

  test('output after idle still says which cell, and comes promptly', async () => {
    const gate = newGate(kernel);
    const first = await kernel.ok(`setTimeout(async () => { ${gate.wait} console.log("alone") })`);
    gate.open();
    await until(() => first.late.length > 0, 'late output');
    expect(first.late[0]!.content).toEqual({ name: 'stdout', text: 'alone\n' });
  });

  test('a handler that a later cell calls prints under one of the two', async () => {
    const first = await kernel.ok('const later = () => console.log("called")');
    const second = await kernel.ok('later()');
    expect(second.stdout).toBe('called\n');
    expect(first.late).toEqual([]);
  });
});

describe('silent', () => {
  test('publishes nothing but status', async () => {
    const cell = await kernel.run(
      'console.log("a"); console.error("b"); globalThis[Symbol.for("tunelab.host")].display({ data: {} }); 5',
      { silent: true },
    );
    expect(cell.messages.map(({ type }) => type)).toEqual(['status', 'status']);
    expect(cell.status).toBe('ok');
  });

  test('an error of a silent cell is in the reply alone', async () => {
    const cell = await kernel.run('throw new Error("quiet")', { silent: true });
    expect(cell.messages.map(({ type }) => type)).toEqual(['status', 'status']);
    expect(cell.reply!.content).toMatchObject({ status: 'error', ename: 'Error', evalue: 'quiet' });
  });

  test('late output of a silent cell too', async () => {
    await kernel.ok('let isLate = false');
    const cell = await kernel.run('setTimeout(() => { console.log("late"); isLate = true }, 20)', {
      silent: true,
    });
    await kernel.ok('while (!isLate) await new Promise(done => setTimeout(done, 5))');
    expect(cell.all.map(({ type }) => type)).toEqual(['status', 'status']);
  });
});

describe('a flood', () => {
  test('can be interrupted, and memory stays bounded', async () => {
    const before = linux ? residentMegabytes(kernel.pid) : 0;
    const running = kernel.execute(
      'const flood = "x".repeat(1_000) + "\\n"; let printed = 0; for (;;) { process.stdout.write(flood); printed++ }',
    );
    await until(() => running.messages.length > 10, 'the flood');
    let most = 0;
    for (let sample = 0; sample < 15; sample++) {
      await sleep(100);
      if (linux) most = Math.max(most, residentMegabytes(kernel.pid));
    }
    await kernel.interrupt();
    await running.done;
    expect(running.status).toBe('error');
    expect(most - before).toBeLessThan(400);
    expect((await kernel.ok('printed > 1_000')).value).toBe('true');
    // What arrived is of no interest here, and there is much of it.
    running.messages.length = 0;
    kernel.iopub.length = 0;
  });

  test('of tiny writes too', async () => {
    const running = kernel.execute('for (let i = 0; ; i++) console.log(i)');
    await until(() => running.messages.length > 20, 'the flood');
    await kernel.interrupt();
    await running.done;
    expect(running.status).toBe('error');
    const lines = running.stdout.split('\n');
    expect(lines.slice(0, -1).every((line, i) => line === String(i))).toBe(true);
    expect((await kernel.ok('"alive"')).value).toBe("'alive'");
  });

  test.runIf(linux)('of a child process, which ends with the cell', async () => {
    const own = await kernelForTest();
    const running = own.execute('%sh yes');
    await until(() => commandsUnder(own.pid).includes('yes'), 'the command');
    await own.interrupt();
    await running.done;
    expect(running.status).toBe('error');
    expect((await own.ok('"alive"')).value).toBe("'alive'");
    await until(() => !commandsUnder(own.pid).includes('yes'), 'the end of the command');
  });
});
