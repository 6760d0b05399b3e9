// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the source text of cells
/** The type checker over notebooks, against TypeScript's own server; no kernel, no process with values. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Look } from '../../../kernel/intellisense/complete.ts';
import type { Diagnostic } from '../../../kernel/intellisense/problems.ts';
import { TypeService } from '../../../kernel/intellisense/types.ts';

const folder = mkdtempSync(join(tmpdir(), 'tunelab-types-'));
const noValues: Look = async () => ({ id: 0, members: [] });
let look = noValues;
const types = new TypeService(folder, request => look(request));

beforeAll(async () => {
  await types.load();
  types.start();
});
afterAll(() => {
  types.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What is wrong with a cell; on a busy machine the server may need longer than a cell waits, and is asked again. */
async function check(code: string): Promise<Diagnostic[]> {
  for (;;) {
    const found = await types.check(code);
    if (found) return found;
    await new Promise(done => setTimeout(done, 50));
  }
}

/** Runs cells one after another; what is wrong with the last one, as code and text. */
async function wrong(...cells: string[]): Promise<string[]> {
  types.reset();
  for (const cell of cells.slice(0, -1)) {
    expect(await check(cell), cell).toEqual([]);
    types.add(cell);
  }
  const last = cells.at(-1)!;
  return (await check(last)).map(({ code, start, end }) => `${code} ${last.slice(start, end)}`);
}

describe('declarations of every kind reach later cells', () => {
  test.each([
    ['const', 'const n = 5', 'n.toUpperCase()', '2339 toUpperCase'],
    ['let with a wider type', 'let n: string | number = 5', 'n = true', '2322 n'],
    ['var in a block is anything', 'if (true) { var n = 5 }', 'n.toUpperCase(); x1()', '2304 x1'],
    [
      'destructuring',
      'const { a, b: [c], ...rest } = { a: 1, b: [2], d: "x" }',
      'rest.e; c.f',
      '2339 e,2339 f',
    ],
    ['an awaited value', 'const n = await Promise.resolve([1])', 'n[0].length', '2339 length'],
    ['awaits in brackets', 'const n = (await (async () => 5)()) + 1', 'n.length', '2339 length'],
    [
      'overloads',
      'function f(a: string): string;\nfunction f(a: number): number;\nfunction f(a: any) { return a }',
      'f(1).length',
      '2339 length',
    ],
    [
      'a generic class',
      'class Box<T> { constructor(readonly value: T) {} }',
      'new Box("a").value.foo',
      '2339 foo',
    ],
    [
      'an abstract class',
      'abstract class Shape { abstract area(): number }',
      'new Shape()',
      '2511 new Shape()',
    ],
    ['an interface', 'interface P { x: number }', 'const p: P = { y: 1 }', '2353 y'],
    ['a generic alias', 'type Pair<T> = [T, T]', 'const p: Pair<string> = ["a", 1]', '2322 1'],
    ['an enum', 'enum Color { Red }', 'Color.Blue', '2339 Blue'],
    [
      'a namespace',
      'namespace Geo { export const pi = 3; export type Deg = number }',
      'const d: Geo.Deg = "a"; Geo.pi.x',
      '2322 d,2339 x',
    ],
    ['a namespace import', "import * as path from 'node:path'", 'path.join(1)', '2345 1'],
    ['a default import', "import path from 'node:path'", 'path.join(1)', '2345 1'],
    ['a named import', "import { join as glue } from 'node:path'", 'glue(1)', '2345 1'],
    ['a type import', "import type { Stats } from 'node:fs'", 'let s: Stats; s.sized', '2551 sized'],
    ['import = require', "import os = require('node:os')", 'os.cpus().foo', '2339 foo'],
    [
      'exports',
      'export const n = 1; export default function named() { return n }',
      'named().length',
      '2339 length',
    ],
    ['using', 'using held = { size: 1, [Symbol.dispose]() {} }', 'held.size.length', '2339 length'],
    [
      'what is added to a global',
      'declare global { interface Array<T> { first(): T } }',
      '[1].first().length',
      '2339 length',
    ],
    [
      'elements are anything',
      'const el = <div/>; const after = 5',
      'el.whatever; after.length',
      '2339 length',
    ],
    ['a cell with magic lines', '%sh ls\nconst n = 5\n%time n + 1', 'n.length', '2339 length'],
    ['a timed cell', '%%time\nconst n = 5', 'n.length', '2339 length'],
  ])('%s', async (_, first, second, expected) => {
    expect(await wrong(first, second)).toEqual(expected.split(','));
  });
});

