/** How values and display calls reach a client. The forms of single values are tested in test/kernel/display. */
import { describe, expect, test } from 'vitest';
import { kernelForFile, until } from '../client.ts';

const kernel = await kernelForFile();

const png = `Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13])`;

describe('results', () => {
  test('carry the execution count and a bundle', async () => {
    const cell = await kernel.ok('({ a: [1, { b: null }] })');
    const [result] = cell.of('execute_result');
    expect(result!.content).toEqual({
      execution_count: cell.reply!.content.execution_count,
      data: { 'text/plain': '{ a: [ 1, { b: null } ] }' },
      metadata: {},
    });
  });

  test('come after what the cell printed', async () => {
    const cell = await kernel.ok('console.log("printed"); "result"');
    expect(cell.messages.map(({ type }) => type)).toEqual([
      'status',
      'execute_input',
      'stream',
      'execute_result',
      'status',
    ]);
  });

  test('a table of records has an HTML form', async () => {
    const { data } = await kernel.ok('[{ name: "Ada", born: 1815 }, { name: "Alan", born: 1912 }]');
    expect(data!['text/html']).toContain('Alan');
    expect(data!['text/html']).toContain('<table');
    expect(data!['text/plain']).toContain('Ada');
  });

  test('an arquero table too', async () => {
    const { data } = await kernel.ok(
      'import { table } from "arquero"; table({ a: [1, 2], b: ["x", "<y>"] })',
    );
    expect(data!['text/html']).toContain('&lt;y&gt;');
    expect(data!['text/plain']).toContain('a');
  });

  test('PNG bytes are a picture', async () => {
    expect((await kernel.ok(png)).data!['image/png']).toBe('iVBORw0KGgoAAAAN');
  });

  test('colours stay out of text/plain', async () => {
    expect((await kernel.ok('console.log([1, "a", null]); [1, "a", null]')).value).toBe("[ 1, 'a', null ]");
    expect((await kernel.ok('console.log([1, "a", null])')).stdout).toBe("[ 1, 'a', null ]\n");
  });
});

describe('Symbol.for("Jupyter.display")', () => {
  test.each([
    ['sync', '({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<b>s</b>" }) })'],
    [
      'async',
      '({ [Symbol.for("Jupyter.display")]: async () => { await new Promise(d => setTimeout(d, 20)); return { "text/html": "<b>s</b>" } } })',
    ],
    [
      'a method of a class',
      'class Shown { [Symbol.for("Jupyter.display")]() { return { "text/html": "<b>s</b>" } } } new Shown()',
    ],
  ])('%s', async (_name, source) => {
    expect((await kernel.ok(source)).data!['text/html']).toBe('<b>s</b>');
  });

  test.each([
    ['throws', '({ a: 1, [Symbol.for("Jupyter.display")]() { throw new Error("no") } })'],
    ['rejects', '({ a: 1, [Symbol.for("Jupyter.display")]: async () => { throw new Error("no") } })'],
    ['gives no bundle', '({ a: 1, [Symbol.for("Jupyter.display")]: () => 5 })'],
  ])('one that %s still shows the value', async (_name, source) => {
    expect((await kernel.ok(source)).value).toContain('a: 1');
  });

  test('one that never settles can be interrupted', async () => {
    const running = kernel.execute(
      '({ [Symbol.for("Jupyter.display")]: () => { console.log("asked"); return new Promise(() => {}) } })',
    );
    await until(() => running.stdout !== '', 'the display');
    await kernel.interrupt();
    expect((await running.done).status).toBe('error');
    expect((await kernel.ok('1')).value).toBe('1');
  });
});

