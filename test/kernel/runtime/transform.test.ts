// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the source text of cells
/** Rewritten cells are run as the kernel runs them: what they mean is tested, not how they look. */
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { Evaluator } from '../../../kernel/runtime/evaluator.ts';
import { type CellScript, CellSyntaxError, transformCell } from '../../../kernel/runtime/transform.ts';

const evaluator = new Evaluator();

/** What the runtime was asked for. */
let imported: unknown[][] = [];
const fakeModule = { default: 'the default', named: 'named', 'quoted name': 'quoted', other: 'other' };
Object.defineProperty(globalThis, '__tunelab__', {
  configurable: true,
  value: {
    import: async (...all: unknown[]) => {
      imported.push(all);
      return fakeModule;
    },
    resume: <T>(value: T): T => value,
    meta: { url: 'file:///cell.ts' },
    Deno: { jupyter: 'fake jupyter' },
    assignToConstant: (name: string) => {
      throw new TypeError(`Assignment to constant variable '${name}'`);
    },
  },
});
Object.defineProperty(globalThis, 'require', {
  configurable: true,
  value: (name: string) => `required ${name}`,
});

const load = createRequire(import.meta.url);
Object.defineProperty(globalThis, 'babelHelpers', {
  configurable: true,
  value: new Proxy(
    {},
    { get: (_target, name) => load(`@oxc-project/runtime/helpers/${String(name)}`) as unknown },
  ),
});

const constants = new Set<string>();
const names = new Set<string>();

function rewrite(source: string, options: { decorators?: 'standard' | 'legacy' } = {}): CellScript {
  return transformCell(source, {
    label: 'Cell[1]',
    decorators: options.decorators ?? 'standard',
    earlier: { names, constants },
  });
}

/** Runs cells in order. @returns the last one's value; a thrown value is thrown */
async function run(...sources: string[]): Promise<unknown> {
  let value: unknown;
  for (const source of sources) {
    const script = rewrite(source);
    for (const name of script.declared) {
      names.add(name);
      constants.delete(name);
    }
    for (const name of script.constants) constants.add(name);
    const outcome = await evaluator.evaluate(script.code);
    if ('thrown' in outcome) throw outcome.thrown;
    if ('terminated' in outcome) throw new Error('terminated');
    value = script.showsValue ? outcome.value : undefined;
  }
  return value;
}

describe('imports', () => {
  test.each([
    ['import d from "m"; d', 'the default', ['default']],
    ['import { named } from "m"; named', 'named', ['named']],
    ['import { named as renamed } from "m"; renamed', 'named', ['named']],
    ['import { default as d2 } from "m"; d2', 'the default', ['default']],
    ['import { "quoted name" as q } from "m"; q', 'quoted', ['quoted name']],
    ['import d3, { named as n3 } from "m"; [d3, n3]', ['the default', 'named'], ['default', 'named']],
    ['import * as ns from "m"; ns.other', 'other', []],
    ['import d4, * as ns4 from "m"; [d4, ns4.other]', ['the default', 'other'], ['default']],
    ['import "m"; 1', 1, []],
    ['import {} from "m"; 1', 1, []],
    ['import type { T } from "m"; 1', 1, undefined],
    ['import { type T2, named as n5 } from "m"; n5', 'named', ['named']],
    ['import { unused } from "m"; 1', 1, []],
    ['export { named } from "m"; 1', 1, []],
    ['export * from "m"; 1', 1, []],
    ['export * as all from "m"; 1', 1, []],
    ['(await import("m")).named', 'named', undefined],
    ['const f6 = () => import("m"); (await f6()).named', 'named', undefined],
  ])('%s', async (source, value, names) => {
    imported = [];
    expect(await run(source)).toEqual(value);
    if (source.includes('type { T }')) expect(imported).toEqual([]);
    else expect(imported[0]![0]).toBe('m');
    if (names && imported.length) expect(imported[0]![2] ?? []).toEqual(names);
  });

  test('attributes go along', async () => {
    imported = [];
    await run('import j from "./j.json" with { type: "json" }; j');
    expect(imported[0]!.slice(0, 2)).toEqual(['./j.json', { with: { type: 'json' } }]);
    imported = [];
    await run('await import("./j.json", { with: { type: "json" } })');
    expect(imported[0]!.slice(0, 2)).toEqual(['./j.json', { with: { type: 'json' } }]);
  });

  test('run before the statements above them', async () => {
    expect(await run('const early = typeof late; import { named as late } from "m"; early')).toBe('string');
  });

  test('bind again in a later cell', async () => {
    await run('import { named as rebound } from "m"');
    expect(await run('import { other as rebound } from "m"; rebound')).toBe('other');
  });

  test('import = require', async () => {
    expect(await run('import lib = require("lib"); lib')).toBe('required lib');
    expect(await run('export import lib2 = require("lib2"); lib2')).toBe('required lib2');
  });

  test('import.meta', async () => {
    expect(await run('import.meta.url')).toBe('file:///cell.ts');
  });
});

