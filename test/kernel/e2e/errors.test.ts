// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the source text of cells
/** What a cell that fails shows. */
import { describe, expect, test } from 'vitest';
import { type Exchange, kernelForFile, kernelForTest, newGate, plainTraceback, until } from '../client.ts';

const kernel = await kernelForFile();

async function fails(source: string): Promise<Exchange> {
  const cell = await kernel.run(source);
  expect(cell.status, `status of ${source}`).toBe('error');
  expect(cell.reply!.content).toMatchObject({
    ename: cell.error!.ename,
    evalue: cell.error!.evalue,
    traceback: cell.error!.traceback,
  });
  return cell;
}

/** Frames without the cell's number. */
const frames = ({ traceback }: Exchange): string[] =>
  traceback
    .split('\n')
    .filter(line => /^ {4}at /.test(line))
    .map(line => line.trim().replace(/Cell\[\d+\]/g, 'Cell'));

describe('tracebacks', () => {
  test('name, message, place and the line as typed', async () => {
    const cell = await fails(
      'const a: number = 1;\n\nfunction boom(x: number): never {\n  throw new RangeError(`bad ${x as number}`);\n}\nboom(a);',
    );
    expect(cell.error).toMatchObject({ ename: 'RangeError', evalue: 'bad 1' });
    expect(cell.traceback).toMatch(/^RangeError: bad 1/);
    expect(cell.traceback).toContain('4 │   throw new RangeError(`bad ${x as number}`);');
    expect(cell.traceback).toMatch(/\n {2}│ {9}\^|\n {2}│ +\^/);
    expect(frames(cell)).toEqual(['at boom (Cell:4:9)', 'at Cell:6:1']);
  });

  test.each([
    ['after an import', 'import os from "node:os";\nimport fs from "node:fs";\n  null.x;', 'at Cell:3:8'],
    [
      'after types',
      'interface A { a: 1 }\ntype B = A;\nenum C { D }\n    (undefined as any).y;',
      'at Cell:4:24',
    ],
    ['on the first line', 'null.x', 'at Cell:1:6'],
    ['behind export', 'export const a = null.x;', 'at Cell:1:23'],
    ['behind const', 'const a = 1, b = null.x;', 'at Cell:1:23'],
    ['behind var', 'var a = 1, b = null.x;', 'at Cell:1:21'],
    ['after await', 'await null;\nawait new Promise(done => setTimeout(done, 5));\n  null.x', 'at Cell:3:8'],
    ['behind an emoji', '"😀😀"; null.x', 'at Cell:1:14'],
    ['after CRLF', 'let a = 1;\r\nlet b = 2;\r\nnull.x', 'at Cell:3:6'],
    [
      'in JSX',
      'const React = { createElement: (f: any) => f() };\nconst F = () => null.x;\n<F/>',
      'at F (Cell:2:22)',
    ],
    [
      'in a class',
      'class A {\n  constructor(private b: any) { this.run() }\n  run() { return this.b.c.d }\n}\nnew A({})',
      'at A.run (Cell:3:27)',
    ],
    ['in a namespace', 'namespace N {\n  export function f() { null.x }\n}\nN.f()', 'at f (Cell:2:30)'],
    ['with using', '{\n  using a = { [Symbol.dispose]() {} };\n  null.x\n}', 'at Cell:3:8'],
    [
      'with a standard decorator',
      'const d = (f: any, c: any) => f;\nclass A { @d m() {} }\nnull.x',
      'at Cell:3:6',
    ],
    ['with an accessor', 'class A { accessor x = 1 }\n\nnull.x', 'at Cell:3:6'],
    ['with a magic above', '%sh true\n\nnull.x', 'at Cell:3:6'],
    ['with a shebang', '#!/usr/bin/env tunelab\nnull.x', 'at Cell:2:6'],
  ])('point at the place %s', async (_where, source, frame) => {
    const cell = await fails(source);
    expect(cell.error!.ename).toBe('TypeError');
    expect(frames(cell)[0]).toBe(frame);
  });

  test('show nothing of the kernel', async () => {
    for (const source of [
      'null.x',
      'await null; null.x',
      'await (async () => { await 1; null.x })()',
      '[1].map(() => null.x)',
      'JSON.parse("{")',
      'require("node:fs").readFileSync("/no/such")',
      'new (class { constructor() { null.x } })()',
      'await new Promise(() => { null.x })',
    ]) {
      const { traceback } = await fails(source);
      expect(traceback, source).not.toMatch(
        /dist\/kernel|kernel\/runtime|__tunelab|tunelab-cell|node:inspector|node:internal/,
      );
    }
  });

  test('name the cells that a call went through', async () => {
    const first = await kernel.ok('function inner() { null.x }');
    const second = await kernel.ok('\nfunction outer() {\n  inner();\n}');
    const { traceback, reply } = await fails('outer()');
    const label = (cell: Exchange) => `Cell[${cell.reply!.content.execution_count}]`;
    expect(traceback).toContain(`at inner (${label(first)}:1:25)`);
    expect(traceback).toContain(`at outer (${label(second)}:3:3)`);
    expect(traceback).toContain(`at Cell[${reply!.content.execution_count}]:1:1`);
  });

  test('a function of a replaced cell still shows its own lines', async () => {
    const options = { storeHistory: false };
    await kernel.ok('let one = () => {\n  null.x }', options);
    await kernel.ok('let two = () => { null.y }', options);
    expect((await fails('one()')).traceback).toContain('2 │   null.x }');
  });

  test('error.stack itself has the typed places', async () => {
    const { stdout } = await kernel.ok(
      'type T = 1;\ntry { null.x } catch (error) { console.log(error.stack) }',
    );
    expect(stdout).toMatch(
      /^TypeError: Cannot read properties of null \(reading 'x'\)\n {4}at Cell\[\d+\]:2:12\n$/,
    );
  });

  test('console.error of an error', async () => {
    const { stderr } = await kernel.ok('\nconsole.error(new Error("logged"))');
    expect(stderr).toMatch(/^Error: logged\n {4}at Cell\[\d+\]:2:15\n$/);
  });

  test('a long stack is cut', async () => {
    const { error, traceback } = await fails('const deep = () => { deep() }; deep()');
    expect(error).toMatchObject({ ename: 'RangeError', evalue: 'Maximum call stack size exceeded' });
    expect(traceback.split('\n').length).toBeLessThan(60);
  });

  test('a line of a million characters is shown around the place', async () => {
    const { traceback } = await fails(`const long = "${'x'.repeat(1e6)}"; null.x`);
    expect(traceback.length).toBeLessThan(3_000);
    expect(traceback).toContain('null.x');
  });
});

