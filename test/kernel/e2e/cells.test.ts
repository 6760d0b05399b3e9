/** What a cell can say, and what stays of it for the next ones. */
import { describe, expect, test } from 'vitest';
import { kernelForFile } from '../client.ts';

const kernel = await kernelForFile();

/** Runs cells in order; all must succeed. @returns the last one's value */
async function cells(...sources: string[]): Promise<unknown> {
  let value: unknown;
  for (const source of sources) value = (await kernel.ok(source)).value;
  return value;
}

describe('values', () => {
  test.each([
    ['1 + 1', '2'],
    ['null', 'null'],
    ['10n ** 30n', '1000000000000000000000000000000n'],
    ['-0', '-0'],
    ['NaN', 'NaN'],
    ["'text'", "'text'"],
    ['[1, 2]', '[ 1, 2 ]'],
    ['({ a: 1 })', '{ a: 1 }'],
    ['Symbol("s")', 'Symbol(s)'],
    ['new Map([[1, 2]])', 'Map(1) { 1 => 2 }'],
    ['await Promise.resolve(7)', '7'],
    ['5;', '5'],
    ['6 // a comment', '6'],
    ['7\n/* a comment */\n', '7'],
    ['8;;', '8'],
    ['true ? 1 : 2', '1'],
    ['let assigned; assigned = 9', '9'],
    ['if (true) { 11 }', '11'],
    ['try { 12 } catch {}', '12'],
  ])('%s shows %s', async (source, shown) => {
    expect(await cells(source)).toBe(shown);
  });

  test.each([
    'undefined',
    'void 0',
    'let quiet1 = 1',
    'const quiet2 = 1',
    'var quiet3 = 1',
    'function quiet4() {}',
    'class Quiet5 {}',
    'enum Quiet6 { A }',
    'interface Quiet7 {}',
    'type Quiet8 = number',
    'namespace Quiet9 { export const a = 1 }',
    'import quiet10 from "node:os"',
    'export const quiet11 = 1',
    'for (const quiet12 of [1, 2]) quiet12',
    'await Promise.resolve()',
    '// only a comment',
    '',
    '   \n\n',
  ])('%j shows nothing', async source => {
    const { messages } = await kernel.ok(source);
    expect(messages.map(({ type }) => type)).toEqual(['status', 'execute_input', 'status']);
  });

  test('an object at the start of a cell is a block, as in every JavaScript', async () => {
    expect(await cells('{ 1 }')).toBe('1');
  });
});

describe('declarations stay, and can be made again as anything else', () => {
  const kinds = {
    let: 'let again = 1',
    const: 'const again = 1',
    var: 'var again = 1',
    function: 'function again() {}',
    'async function': 'async function again() {}',
    generator: 'function* again() {}',
    class: 'class again {}',
    'abstract class': 'abstract class again { abstract x(): void }',
    enum: 'enum again { A }',
    'const enum': 'const enum again { A }',
    namespace: 'namespace again { export const a = 1 }',
    'export const': 'export const again = 1',
    import: "import again from 'node:os'",
    'import namespace': "import * as again from 'node:os'",
    'import equals': "import again = require('node:os')",
    pattern: 'const { again } = { again: 1 }',
    'array pattern': 'let [again] = [1]',
    'rest pattern': 'const { ...again } = { a: 1 }',
  };
  // After every kind, every other kind: a walk through all ordered pairs would run 324 cells.
  test.each(Object.entries(kinds))('after %s', async (_name, first) => {
    for (const second of Object.values(kinds)) {
      const both = await kernel.run(`${first}; 0`);
      expect(both.status, `${first}\n${both.traceback}`).toBe('ok');
      const then = await kernel.run(`${second}; 0`);
      expect(then.status, `${first} and then ${second}\n${then.traceback}`).toBe('ok');
    }
  });

  test('the last declaration counts', async () => {
    expect(await cells('let counted = 1', 'const counted = 2', 'counted')).toBe('2');
    expect(await cells('function counted() { return 3 }', 'counted()')).toBe('3');
    expect(await cells('class counted { four = 4 }', 'new counted().four')).toBe('4');
    expect(await cells('var counted = 5', 'counted')).toBe('5');
    expect(await cells('enum counted { Six = 6 }', 'counted.Six')).toBe('6');
  });

  test('functions of earlier cells see the new value', async () => {
    const value = await cells('let seen = 1; const look = () => seen', 'let seen = 2', 'look()');
    expect(value).toBe('2');
  });

  test('a function that calls itself is replaced as a whole', async () => {
    await cells('function down(n: number): string { return n ? down(n - 1) : "end" }', 'down(3)');
    expect(await cells('down(3)')).toBe("'end'");
  });

  test('var without a value keeps the earlier one, as in a script', async () => {
    expect(await cells('var kept = 1', 'var kept; kept')).toBe('1');
  });

  test('let without a value starts again', async () => {
    expect(await cells('let fresh = 1', 'let fresh; String(fresh)')).toBe("'undefined'");
  });

  test('a cell that runs twice gives the same', async () => {
    const source =
      'const twice = [1]; twice.push(2); enum Two { A, B }; function f() { return twice.length + Two.B } f()';
    expect(await cells(source)).toBe('3');
    expect(await cells(source)).toBe('3');
  });

  test('var inside a block and a loop reaches later cells', async () => {
    await cells('{ var inBlock = 1 } for (var inLoop = 0; inLoop < 3; inLoop++) {} for (var inOf of [7]) {}');
    expect(await cells('[inBlock, inLoop, inOf]')).toBe('[ 1, 3, 7 ]');
  });

  test('let inside a block does not', async () => {
    await kernel.ok('{ let hidden = 1 }');
    expect((await kernel.run('hidden')).error?.evalue).toBe('hidden is not defined');
  });

  test('a failed initializer leaves the name usable', async () => {
    expect((await kernel.run('const broken = (() => { throw new Error("no") })()')).status).toBe('error');
    expect(await cells('const broken = 1; broken')).toBe('1');
  });

  test('a declaration that shadows a global', async () => {
    expect(await cells('const name = "n", URL = 1, process2 = process.pid > 0; [name, URL, process2]')).toBe(
      "[ 'n', 1, true ]",
    );
    await cells('const URL = globalThis.URL');
  });

  test('functions are hoisted, within the cell and above its imports’ uses', async () => {
    expect(
      await cells("early(); import path from 'node:path'; function early() { return path.sep } early()"),
    ).toBe("'/'");
  });
});

