// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the source text of cells
/** What types do for a notebook: mistakes before a cell runs, completion and help beyond live values. */
import { describe, expect, test } from 'vitest';
import {
  type Content,
  type Exchange,
  isAlive,
  type Kernel,
  kernelForFile,
  kernelForTest,
  newGate,
  PATIENT,
  sleep,
  typeServers,
  until,
} from '../client.ts';

const kernel = await kernelForFile();
const LAST_LINE = 'The cell has not run.';

/**
 * Tries something until it succeeds; a try may fail because a cell ran unchecked, and then the kernel says so: on a busy
 * machine its server may need longer than a cell waits.
 */
async function unlessLate(attempt: () => Promise<boolean>, on: Kernel = kernel): Promise<void> {
  const timesLate = () => on.log.split('runs unchecked').length;
  for (let late = timesLate(); !(await attempt()); late = timesLate())
    await until(() => timesLate() > late, 'the check of a cell that ran unchecked');
}

async function refused(code: string, on: Kernel = kernel) {
  let cell!: Exchange;
  await unlessLate(async () => {
    cell = await on.run(`console.log('RAN');\n${code}`);
    return cell.stdout === '';
  }, on);
  const { status, error, traceback } = cell;
  expect(status, code).toBe('error');
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
    [
      'a misspelt value of an option',
      "const r: { optim: 'adamw' | 'sgd' } = { optim: 'adam' }",
      'TS2820',
      'Did you mean \'"adamw"\'?',
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
    await unlessLate(async () => {
      const gate = newGate(kernel);
      const before = kernel.execute(gate.wait);
      const first = kernel.execute("const bad: number = 'a'");
      const second = kernel.execute('console.log("behind")');
      await kernel.arrived();
      gate.open();
      await Promise.all([before.done, first.done, second.done]);
      if (first.status === 'ok') return false;
      expect([first.status, second.status, second.stdout]).toEqual(['error', 'aborted', '']);
      return true;
    });
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
    await unlessLate(async () => {
      const { stdout, stderr } = await kernel.ok(
        "%types warn\nconst warned: number = 'a';\nconsole.log('ran')",
      );
      expect(stdout).toBe('ran\n');
      if (stderr === '') return false;
      expect(stderr).toContain("Type 'string' is not assignable to type 'number'.");
      expect(stderr).toContain(':2:7');
      return true;
    });
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
    expect(typeServers(own.pid)).toEqual([]);
    await expect
      .poll(() => own.ask('complete_request', { code: 'unchecked.toU', cursor_pos: 13 }), PATIENT)
      .toMatchObject({ matches: expect.arrayContaining(['toUpperCase']) });
  });
});

describe('the server', () => {
  test('leaves nothing in the folder and ends with the kernel', async () => {
    const own = await kernelForTest();
    await refused("const bad: number = 'a'", own);
    const [server] = typeServers(own.pid);
    expect(server).toBeTypeOf('number');
    expect((await own.ok('%sh ls -A | grep -v -e connection -e history || true')).stdout).toBe('');
    own.process.kill('SIGKILL');
    await own.exited;
    await until(() => !isAlive(server!), 'the end of the server');
  });

  test('is started again when it ends, and knows the cells; after the third time types are off', async () => {
    const own = await kernelForTest();
    await own.ok('const known = 5; Math.max(known)');
    for (let death = 0; death < 2; death++) {
      const [server] = typeServers(own.pid);
      process.kill(server!, 'SIGKILL');
      await until(() => typeServers(own.pid).some(pid => pid !== server), 'another server');
      expect(await refused('known.toUpperCase()', own)).toMatchObject({ name: 'TS2339' });
    }
    process.kill(typeServers(own.pid)[0]!, 'SIGKILL');
    await until(() => typeServers(own.pid).length === 0, 'the end of the last server');
    const first = await own.ok("const unchecked: number = 'a'; unchecked");
    expect(first.stderr).toContain('types are off from here on');
    expect((await own.ok("const again: number = 'a'; again")).stderr).toBe('');
    await expect
      .poll(() => own.ask('complete_request', { code: 'known.toF', cursor_pos: 9 }), PATIENT)
      .toMatchObject({ matches: ['toFixed'] });
  });

  test('that does not answer stops no cell, and an interrupt ends the wait', async () => {
    const own = await kernelForTest();
    await own.ok('const warm = Math.max(1, 2)');
    const [server] = typeServers(own.pid);
    await unlessLate(async () => {
      process.kill(server!, 'SIGCONT');
      await refused('warm.toUpperCase()', own);
      process.kill(server!, 'SIGSTOP');
      const waiting = own.execute('Math.min(warm, 2)');
      await until(() => waiting.of('execute_input').length > 0, 'the cell');
      await expect
        .poll(() => own.ask('complete_request', { code: 'Math.ma', cursor_pos: 7 }), PATIENT)
        .toMatchObject({ matches: ['max'] });
      await own.interrupt();
      await waiting.done;
      // A check is given up by itself after some seconds, which a busy machine may need to get here.
      if (waiting.status === 'ok') return false;
      expect(waiting.error?.ename).toBe('Interrupted');
      return true;
    }, own);
    expect((await own.ok('Math.min(warm, 2)')).value).toBe('2');
    process.kill(server!, 'SIGCONT');
    expect(await refused('warm.toUpperCase()', own)).toMatchObject({ name: 'TS2339' });
  });
});