describe('what can be thrown', () => {
  test('causes', async () => {
    const { traceback } = await fails(
      'const inner = new TypeError("inner");\nthrow new Error("outer", { cause: new RangeError("middle", { cause: inner }) })',
    );
    expect(traceback).toMatch(/^Error: outer/);
    expect(traceback).toContain('Caused by RangeError: middle');
    expect(traceback).toContain('Caused by TypeError: inner');
    expect(traceback.indexOf('middle')).toBeLessThan(traceback.indexOf('TypeError: inner'));
    expect(traceback).toContain('1 │ const inner');
  });

  test('a cause that is no error, and one that goes in a circle', async () => {
    expect((await fails('throw new Error("a", { cause: { code: 7 } })')).traceback).toContain(
      'Caused by { code: 7 }',
    );
    expect((await fails('const e = new Error("round"); e.cause = e; throw e')).traceback).toContain(
      '[circular]',
    );
    expect((await fails('throw new Error("a", { cause: null })')).traceback).toContain('Caused by null');
  });

  test('aggregate errors', async () => {
    const { error, traceback } = await fails(
      'await Promise.any([Promise.reject(new Error("one")), Promise.reject(new TypeError("two"))])',
    );
    expect(error!.ename).toBe('AggregateError');
    expect(traceback).toContain('[0] Error: one');
    expect(traceback).toContain('[1] TypeError: two');
  });

  test.each([
    ['throw 42', '42'],
    ['throw "text"', "'text'"],
    ['throw null', 'null'],
    ['throw undefined', 'undefined'],
    ['throw 10n', '10n'],
    ['throw Symbol("s")', 'Symbol(s)'],
    ['throw { a: 1 }', '{ a: 1 }'],
    ['throw () => 1', '[Function (anonymous)]'],
    ['throw NaN', 'NaN'],
    ['await Promise.reject(3)', '3'],
    ['await Promise.reject()', 'undefined'],
  ])('%s', async (source, shown) => {
    const { error } = await fails(source);
    expect(error).toMatchObject({ evalue: shown });
    expect(error!.ename).not.toBe('');
    expect(error!.traceback!.join('')).toContain(shown);
  });

  test('own fields of an error', async () => {
    expect(
      (await fails('throw Object.assign(new Error("e"), { status: 404, body: { a: 1 } })')).traceback,
    ).toMatch(/status: 404\n.*body: \{ a: 1 \}/);
  });

  test.each([
    [
      'a subclass',
      'class HttpError extends Error { override name = "HttpError" } throw new HttpError("gone")',
      'HttpError',
      'gone',
    ],
    ['no message', 'throw new Error()', 'Error', ''],
    ['a DOMException', 'throw new DOMException("aborted", "AbortError")', 'AbortError', 'aborted'],
    [
      'an error of another realm',
      'import vm from "node:vm"; vm.runInNewContext("throw new TypeError(\'other\')")',
      'TypeError',
      'other',
    ],
    ['an assertion', 'import assert from "node:assert/strict"; assert.equal(1, 2)', 'AssertionError', ''],
    ['a system error', 'import fs from "node:fs"; fs.readFileSync("/no/such")', 'Error', 'ENOENT'],
    ['JSON', 'JSON.parse("{oops")', 'SyntaxError', 'JSON'],
    ['eval', 'eval("1 +")', 'SyntaxError', 'Unexpected end of input'],
    ['a message of several lines', 'throw new Error("one\\ntwo")', 'Error', 'one\ntwo'],
  ])('%s', async (_name, source, ename, part) => {
    const { error, traceback } = await fails(source);
    expect(error!.ename).toBe(ename);
    expect(error!.evalue).toContain(part);
    expect(traceback).toContain(ename);
    expect(traceback).not.toContain('dist/kernel');
  });

  test.each([
    [
      'a throwing message',
      'throw Object.defineProperty(new Error(), "message", { get() { throw new Error("getter") } })',
    ],
    [
      'a throwing stack',
      'throw Object.defineProperty(new Error("x"), "stack", { get() { throw new Error("getter") } })',
    ],
    [
      'a throwing name',
      'throw Object.defineProperty(new Error("x"), "name", { get() { throw new Error("getter") } })',
    ],
    ['a name that is a symbol', 'throw Object.assign(new Error("x"), { name: Symbol("n") })'],
    ['a message that is an object', 'throw Object.assign(new Error("x"), { message: { a: 1 } })'],
    ['a proxy', 'throw new Proxy({}, { get() { throw new Error("trap") } })'],
    ['a proxy of an error', 'throw new Proxy(new Error("x"), { get() { throw new Error("trap") } })'],
    ['a looping getter', 'throw { ok: 1, get bad() { for (;;); } }'],
    ['a stack that is no text', 'throw Object.assign(new Error("x"), { stack: 5 })'],
    ['a thenable', 'throw { then() { throw 1 } }'],
    ['an error without a prototype', 'throw Object.setPrototypeOf(new Error("x"), null)'],
    [
      'a prepareStackTrace that throws',
      'const before = Error.prepareStackTrace; Error.prepareStackTrace = () => { throw new Error("prepare") }; setTimeout(() => { Error.prepareStackTrace = before }); throw new Error("x")',
    ],
    [
      'endless causes',
      'const e = new Error("x"); Object.defineProperty(e, "cause", { get() { const n = new Error("next"); Object.defineProperty(n, "cause", Object.getOwnPropertyDescriptor(e, "cause")!); return n } }); throw e',
    ],
    [
      'a million causes',
      'let e = new Error("0"); for (let i = 0; i < 20_000; i++) e = new Error(String(i), { cause: e }); throw e',
    ],
    ['a message of 10 MB', 'throw new Error("x".repeat(1e7))'],
  ])('%s is shown somehow', async (_name, source) => {
    const { error } = await fails(source);
    expect(error!.ename).toBeTypeOf('string');
    expect(error!.evalue).toBeTypeOf('string');
    expect((await kernel.ok('1')).value).toBe('1');
  });
});

