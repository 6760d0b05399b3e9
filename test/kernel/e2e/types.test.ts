// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the source text of cells
/** What types do for a notebook: mistakes before a cell runs, completion and help beyond live values. */
import { describe, expect, test } from 'vitest';
import {
  type Content,
  commandsUnder,
  descendants,
  type Kernel,
  kernelForFile,
  kernelForTest,
  sleep,
  until,
} from '../client.ts';

const kernel = await kernelForFile();
const LAST_LINE = 'The cell has not run.';

/** The language servers of a kernel. */
const servers = (of: Kernel): number[] =>
  descendants(of.pid).filter((_, at) => commandsUnder(of.pid)[at]?.includes('--lsp'));

async function refused(code: string, on: Kernel = kernel) {
  const { status, error, stdout, traceback } = await on.run(`console.log('RAN');\n${code}`);
  expect(status, code).toBe('error');
  expect(stdout, 'what the cell printed').toBe('');
  expect(traceback).toContain(LAST_LINE);
  return { name: error!.ename, message: error!.evalue!, traceback };
}

describe('a mistake stops the cell before it runs', () => {
  test.each([
    ['a value of another type', "const bad: number = 'text'", 'TS2322', "Type 'string' is not assignable"],
    ['a name that nothing declares', 'nosuch.member', 'TS2304', "Cannot find name 'nosuch'"],
    [
      'a wrong argument',
      "const half = (n: number) => n / 2; half('a')",
      'TS2345',
      'not assignable to parameter',
    ],
    [
      'too few arguments',
      'const add = (a: number, b: number) => a + b; add(1)',
      'TS2554',
      'Expected 2 arguments',
    ],
    ['a member that is not there', "'text'.lenght", 'TS2551', "Did you mean 'length'?"],
    ['a call of what is no function', 'const five = 5; five()', 'TS2349', 'not callable'],
    ['an awaited value', "const late: number = await Promise.resolve('a')", 'TS2322', 'not assignable'],
    [
      'a member that an interface wants',
      'const p: { a: number } = {} as { b: 1 }',
      'TS2741',
      "Property 'a' is missing",
    ],
    [
      'a misspelt option',
      'const q: { width: number } = { width: 1, heigth: 2 }',
      'TS2353',
      'known properties',
    ],
    ['a type in a package of Node', "import { join } from 'node:path'; join(5)", 'TS2345', "type 'number'"],
    [
      'what the tslab module offers',
      "import * as tslab from 'tslab'; tslab.display.htm('x')",
      'TS2551',
      "'html'",
    ],
    ['what Deno’s kernel offers', "Deno.jupyter.displya('x')", 'TS2551', "'display'"],
  ])('%s', async (_, code, name, message) => {
    expect(await refused(code)).toMatchObject({ name, message: expect.stringContaining(message) });
  });

  test('says where, in the cell as typed', async () => {
    const { traceback, message } = await refused('const ok = 1;\n  const bad: number = `😀`;');
    expect(message).toBe("Type 'string' is not assignable to type 'number'. (3:9)");
    expect(traceback).toMatch(/Cell\[\d+\]:3:9/);
    expect(traceback).toContain('3 │   const bad: number = `😀`;\n  │         ^^^\n');
  });

  test('positions behind characters beyond the basic plane', async () => {
    const { traceback } = await refused("const face = '😀'; nosuch.member");
    expect(traceback).toContain("2 │ const face = '😀'; nosuch.member\n  │                    ^^^^^^");
  });

  test('lists every mistake of the cell, and the ways out', async () => {
    const { traceback } = await refused("const a1: number = 'a';\nconst a2: string = 2;");
    expect(traceback).toContain("Type 'string' is not assignable to type 'number'");
    expect(traceback).toContain("Type 'number' is not assignable to type 'string'");
    for (const way of ['// @ts-ignore', '// @ts-nocheck', '%types off']) expect(traceback).toContain(way);
  });

  test('the cells behind it are not run', async () => {
    const [first, second] = [
      kernel.execute("const bad: number = 'a'"),
      kernel.execute('console.log("behind")'),
    ];
    await Promise.all([first.done, second.done]);
    expect([first.status, second.status, second.stdout]).toEqual(['error', 'aborted', '']);
  });
});