describe('the host’s functions', () => {
  const host = 'const host = globalThis[Symbol.for("tunelab.host")];';

  test('display, with an id and an update from a later cell', async () => {
    const first = await kernel.ok(
      `${host} host.display({ data: { "text/plain": "1 of 2" }, metadata: { m: 1 } }, { displayId: "bar" })`,
    );
    expect(first.of('display_data')[0]!.content).toEqual({
      data: { 'text/plain': '1 of 2' },
      metadata: { m: 1 },
      transient: { display_id: 'bar' },
    });
    const second = await kernel.ok(
      'host.display({ data: { "text/plain": "2 of 2" } }, { displayId: "bar", update: true })',
    );
    expect(second.of('update_display_data')[0]!.content).toEqual({
      data: { 'text/plain': '2 of 2' },
      metadata: {},
      transient: { display_id: 'bar' },
    });
  });

  test('clearOutput', async () => {
    const cell = await kernel.ok(
      `${host} console.log("a"); host.clearOutput({ wait: true }); console.log("b"); console.clear()`,
    );
    const types = cell.messages.map(({ type, content }) => [type, content.text ?? content.wait]);
    expect(types.slice(2, -1)).toEqual([
      ['stream', 'a\n'],
      ['clear_output', true],
      ['stream', 'b\n'],
      ['clear_output', false],
    ]);
  });

  test('display keeps its place between prints', async () => {
    const cell = await kernel.ok(
      `${host} for (let i = 0; i < 3; i++) { console.log(i); host.display({ data: { "text/plain": "d" + i } }) }`,
    );
    const order = cell.messages
      .slice(2, -1)
      .map(({ content }) => content.text ?? content.data!['text/plain']);
    expect(order).toEqual(['0\n', 'd0', '1\n', 'd1', '2\n', 'd2']);
  });

  test('Deno’s display, update and broadcast', async () => {
    const cell = await kernel.ok(`
      await Deno.jupyter.display({ "text/plain": "one" }, { raw: true, display_id: "deno" });
      await Deno.jupyter.display({ "text/plain": "two" }, { raw: true, display_id: "deno", update: true });
      await Deno.jupyter.broadcast("display_data", { data: { "text/plain": "three" }, metadata: {}, transient: {} });
      Deno.jupyter.md\`**four**\``);
    expect(cell.of('display_data').map(({ content }) => content.data)).toEqual([
      { 'text/plain': 'one' },
      { 'text/plain': 'three' },
    ]);
    expect(cell.of('update_display_data')[0]!.content.transient).toEqual({ display_id: 'deno' });
    expect(cell.data).toEqual({ 'text/markdown': '**four**' });
  });

  test('tslab’s newDisplay updates', async () => {
    const cell = await kernel.ok(
      'import * as tslab from "tslab"; const d = tslab.newDisplay(); d.text("1"); d.text("2")',
    );
    const [first, second] = [cell.of('display_data')[0]!, cell.of('update_display_data')[0]!];
    expect(first.content.transient!.display_id).toBe(second.content.transient!.display_id);
    expect(second.content.data).toEqual({ 'text/plain': '2' });
  });

  test('a display from a timer goes to its cell', async () => {
    const cell = await kernel.ok(
      `${host} setTimeout(() => host.display({ data: { "text/plain": "late" } }), 60)`,
    );
    await until(() => cell.all.some(({ type }) => type === 'display_data'), 'the display');
    expect(cell.all.filter(({ type }) => type === 'display_data').map(({ content }) => content.data)).toEqual(
      [{ 'text/plain': 'late' }],
    );
  });

  test('a bundle that is not JSON is the cell’s error, not the kernel’s', async () => {
    const cell = await kernel.run(
      `${host} const loop: any = {}; loop.loop = loop; host.display({ data: { "application/json": loop } })`,
    );
    expect(cell.status).toBe('error');
    expect(
      (await kernel.ok('host.display({ data: { "application/json": 10n as any } })').catch(error => error))
        .message,
    ).toContain('BigInt');
    expect((await kernel.ok('1')).value).toBe('1');
  });
});

