/** The debugger as JupyterLab and VS Code drive it: Debug Adapter Protocol requests on the control channel. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Exchange, type Kernel, type KernelOptions, kernelForTest, PATIENT, until } from '../client.ts';

// biome-ignore lint/suspicious/noExplicitAny: the bodies of the protocol's messages differ by request
type Body = Record<string, any>;

class Debugger {
  readonly kernel: Kernel;
  #seq = 1;
  /** Events on iopub that have been taken. */
  #taken = 0;

  constructor(kernel: Kernel) {
    this.kernel = kernel;
  }

  async ask(command: string, args: object = {}): Promise<Body> {
    const content = { type: 'request', seq: this.#seq++, command, arguments: args };
    const reply = await this.kernel.ask('debug_request', content, { channel: 'control' });
    expect(reply).toMatchObject({ type: 'response', command, request_seq: content.seq });
    return reply as Body;
  }

  /** The body of a request that must succeed. */
  async ok(command: string, args: object = {}): Promise<Body> {
    const reply = await this.ask(command, args);
    expect(reply, `${command}: ${reply.message}`).toMatchObject({ success: true });
    return reply.body;
  }

  /** The body of the next event of a kind; those before it are passed over. */
  async event(name: string): Promise<Body> {
    let found: Body | undefined;
    await until(() => {
      const events = this.kernel.iopub.filter(({ type }) => type === 'debug_event');
      while (!found && this.#taken < events.length) {
        const event = events[this.#taken++]!.content as Body;
        if (event.event === name) found = event;
      }
      return found !== undefined;
    }, `the event ${name}`);
    return found!.body;
  }

  async attach(): Promise<void> {
    await this.ok('initialize', { clientID: 'test', adapterID: 'tunelab' });
    await this.ok('attach');
    await this.event('initialized');
    await this.ok('configurationDone');
  }

  /** Sets breakpoints in a cell and runs it. @returns the running cell and the path under which it is known */
  async runCell(
    code: string,
    lines: readonly (number | { line: number; [more: string]: unknown })[],
  ): Promise<{ cell: Exchange; path: string; breakpoints: Body[] }> {
    const path = (await this.ok('dumpCell', { code })).sourcePath as string;
    const breakpoints = lines.map(line => (typeof line === 'number' ? { line } : line));
    const set = await this.ok('setBreakpoints', { source: { path }, breakpoints });
    return { cell: this.kernel.execute(code), path, breakpoints: set.breakpoints };
  }

  /** Waits for a stop. @returns why, and where */
  async stopped(): Promise<{ reason: string; name: string; line: number; frames: Body[]; body: Body }> {
    const body = await this.event('stopped');
    expect(body).toMatchObject({ threadId: 1, allThreadsStopped: true });
    const { stackFrames } = await this.ok('stackTrace', { threadId: 1 });
    const [top] = stackFrames as Body[];
    return { reason: body.reason, name: top?.name, line: top?.line, frames: stackFrames, body };
  }

  async variables(variablesReference: number, more: object = {}): Promise<Record<string, Body>> {
    const { variables } = await this.ok('variables', { variablesReference, ...more });
    return Object.fromEntries((variables as Body[]).map(variable => [variable.name, variable]));
  }

  /** The variables of a frame's scopes, by the scope's name. */
  async scopes(frameId: number): Promise<Record<string, Record<string, Body>>> {
    const { scopes } = await this.ok('scopes', { frameId });
    const entries: [string, Record<string, Body>][] = [];
    for (const scope of scopes as Body[])
      entries.push([scope.name, await this.variables(scope.variablesReference)]);
    return Object.fromEntries(entries);
  }

  go(command = 'continue'): Promise<Body> {
    return this.ok(command, { threadId: 1 });
  }
}

async function debug(options: KernelOptions = {}): Promise<Debugger> {
  const session = new Debugger(await kernelForTest(options));
  await session.attach();
  return session;
}

const PEOPLE = `interface Person { name: string; age: number }
// a comment: the breakpoint goes to the next line
const people: Person[] = [{ name: 'ada', age: 36 }, { name: 'bob', age: 40 }];

function total(list: Person[]): number {
  let sum = 0;
  for (const one of list) {
    sum += one.age;
  }
  return sum;
}
const years = total(people);
years`;

test('the kernel says that it can be debugged, and how a front end names its cells', async () => {
  const kernel = await kernelForTest();
  const info = await kernel.ask('kernel_info_request');
  expect(info).toMatchObject({ debugger: true, supported_features: expect.arrayContaining(['debugger']) });
  const session = new Debugger(kernel);
  const before = await session.ok('debugInfo');
  expect(before).toMatchObject({
    isStarted: false,
    hashMethod: 'Murmur2',
    tmpFileSuffix: '.ts',
    breakpoints: [],
    stoppedThreads: [],
    richRendering: true,
    copyToGlobals: true,
  });
  expect(await session.ask('setBreakpoints', { source: { path: 'x' }, breakpoints: [] })).toMatchObject({
    success: false,
    message: expect.stringContaining('initialize'),
  });
  const capabilities = await session.ok('initialize', { clientID: 'test', adapterID: '' });
  expect(capabilities.exceptionBreakpointFilters.map(({ filter }: Body) => filter)).toEqual([
    'all',
    'uncaught',
  ]);
  expect((await session.ok('debugInfo')).isStarted).toBe(true);
  // The hash of JupyterLab's own implementation for this text and seed.
  const { sourcePath } = await session.ok('dumpCell', { code: 'let x = 1;\nx + 1' });
  expect(before.hashSeed).toBe(0xc70f6907);
  expect(sourcePath).toBe(`${before.tmpFilePrefix}1337468207${before.tmpFileSuffix}`);
  expect(await session.ok('source', { source: { path: sourcePath } })).toEqual({
    content: 'let x = 1;\nx + 1',
  });
});

test('stops at the lines as typed, shows frames and variables, steps, and goes on', async () => {
  const session = await debug();
  const { cell, path, breakpoints } = await session.runCell(PEOPLE, [2, 12]);
  expect(breakpoints.map(({ line, verified }) => [line, verified])).toEqual([
    [3, true],
    [12, true],
  ]);
  const first = await session.stopped();
  expect(first).toMatchObject({ reason: 'breakpoint', line: 3, name: 'Cell[1]' });
  expect(first.body.hitBreakpointIds).toEqual([breakpoints[0]!.id]);
  expect(first.frames).toHaveLength(1);
  expect(first.frames[0]!.source).toEqual({ name: 'Cell[1]', path });
  expect(await session.ok('debugInfo')).toMatchObject({
    stoppedThreads: [1],
    breakpoints: [{ source: path, breakpoints: [{ line: 3 }, { line: 12 }] }],
  });
  await session.go();
  await session.event('continued');

  expect(await session.stopped()).toMatchObject({ reason: 'breakpoint', line: 12 });
  await session.go('stepIn');
  const inside = await session.stopped();
  expect(inside).toMatchObject({ reason: 'step', name: 'total', line: 6 });
  expect(inside.frames.map(({ name, line }) => [name, line])).toEqual([
    ['total', 6],
    ['Cell[1]', 12],
  ]);
  const lines: number[] = [];
  for (let step = 0; step < 4; step++) {
    await session.go('next');
    lines.push((await session.stopped()).line);
  }
  expect(lines).toContain(8);
  expect(Math.min(...lines)).toBeGreaterThanOrEqual(6);
  expect(Math.max(...lines)).toBeLessThanOrEqual(10);
  await session.go('stepOut');
  expect(await session.stopped()).toMatchObject({ reason: 'step', name: 'Cell[1]' });
  await session.go();
  await cell.done;
  expect(cell.value).toBe('76');
  expect((await session.ok('debugInfo')).stoppedThreads).toEqual([]);
});

test('variables: of the frame and of the notebook, not all that Node has; members when they are asked for', async () => {
  const session = await debug();
  await session.kernel.ok(`const settings = { rate: 0.5, name: "run", nested: { deep: [1, 2] } };
const lookup = new Map([["a", 1]]); const many = Array.from({ length: 25_000 }, (_, i) => i);
class Point { constructor(public x: number) {} }
(globalThis as any).hung = true`);
  const { cell } = await session.runCell(
    `function outer(factor: number) {
  const captured = 'from outside';
  return (value: number) => {
    const point = new Point(value * factor);
    return [point, captured];
  };
}
outer(3)(7).length`,
    [5],
  );
  const { frames } = await session.stopped();
  const scopes = await session.scopes(frames[0]!.id);
  expect(Object.keys(scopes)).toEqual(['Locals', 'Closure', 'Notebook']);
  expect(scopes.Locals).toMatchObject({
    value: { value: '7', type: 'number', variablesReference: 0 },
    point: { value: 'Point {x: 21}', type: 'Point' },
  });
  expect(scopes.Closure).toMatchObject({ factor: { value: '3' }, captured: { value: '"from outside"' } });
  expect(Object.keys(scopes.Notebook!)).toEqual(['Point', 'hung', 'lookup', 'many', 'outer', 'settings']);
  const { settings, lookup, many, Point } = scopes.Notebook!;
  expect(settings!.value).toBe('{rate: 0.5, name: "run", nested: {…}}');
  expect(lookup!.value).toBe('Map(1) {"a" => 1}');
  expect(Point!.value).toBe('class Point');
  const members = await session.variables(settings!.variablesReference);
  expect(members.name).toMatchObject({ value: '"run"', evaluateName: 'settings.name' });
  const deep = await session.variables(members.nested!.variablesReference);
  expect((await session.variables(deep.deep!.variablesReference))['1']).toMatchObject({
    value: '2',
    evaluateName: 'settings.nested.deep[1]',
  });
  const groups = await session.variables(many!.variablesReference);
  expect(groups['[20000 … 24999]']).toBeDefined();
  const part = await session.variables(groups['[20000 … 24999]']!.variablesReference);
  const items = await session.variables(part['[20100 … 20199]']!.variablesReference);
  expect(Object.keys(items)).toHaveLength(100);
  expect(items['20150']).toMatchObject({ value: '20150', evaluateName: 'many[20150]' });

  const frameId = frames[0]!.id;
  expect(await session.ok('evaluate', { expression: '(point as Point).x + factor', frameId })).toMatchObject({
    result: '24',
    type: 'number',
  });
  const failed = await session.ask('evaluate', { expression: 'nowhere', frameId });
  expect(failed).toMatchObject({ success: false, message: 'ReferenceError: nowhere is not defined' });
  expect(
    await session.ask('evaluate', { expression: 'many.push(1)', frameId, context: 'hover' }),
  ).toMatchObject({
    success: false,
  });
  expect((await session.ok('richInspectVariables', { variableName: 'point', frameId })).data).toMatchObject({
    'text/plain': 'Point { x: 21 }',
  });
  await session.ok('copyToGlobals', {
    srcVariableName: 'point',
    dstVariableName: 'kept',
    srcFrameId: frameId,
  });
  await session.ok('copyToGlobals', {
    srcVariableName: 'value',
    dstVariableName: 'hung',
    srcFrameId: frameId,
  });
  await session.go();
  await cell.done;
  expect((await session.kernel.ok('[kept.x, hung]')).value).toBe('[ 21, 7 ]');
});

test('the variables panel works without a debugger, while nothing is stopped', async () => {
  const kernel = await kernelForTest();
  const session = new Debugger(kernel);
  expect(await session.ok('inspectVariables')).toEqual({ variables: [] });
  await kernel.ok(
    'const table = [{ a: 1 }]; let later = Promise.resolve({ [Symbol.for("Jupyter.display")]: async () => ({ "text/html": "<b>x</b>" }) }); const shown = await later; ',
  );
  await kernel.run('throw 1; const never = 1');
  const { variables } = await session.ok('inspectVariables');
  expect((variables as Body[]).map(({ name, value }) => [name, value])).toEqual([
    ['later', 'Promise'],
    ['shown', expect.stringContaining('{')],
    ['table', '(1) [{…}]'],
  ]);
  const table = variables.find(({ name }: Body) => name === 'table');
  expect(Object.keys(await session.variables(table.variablesReference))).toContain('0');
  expect((await session.ok('richInspectVariables', { variableName: 'shown' })).data).toEqual({
    'text/html': '<b>x</b>',
  });
  expect(await session.ask('richInspectVariables', { variableName: 'missing' })).toMatchObject({
    success: false,
  });
});

test('JupyterLab’s tree of variables shows values: it would show a type in their place', async () => {
  const kernel = await kernelForTest();
  const session = new Debugger(kernel);
  await kernel.ok('let count = 3; const run = () => 1');
  await session.ok('initialize', { clientID: 'jupyterlab' });
  const { variables } = await session.ok('inspectVariables');
  expect((variables as Body[]).map(({ name, type, value }) => [name, type ?? value])).toEqual([
    ['count', '3'],
    ['run', 'function'],
  ]);
});

test('breakpoints: conditions, loops, functions of earlier cells, removal, a cell that runs again', async () => {
  const session = await debug();
  const code = 'let hits = 0;\nfor (let i = 0; i < 100; i++) {\n  hits += i;\n}\nhits';
  const { cell, path } = await session.runCell(code, [{ line: 3, condition: 'i === 41' }]);
  const { frames } = await session.stopped();
  expect((await session.scopes(frames[0]!.id)).Locals!.i!.value).toBe('41');
  await session.go();
  await cell.done;
  expect(cell.value).toBe('4950');
  // The same text runs under the same path.
  await session.ok('setBreakpoints', { source: { path }, breakpoints: [{ line: 5 }] });
  const again = session.kernel.execute(code);
  expect(await session.stopped()).toMatchObject({ line: 5, name: 'Cell[2]' });
  await session.ok('setBreakpoints', { source: { path }, breakpoints: [] });
  await session.go();
  await again.done;
  expect((await session.kernel.ok(code)).value).toBe('4950');

  const helper = 'const twice = (x: number) => {\n  const y = x * 2;\n  return y;\n};';
  await session.kernel.ok(helper);
  const helperPath = (await session.ok('dumpCell', { code: helper })).sourcePath;
  await session.ok('setBreakpoints', { source: { path: helperPath }, breakpoints: [{ line: 3 }] });
  const caller = session.kernel.execute('twice(4)');
  const stop = await session.stopped();
  expect(stop.frames.map(({ name, line }) => [name, line])).toEqual([
    ['twice', 3],
    ['Cell[5]', 1],
  ]);
  await session.go();
  await caller.done;
  expect(caller.value).toBe('8');
});

test('breakpoints that count their hits, or print in place of a stop; one that is no expression says so', async () => {
  const session = await debug();
  const code = 'let sum = 0;\nfor (let i = 1; i <= 10; i++) {\n  sum += i;\n}\nsum';
  const { cell, breakpoints } = await session.runCell(code, [
    { line: 3, hitCondition: '% 4' },
    { line: 5, logMessage: 'the sum is {sum as number}, {({ sum })}' },
    { line: 1, condition: 'i ===' },
    { line: 1, hitCondition: 'often' },
  ]);
  expect(breakpoints.map(({ verified }) => verified)).toEqual([true, true, false, false]);
  expect(breakpoints[3]!.message).toContain('often');
  for (const expected of ['4', '8']) {
    const { frames } = await session.stopped();
    expect((await session.scopes(frames[0]!.id)).Locals!.i!.value).toBe(expected);
    await session.go();
  }
  await cell.done;
  expect(cell.stdout).toBe('the sum is 55, { sum: 55 }\n');
  expect(cell.value).toBe('55');
});

test('variables can be set while a cell is stopped', async () => {
  const session = await debug();
  const { cell } = await session.runCell(
    `const options = { rate: 1, name: 'a' };
let total = 1;
function scale(by: number): number {
  return options.rate * by * total;
}
scale(2)`,
    [4],
  );
  const { frames } = await session.stopped();
  const { scopes } = await session.ok('scopes', { frameId: frames[0]!.id });
  const [locals, notebook] = [scopes[0], scopes.at(-1)].map(scope => scope.variablesReference);
  const options = (await session.variables(notebook)).options!;
  const set = (variablesReference: number, name: string, value: string) =>
    session.ok('setVariable', { variablesReference, name, value });
  expect(await set(locals, 'by', '3 as number')).toMatchObject({ value: '3', type: 'number' });
  await set(notebook, 'total', '5');
  await set(options.variablesReference, 'rate', 'by * 2');
  await session.go();
  await cell.done;
  expect(cell.value).toBe('90');
});

test('what the rewriting moves or adds does not show: imports, functions, var, magics, await', async () => {
  const session = await debug();
  const code = `%decorators standard
var early = 1;
export async function slow(ms: number): Promise<number> {
  await new Promise(done => setTimeout(done, ms));
  return ms;
}
import { basename } from 'node:path';
const file = basename('/a/b.ts');
const waited = await slow(20);
const after: string = file + waited;
after`;
  const { cell } = await session.runCell(code, [2, 8, 10]);
  expect((await session.stopped()).line).toBe(2);
  await session.go();
  expect((await session.stopped()).line).toBe(8);
  await session.go('next');
  expect((await session.stopped()).line).toBe(9);
  // Over an await: the next stop is behind it.
  await session.go('next');
  const behind = await session.stopped();
  expect(behind.line).toBe(10);
  await session.go();
  await cell.done;
  expect(cell.value).toBe("'b.ts20'");
});

test('a timed cell is known by its whole text', async () => {
  const session = await debug();
  const { cell, path } = await session.runCell('%%time\nconst timed = 1;\ntimed', [3]);
  const { line, frames } = await session.stopped();
  expect([line, frames[0]!.source.path]).toEqual([3, path]);
  await session.go();
  await cell.done;
  expect(cell.value).toBe('1');
});

test('next goes line by line, over awaits and through loops', async () => {
  const session = await debug();
  const code = `let n = 0;
while (Math.abs(n) < Math.max(1, 2)) {
  n += 1;
  await null;
}
n`;
  const { cell } = await session.runCell(code, [3]);
  const lines: number[] = [];
  for (let step = 0; step < 5; step++) {
    lines.push((await session.stopped()).line);
    await session.go('next');
  }
  expect(lines).toEqual([3, 4, 2, 3, 4]);
  await session.stopped();
  await session.go();
  await cell.done;
  expect(cell.value).toBe('2');
});

test('step into a call of an import goes to its file, not to the kernel; files have breakpoints too', async () => {
  const session = await debug();
  session.kernel.write(
    'helper.ts',
    'type N = number;\n\nexport function triple(x: N): N {\n  const result = x * 3;\n  return result;\n}\n',
  );
  session.kernel.write('plain.cjs', 'exports.half = x => {\n  return x / 2;\n};\n');
  const { cell } = await session.runCell('import { triple } from "./helper";\nconst y = triple(5);\ny', [2]);
  await session.stopped();
  await session.go('stepIn');
  const inside = await session.stopped();
  const path = `${session.kernel.folder}/helper.ts`;
  expect(inside).toMatchObject({ name: 'triple', line: 4 });
  expect(inside.frames[0]!.source).toEqual({ name: 'helper.ts', path });
  expect((await session.ok('source', { source: { path } })).content).toBe(readFileSync(path, 'utf8'));
  expect((await session.ok('modules')).modules).toContainEqual(
    expect.objectContaining({ name: 'helper.ts', path }),
  );
  expect(Object.keys(await session.scopes(inside.frames[0]!.id))[0]).toBe('Locals');
  await session.go();
  await cell.done;

  await session.ok('setBreakpoints', { source: { path }, breakpoints: [{ line: 5 }] });
  const other = session.kernel.execute('triple(2)');
  expect(await session.stopped()).toMatchObject({ name: 'triple', line: 5 });
  await session.go();
  await other.done;
  // A file that has not been loaded yet.
  const plain = `${session.kernel.folder}/plain.cjs`;
  await session.ok('setBreakpoints', { source: { path: plain }, breakpoints: [{ line: 2 }] });
  const half = session.kernel.execute('require("./plain.cjs").half(8)');
  expect((await session.stopped()).frames[0]).toMatchObject({ line: 2, source: { path: plain } });
  await session.go();
  await half.done;
  expect(half.value).toBe('4');
});

test('a debugger statement stops; timers and promise callbacks stop as well', async () => {
  const session = await debug();
  const statement = session.kernel.execute('const here = 1;\ndebugger;\nhere');
  expect(await session.stopped()).toMatchObject({ reason: 'breakpoint', line: 2 });
  await session.go();
  await statement.done;
  const code = `const log: number[] = [];
setTimeout(() => {
  log.push(1);
}, 5);
await Promise.resolve().then(() => {
  log.push(2);
});
await new Promise(done => setTimeout(done, 30));
log`;
  const { cell } = await session.runCell(code, [3, 6]);
  expect((await session.stopped()).line).toBe(6);
  await session.go();
  const timer = await session.stopped();
  expect(timer.line).toBe(3);
  expect(timer.frames.every(({ source }) => source)).toBe(true);
  await session.go('stepOut');
  await cell.done;
  expect(cell.value).toBe('[ 2, 1 ]');
});

test('exceptions: those that nobody catches, or all', async () => {
  const session = await debug();
  const code = 'try {\n  JSON.parse("{");\n} catch {}\nconst bad = null as any;\nbad.field';
  await session.ok('setExceptionBreakpoints', { filters: ['uncaught'] });
  const uncaught = session.kernel.execute(code);
  const stop = await session.stopped();
  expect(stop).toMatchObject({ reason: 'exception', line: 5 });
  expect(stop.body.text).toContain("Cannot read properties of null (reading 'field')");
  expect(await session.ok('exceptionInfo')).toMatchObject({
    exceptionId: 'TypeError',
    breakMode: 'unhandled',
  });
  expect((await session.scopes(stop.frames[0]!.id)).Locals!['(exception)']!.type).toBe('TypeError');
  await session.go();
  await uncaught.done;
  expect(uncaught.error?.ename).toBe('TypeError');

  await session.ok('setExceptionBreakpoints', { filters: ['all'] });
  const all = session.kernel.execute(code);
  expect(await session.stopped()).toMatchObject({ reason: 'exception', line: 2 });
  await session.go();
  expect(await session.stopped()).toMatchObject({ reason: 'exception', line: 5 });
  await session.go();
  await all.done;
  // What the kernel throws and catches inside stays there.
  expect((await session.kernel.ok('{ let x = 1 }; "fine"')).value).toBe("'fine'");

  await session.ok('setExceptionBreakpoints', { filters: [] });
  expect((await session.kernel.run(code)).status).toBe('error');
});

test('pause stops a loop; while a cell is stopped the kernel answers', async () => {
  const session = await debug();
  const cell = session.kernel.execute(
    'let spins = 0; console.log("spins");\nfor (;;) {\n  if (spins++ < 0) break;\n}',
  );
  await until(() => cell.stdout !== '', 'the loop');
  await session.go('pause');
  const stop = await session.stopped();
  expect(stop.reason).toBe('pause');
  expect([2, 3]).toContain(stop.line);
  expect((await session.kernel.ask('kernel_info_request')).status).toBe('ok');
  await expect
    .poll(() => session.kernel.ask('complete_request', { code: 'spi', cursor_pos: 3 }), PATIENT)
    .toMatchObject({ matches: expect.arrayContaining(['spins']) });
  expect(await session.kernel.heartbeat('alive')).toBe('alive');
  await session.ok('evaluate', { expression: 'spins = -5', frameId: stop.frames[0]!.id });
  await session.go();
  await cell.done;
  expect(cell.status).toBe('ok');
});

test('an interrupt ends a stopped cell, and a loop that stops each time round', async () => {
  const session = await debug();
  const once = await session.runCell('const a = 1;\nconst b = 2;\nconsole.log("ran on")', [2]);
  await session.stopped();
  await session.kernel.interrupt();
  await once.cell.done;
  expect(once.cell.error?.ename).toBe('Interrupted');
  expect(once.cell.stdout).toBe('');
  const awaited = await session.runCell('await null;\nconst c = 2;\nconsole.log("ran on")', [2]);
  await session.stopped();
  await session.kernel.interrupt();
  await awaited.cell.done;
  expect(awaited.cell.error?.ename).toBe('Interrupted');
  expect(awaited.cell.stdout).toBe('');
  expect((await session.ok('debugInfo')).stoppedThreads).toEqual([]);
  const loop = await session.runCell('let n = 0;\nfor (;;) {\n  n++;\n}', [3]);
  await session.stopped();
  await session.kernel.interrupt();
  await loop.cell.done;
  expect(loop.cell.error?.ename).toBe('Interrupted');
  const timer = await session.runCell(
    'await new Promise(() => setTimeout(() => {\n  for (;;) {\n    n++;\n  }\n}, 1))',
    [3],
  );
  await session.stopped();
  await session.kernel.interrupt();
  await timer.cell.done;
  expect(timer.cell.error?.ename).toBe('Interrupted');
  // And the debugger is still there.
  const next = await session.runCell('n >= 0', [1]);
  await session.stopped();
  await session.go();
  await next.cell.done;
  expect(next.cell.value).toBe('true');
});

test('the debugger outlives the process that runs cells', async () => {
  const session = await debug();
  const code = 'const before = 1;\nprocess.exit(2);\nbefore';
  const { cell } = await session.runCell(code, [1]);
  await session.stopped();
  await session.go();
  await cell.done;
  expect(cell.error?.ename).toBe('ProcessExited');
  const again = session.kernel.execute(code);
  expect(await session.stopped()).toMatchObject({ line: 1 });
  // Killed while it stands still.
  const { stackFrames } = await session.ok('stackTrace', { threadId: 1 });
  const kill = { expression: 'process.kill(process.pid, "SIGKILL")', frameId: stackFrames[0].id };
  expect(await session.ask('evaluate', kill)).toMatchObject({ success: false });
  await again.done;
  expect(again.error?.ename).toBe('ProcessKilled');
  expect((await session.ok('debugInfo')).stoppedThreads).toEqual([]);
  expect((await session.kernel.ok('1 + 1')).value).toBe('2');
});

test('a restart ends a stopped cell', async () => {
  const session = await debug();
  await session.runCell('const a = 1;\na', [2]);
  await session.stopped();
  await session.kernel.ask('shutdown_request', { restart: true }, { channel: 'control' });
  expect((await session.kernel.exited)[0]).toBe(0);
});

test('after disconnect nothing stops, and code is as fast as before', async () => {
  const kernel = await kernelForTest();
  // Processor time, which other programs do not change.
  const loop = `{ const start = process.cpuUsage().user; let sum = 0; for (let i = 0; i < 1e8; i++) sum += i; console.log(process.cpuUsage().user - start) }`;
  const fastest = async (): Promise<number> => {
    const times: number[] = [];
    for (let round = 0; round < 3; round++) times.push(Number((await kernel.ok(loop)).stdout));
    return Math.min(...times);
  };
  const before = await fastest();
  const session = new Debugger(kernel);
  await session.attach();
  const { cell, path } = await session.runCell('const a = 1;\na', [2]);
  await session.stopped();
  await session.ok('disconnect', { restart: false, terminateDebuggee: false });
  await cell.done;
  expect(cell.value).toBe('1');
  expect(await session.ok('debugInfo')).toMatchObject({
    isStarted: false,
    breakpoints: [],
    stoppedThreads: [],
  });
  expect((await kernel.ok('const a = 1;\na')).value).toBe('1');
  expect((await kernel.ok('debugger; "runs through"')).value).toBe("'runs through'");
  expect(await fastest()).toBeLessThan(before * 5);
  // And it can come back.
  await session.attach();
  await session.ok('setBreakpoints', { source: { path }, breakpoints: [{ line: 2 }] });
  const again = kernel.execute('const a = 1;\na');
  expect((await session.stopped()).line).toBe(2);
  await session.go();
  await again.done;
});