describe('types reach across cells', () => {
  test('of constants, functions, classes, interfaces, enums, imports', async () => {
    await kernel.ok('const tn = 5');
    await kernel.ok(
      'function twice(n: number) { return n * 2 }\nclass Box<T> { constructor(public value: T) {} }',
    );
    await kernel.ok(
      'interface Point { x: number; y: number }\nenum Side { Left, Right }\ntype Pair<T> = [T, T]',
    );
    await kernel.ok("import { basename as base } from 'node:path'");
    expect(await refused('tn.toUpperCase()')).toMatchObject({ name: 'TS2339' });
    expect(await refused("twice('a')")).toMatchObject({ name: 'TS2345' });
    expect(await refused('new Box(1).value.length')).toMatchObject({ name: 'TS2339' });
    expect(await refused('const point: Point = { x: 1 }')).toMatchObject({ name: 'TS2741' });
    expect(await refused("const side: Side = 'left'")).toMatchObject({ name: 'TS2322' });
    expect(await refused("const pair: Pair<number> = [1, 'b']")).toMatchObject({ name: 'TS2322' });
    expect(await refused('base(1)')).toMatchObject({ name: 'TS2345' });
    await kernel.ok('const point: Point = { x: tn, y: twice(1) }; new Box(point).value.x + Side.Left');
  });

  test('the latest declaration of a name counts', async () => {
    await kernel.ok('let shape: number = 1');
    await kernel.ok("const shape: string = 's'");
    await kernel.ok('shape.toUpperCase()');
    await kernel.ok('interface Row { a: number }');
    await kernel.ok('interface Row { b: string }');
    await kernel.ok("const row: Row = { b: 'x' }; row.b");
    expect(await refused('const other: Row = { a: 1 }')).toMatchObject({ name: 'TS2353' });
  });

  test('what an earlier cell took from a name keeps its type', async () => {
    await kernel.ok('const source = 5');
    await kernel.ok('const taken = source');
    await kernel.ok("const source = 'text'");
    await kernel.ok('taken.toFixed(1) + source.toUpperCase()');
    expect(await refused('taken.toUpperCase()')).toMatchObject({ name: 'TS2339' });
  });

  test('a function calls what a name means by then', async () => {
    await kernel.ok('function inner() { return 1 }');
    await kernel.ok('function outer() { return inner() }');
    await kernel.ok("function inner() { return 'text' }");
    expect((await kernel.ok('outer().toUpperCase()')).value).toBe("'TEXT'");
  });

  test('a variable can be assigned to, with its own type', async () => {
    await kernel.ok('let counter = 1');
    await kernel.ok('counter = 2; counter += 1');
    expect(await refused("counter = 'many'")).toMatchObject({ name: 'TS2322' });
  });

  test('a cell that did not compile has declared nothing', async () => {
    await kernel.ok('let firm = 1');
    await kernel.run("let firm = 'a'; let firm = 2");
    expect((await kernel.ok('firm.toFixed()')).value).toBe("'1'");
  });

  test('%reset and a death forget them', async () => {
    const own = await kernelForTest();
    await own.ok('const gone = 5; interface Gone { a: 1 }');
    await own.ok('%reset');
    expect(await refused('gone.toFixed()', own)).toMatchObject({ name: 'TS2304' });
    await own.ok("const gone = 'now a string'");
    await own.ok('gone.toUpperCase()');
    await own.run('process.exit(1)');
    expect(await refused('gone.toFixed()', own)).toMatchObject({ name: 'TS2304' });
  });

  test('after two hundred cells as after one', async () => {
    const own = await kernelForTest();
    await own.ok('const step0 = 1; interface Step0 { at: number }');
    for (let i = 1; i <= 200; i++) {
      await own.ok(
        `const step${i} = step${i - 1} + 1; interface Step${i} extends Step${i - 1} { at${i}: number }`,
      );
    }
    await own.ok('step200.toFixed()');
    expect(await refused('step200.toUpperCase()', own)).toMatchObject({ name: 'TS2339' });
    expect(await refused('const last: Step200 = { at: 1 }', own)).toMatchObject({
      message: expect.stringContaining('missing'),
    });
    for (let i = 0; i < 20; i++) await own.ok('Math.max(step200, step199)');
  });
});