describe('constants', () => {
  test.each([
    ['in the same cell', ['const fixed1 = 1; fixed1 = 2']],
    ['in a later cell', ['const fixed2 = 1', 'fixed2 = 2']],
    ['with ++', ['const fixed3 = 1', 'fixed3++']],
    ['with +=', ['const fixed4 = 1', 'fixed4 += 1']],
    ['in a pattern', ['const fixed5 = 1', '[fixed5] = [2]']],
    ['in a function', ['const fixed6 = 1', 'function change() { fixed6 = 2 } change()']],
    ['in a for-of head', ['const fixed7 = 1', 'for (fixed7 of [1, 2]) {}']],
  ])('cannot be assigned to %s', async (_where, [...sources]) => {
    const last = sources.pop()!;
    await cells(...sources);
    const { error } = await kernel.run(last);
    expect(error).toMatchObject({
      ename: 'TypeError',
      evalue: expect.stringContaining('Assignment to constant'),
    });
  });

  test('keep their value', async () => {
    await cells('const steady = 1');
    await kernel.run('steady = 2');
    expect(await cells('steady')).toBe('1');
  });

  test('a name bound further in may be assigned to', async () => {
    const source = `const outer = 1;
      function f(outer: number) { outer = 2; return outer }
      const g = () => { let outer = 3; outer++; return outer };
      [f(0), g(), outer]`;
    expect(await cells(source)).toBe('[ 2, 4, 1 ]');
  });

  test('the traceback shows the line that assigns', async () => {
    const { traceback } = await kernel.run('const fixed = 1;\nlet other = 2;\n  fixed = other;');
    expect(traceback).toMatch(/Cell\[\d+\]:3:3$/m);
  });

  test('a property of a constant may be assigned to', async () => {
    expect(await cells('const box = { a: 1 }', 'box.a = 2; box')).toBe('{ a: 2 }');
  });

  test('become variables when declared with let', async () => {
    expect(await cells('const loose = 1', 'let loose = 2', 'loose = 3; loose')).toBe('3');
  });
});