describe('a name that is declared again', () => {
  test('means the latest to the cells behind it', async () => {
    expect(await wrong('const n = 5', "const n = 'a'", 'n.length; n.toFixed()')).toEqual(['2551 toFixed']);
    expect(await wrong('interface T { a: 1 }', 'class T { b = 1 }', 'new T().b; new T().a')).toEqual([
      '2339 a',
    ]);
    expect(await wrong('function f() {}', "import { join as f } from 'node:path'", 'f(1)')).toEqual([
      '2345 1',
    ]);
  });

  test('keeps its meaning in values that were made with it', async () => {
    const cells = ['const n = 5', 'const copy = n; class Holder { n = n }', "const n = 'a'"];
    expect(await wrong(...cells, 'copy.length; new Holder().n.length')).toEqual([
      '2339 length',
      '2339 length',
    ]);
  });

  test('has its latest meaning in functions', async () => {
    const cells = ['function f() { return 1 }', 'function g() { return f() }', "function f() { return 'a' }"];
    expect(await wrong(...cells, 'g().length')).toEqual([]);
    expect(await wrong(...cells, 'g().toFixed()')).toEqual(['2551 toFixed']);
  });

  test('a thousand times does not grow what is sent', async () => {
    types.reset();
    for (let i = 0; i < 1_000; i++)
      types.add(`const again = ${i % 2 ? i : `'${i}'`}; function keep${i % 5}() {}`);
    expect(await check('again.toFixed()')).toEqual([]);
    for (let i = 0; i < 20; i++) expect(await check(`again.nope${i}`)).toHaveLength(1);
  });

  test('after a cell that is taken back', async () => {
    types.reset();
    types.add('const n = 5');
    types.add("const n = 'a'");
    types.takeBack("const n = 'a'");
    expect(await check('n.toFixed()')).toEqual([]);
    expect(await check('n.length')).toHaveLength(1);
  });
});

describe('doubt lets a cell run', () => {
  test.each([
    ['a member that some cell assigns', ['const o = {}; o.a = 1', 'o.a + 1']],
    ['a member on a module', ["import * as fs from 'node:fs'", 'fs.somethingNew()']],
    ['what unknown is', ['const u: unknown = 5; u.foo']],
    ['a type of the browser', ['const el: HTMLCanvasElement = null; el.foo']],
    ['a package that is not there', ["import { x } from 'not-there'; x.y.z", 'x.q()']],
    ['a deferred name', ['const later = () => notYet(); class A { m() { return notYet() } }']],
    ['a name asked for first', ["if (typeof maybe !== 'undefined') maybe()"]],
    [
      'a module that may make globals',
      ['await import("./makes-globals.js"); madeThere + 1', 'import "not-there/register"; document.title'],
    ],
    [
      'options that are taken apart',
      ['function plot({ width, height = 1 } = {}) { return width }; plot({ width: 1, title: "a" })'],
    ],
    [
      'options with a default',
      ['function read(options = { deep: true }) { return options.lax }; read({ lax: 1 })'],
    ],
    ['members that are asked for', ['const o = { a: 1 }; if (!o.b) 1; o.c ?? 2; o.d?.()']],
    ['a class in JavaScript’s way', ['class A { get x() { return this.held } } new A().x']],
    [
      'what extends something unknown',
      ["import { Base } from 'not-there'; interface Mine extends Base { a: 1 }\nlet m: Mine; m.b", 'm.c'],
    ],
    [
      'text where certain words are wanted',
      ['const how = { stdio: "inherit" }; let s: "inherit" | "pipe" = how.stdio'],
    ],
    ['one of several types', ['let u: { a: 1 } | { b: 2 } = { a: 1 } as any; u.a']],
    ['a caught failure', ['try { nope() } catch { 0 }']],
    ['parameters without types', ['function f(a, b) {}; f(1)', 'f()']],
    ['a timer as a number', ['const t: number = setTimeout(() => {}, 1)']],
    ['comparisons', ["const mode = 'a'; mode === 'b'"]],
    ['assigning to a constant', ['const c = 1; c = 2']],
    ['private members', ['class A { private x = 1 } new A().x']],
    ['a decorator', ['function d(x: string) {}\n@d class A {}']],
    ['elements of any kind', ['<Nowhere prop={1}/>']],
    ['an object literal as a cell', ['{ a: 1, b: [2] }']],
  ])('%s', async (_, cells) => {
    expect(await wrong(...cells)).toEqual([]);
  });

  test('a value in the process outweighs the checker', async () => {
    look = async ({ type }) => ({
      id: 1,
      members: [{ name: type === 'names' ? 'alive' : 'grown', type: 'property' }],
    });
    try {
      expect(await wrong('const o = { a: 1 }', 'alive.x; o.grown; o.missing; dead.x')).toEqual([
        '2339 missing',
        '2304 dead',
      ]);
      // A name that this very cell declares has no value yet.
      expect(await wrong('const p = { a: 1 }; p.grown')).toEqual(['2339 grown']);
    } finally {
      look = noValues;
    }
  });
});