describe('what is no mistake runs', () => {
  test.each([
    ['a parameter without a type', 'function loose(a) { return a }; loose(1); loose()'],
    ['what may be null', "let maybe: string | null = Math.random() > 2 ? null : 'a'; maybe.length"],
    ['an object that grows', 'const grown = {}; grown.a = 1; grown.a'],
    ['a class in JavaScript’s way', 'class Old { constructor(x) { this.x = x } }; new Old(1).x'],
    ['difference of dates', 'new Date() - new Date(0) > 0'],
    ['a function that later cells complete', 'function early() { return muchLater() }'],
    ['a name asked for with typeof', "typeof notThere === 'undefined'"],
    ['a mistake that is caught', 'try { notThere() } catch (error) { error.message }'],
    ['a global that the cell makes', 'globalThis.made = 1; made + 1'],
    ['elements', 'const React: any = { createElement: () => 1 }; <div data-x="1">{1 + 1}</div>'],
    ['decorators', 'function mark(value, context) {}\n@mark class Marked {}'],
    ['magic lines between', 'const before = 1\n%sh true\n%time before + 1\nbefore'],
    ['an object at the start', '{ a: 1, b: Math.max(1, 2) }'],
    ['a first line for a shell', '#!/usr/bin/env node\nconst hashed = 1; hashed'],
    ['import = require()', "import paths = require('node:path'); paths.join('a', 'b')"],
    ['using', '{ using held = { [Symbol.dispose]() {} } }'],
    [
      'Node’s globals',
      '[process.argv, Buffer.from("a"), __dirname, require, import.meta.url, structuredClone({})].length',
    ],
    ['text of a response', 'const parsed = await new Response("[1]").json(); parsed[0].b'],
    ['a type that is nowhere declared', 'let element: HTMLElement; element'],
  ])('%s', async (_, code) => {
    await kernel.ok(code);
  });

  test('a name that only exists at run time', async () => {
    await kernel.ok("eval('globalThis.unseen = { deep: 1 }')");
    await kernel.ok('Object.assign(globalThis, { alsoUnseen: 2 }); 1');
    expect((await kernel.ok('unseen.deep + alsoUnseen')).value).toBe('3');
  });

  test('a member that the value has by now', async () => {
    await kernel.ok('const record = { a: 1 }');
    await kernel.ok("Object.assign(record, { added: 'later' }); 1");
    expect((await kernel.ok('record.added.length + 0')).value).toBe('5');
  });

  test('a package without types, and one that was installed meanwhile', async () => {
    const own = await kernelForTest();
    await own.ok('1 + Math.PI');
    await own.ok(
      `const { mkdirSync, writeFileSync } = require('node:fs'); mkdirSync('node_modules/untyped', { recursive: true });
       writeFileSync('node_modules/untyped/index.js', 'exports.answer = { deep: 42 }')`,
    );
    expect(
      (await own.ok("import { answer } from 'untyped'; answer.deep + answer['x'].y").catch(e => e)).message,
    ).toContain('TypeError');
    expect((await own.ok('answer.deep')).value).toBe('42');
  });

  test('a local file that was edited', async () => {
    const own = await kernelForTest();
    own.write('shapes.ts', 'export const made = 1;\n');
    await own.ok("import { made } from './shapes.ts'; made.toFixed()");
    await sleep(20);
    own.write('shapes.ts', "export const made = 'text';\n");
    expect((await own.ok("import { made } from './shapes.ts'; made.toUpperCase()")).value).toBe("'TEXT'");
  });

  test('silent requests and user expressions are not checked', async () => {
    expect((await kernel.run("const hushed: number = 'a'", { silent: true })).status).toBe('ok');
    const { status, reply } = await kernel.run('1', { userExpressions: { x: '(5 as string)' } });
    expect([status, reply?.content.user_expressions?.x?.status]).toEqual(['ok', 'ok']);
  });
});