describe('TypeScript', () => {
  test.each([
    ['types are erased', 'const n: number = 1 as unknown as number satisfies number; n!', '1'],
    ['a cast in angle brackets', '(<any>{ a: 1 }).a', '1'],
    ['generics', 'const id = <T,>(x: T): T => x; id<number>(3)', '3'],
    ['enum', 'enum Color { Red, Green = "g" } [Color.Red, Color.Green, Color[0]]', "[ 0, 'g', 'Red' ]"],
    [
      'namespace',
      'namespace N { export const a = 1; export namespace M { export const b = 2 } } N.a + N.M.b',
      '3',
    ],
    ['namespace with let', 'namespace L { export let a = 1; export function up() { a++ } } L.up(); L.a', '2'],
    [
      'parameter properties',
      'class P { constructor(readonly a: number, private b = 2) {} sum() { return this.a + this.b } } new P(1).sum()',
      '3',
    ],
    [
      'abstract, implements, override',
      'abstract class A { abstract x(): number } class B extends A { override x() { return 1 } } new B().x()',
      '1',
    ],
    [
      'overloads',
      'function o(a: string): void; function o(a: number): void; function o(a: unknown) { return a } o(1)',
      '1',
    ],
    ['declare', 'declare const nowhere: number; 1', '1'],
    ['optional chaining and ??', 'const v: any = null; v?.a ?? 4', '4'],
    [
      'private fields',
      'class Q { #a = 1; get a() { return this.#a } static has(x: object) { return #a in x } } [new Q().a, Q.has(new Q())]',
      '[ 1, true ]',
    ],
    ['accessor', 'class Acc { accessor a = 5 } new Acc().a', '5'],
    [
      'using',
      'const log: string[] = []; { using r = { [Symbol.dispose]() { log.push("gone") } }; log.push("used") } log',
      "[ 'used', 'gone' ]",
    ],
    [
      'await using',
      'const log: string[] = []; { await using r = { async [Symbol.asyncDispose]() { log.push("gone") } }; log.push("used") } log',
      "[ 'used', 'gone' ]",
    ],
    [
      'top-level await in for',
      'let sum = 0; for await (const x of [Promise.resolve(1), 2]) sum += x; sum',
      '3',
    ],
    ['generators', 'function* g() { yield* [1, 2] } [...g()]', '[ 1, 2 ]'],
    ['label', 'outer: for (;;) { for (;;) break outer } 1', '1'],
    ['regular expression with v', '/[\\p{L}--[a-z]]/v.test("A")', 'true'],
    ['a shebang line', '#!/usr/bin/env node\n21 * 2', '42'],
    ['import = require', 'import os = require("node:os"); typeof os.EOL', "'string'"],
    ['definite assignment', 'let later!: number; later = 3; later', '3'],
    ['type-only import', 'import type { Stats } from "node:fs"; 1', '1'],
    ['unicode names', 'const été = 1, 変数 = 2; été + 変数', '3'],
    ['strict mode', '(function () { return this === undefined })()', 'true'],
    ['this of the cell', 'typeof this', "'object'"],
  ])('%s', async (_name, source, shown) => {
    expect(await cells(source)).toBe(shown);
  });

  test('JSX calls React.createElement', async () => {
    const react = 'const React = { createElement: (...all: unknown[]) => JSON.stringify(all) };';
    expect(await cells(`${react} <p id="x">hi {1 + 1}</p>`)).toBe(`'["p",{"id":"x"},"hi ",2]'`);
  });

  test('standard decorators', async () => {
    const source = `
      const twice = (f: (n: number) => number, context: ClassMethodDecoratorContext) =>
        function (this: unknown, n: number) { return [context.kind, f.call(this, n) * 2] };
      class Decorated { @twice double(n: number): any { return n } }
      new Decorated().double(2)`;
    expect(await cells(source)).toBe("[ 'method', 4 ]");
  });

  test('legacy decorators after %decorators legacy', async () => {
    await cells('%decorators legacy');
    const source = `
      const seen: unknown[] = [];
      const mark = (target: object, key: string) => { seen.push(typeof target, key) };
      class Legacy { @mark field = 1; @mark method() {} }
      seen`;
    expect(await cells(source)).toBe("[ 'object', 'field', 'object', 'method' ]");
    await cells('%decorators standard');
  });

  test('using at the top of a cell disposes at its end', async () => {
    await cells('const events: string[] = []');
    await cells('using top = { [Symbol.dispose]() { events.push("disposed") } }; events.push("in the cell")');
    expect(await cells('events')).toBe("[ 'in the cell', 'disposed' ]");
  });

  test('the REPL’s own names are not taken', async () => {
    expect(
      await cells('const $0 = 1, $_ = 2, _ = 3, exports = 4, module = 5; [$0, $_, _, exports, module]'),
    ).toBe('[ 1, 2, 3, 4, 5 ]');
  });
});

describe('speed that users notice', () => {
  test('a hot loop at the top level is not slow', async () => {
    // Processor time, which other programs do not change.
    const timed = (loop: string): string =>
      `var before = process.cpuUsage().user; ${loop}; times.push(process.cpuUsage().user - before); total`;
    const loop = 'total = 0; for (let i = 0; i < 1e8; i++) total += i';
    await cells('let total = 0; var times: number[] = []');
    for (let round = 0; round < 3; round++) expect(await cells(timed(loop))).toBe('4999999950000000');
    await cells('const atTop = Math.min(...times); times = []');
    const inFunction = `(() => { let total = 0; for (let i = 0; i < 1e8; i++) total += i; return total })()`;
    for (let round = 0; round < 3; round++) await cells(timed(`total = ${inFunction}`));
    // Where a cell's names are looked up in an object, it takes two hundred times as long.
    expect(Number(await cells('atTop / Math.min(...times)'))).toBeLessThan(20);
  });
});