describe('exports', () => {
  test.each([
    ['export const e1 = 1; e1', 1],
    ['export let e2 = 2, e3 = 3; [e2, e3]', [2, 3]],
    ['export function e4() { return 4 } e4()', 4],
    ['export async function e5() { return 5 } await e5()', 5],
    ['export class E6 { six = 6 } new E6().six', 6],
    ['export enum E7 { Seven = 7 } E7.Seven', 7],
    ['export namespace E8 { export const eight = 8 } E8.eight', 8],
    ['export type E9 = 1; 9', 9],
    ['export interface E10 {} 10', 10],
    ['const e11 = 11; export { e11 }; e11', 11],
    ['const e12 = 12; export { e12 as renamed }; e12', 12],
    ['export default 13', 13],
    ['export default { a: 14 }', { a: 14 }],
    ['export default function e15() { return 15 } e15()', 15],
    ['export default class E16 { a = 16 } new E16().a', 16],
    ['export default (() => 17)()', 17],
    ['export const { e18, ...e19 } = { e18: 18, a: 19 }; [e18, e19]', [18, { a: 19 }]],
    ['export abstract class E20 {} typeof E20', 'function'],
    ['export declare const e21: number; 21', 21],
    ['export {}; 22', 22],
    ['23; export {}', 23],
  ])('%s', async (source, value) => {
    expect(await run(source)).toEqual(value);
  });

  test('a default function and class without a name', async () => {
    expect(await run('export default function () { return 1 }')).toBeTypeOf('function');
    expect(await run('export default class { }')).toBeTypeOf('function');
  });
});

describe('declarations can be made again', () => {
  const kinds = [
    'let x = 1',
    'const x = 1',
    'var x = 1',
    'function x() {}',
    'class x {}',
    'enum x { A }',
    'namespace x { export const a = 1 }',
    'const [x] = [1]',
    'import x from "m"',
    'export default function x() {}',
    'for (var x of [1]) {}',
  ];
  test.each(kinds)('%s', async first => {
    for (const second of kinds) {
      const failure = await run(first, second, 'x').then(() => undefined, String);
      expect(failure, `${first}, then ${second}`).toBeUndefined();
    }
  });

  test('var', async () => {
    expect(await run('var v1 = 1, v2; [v1, v2]')).toEqual([1, undefined]);
    expect(await run('if (true) { var v3 = 3 } v3')).toBe(3);
    expect(await run('for (var v4 = 0, v5 = 5; v4 < 3; v4++); [v4, v5]')).toEqual([3, 5]);
    expect(await run('for (var v6 in { key: 1 }); v6')).toBe('key');
    expect(await run('try { throw 7 } catch (e) { var v7 = e } v7')).toBe(7);
    expect(await run('var { v8, a: [v9] } = { v8: 8, a: [9] }; [v8, v9]')).toEqual([8, 9]);
    expect(await run('v10 = 10; var v10; v10')).toBe(10);
    expect(await run('label: { var v11 = 11; break label } v11')).toBe(11);
    expect(await run('switch (1) { case 1: var v12 = 12 } v12')).toBe(12);
    expect(await run('function inner() { var v13 = 13; return v13 } [inner(), typeof v13]')).toEqual([
      13,
      'undefined',
    ]);
    expect(await run('var v14 = 1\nvar v15 = 2\n;[v14, v15]')).toEqual([1, 2]);
    expect(await run('for (var v16 = 0; v16 < 2; v16++) { var v17 = v16 } [v16, v17]')).toEqual([2, 1]);
    expect(await run('for await (var v18 of [Promise.resolve(18)]); v18')).toBe(18);
    expect(await run('while (true) { var v19 = 19; break } v19')).toBe(19);
    expect(await run('if (true) var v20 = 20; else var v21 = 21; [v20, v21]')).toEqual([20, undefined]);
    expect(await run('class Static { static { var v22 = 22 } } typeof v22')).toBe('undefined');
  });

  test('functions', async () => {
    expect(await run('const r = hoisted(); function hoisted() { return 1 } r')).toBe(1);
    expect(await run('function fact(n) { return n < 2 ? 1 : n * fact(n - 1) } fact(5)')).toBe(120);
    expect(await run('function named1() {} named1.name')).toBe('named1');
    expect(await run('function* gen() { yield 1 } [...gen()]')).toEqual([1]);
    expect(await run('async function af() { return 1 } await af()')).toBe(1);
    expect(await run('function props() {} props.a = 1; props.a')).toBe(1);
    expect(await run('a1(); function a1() { return b1() } function b1() { return 1 } a1()')).toBe(1);
    expect(await run('function self() { return self } self() === self')).toBe(true);
    expect(await run('function over(a: string): void; function over(a: any) { return a } over(1)')).toBe(1);
    expect(await run('{ function inBlock() { return 1 } } 2')).toBe(2);
    expect(await run('function withThis() { return this } withThis()')).toBe(undefined);
    expect(await run('new (function Made() { this.a = 1 } as any)().a')).toBe(1);
  });

  test('the cell’s names are reported', () => {
    const script = rewrite(
      'let a = 1; const b = 2, { c, d: [e] } = x; var f; function g() {} class H {} enum I {} import j, { k as l } from "m"; namespace N { export const q = 1 } { let no1 = 1; var yes = 1 } type T = 1; interface U {}',
    );
    expect([...script.declared].sort()).toEqual([
      'H',
      'I',
      'N',
      'a',
      'b',
      'c',
      'e',
      'f',
      'g',
      'j',
      'l',
      'yes',
    ]);
    expect([...script.constants].sort()).toEqual(['b', 'c', 'e']);
  });
});