describe('ways out', () => {
  test.each([
    ['a comment above the line', "// @ts-ignore\nconst ignored: number = 'a'; ignored"],
    ['a comment that expects it', "// @ts-expect-error\nconst expected: number = 'a'; expected"],
    ['a comment at the top', "// a note\n// @ts-nocheck\nconst unchecked: number = 'a'; unchecked"],
    ['a magic line for this cell and the next ones', "%types off\nconst off: number = 'a'; off"],
    ['… still off', "const stillOff: number = 'b'; stillOff"],
  ])('%s', async (_, code) => {
    await kernel.ok(code);
  });

  test('%types warn runs the cell and shows the mistake', async () => {
    const { stdout, stderr } = await kernel.ok(
      "%types warn\nconst warned: number = 'a';\nconsole.log('ran')",
    );
    expect(stdout).toBe('ran\n');
    expect(stderr).toContain("Type 'string' is not assignable to type 'number'.");
    expect(stderr).toContain(':2:7');
  });

  test('%types error stops again, and knows what was declared meanwhile', async () => {
    await kernel.ok('%types off\nconst meanwhile = 5');
    await kernel.ok('%types error');
    expect(await refused('meanwhile.toUpperCase()')).toMatchObject({ name: 'TS2339' });
  });

  test('a line in a template is text; a wrong word is refused', async () => {
    expect((await kernel.ok('`\n%types off\n`')).value).toContain('%types off');
    expect((await kernel.run('%types sometimes')).error?.evalue).toContain('error, warn or off');
    await refused("const stopped: number = 'a'");
  });

  test('TUNELAB_TYPES sets the start, and without checks there is no server', async () => {
    const own = await kernelForTest({ env: { TUNELAB_TYPES: 'off' } });
    await own.ok("const unchecked: number = 'a'; unchecked");
    await sleep(600);
    expect(servers(own)).toEqual([]);
    expect((await own.ask('complete_request', { code: 'unchecked.toU', cursor_pos: 13 })).matches).toContain(
      'toUpperCase',
    );
  });
});

describe('the server', () => {
  test('leaves nothing in the folder and ends with the kernel', async () => {
    const own = await kernelForTest();
    await refused("const bad: number = 'a'", own);
    const [server] = servers(own);
    expect(server).toBeTypeOf('number');
    expect((await own.ok('%sh ls -A | grep -v -e connection -e history || true')).stdout).toBe('');
    own.process.kill('SIGKILL');
    await own.exited;
    await until(() => !isRunning(server!), 'the end of the server', 5_000);
  });

  test('is started again when it ends, and knows the cells; after the third time types are off', async () => {
    const own = await kernelForTest();
    await own.ok('const known = 5; Math.max(known)');
    for (let death = 0; death < 2; death++) {
      const [server] = servers(own);
      process.kill(server!, 'SIGKILL');
      await until(() => servers(own).some(pid => pid !== server), 'another server');
      expect(await refused('known.toUpperCase()', own)).toMatchObject({ name: 'TS2339' });
    }
    process.kill(servers(own)[0]!, 'SIGKILL');
    await until(() => servers(own).length === 0, 'the end of the last server');
    const first = await own.ok("const unchecked: number = 'a'; unchecked");
    expect(first.stderr).toContain('types are off from here on');
    expect((await own.ok("const again: number = 'a'; again")).stderr).toBe('');
    expect((await own.ask('complete_request', { code: 'known.toF', cursor_pos: 9 })).matches).toEqual([
      'toFixed',
    ]);
  });

  test('that does not answer stops no cell, and an interrupt ends the wait', async () => {
    const own = await kernelForTest();
    await own.ok('const warm = Math.max(1, 2)');
    const [server] = servers(own);
    process.kill(server!, 'SIGSTOP');
    const waiting = own.execute('Math.min(warm, 2)');
    await sleep(100);
    const start = performance.now();
    expect((await own.ask('complete_request', { code: 'Math.ma', cursor_pos: 7 })).matches).toEqual(['max']);
    await own.interrupt();
    await waiting.done;
    // A check is given up by itself after three seconds.
    expect(performance.now() - start).toBeLessThan(2_500);
    expect(waiting.error?.ename).toBe('Interrupted');
    expect((await own.ok('Math.min(warm, 2)')).value).toBe('2');
    process.kill(server!, 'SIGCONT');
    await sleep(500);
    expect(await refused('warm.toUpperCase()', own)).toMatchObject({ name: 'TS2339' });
  });
});