test('an error whose every sight throws still ends its cell', async () => {
  const own = await kernelForTest();
  const cell = await own.run(
    'throw Object.defineProperty(new Error("x"), "message", { get() { throw { toString() { throw 1 } } } })',
  );
  expect(cell.status).toBe('error');
  expect((await own.ok('1')).value).toBe('1');
});

describe('syntax errors', () => {
  test('say what and where, with a code frame', async () => {
    const { error, traceback, messages } = await fails('const a = 1;\nconst b = ;\nconst c = 2;');
    expect(error!.ename).toBe('SyntaxError');
    expect(traceback).toMatch(/Cell\[\d+\]:2:11/);
    expect(traceback).toContain('1 │ const a = 1;');
    expect(traceback).toContain('2 │ const b = ;');
    expect(traceback).toMatch(/\n {2}│ {11}\^|\n {2}│ {10}\^/);
    expect(traceback).not.toContain('    at ');
    expect(messages.filter(({ type }) => type === 'error').length).toBe(1);
  });

  test('run nothing of the cell', async () => {
    const { stdout } = await fails('console.log("ran");\nlet x = = 1');
    expect(stdout).toBe('');
  });

  test('several problems are all named', async () => {
    const { traceback } = await fails('let same = 1;\nlet same = 2;\nlet other = 1;\nlet other = 2;');
    expect(traceback).toContain('same');
    expect(traceback).toContain('other');
    expect(traceback).toMatch(/:2:5/);
    expect(traceback).toMatch(/:4:5/);
  });

  test.each([
    ['an unfinished block', 'function f() {', /1:1[45]/],
    ['an unfinished template', 'let t = `abc', /1:/],
    ['a stray bracket', 'let a = 1;\n}\n', /2:1/],
    ['a duplicate declaration', 'const d = 1; const d = 2', /1:20/],
    ['await in a plain function', 'function f() {\n  await 1\n}', /2:3/],
    ['return outside a function', 'return 1', /1:1/],
    ['break outside a loop', 'break', /1:1/],
    ['a private name without a class', 'a.#b', /1:/],
    ['a bad regular expression', 'const r = /(/', /1:1[12]/],
    ['a legacy octal', 'let o = 010', /1:9/],
    ['delete of a name', 'let del = 1; delete del', /1:/],
    ['new.target outside', 'new.target', /1:1/],
    ['a bad assignment target', 'f() = 1', /1:1/],
    ['an emoji before it', '"😀"; let = ;', /1:13/],
    ['a reserved word', 'let class = 1', /1:5/],
    ['super outside', 'super.x()', /1:1/],
    ['yield outside', 'function f() { yield 1 }', /1:/],
    ['mixed ?? and ||', 'null ?? 1 || 2', /1:/],
    ['a label used twice', 'a: a: 1', /1:/],
    ['an undefined label', 'for (;;) break nowhere', /1:/],
  ])('%s', async (_name, source, place) => {
    const { error, traceback } = await fails(source);
    expect(error!.ename).toBe('SyntaxError');
    expect(traceback).toMatch(new RegExp(`Cell\\[\\d+\\]:${place.source}`));
    expect(traceback).not.toMatch(/__tunelab|use strict|tunelab-cell/);
  });

  test('show the magic lines as typed', async () => {
    const { traceback } = await fails('%sh echo hi\nlet bad = ;');
    expect(traceback).toContain('1 │ %sh echo hi');
    expect(traceback).not.toContain('__tunelab');
  });
});