describe('packages and files', () => {
  test('a package of the notebook’s folder, typed and not', async () => {
    for (const [name, types] of [
      ['typed', 'export const answer: number;'],
      ['untyped', ''],
    ] as const) {
      mkdirSync(join(folder, 'node_modules', name), { recursive: true });
      writeFileSync(
        join(folder, 'node_modules', name, 'package.json'),
        `{ "name": "${name}", "main": "index.js" }`,
      );
      writeFileSync(join(folder, 'node_modules', name, 'index.js'), 'exports.answer = 42');
      if (types) writeFileSync(join(folder, 'node_modules', name, 'index.d.ts'), types);
    }
    types.packagesChanged();
    expect(await wrong("import { answer } from 'typed'; answer.length")).toEqual(['2339 length']);
    expect(await wrong("import { answer } from 'npm:typed@1.2'; answer.length")).toEqual(['2339 length']);
    expect(await wrong("import { answer } from 'untyped'; answer.length")).toEqual([]);
  });

  test('a package that only the kernel has', async () => {
    expect(await wrong("import { table } from 'arquero'; table({ a: [1] }).nope()")).toEqual(['2339 nope']);
  });

  test('a local file, with and without extension, and after an edit', async () => {
    writeFileSync(join(folder, 'deep.ts'), 'export const deep = 1;');
    writeFileSync(join(folder, 'local.ts'), "export { deep } from './deep.js'; export const own = 'a';");
    expect(await wrong("import { own, deep } from './local'; own.length; deep.length")).toEqual([
      '2339 length',
    ]);
    expect(await wrong("import { own } from './local.ts'; own.foo")).toEqual(['2339 foo']);
    writeFileSync(join(folder, 'deep.ts'), "export const deep = 'now text';");
    expect(await wrong("import { deep } from './local'; deep.length")).toEqual([]);
  });

  test('a mistake in another file stops no cell', async () => {
    writeFileSync(
      join(folder, 'broken.ts'),
      "export const n: number = 'a'; nope(); export const s: string = 'b';",
    );
    expect(await wrong("import { s } from './broken.ts'; s.length")).toEqual([]);
  });

  test('a tsconfig of the user’s changes nothing', async () => {
    writeFileSync(
      join(folder, 'tsconfig.json'),
      '{ "compilerOptions": { "strict": true, "lib": ["es5"] }, "files": [] }',
    );
    expect(await wrong('function loose(a) { return a.b }; [1].at(0); loose({})')).toEqual([]);
  });

  test('nothing is written', () => {
    expect(readdirSync(folder).filter(name => name.includes('tunelab'))).toEqual([]);
  });
});

describe('what is not checked', () => {
  test.each([
    ['text that is not TypeScript', 'let = = 5'],
    ['a cell for the shell', '%%sh\nls | nope'],
    ['a cell that asks not to be', '/* note */\n// @ts-nocheck\nnope()'],
    ['brackets without end', '['.repeat(30_000)],
  ])('%s', async (_, code) => {
    expect(await check(code)).toEqual([]);
    types.add(code);
  });
});
