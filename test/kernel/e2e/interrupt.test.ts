/** What an interrupt stops, how soon, and what stays. */
import { describe, expect, test } from 'vitest';
import { type Exchange, type Kernel, kernelForFile, kernelForTest, sleep, textOf, until } from '../client.ts';

const kernel = await kernelForFile();
kernel.write('loops.ts', 'console.log("inside"); for (;;) {}');
kernel.write('waits.ts', 'console.log("inside"); await new Promise(() => {})');
await kernel.ok(
  'let kept = { since: "before the interrupt" }; const sleep = (ms: number) => new Promise(done => setTimeout(done, ms)); let rounds = 0',
);

const LOOP = 'for (;;) {}';

/** Starts a cell, waits until it says that it is inside, in its loop where it has one, and interrupts it. */
async function interrupted(code: string, on: Kernel = kernel): Promise<Exchange> {
  const inside = code.includes(LOOP) ? 'looping' : 'inside';
  const running = on.execute(
    `console.log("inside");\n${code.replaceAll(LOOP, 'for (console.log("looping"); ; ) {}')}`,
  );
  // A static import goes before the rest of the cell: there the module says so.
  await until(() => running.stdout.includes(inside) || running.idle, 'the cell to start');
  expect.soft(running.stdout).toContain(inside);
  // What says nothing of its own is under way by now, or is stopped on its way there.
  await sleep(60);
  await on.interrupt();
  await running.done;
  return running;
}

describe('stops, and variables keep their values', () => {
  test.each([
    ['a synchronous loop', 'for (;;) {}'],
    ['a loop that counts', 'while (true) rounds++'],
    ['a loop inside try/catch/finally', 'for (;;) { try { for (;;) {} } catch {} finally { } }'],
    ['a loop in a function', '(function spin(): void { for (;;) {} })()'],
    ['a microtask loop', 'for (;;) await null'],
    ['a loop of promise callbacks', 'const again = (): any => Promise.resolve().then(again); await again()'],
    ['a nextTick loop', 'const tick = () => process.nextTick(tick); tick(); await new Promise(() => {})'],
    ['a pending await', 'await sleep(2 ** 30)'],
    ['a promise that never resolves', 'await new Promise(() => {})'],
    ['a loop in a timer callback', 'await new Promise(() => setTimeout(() => { for (;;) {} }, 1))'],
    [
      'a loop in a setInterval callback',
      'setInterval(() => { for (;;) {} }, 5); await new Promise(() => {})',
    ],
    ['a loop in a setImmediate callback', 'await new Promise(() => setImmediate(() => { for (;;) {} }))'],
    ['a loop in a nextTick callback', 'await new Promise(() => process.nextTick(() => { for (;;) {} }))'],
    ['a loop in a microtask', 'await new Promise(() => queueMicrotask(() => { for (;;) {} }))'],
    ['a loop after an awaited timer', 'await sleep(5); for (;;) {}'],
    [
      'a loop after a file read',
      'import { readFile } from "node:fs/promises"; await readFile("/dev/null"); for (;;) {}',
    ],
    [
      'a loop in a file callback',
      'import fs from "node:fs"; await new Promise(() => fs.readFile("/dev/null", () => { for (;;) {} }))',
    ],
    [
      'a loop in an event listener',
      'import { EventEmitter } from "node:events"; const bus = new EventEmitter(); bus.on("x", () => { for (;;) {} }); await sleep(1); bus.emit("x")',
    ],
    ['a runaway regular expression', '/^(a+)+$/.test("a".repeat(40) + "b")'],
    [
      'a regular expression in a timer',
      'await new Promise(() => setTimeout(() => /^(a+)+$/.test("a".repeat(40) + "b"), 1))',
    ],
    ['execSync of a long command', 'import { execSync } from "node:child_process"; execSync("sleep 1000")'],
    [
      'an awaited child process',
      'import { execFile } from "node:child_process"; import { promisify } from "node:util"; await promisify(execFile)("sleep", ["1000"])',
    ],
    ['Atomics.wait', 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)'],
    [
      'for await over an endless stream',
      'async function* ever() { for (;;) { await sleep(10); yield 1 } } for await (const one of ever()) rounds += one',
    ],
    ['an endless generator', 'function* ever() { for (;;) yield 1 } for (const one of ever()) rounds += one'],
    ['a display that loops', '({ [Symbol.for("Jupyter.display")]() { for (;;) {} } })'],
    ['a loop that prints', 'for (;;) console.log("x")'],
    ['a busy await sleep loop', 'while (true) await sleep(1)'],
    ['a loop in a class’s static block', 'class Loops { static { for (;;) {} } }'],
    ['a loop in a module that is loading', 'import "./loops.ts"'],
    ['a module that never finishes loading', 'import "./waits.ts"'],
    ['a loop in a module loaded by import()', 'await import("./loops.ts")'],
    ['a loop in a required file', 'require("./loops.ts")'],
  ])('%s', async (_name, code) => {
    const running = await interrupted(code);
    expect(running.status).toBe('error');
    expect(running.error!.evalue).toMatch(/interrupt/i);
    expect(running.error!.ename).toBeTypeOf('string');
    const after = await kernel.run('kept.since');
    expect(after.status, `the next cell: ${after.traceback}`).toBe('ok');
    expect(after.value).toBe("'before the interrupt'");
    expect([...running.late, ...after.messages].filter(({ type }) => type === 'error')).toEqual([]);
  });

  test('a prompt that waits', async () => {
    const running = kernel.execute('prompt("name?")', { onInput: () => new Promise(() => {}) });
    await until(() => running.inputRequests.length > 0, 'the prompt');
    await kernel.interrupt();
    await running.done;
    expect(running.status).toBe('error');
    expect(running.error!.evalue).toMatch(/interrupt/i);
    expect((await kernel.ok('kept.since')).value).toBe("'before the interrupt'");
    const { value } = await kernel.ok('prompt("again?")', { onInput: () => 'fine' });
    expect(value).toBe("'fine'");
  });
});