describe('errors outside the cell’s own run', () => {
  test('an unhandled rejection is shown under its cell', async () => {
    const cell = await kernel.ok('Promise.reject(new Error("nobody"));\n1');
    await until(() => [...cell.messages, ...cell.late].some(({ type }) => type === 'error'), 'the error');
    const error = [...cell.messages, ...cell.late].find(({ type }) => type === 'error')!.content;
    expect(error).toMatchObject({ ename: 'Error', evalue: 'nobody' });
    expect(plainTraceback(error)).toMatch(/Cell\[\d+\]:1:16/);
    expect(cell.value).toBe('1');
  });

  test('a rejection that is handled later in the cell is no error', async () => {
    const cell = await kernel.ok(
      'const p = Promise.reject(new Error("held")); await null; p.catch(() => {}); 1',
    );
    await kernel.ok('await new Promise(done => setTimeout(done, 20))');
    expect([...cell.messages, ...cell.late].filter(({ type }) => type === 'error')).toEqual([]);
  });

  test('a throw in a timer is shown under its cell while another runs', async () => {
    const gate = newGate(kernel);
    const cell = await kernel.ok(
      'let started = false;\nconst timer = setInterval(() => { if (started) { clearInterval(timer); throw new RangeError("in timer") } }, 5)',
    );
    const running = kernel.execute(`started = true; ${gate.wait} "other"`);
    await until(() => cell.late.length > 0, 'the error');
    gate.open();
    const other = await running.done;
    expect(cell.late.map(({ type, content }) => [type, content.ename, content.evalue])).toEqual([
      ['error', 'RangeError', 'in timer'],
    ]);
    expect(plainTraceback(cell.late[0]!.content)).toMatch(/Cell\[\d+\]:2:78/);
    expect(other.value).toBe("'other'");
    expect(other.of('error')).toEqual([]);
  });

  test.each([
    ['setImmediate', 'setImmediate(() => { throw new Error("late throw") })'],
    [
      'setInterval',
      'const timer = setInterval(() => { clearInterval(timer); throw new Error("late throw") }, 5)',
    ],
    ['queueMicrotask', 'queueMicrotask(() => { throw new Error("late throw") })'],
    ['nextTick', 'process.nextTick(() => { throw new Error("late throw") })'],
    [
      'an event emitter',
      'import { EventEmitter } from "node:events"; setTimeout(() => new EventEmitter().emit("error", new Error("late throw")), 5)',
    ],
    ['a stream', 'import { createReadStream } from "node:fs"; createReadStream("/no/such/file/late throw")'],
    [
      'an async function in a timer',
      'setTimeout(async () => { await null; throw new Error("late throw") }, 5)',
    ],
    ['a non-error in a timer', 'setTimeout(() => { throw "late throw" }, 5)'],
    ['a rejection without a reason that is an error', 'Promise.reject("late throw")'],
    [
      'a file callback',
      'import fs from "node:fs"; fs.readFile("/dev/null", () => { throw new Error("late throw") })',
    ],
  ])('from %s, and the kernel goes on', async (_name, source) => {
    const cell = await kernel.ok(source);
    const shown = () => [...cell.messages, ...cell.late].filter(({ type }) => type === 'error');
    await until(() => shown().length > 0, 'the error');
    expect(shown()[0]!.content.evalue).toContain('late throw');
    expect(shown().length).toBe(1);
    expect((await kernel.ok('6 * 7')).value).toBe('42');
  });

  test('an event target’s listener', async () => {
    const cell = await kernel.ok(
      'const target = new EventTarget(); target.addEventListener("x", () => { throw new Error("listener") }); target.dispatchEvent(new Event("x")); 1',
    );
    await until(
      () => [...cell.messages, ...cell.late].some(({ content }) => content.evalue === 'listener'),
      'the error',
    );
    expect((await kernel.ok('1')).value).toBe('1');
  });

  test('a user’s own handlers do not silence the kernel', async () => {
    await kernel.ok('process.on("uncaughtException", error => console.log("mine: " + error.message))');
    const cell = await kernel.ok(
      'setTimeout(() => { throw new Error("both") }, 5); await new Promise(done => setTimeout(done, 60))',
    );
    expect(cell.stdout).toBe('mine: both\n');
    expect(
      (
        await kernel.ok(
          'process.removeAllListeners("uncaughtException"); process.removeAllListeners("unhandledRejection"); 1',
        )
      ).value,
    ).toBe('1');
  });
});
