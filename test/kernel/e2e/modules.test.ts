// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the source text of cells
/** Imports: packages, local files, JSON, and what goes wrong with them. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { kernelForFile, temporaryFolder } from '../client.ts';

const folder = temporaryFolder();

function put(path: string, text: string | object): void {
  const full = join(folder, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, typeof text === 'string' ? text : JSON.stringify(text));
}

put('node_modules/plain-cjs/package.json', { name: 'plain-cjs', version: '1.0.0', main: 'index.js' });
put(
  'node_modules/plain-cjs/index.js',
  'exports.word = "cjs"; exports.call = () => "called"; exports.file = __filename;',
);
put(
  'node_modules/function-cjs/index.js',
  'module.exports = function half(n) { return n / 2 }; module.exports.extra = 1;',
);
put('node_modules/plain-esm/package.json', {
  name: 'plain-esm',
  version: '2.0.0',
  type: 'module',
  exports: {
    '.': './index.js',
    './sub': './sub.js',
    './data.json': './data.json',
    './package.json': './package.json',
  },
});
put(
  'node_modules/plain-esm/index.js',
  'export const word = "esm"; export default class Main {}; export let count = 0; export const up = () => { count++ };',
);
put('node_modules/plain-esm/sub.js', 'export const word = "sub"; export const url = import.meta.url;');
put('node_modules/plain-esm/data.json', { from: 'package' });
put('node_modules/@scope/named/package.json', {
  name: '@scope/named',
  type: 'module',
  exports: { '.': './index.js', './deep/x': './x.js' },
});
put('node_modules/@scope/named/index.js', 'export const word = "scoped";');
put('node_modules/@scope/named/x.js', 'export const word = "deep";');
put('node_modules/throws/index.js', 'throw new RangeError("thrown while loading");');
put('node_modules/wants-missing/package.json', {
  name: 'wants-missing',
  type: 'module',
  exports: './index.js',
});
put('node_modules/wants-missing/index.js', 'import "not-there-at-all"; export const a = 1;');
put('data.json', { name: 'json', list: [1, 2] });
put('broken.json', '{ "a": ');

const kernel = await kernelForFile({ folder });

const value = async (source: string): Promise<unknown> => (await kernel.ok(source)).value;
const failure = async (source: string) => {
  const exchange = await kernel.run(source);
  expect(exchange.status, source).toBe('error');
  return exchange;
};

describe('packages', () => {
  test.each([
    ['import { word } from "plain-cjs"; word', "'cjs'"],
    ['import cjs from "plain-cjs"; cjs.call()', "'called'"],
    ['import * as cjsAll from "plain-cjs"; cjsAll.word', "'cjs'"],
    ['import half from "function-cjs"; half(8)', '4'],
    ['import half, { extra } from "function-cjs"; half(extra)', '0.5'],
    ['import { word } from "plain-esm"; word', "'esm'"],
    ['import Main, { word as renamed } from "plain-esm"; [Main.name, renamed]', "[ 'Main', 'esm' ]"],
    ['import Main, * as all from "plain-esm"; [Main.name, all.word]', "[ 'Main', 'esm' ]"],
    ['import { default as Main } from "plain-esm"; Main.name', "'Main'"],
    ['import { "word" as quoted } from "plain-esm"; quoted', "'esm'"],
    ['import { word } from "plain-esm/sub"; word', "'sub'"],
    ['import { word } from "@scope/named"; word', "'scoped'"],
    ['import { word } from "@scope/named/deep/x"; word', "'deep'"],
    ['import { word } from "npm:plain-esm"; word', "'esm'"],
    ['import { word } from "npm:plain-esm@^2.0.0"; word', "'esm'"],
    ['import { word } from "npm:plain-esm@2/sub"; word', "'sub'"],
    ['import { word } from "npm:@scope/named@1"; word', "'scoped'"],
    ['import { word } from "npm:/@scope/named/deep/x"; word', "'deep'"],
    ['(await import("npm:plain-cjs")).word', "'cjs'"],
    ['require("npm:plain-cjs").word', "'cjs'"],
    ['import data from "plain-esm/data.json" with { type: "json" }; data.from', "'package'"],
    ['(await import("plain-esm")).word', "'esm'"],
    ['const { word } = await import("plain-cjs"); word', "'cjs'"],
    ['require("plain-cjs").word', "'cjs'"],
    ['require.resolve("plain-cjs").endsWith("index.js")', 'true'],
    ['import { sep } from "node:path"; sep', "'/'"],
    ['import fs from "fs"; typeof fs.readFileSync', "'function'"],
    ['import { readFile } from "node:fs/promises"; typeof readFile', "'function'"],
    ['require("node:os").EOL', "'\\n'"],
    ['import "plain-esm"; 1', '1'],
    ['export { word } from "plain-esm"; 1', '1'],
    ['export * from "plain-esm"; 1', '1'],
    ['export * as everything from "plain-esm"; 1', '1'],
  ])('%s', async (source, shown) => {
    expect(await value(source)).toBe(shown);
  });

  test('the packages of the kernel itself can be imported', async () => {
    expect(await value('import { op } from "arquero"; typeof op')).toBe("'object'");
  });

  test('the notebook’s folder goes before the kernel’s packages', async () => {
    put('node_modules/marked/package.json', { name: 'marked', type: 'module', exports: './index.js' });
    put('node_modules/marked/index.js', 'export const mine = true;');
    expect(await value('import { mine } from "marked"; mine')).toBe('true');
  });

  test('a package in a folder further up', async () => {
    put('deep/notebook/x.ts', 'export { word } from "plain-esm";');
    expect(await value('import { word } from "./deep/notebook/x.ts"; word')).toBe("'esm'");
  });

  test('an import that is missing in this cell may be a type', async () => {
    expect(
      await value(
        'import { type Nothing, NoValueEither, word } from "plain-esm"; let x: NoValueEither; word',
      ),
    ).toBe("'esm'");
  });

  test('a package installed between two cells is found', async () => {
    await failure('import "comes-later"');
    put('node_modules/comes-later/package.json', {
      name: 'comes-later',
      type: 'module',
      exports: './index.js',
    });
    put('node_modules/comes-later/index.js', 'export const here = 1;');
    expect(await value('import { here } from "comes-later"; here')).toBe('1');
  });

  test('an import used only by a later cell', async () => {
    await kernel.ok('import { word as later } from "plain-esm"');
    expect(await value('later')).toBe("'esm'");
  });
});

describe('local files', () => {
  put(
    'lib/helper.ts',
    'export const add = (a: number, b: number): number => a + b; export enum E { A = 7 } export default "dflt";',
  );
  put('lib/index.ts', 'export * from "./helper"; export const where = "index";');
  put(
    'lib/component.tsx',
    'const React = { createElement: (tag: string) => tag }; export const tag = <div/>;',
  );
  put('lib/module.mts', 'export const m = "mts";');
  put('lib/common.cjs', 'exports.c = "cjs"; exports.dir = __dirname;');
  put('lib/common2.cts', 'import os = require("node:os"); export const c: string = typeof os.EOL;');
  put('lib/script.js', 'module.exports = { s: "script js" };');
  put('lib/esm.js', 'export const s = "module js"; export default 1;');
  put(
    'lib/uses.ts',
    'import { add } from "./helper.js"; import data from "../data.json"; export const five = add(2, 3); export const list = data.list;',
  );
  put('lib/meta.ts', 'export const meta = { ...import.meta, resolved: import.meta.resolve("./helper") };');
  put(
    'lib/dynamic.ts',
    'export const load = async () => (await import("./helper")).add(1, 1) + (await import("plain-esm")).word;',
  );
  put('lib/await.ts', 'export const awaited = await Promise.resolve("awaited");');
  put(
    'lib/cycle-a.ts',
    'import { b } from "./cycle-b"; export const a = () => "a"; export const ab = () => a() + b();',
  );
  put('lib/cycle-b.ts', 'import { a } from "./cycle-a"; export const b = () => "b" + a();');
  put(
    'lib/decorated.ts',
    'const d = (v: unknown, c: { name: string | symbol }) => { names.push(String(c.name)) }; export const names: string[] = []; class X { @d m() {} }',
  );

  test.each([
    ['import { add } from "./lib/helper.ts"; add(1, 2)', '3'],
    ['import { add } from "./lib/helper"; add(1, 2)', '3'],
    ['import { add } from "./lib/helper.js"; add(1, 2)', '3'],
    ['import dflt, { E } from "./lib/helper"; [dflt, E.A]', "[ 'dflt', 7 ]"],
    ['import { add, where } from "./lib"; where + add(1, 1)', "'index2'"],
    ['import { where } from "./lib/"; where', "'index'"],
    ['import { tag } from "./lib/component"; tag', "'div'"],
    ['import { m } from "./lib/module.mts"; m', "'mts'"],
    ['import { m } from "./lib/module.mjs"; m', "'mts'"],
    ['import { c } from "./lib/common.cjs"; c', "'cjs'"],
    ['import common from "./lib/common.cjs"; common.c', "'cjs'"],
    ['import { c } from "./lib/common2.cts"; c', "'string'"],
    ['import script from "./lib/script.js"; script.s', "'script js'"],
    ['import { s } from "./lib/script.js"; s', "'script js'"],
    ['import { s } from "./lib/esm.js"; s', "'module js'"],
    ['import { five, list } from "./lib/uses"; [five, list]', '[ 5, [ 1, 2 ] ]'],
    ['import { load } from "./lib/dynamic"; await load()', "'2esm'"],
    ['import { awaited } from "./lib/await"; awaited', "'awaited'"],
    ['import { ab } from "./lib/cycle-a"; ab()', "'aba'"],
    ['import { names } from "./lib/decorated"; names', "[ 'm' ]"],
    ['import data from "./data.json"; data.name', "'json'"],
    ['import data from "./data.json" with { type: "json" }; data.name', "'json'"],
    ['(await import("./data.json")).default.list[1]', '2'],
    ['(await import("./data.json", { with: { type: "json" } })).default.name', "'json'"],
    ['require("./data.json").name', "'json'"],
    ['require("./data").name', "'json'"],
    ['require("./lib/helper.ts").add(2, 2)', '4'],
    ['require("./lib/helper").add(2, 2)', '4'],
    ['require("./lib").where', "'index'"],
    ['require("./lib/uses").five', '5'],
    ['require("./lib/common.cjs").c', "'cjs'"],
    ['import helper = require("./lib/helper"); helper.add(4, 4)', '8'],
    [`import { add } from ${JSON.stringify(`file://${join(folder, 'lib/helper.ts')}`)}; add(5, 5)`, '10'],
    [`import { add } from ${JSON.stringify(join(folder, 'lib/helper.ts'))}; add(6, 6)`, '12'],
  ])('%s', async (source, shown) => {
    expect(await value(source)).toBe(shown);
  });

  test('a module is evaluated once', async () => {
    put('once.ts', '(globalThis as any).times = ((globalThis as any).times ?? 0) + 1; export const a = 1;');
    put('once-too.ts', 'import "./once.ts"; import "./once"; export const b = 1;');
    await kernel.ok('import { a } from "./once"');
    await kernel.ok('import "./once-too.ts"; import "./once.ts"; await import("./once.js")');
    expect(await value('times')).toBe('1');
  });

  test('an edited file is read again', async () => {
    put('edited.ts', 'export const version = 1;');
    expect(await value('import { version } from "./edited"; version')).toBe('1');
    put('edited.ts', 'export const version = "two";');
    expect(await value('import { version } from "./edited"; version')).toBe("'two'");
    expect(await value('(await import("./edited.ts")).version')).toBe("'two'");
  });

  test('an edited file is read again through the module that imports it', async () => {
    put('inner.ts', 'export const version = 1;');
    put('middle.ts', 'export { version } from "./inner";');
    put('outer.ts', 'import { version } from "./middle"; export const outer = version;');
    expect(await value('import { outer } from "./outer"; outer')).toBe('1');
    put('inner.ts', 'export const version = 22;');
    expect(await value('import { outer } from "./outer"; outer')).toBe('22');
  });

  test('an edited file is read again through a module that imports it dynamically', async () => {
    put('late.ts', 'export const version = 1;');
    put('loads.ts', 'export const load = async () => (await import("./late")).version;');
    expect(await value('import { load } from "./loads"; await load()')).toBe('1');
    put('late.ts', 'export const version = 22;');
    expect(await value('import { load } from "./loads"; await load()')).toBe('22');
  });

  test('edited JSON, CommonJS and required TypeScript are read again', async () => {
    put('edit.json', { n: 1 });
    put('edit.cjs', 'exports.n = 1');
    put('edit-r.ts', 'export const n = 1');
    const look =
      'import j from "./edit.json"; import c from "./edit.cjs"; [j.n, c.n, require("./edit-r.ts").n, require("./edit.json").n]';
    expect(await value(look)).toBe('[ 1, 1, 1, 1 ]');
    put('edit.json', { n: 22 });
    put('edit.cjs', 'exports.n = 22');
    put('edit-r.ts', 'export const n = 22');
    expect(await value(look)).toBe('[ 22, 22, 22, 22 ]');
  });

  test('required TypeScript is read again through the file that requires it', async () => {
    put('req-inner.ts', 'export const n = 1');
    put('req-outer.ts', 'import { n } from "./req-inner"; export const outer = n');
    expect(await value('require("./req-outer").outer')).toBe('1');
    put('req-inner.ts', 'export const n = 22');
    expect(await value('require("./req-outer").outer')).toBe('22');
  });

  test('a corrected mistake is read again', async () => {
    put('wrong.ts', 'export const a = ;');
    await failure('import { a } from "./wrong"');
    put('wrong.ts', 'throw new Error("on loading"); export const a = 1;');
    expect((await failure('import { a } from "./wrong"')).error?.evalue).toBe('on loading');
    put('wrong.ts', 'export const a = "right";');
    expect(await value('import { a } from "./wrong"; a')).toBe("'right'");
  });

  test('a module deleted and made again', async () => {
    put('comes.ts', 'export const a = 1;');
    await kernel.ok('import { a } from "./comes"');
    put('comes.ts', 'export const renamed = 1;');
    expect((await failure('import { a } from "./comes"; a')).error?.evalue).toContain('renamed');
  });

  test('live bindings of a local module', async () => {
    put('live.ts', 'export let count = 0; export const up = () => { count++ };');
    expect(await value('import * as live from "./live"; live.up(); live.up(); live.count')).toBe('2');
  });

  test('two cells that import the same new file at once', async () => {
    put(
      'shared.ts',
      'await new Promise(done => setTimeout(done, 50)); (globalThis as any).sharedRuns = ((globalThis as any).sharedRuns ?? 0) + 1; export const s = {};',
    );
    expect(
      await value(
        'const [one, two] = await Promise.all([import("./shared"), import("./shared.ts")]); [one.s === two.s, sharedRuns]',
      ),
    ).toBe('[ true, 1 ]');
  });

  test('a module of a package that is linked from elsewhere', async () => {
    const elsewhere = temporaryFolder();
    writeFileSync(
      join(elsewhere, 'package.json'),
      JSON.stringify({ name: 'linked', type: 'module', exports: './main.js' }),
    );
    writeFileSync(join(elsewhere, 'main.js'), 'export const linked = true;');
    symlinkSync(elsewhere, join(folder, 'node_modules', 'linked'));
    expect(await value('import { linked } from "linked"; linked')).toBe('true');
  });
});

describe('import.meta and CommonJS names', () => {
  test('in a cell', async () => {
    expect(
      await value(
        '[import.meta.dirname, import.meta.url.startsWith("file://"), typeof import.meta.filename]',
      ),
    ).toBe(`[ '${folder}', true, 'string' ]`);
    expect(await value('import.meta.resolve("./lib/helper")')).toBe(`'file://${folder}/lib/helper.ts'`);
    expect(await value('import.meta.resolve("node:os")')).toBe("'node:os'");
    expect(await value('[__dirname, typeof __filename, process.cwd()]')).toContain(`'${folder}',`);
  });

  test('in a file', async () => {
    const shown = (await kernel.ok('import { meta } from "./lib/meta"; console.log(JSON.stringify(meta))'))
      .stdout;
    expect(JSON.parse(shown)).toEqual({
      url: `file://${folder}/lib/meta.ts`,
      filename: `${folder}/lib/meta.ts`,
      dirname: `${folder}/lib`,
      resolved: `file://${folder}/lib/helper.ts`,
    });
  });
});

describe('what other kernels’ notebooks import', () => {
  test('tslab', async () => {
    const { displayed } = await kernel.ok('import * as tslab from "tslab"; tslab.display.html("<b>hi</b>")');
    expect(displayed).toEqual([{ 'text/html': '<b>hi</b>' }]);
    expect(await value('import { display } from "tslab"; typeof display.markdown')).toBe("'function'");
    expect(await value('require("tslab").versions.node === process.version')).toBe('true');
  });

  test('a local file that imports tslab', async () => {
    put(
      'uses-tslab.ts',
      'import * as tslab from "tslab"; export const show = () => tslab.display.text("from a file");',
    );
    const { displayed } = await kernel.ok('import { show } from "./uses-tslab"; show()');
    expect(displayed).toEqual([{ 'text/plain': 'from a file' }]);
  });

  test('Deno.jupyter', async () => {
    const { data } = await kernel.ok('Deno.jupyter.html`<i>${1 + 1}</i>`');
    expect(data).toEqual({ 'text/html': '<i>2</i>' });
    const { displayed } = await kernel.ok(
      'const { jupyter } = Deno; await jupyter.display(jupyter.md`# hi`)',
    );
    expect(displayed).toEqual([{ 'text/markdown': '# hi' }]);
  });
});

describe('mistakes', () => {
  test('a missing export names what exists', async () => {
    const { error } = await failure('import { wrod } from "plain-esm"; wrod');
    expect(error?.ename).toBe('SyntaxError');
    expect(error?.evalue).toBe("'plain-esm' has no export named 'wrod'; it has count, up, word");
    expect((await failure('import { ad } from "./lib/helper"; ad')).error?.evalue).toContain('it has');
  });

  test('a missing export in a file names what exists there', async () => {
    put('lib/typo.ts', 'import { ad } from "./helper"; export const x = ad;');
    const { error } = await failure('import { x } from "./lib/typo"');
    expect(error?.evalue).toContain("'ad'");
    expect(error?.evalue).toContain('helper');
  });

  test('a missing package says how to install it', async () => {
    for (const source of [
      'import x from "no-such-package"',
      'await import("no-such-package")',
      'require("no-such-package")',
      'import "no-such-package/sub/path.js"',
    ]) {
      const { error, traceback } = await failure(source);
      expect(error?.evalue, source).toBe(
        `Cannot find package 'no-such-package' from ${folder}. To install it there: %npm install no-such-package`,
      );
      expect(traceback).not.toContain('dist/kernel');
    }
    expect((await failure('import "@no/such/deep"')).error?.evalue).toContain('%npm install @no/such');
    expect((await failure('import "npm:no-such-package@1"')).error?.evalue).toContain(
      '%npm install no-such-package',
    );
  });

  test('a package whose own import is missing names that one', async () => {
    expect((await failure('import "wants-missing"')).error?.evalue).toContain('not-there-at-all');
  });

  test('a file that does not exist', async () => {
    const { error } = await failure('import "./not-here"');
    expect(error?.evalue).toContain("Cannot find './not-here'");
    expect(error?.evalue).toContain(folder);
    expect((await failure('require("./not-here")')).error?.evalue).toContain('./not-here');
  });

  test('a path that a package does not export', async () => {
    const { error } = await failure('import "plain-esm/hidden.js"');
    expect(error?.evalue).toContain('hidden.js');
    expect(error?.evalue).not.toContain('%npm install');
  });

  test('an address', async () => {
    expect((await failure('import "https://example.org/x.ts"')).error?.evalue).toContain(
      'https://example.org/x.ts',
    );
    expect((await failure('import "jsr:@std/path"')).error?.evalue).toContain('%npm install');
  });

  test('JSON that is none names the file', async () => {
    expect((await failure('import b from "./broken.json"')).error?.evalue).toContain('broken.json');
  });

  test('an error while a package loads', async () => {
    expect((await failure('import "throws"')).error).toMatchObject({
      ename: 'RangeError',
      evalue: 'thrown while loading',
    });
  });

  test('an error inside a local file shows the file’s own lines', async () => {
    put(
      'fails.ts',
      [
        'interface Unused { a: number }',
        '',
        'export function fail(n: number): never {',
        '  throw new Error(`n is ${n as number}`);',
        '}',
      ].join('\n'),
    );
    const { traceback } = await failure('import { fail } from "./fails";\n\nfail(3);');
    expect(traceback).toContain(`at fail (${folder}/fails.ts:4:9)`);
    expect(traceback).toMatch(/at Cell\[\d+\]:3:1/);
    expect(traceback).toContain('4 │   throw new Error(`n is ${n as number}`);');
  });

  test('an error inside a required file shows the file’s own lines', async () => {
    put(
      'fails-required.ts',
      'type T = 1;\n\nexport const fail = (n: number): never => {\n  throw new Error("required");\n};',
    );
    const { traceback } = await failure('require("./fails-required").fail(1)');
    expect(traceback).toContain(`${folder}/fails-required.ts:4:9`);
  });

  test('a syntax error in a file shows the file', async () => {
    put('syntax.ts', 'export const a = 1;\nexport const b = ;\n');
    const { error, traceback } = await failure('import "./syntax"');
    expect(error?.ename).toBe('SyntaxError');
    expect(traceback).toContain(`${folder}/syntax.ts:2:18`);
    expect(traceback).toContain('2 │ export const b = ;');
  });

  test('nothing of the kernel shows in a traceback', async () => {
    for (const source of [
      'import "./not-here"',
      'import { wrod } from "plain-esm"; wrod',
      'await import("./fails").then(m => m.fail(1))',
    ]) {
      expect((await failure(source)).traceback).not.toMatch(/kernel\/runtime|__tunelab/);
    }
  });
});