describe('hostile values cannot hang or end the kernel', () => {
  test.each([
    ['a throwing getter', '({ ok: 1, get bad() { throw new Error("getter") } })', 'ok: 1'],
    ['a getter that never returns', '({ ok: 1, get bad() { for (;;); } })', 'ok: 1'],
    ['a circular object', 'const c: any = { a: 1 }; c.self = c; c', 'Circular'],
    ['a proxy whose traps throw', 'new Proxy({}, new Proxy({}, { get() { throw new Error("trap") } }))', ''],
    [
      'a proxy whose traps loop',
      'new Proxy({}, { get() { for (;;); }, ownKeys() { for (;;); }, has() { for (;;); }, getPrototypeOf() { for (;;); } })',
      '',
    ],
    ['a revoked proxy', 'const r = Proxy.revocable({}, {}); r.revoke(); r.proxy', ''],
    ['an endless iterator', '({ *[Symbol.iterator]() { for (;;) yield 1 } })', ''],
    ['an endless generator', '(function* () { for (;;) yield 1 })()', 'Generator'],
    ['an endless array-like', '({ length: Infinity, 0: 1 })', 'Infinity'],
    [
      'a throwing toString',
      '({ toString() { throw 1 }, valueOf() { throw 2 }, [Symbol.toPrimitive]() { throw 3 } })',
      '',
    ],
    [
      'a throwing inspect',
      '({ [Symbol.for("nodejs.util.inspect.custom")]() { throw new Error("inspect") } })',
      '',
    ],
    ['a throwing toJSON', '({ a: 1, toJSON() { throw new Error("json") } })', 'a: 1'],
    ['a throwing constructor name', '({ get constructor() { throw new Error("constructor") } })', ''],
    ['no prototype', 'Object.assign(Object.create(null), { a: 1 })', 'a: 1'],
    ['a symbol tag that throws', '({ get [Symbol.toStringTag]() { throw new Error("tag") } })', ''],
    [
      'a throwing display property',
      '({ get [Symbol.for("Jupyter.display")]() { throw new Error("display") } })',
      '',
    ],
    ['a long array', 'new Array(1e7).fill(0)', 'more items'],
    ['a sparse array', '(() => { const a: number[] = []; a[4e9] = 1; return a })()', ''],
    ['a typed array of 100 MB', 'new Uint8Array(1e8)', ''],
    ['a string of 10 million', '"x".repeat(1e7)', 'x'],
    ['a deep object', 'let deep: any = {}; for (let i = 0; i < 1e5; i++) deep = { deep }; deep', 'deep'],
    ['a wide object', 'Object.fromEntries(Array.from({ length: 1e5 }, (_, i) => ["k" + i, i]))', 'k0'],
    ['a fake table', '[new Proxy({ a: 1 }, { get() { throw new Error("row") } }), { a: 2 }]', ''],
    ['records with throwing getters', '[{ a: 1, get b() { throw new Error("cell") } }, { a: 2, b: 3 }]', ''],
    ['a promise-like that throws', '({ ok: 1, get then() { throw new Error("then") } })', ''],
    [
      'an error with a throwing stack',
      'Object.defineProperty(new Error("e"), "stack", { get() { throw new Error("stack") } })',
      '',
    ],
    ['globalThis', 'globalThis', ''],
    ['a weak map', 'new WeakMap()', 'WeakMap'],
    ['a module namespace', 'await import("node:os")', 'EOL'],
    [
      'a function with a throwing name',
      'Object.defineProperty(() => 1, "name", { get() { throw new Error("name") } })',
      '',
    ],
  ])('%s', async (_name, source, part) => {
    const { status, value, traceback } = await kernel.run(source);
    expect(status, traceback).toBe('ok');
    expect(value).toBeTypeOf('string');
    expect(value).toContain(part);
    expect((value as string).length).toBeLessThan(1_000_000);
  });

  test('and the kernel still runs cells', async () => {
    expect((await kernel.ok('2 + 2')).value).toBe('4');
  });
});