describe('what was interrupted does not go on', () => {
  test.each([
    ['an await sleep loop', 'while (true) { await sleep(10); console.log("tick") }'],
    [
      'two loops at once',
      'const loop = async () => { for (;;) { await sleep(10); console.log("tick") } }; await Promise.all([loop(), loop()])',
    ],
    [
      'an interval that the cell waits with',
      'setInterval(() => console.log("tick"), 10); await new Promise(() => {})',
    ],
    [
      'a chain of timers',
      'const next = () => { console.log("tick"); setTimeout(next, 10) }; next(); await new Promise(() => {})',
    ],
    ['a loop that swallows errors', 'for (;;) { try { await sleep(10); console.log("tick") } catch {} }'],
    ['a loop with finally', 'for (;;) { try { await sleep(10) } finally { console.log("tick") } }'],
  ])('%s', async (_name, code) => {
    const running = await interrupted(code);
    expect(running.status).toBe('error');
    const after = await kernel.ok('await sleep(200); "done"');
    expect(after.stdout).toBe('');
    expect(textOf(running.late, 'stdout')).toBe('');
  });

  test('but what an earlier cell started does', async () => {
    const earlier = await kernel.ok('const heart = setInterval(() => console.log("beat"), 20)');
    await interrupted('for (;;) {}');
    const beats = earlier.late.length;
    await until(() => earlier.late.length > beats, 'another beat');
    await interrupted('await new Promise(() => {})');
    const more = earlier.late.length;
    await until(() => earlier.late.length > more, 'another beat');
    await kernel.ok('clearInterval(heart)');
  });

  test('a later cell may wait for the same promise as an interrupted one', async () => {
    const own = await kernelForTest();
    await own.ok(
      'let open: () => void; const gate = new Promise<void>(done => { open = done }); let passed = 0; gate.then(() => { passed++ }); (async () => { await gate; await null; passed++ })(); 0',
    );
    await interrupted('await gate; console.log("not to be seen")', own);
    const { value, stdout } = await own.ok('setTimeout(open, 100); await gate; "through"');
    expect(value).toBe("'through'");
    expect(stdout).toBe('');
    expect((await own.ok('passed')).value).toBe('2');
  });

  test('a module shared with other cells can be loaded after an interrupt', async () => {
    const own = await kernelForTest();
    await own.ok('let open; globalThis.gate = new Promise(done => { open = done }); 0');
    own.write(
      'slow.ts',
      'console.log("inside"); await (globalThis as any).gate; export const loaded = "yes";',
    );
    await interrupted('import { loaded } from "./slow.ts"', own);
    await own.ok('setTimeout(open, 100); 0');
    expect((await own.ok('import { loaded } from "./slow.ts"; loaded')).value).toBe("'yes'");
  });
});