describe('constants', () => {
  test.each([
    'k = 2',
    'k++',
    '--k',
    'k += 1',
    'k ??= 1',
    '[k] = [2]',
    '({ k } = { k: 2 })',
    '({ a: k } = { a: 2 })',
    '[...k] = [2]',
    '({ a: [k = 3] } = { a: [] })',
    'const f = () => { k = 2 }; f()',
    'for (k of [1]) {}',
    'for (k in { a: 1 }) {}',
    'for ([k] of [[1]]) {}',
    'if (true) { k = 3 }',
    '(k) = 2',
    'k &&= 2',
    'await (async () => { k = 1 })()',
  ])('%s is refused', async source => {
    await run('const k = 1');
    await expect(run(source)).rejects.toThrow(/constant/);
    await expect(run(`const k = 1; ${source}`)).rejects.toThrow(/constant/);
    expect(await run('k')).toBe(1);
  });

  test.each([
    ['a parameter', '((k) => { k = 2; return k })(0)', 2],
    ['a local variable', '(() => { let k = 1; k++; return k })()', 2],
    ['a variable of a loop', '(() => { let s = 0; for (let k = 0; k < 3; k++) s += k; return s })()', 3],
    ['a caught error', '(() => { try { throw 1 } catch (k) { k = 2; return k } })()', 2],
    ['a local pattern', '(() => { let { k } = { k: 1 }; k = 5; return k })()', 5],
    ['a property', '(() => { const o = { k: 1 }; o.k = 2; return o.k })()', 2],
    ['a function’s own name', '(function k() { return typeof k })()', 'function'],
    ['a default parameter', '((a, k = 1) => { k += a; return k })(1)', 2],
  ])('%s of the same name may be assigned to', async (_name, source, value) => {
    await run('const k = 1');
    expect(await run(source)).toBe(value);
    expect(await run('k')).toBe(1);
  });

  test('a shadowed name elsewhere in the cell leaves the constant guarded', async () => {
    await run('const guarded = 1');
    await expect(run('const f = (guarded) => { guarded = 2 }; f(0); guarded = 3')).rejects.toThrow(
      /constant/,
    );
  });

  test('the right-hand side is not run before the refusal changes anything', async () => {
    await run('const still = { a: 1 }');
    await expect(run('still = { a: 2 }')).rejects.toThrow(/constant/);
    expect(await run('still.a')).toBe(1);
  });
});