describe('completion', () => {
  const complete = async (marked: string, on: Kernel = kernel): Promise<Content> => {
    const at = marked.lastIndexOf('|');
    const code = marked.slice(0, at) + marked.slice(at + 1);
    return on.ask('complete_request', { code, cursor_pos: [...marked.slice(0, at)].length });
  };

  test.each([
    ['of what an await gives', '(await Promise.resolve([1])).ma|', 'map'],
    ['of a parameter', '[1, 2, 3].map(x => x.toF|', 'toFixed'],
    ['of a name in the same cell', 'const inHere = { apple: 1 };\ninHere.app|', 'apple'],
    ['the name itself', 'const inThisCell = 1;\ninThisC|', 'inThisCell'],
    ['a parameter’s name', 'function f(parameter: string) { return param| }', 'parameter'],
    ['an import', "import * as fs from 'f|", 'fs'],
    ['what a module exports', "import { readFileS| } from 'node:fs'", 'readFileSync'],
    ['a key of options', 'const o: { width: number } = { wi| }', 'width'],
    ['a string of a union', "const k: 'bar' | 'line' = 'b|'", 'bar'],
  ])('%s', async (_, marked, expected) => {
    expect((await complete(marked)).matches).toContain(expected);
  });

  test('of a type from an earlier cell', async () => {
    await kernel.ok('interface Harvest { apples: number }');
    expect((await complete('let crop: Harv|')).matches).toContain('Harvest');
    expect((await complete('let crop: Harvest; crop.app|')).matches).toEqual(['apples']);
  });

  test('says types and signatures, and counts code points', async () => {
    const reply = await complete("const s = '😀'; s.toUpper|");
    expect(reply).toMatchObject({ matches: ['toUpperCase'], cursor_start: 17, cursor_end: 24 });
    expect(reply.metadata).toEqual({
      _jupyter_types_experimental: [
        { text: 'toUpperCase', type: 'function', signature: '(): string', start: 17, end: 24 },
      ],
    });
  });

  test('has every name once, those of the value among them', async () => {
    await kernel.ok('const live: object = { onlyLive: 1, both: 2 } as { both: number }');
    const { matches } = await complete('live.|');
    expect(matches).toEqual([...new Set(matches)]);
    expect(matches).toEqual(expect.arrayContaining(['onlyLive', 'both', 'toString']));
  });
});

describe('help', () => {
  const inspect = (code: string) =>
    kernel.ask('inspect_request', { code, cursor_pos: [...code].length, detail_level: 0 });

  test('shows signature and documentation', async () => {
    const { found, data } = await inspect('Math.max');
    expect(found).toBe(true);
    expect(data?.['text/plain']).toContain('Math.max(...values: number[]): number');
    expect(data?.['text/plain']).toContain('Returns the larger');
    expect(data?.['text/markdown']).toContain('```typescript\n(method) Math.max');
  });

  test('shows types beside the value, without the kernel’s own names', async () => {
    await kernel.ok(
      'interface Seed { size: number }\nconst seeds: Seed[] = [{ size: 4 }]\n/** Plants. */\nfunction plant(seed: Seed) { return seed }',
    );
    const value = (await inspect('seeds')).data?.['text/plain'];
    expect(value).toContain('const seeds: Seed[]');
    expect(value).toContain('Array(1)');
    const text = (await inspect('plant')).data?.['text/plain'];
    expect(text).toContain('function plant(seed: Seed): Seed');
    expect(text).toContain('Plants.');
    expect(text).not.toContain('__tunelab');
  });

  test('knows a name that has no value yet', async () => {
    expect((await inspect('const soon = [1]; soon')).data?.['text/plain']).toContain('const soon: number[]');
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