describe('completion', () => {
  /** What completes a code at its mark; on a busy machine what the server has not said in time comes with a later answer. */
  const completion = (marked: string) => {
    const at = marked.lastIndexOf('|');
    const code = marked.slice(0, at) + marked.slice(at + 1);
    const cursor_pos = [...marked.slice(0, at)].length;
    return expect.poll(() => kernel.ask('complete_request', { code, cursor_pos }), PATIENT);
  };
  const some = (...names: string[]) => ({ matches: expect.arrayContaining(names) });

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
    await completion(marked).toMatchObject(some(expected));
  });

  test('of a type from an earlier cell', async () => {
    await kernel.ok('interface Harvest { apples: number }');
    await completion('let crop: Harv|').toMatchObject(some('Harvest'));
    await completion('let crop: Harvest; crop.app|').toMatchObject({ matches: ['apples'] });
  });

  test('says types and signatures, and counts code points', async () => {
    await completion("const s = '😀'; s.toUpper|").toMatchObject({
      matches: ['toUpperCase'],
      cursor_start: 17,
      cursor_end: 24,
      metadata: {
        _jupyter_types_experimental: [
          { text: 'toUpperCase', type: 'function', signature: '(): string', start: 17, end: 24 },
        ],
      },
    });
  });

  test('has every name once, those of the value among them', async () => {
    await kernel.ok('const live: object = { onlyLive: 1, both: 2 } as { both: number }');
    await completion('live.|').toMatchObject(some('onlyLive', 'both', 'toString'));
    await completion('live.|').toSatisfy(({ matches }: Content) => new Set(matches).size === matches!.length);
  });
});

describe('help', () => {
  /** The text of the help for the end of a code; on a busy machine it takes several questions until all of it is there. */
  const help = (code: string, form = 'text/plain') =>
    expect.poll(async () => {
      const { data } = await kernel.ask('inspect_request', {
        code,
        cursor_pos: [...code].length,
        detail_level: 0,
      });
      return data?.[form];
    }, PATIENT);

  test('shows signature and documentation', async () => {
    await help('Math.max').toContain('Math.max(...values: number[]): number');
    await help('Math.max').toContain('Returns the larger');
    await help('Math.max', 'text/markdown').toContain('```typescript\n(method) Math.max');
  });

  test('shows types beside the value, without the kernel’s own names', async () => {
    await kernel.ok(
      'interface Seed { size: number }\nconst seeds: Seed[] = [{ size: 4 }]\n/** Plants. */\nfunction plant(seed: Seed) { return seed }',
    );
    await help('seeds').toMatch(/const seeds: Seed\[\].*Array\(1\)/s);
    await help('plant').toMatch(/function plant\(seed: Seed\): Seed.*Plants\./s);
    await help('plant').not.toContain('__tunelab');
  });

  test('knows a name that has no value yet', async () => {
    await help('const soon = [1]; soon').toContain('const soon: number[]');
  });
});