describe('Deno', () => {
  test.each([
    ['Deno.jupyter', 'fake jupyter'],
    ['const { jupyter } = Deno; jupyter', 'fake jupyter'],
    ['({ Deno }).Deno.jupyter', 'fake jupyter'],
    ['((Deno) => Deno)(1)', 1],
    ['typeof Deno', 'object'],
    ['({ Deno: 5 }).Deno', 5],
    ['"Deno"', 'Deno'],
  ])('%s', async (source, value) => {
    expect(await run(source)).toBe(value);
  });

  test('is the cell’s own where it declares one', async () => {
    expect(await run('const Deno = 3; Deno')).toBe(3);
  });

  test('libraries that look for Deno do not find it', () => {
    expect('Deno' in globalThis).toBe(false);
  });
});

describe('lowering', () => {
  test.each([
    ['JSX', 'const React = { createElement: (...a) => a }; <a b="c">{1}</a>', ['a', { b: 'c' }, 1]],
    ['a fragment', 'const React = { createElement: (...a) => a, Fragment: "F" }; <>x</>', ['F', null, 'x']],
    ['a cast', '(<any>1)', 1],
    ['a generic arrow', 'const id = <T>(x: T) => x; id(2)', 2],
    ['a generic call', 'new Map<string, Array<number>>([["a", [1]]]).get("a")', [1]],
    ['satisfies and as', '({ a: 1 } satisfies object as { a: number }).a', 1],
    ['accessor', 'class Ac { accessor v = 1; static accessor w = 2 } [new Ac().v, Ac.w]', [1, 2]],
    ['using', 'const ul = []; { using u = { [Symbol.dispose]: () => ul.push(1) } } ul', [1]],
    [
      'standard decorators',
      'const dl = []; const d = (v, c) => { dl.push(c.kind) }; @d class D { @d m() {} @d f = 1; @d accessor a = 1; @d get g() { return 1 } } dl',
      ['method', 'accessor', 'getter', 'field', 'class'],
    ],
    [
      'enum members that refer',
      'enum En { A = 1, B = A << 2, C = "x".length, D = B | A } [En.B, En.C, En.D, En[4]]',
      [4, 1, 5, 'B'],
    ],
    ['a const enum', 'const enum Ce { X = "x" } Ce.X', 'x'],
    [
      'merged namespaces and enums',
      'enum Me { A } enum Me { B = 1 } namespace Na { export const a = 1 } namespace Na { export const b = a + 1 } [Me.B, Na.b]',
      [1, 2],
    ],
    [
      'a function with a namespace',
      'function fn() { return 1 } namespace fn { export const extra = 2 } fn() + fn.extra',
      3,
    ],
    [
      'parameter properties',
      'class Pp { constructor(public a: number, protected readonly b = 2) {} } new Pp(1)',
      { a: 1, b: 2 },
    ],
    ['a class that refers to itself', 'class Sf { static one = new Sf(); two = 2 } Sf.one.two', 2],
    ['declare fields', 'class Df { declare a: number; b = 1 } Object.keys(new Df())', ['b']],
    ['a shebang-free comment', '// #!\n1', 1],
    ['"use strict"', '"use strict"; 5', 5],
    ['a directive alone is a value', '"text"', 'text'],
    [
      'optional catch, numeric separators, ??=',
      'let q = null; try { throw 1 } catch { q ??= 1_000 } q',
      1_000,
    ],
  ])('%s', async (_name, source, value) => {
    const result = await run(source);
    expect(typeof value === 'object' ? JSON.parse(JSON.stringify(result)) : result).toEqual(value);
  });

  test('legacy decorators when asked for', async () => {
    const source =
      'const ll = []; const m = (t, k, i) => { ll.push([typeof t, k, typeof i]) }; class Le { @m a() {} b(@m p) {} } ll';
    const outcome = await evaluator.evaluate(rewrite(source, { decorators: 'legacy' }).code);
    expect(outcome).toEqual({
      value: [
        ['object', 'a', 'object'],
        ['object', 'b', 'number'],
      ],
    });
  });
});