describe('the queue', () => {
  test('cells behind an interrupted one are aborted', async () => {
    const running = kernel.execute('console.log("on"); for (;;) {}');
    const queued = [kernel.execute('1'), kernel.execute('2')];
    await kernel.arrived();
    await until(() => running.stdout !== '', 'the loop');
    await kernel.interrupt();
    await running.done;
    for (const cell of queued) expect((await cell.done).status).toBe('aborted');
    expect((await kernel.ok('3')).value).toBe('3');
  });

  test('an interrupt between cells harms nothing', async () => {
    for (let round = 0; round < 5; round++) {
      await kernel.interrupt();
      expect((await kernel.ok('kept.since')).value).toBe("'before the interrupt'");
    }
  });

  test('interrupts in a row, while cells start and end', async () => {
    for (let round = 0; round < 12; round++) {
      const running = kernel.execute(
        round % 2 ? 'await sleep(40)' : 'const end = Date.now() + 40; while (Date.now() < end);',
      );
      await sleep(round * 6);
      await Promise.all([kernel.interrupt(), kernel.interrupt()]);
      await running.done;
      expect(['ok', 'error']).toContain(running.status);
      expect((await kernel.ok(`${round}`)).value).toBe(String(round));
    }
    expect((await kernel.ok('kept.since')).value).toBe("'before the interrupt'");
  });

  test('twenty interrupted loops leave nothing behind', async () => {
    for (let round = 0; round < 20; round++) {
      const running = kernel.execute('console.log("on"); for (;;) {}');
      await until(() => running.stdout !== '', 'the loop');
      await kernel.interrupt();
      expect((await running.done).error?.evalue).toMatch(/interrupt/i);
    }
    const { value } = await kernel.ok(
      'await sleep(10); setTimeout(() => {}, 1); await (async () => { await null; return rounds >= 0 })()',
    );
    expect(value).toBe('true');
  });

  test('SIGINT does the same', async () => {
    const running = kernel.execute('console.log("inside"); for (;;) {}');
    await until(() => running.stdout !== '', 'the cell');
    process.kill(kernel.pid, 'SIGINT');
    expect((await running.done).error?.evalue).toMatch(/interrupt/i);
    expect((await kernel.ok('kept.since')).value).toBe("'before the interrupt'");
  });
});

test('a native call that cannot be stopped is said to be one', async () => {
  const own = await kernelForTest();
  const running = own.execute(
    'import crypto from "node:crypto"; console.log("inside"); crypto.pbkdf2Sync("x", "y", 6_000_000, 64, "sha512"); "through"',
  );
  await until(() => running.stdout !== '', 'the cell');
  await own.interrupt();
  await until(() => running.stderr.includes('native call') || running.idle, 'the hint');
  await running.done;
  expect(running.status).toBe('error');
  expect((await own.ok('1 + 1')).value).toBe('2');
});