describe('showsValue', () => {
  test.each([
    ['1', true],
    ['1;', true],
    ['1;;', true],
    ['f()', true],
    ['a = 1', true],
    ['({})', true],
    ['`t`', true],
    ['async () => {}', true],
    ['<any>1', true],
    ['export default 1', true],
    ['{ 1 }', true],
    ['if (a) 1', true],
    ['if (a) 1; else b', true],
    ['try { 1 } catch {}', true],
    ['a: 1', true],
    ['1 // c', true],
    ['1; type T = 1', true],
    ['1; interface I {}', true],
    ['class {}.name', undefined],
    ['let a = 1', false],
    ['const a = 1', false],
    ['var a = 1', false],
    ['function f() {}', false],
    ['class A {}', false],
    ['enum E { A }', false],
    ['type T = 1', false],
    ['interface I {}', false],
    ['import a from "a"', false],
    ['export const a = 1', false],
    ['export { a } from "b"', false],
    ['for (;;) { 1 }', false],
    ['for (const a of b) a', false],
    ['while (a) 1', false],
    ['do { 1 } while (a)', false],
    ['throw 1', false],
    ['debugger', false],
    ['', false],
    ['// c', false],
    [';', false],
    ['if (a) { let b = 1 }', false],
    ['{}', false],
    ['{ let a = 1 }', false],
    ['1; let a = 2', false],
    ['declare const a: number', false],
  ])('%j: %s', (source, shows) => {
    if (shows === undefined) expect(() => rewrite(source)).toThrow(CellSyntaxError);
    else expect(rewrite(source).showsValue).toBe(shows);
  });
});

describe('positions', () => {
  /** `|` stands before a call of `here()`; the rewritten cell is searched for it. */
  test.each([
    'here()',
    '  here()',
    'const a: number = here()',
    'import x from "m";\nimport { y } from "n";\n\nhere()',
    'export const a = here()',
    'var a = 1, b = here()',
    'interface I {\n  a: string;\n}\nenum E { A, B }\nhere()',
    'function f(a: string): number {\n  return here()\n}',
    'x; function later() { here() }',
    'class A {\n  constructor(private a: number) { here() }\n}',
    '"😀"; here()',
    'const c = <any>d; here()',
    'namespace N {\n  export const a = here()\n}',
    'class B { accessor q = 1 }\nhere()',
    '@d class C {}\nhere()',
    '{\n  using u = v;\n  here()\n}',
    '\r\n\r\n here()',
    'for (var i = here(); ; ) {}',
    'k = here()',
    'export default here()',
    'await import(here())',
    'label: here()',
    '`${here()}`',
    '\t\there()',
  ])('%j', source => {
    const { code, positions } = rewrite(source);
    const lines = code.split('\n');
    const line = lines.findIndex(text => text.includes('here()'));
    const column = lines[line]!.indexOf('here()');
    const before = source.slice(0, source.indexOf('here()'));
    expect(positions.original(line + 1, column + 1)).toEqual({
      line: before.split('\n').length,
      column: before.length - before.lastIndexOf('\n'),
    });
  });

  test('code that nobody typed has none', () => {
    const { code, positions } = rewrite('const a = 1');
    expect(code.startsWith("'use strict'")).toBe(true);
    expect(positions.original(1, 3)).toBeUndefined();
  });
});

describe('syntax errors', () => {
  function problems(source: string) {
    try {
      rewrite(source);
    } catch (error) {
      expect(error).toBeInstanceOf(CellSyntaxError);
      return (error as CellSyntaxError).problems;
    }
    throw new Error(`no error: ${source}`);
  }

  test('say where', () => {
    expect(problems('let a = 1;\nlet b = ;')[0]).toMatchObject({ line: 2, column: 9 });
    expect(problems('"é漢😀"; let = 1 1')[0]!.column).toBeGreaterThan(8);
  });

  test('several at once', () => {
    expect(problems('let s = 1; let s = 2;\nlet t = 1; let t = 2;').length).toBe(2);
  });

  test('through esbuild too', () => {
    const [problem] = problems('@d class A { m() { let x = 1; let x = 2 } }');
    expect(problem!.line).toBe(1);
    expect(problem!.column).toBeGreaterThan(20);
  });

  test.each([
    'const c;',
    'return 1',
    'break',
    'a.#p',
    'new.target',
    'await: 1',
    'import.meta = 1',
    'function f() { await 1 }',
    'x = { a: 1, a = 2 }',
  ])('%s', source => {
    expect(problems(source).length).toBeGreaterThan(0);
  });
});
