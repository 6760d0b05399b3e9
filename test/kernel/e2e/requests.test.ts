// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the source text of cells
/** Every request of the protocol, as a front end sends it. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  Client,
  kernelForFile,
  kernelForTest,
  newGate,
  PATIENT,
  sleep,
  temporaryFolder,
  textOf,
  until,
} from '../client.ts';

const kernel = await kernelForFile();
const temporary = temporaryFolder();
const historyFile = join(temporary, 'history.jsonl');

describe('kernel_info', () => {
  test('says who it is', async () => {
    const info = await kernel.ask('kernel_info_request');
    expect(info).toMatchObject({
      status: 'ok',
      protocol_version: expect.stringMatching(/^5\.\d+$/),
      implementation: 'tunelab',
      language_info: {
        name: 'typescript',
        file_extension: '.ts',
        mimetype: expect.any(String),
        codemirror_mode: expect.any(String),
      },
      banner: expect.any(String),
      help_links: expect.any(Array),
    });
  });

  test('is answered on control too', async () => {
    const { reply } = await kernel.request('kernel_info_request', {}, { channel: 'control' }).done;
    expect(reply!.channel).toBe('control');
    expect(reply!.type).toBe('kernel_info_reply');
  });

  test('and the heartbeat are answered while a cell is busy', async () => {
    const gate = newGate(kernel);
    const running = kernel.execute(`console.log("on"); ${gate.block}`);
    await until(() => running.stdout !== '', 'the cell');
    expect((await kernel.ask('kernel_info_request')).status).toBe('ok');
    expect(await kernel.heartbeat('ping')).toBe('ping');
    await expect
      .poll(() => kernel.ask('complete_request', { code: 'Math.ma', cursor_pos: 7 }), PATIENT)
      .toMatchObject({ matches: ['max'] });
    expect((await kernel.ask('is_complete_request', { code: '{' })).status).toBe('incomplete');
    expect(running.idle).toBe(false);
    gate.open();
    await running.done;
  });
});

describe('headers', () => {
  test('parent, session, date and identity are right', async () => {
    const cell = await kernel.ok('console.log(1); 2');
    for (const message of [...cell.messages, cell.reply!]) {
      expect(message.parent).toMatchObject({
        msg_id: cell.id,
        session: kernel.session,
        msg_type: 'execute_request',
        username: 'tester',
      });
      expect(message.header.version).toMatch(/^5\.\d+$/);
      expect(Date.parse(message.header.date)).toBeGreaterThan(Date.now() - 60_000);
    }
    expect(new Set(cell.messages.map(({ header }) => header.session)).size).toBe(1);
    const ids = cell.messages.map(({ header }) => header.msg_id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('unknown fields of a parent header come back as they were', async () => {
    const header = { ...kernel.header('kernel_info_request'), extra: { deep: [1, 'é'] }, subshell_id: null };
    kernel.sendFrames('shell', kernel.frames(header, {}));
    await until(() => kernel.iopub.some(({ parent }) => parent.msg_id === header.msg_id), 'the status');
    expect(kernel.iopub.find(({ parent }) => parent.msg_id === header.msg_id)!.parent).toEqual(header);
  });
});

describe('execute', () => {
  test('busy, input, result, idle; the count goes up', async () => {
    const first = await kernel.ok('1');
    const second = await kernel.ok('2');
    expect(second.messages.map(({ type, content }) => content.execution_state ?? type)).toEqual([
      'busy',
      'execute_input',
      'execute_result',
      'idle',
    ]);
    const count = first.reply!.content.execution_count!;
    expect(second.reply!.content).toEqual({
      status: 'ok',
      execution_count: count + 1,
      user_expressions: {},
      payload: [],
    });
    expect(second.of('execute_input')[0]!.content).toEqual({ code: '2', execution_count: count + 1 });
  });

  test('store_history false and silent do not count', async () => {
    const count = (await kernel.ok('1')).reply!.content.execution_count!;
    expect((await kernel.ok('2', { storeHistory: false })).reply!.content.execution_count).toBe(count);
    expect((await kernel.run('3', { silent: true })).reply!.content.execution_count).toBe(count);
    expect((await kernel.ok('   ')).reply!.content.execution_count).toBe(count);
    expect((await kernel.ok('4')).reply!.content.execution_count).toBe(count + 1);
  });

  test('store_history false still shows the result', async () => {
    expect((await kernel.ok('"shown"', { storeHistory: false })).value).toBe("'shown'");
  });

  test('user_expressions', async () => {
    const { reply } = await kernel.ok('const base = 20', {
      userExpressions: {
        sum: 'base + 1',
        awaited: 'await Promise.resolve(base)',
        bad: 'null.x',
        syntax: '1 +',
        table: '[{ a: 1 }, { a: 2 }]',
        nothing: 'undefined',
      },
    });
    const results = reply!.content.user_expressions!;
    expect(results.sum).toEqual({ status: 'ok', data: { 'text/plain': '21' }, metadata: {} });
    expect(results.awaited).toMatchObject({ status: 'ok', data: { 'text/plain': '20' } });
    expect(results.bad).toMatchObject({ status: 'error', ename: 'TypeError', traceback: expect.any(Array) });
    expect(results.syntax).toMatchObject({ status: 'error', ename: 'SyntaxError' });
    expect(results.table!.data!['text/html']).toContain('<table');
    expect(results.nothing).toMatchObject({ status: 'ok' });
  });

  test('user_expressions of a silent and of an empty cell', async () => {
    await kernel.ok('const shared = 5');
    const silent = await kernel.run('1', { silent: true, userExpressions: { x: 'shared' } });
    expect(silent.reply!.content.user_expressions!.x).toMatchObject({ data: { 'text/plain': '5' } });
    const empty = await kernel.run('', { userExpressions: { x: 'shared + 1' } });
    expect(empty.reply!.content.user_expressions!.x).toMatchObject({
      status: 'ok',
      data: { 'text/plain': '6' },
    });
  });

  test('user_expressions whose value is hostile', async () => {
    const { reply } = await kernel.ok('1', {
      userExpressions: {
        x: '({ [Symbol.for("Jupyter.display")]: async () => { throw new Error("display") } })',
        y: '2',
      },
    });
    expect(reply!.content.user_expressions!.y).toMatchObject({ status: 'ok' });
  });

  test('stop_on_error aborts what was queued before the error', async () => {
    const gate = newGate(kernel);
    const failing = kernel.execute(`${gate.wait} throw new Error("stop")`);
    const queued = [kernel.execute('console.log("ran"); 1'), kernel.execute('2')];
    await kernel.arrived();
    gate.open();
    await failing.done;
    for (const cell of queued) {
      await cell.done;
      expect(cell.status).toBe('aborted');
      expect(cell.messages.map(({ content }) => content.execution_state)).toEqual(['busy', 'idle']);
    }
    expect((await kernel.ok('3')).value).toBe('3');
  });

  test('a cell that fails at once aborts what was sent with it', async () => {
    // A busy machine may tear what is sent at once apart.
    const burst = async () => {
      const cells = ['throw new Error("stop")', '1', '2', '3'].map(code => kernel.execute(code));
      for (const cell of cells) await cell.done;
      return cells.map(({ status }) => status);
    };
    await expect.poll(burst, PATIENT).toEqual(['error', 'aborted', 'aborted', 'aborted']);
  });

  test('without stop_on_error they run', async () => {
    const failing = kernel.execute('throw new Error("go on")', { stopOnError: false });
    const queued = kernel.execute('"ran"');
    expect((await failing.done).status).toBe('error');
    expect((await queued.done).value).toBe("'ran'");
  });

  test('other requests are answered, not aborted, behind an error', async () => {
    const gate = newGate(kernel);
    const failing = kernel.execute(`${gate.wait} throw new Error("stop")`);
    const info = kernel.request('kernel_info_request');
    await kernel.arrived();
    gate.open();
    await failing.done;
    expect((await info.done).status).toBe('ok');
  });

  test('help at the end of a name is a page', async () => {
    await kernel.ok('function helpful(a: number) { return a }');
    const { reply } = await kernel.ok('helpful?');
    expect(JSON.stringify(reply!.content.payload)).toContain('function helpful');
  });

  test.each([
    ['no code', {}],
    ['code that is a number', { code: 5 }],
    ['user_expressions that are a list', { code: '1', user_expressions: [1] }],
    ['user_expressions that are null', { code: '1', user_expressions: null }],
    [
      'flags of wrong types',
      { code: '1', silent: 'no', store_history: 0, allow_stdin: 'x', stop_on_error: 3 },
    ],
  ])('a request with %s is answered', async (_name, content) => {
    const { reply } = await kernel.request('execute_request', content).done;
    expect(['ok', 'error']).toContain(reply!.content.status);
    expect((await kernel.ok('1')).value).toBe('1');
  });
});

describe('input', () => {
  test('prompt, with a default', async () => {
    const asked: [string, boolean][] = [];
    const onInput = (prompt: string, password: boolean) => {
      asked.push([prompt, password]);
      return asked.length === 1 ? 'Ada é 😀' : '';
    };
    const { value } = await kernel.ok('[prompt("Name? "), prompt("Again?", "Bob"), prompt()]', { onInput });
    expect(value).toBe("[ 'Ada é 😀', 'Bob', '' ]");
    expect(asked[0]).toEqual(['Name? ', false]);
    expect(asked.length).toBe(3);
  });

  test('confirm, alert and passwords', async () => {
    const answers = ['y', 'n', '', 'secret'];
    const passwords: boolean[] = [];
    const onInput = (_prompt: string, password: boolean) => {
      passwords.push(password);
      return answers.shift() ?? '';
    };
    const { value } = await kernel.ok(
      '[confirm("sure?"), confirm("sure?"), alert("mind"), promptPassword("key: ")]',
      { onInput },
    );
    expect(value).toBe("[ true, false, undefined, 'secret' ]");
    expect(passwords).toEqual([false, false, false, true]);
  });

  test('output before a prompt is shown before it', async () => {
    let seen = '';
    const running = kernel.execute('console.log("question"); prompt("?")', {
      onInput: () => {
        seen = running.stdout;
        return '';
      },
    });
    await running.done;
    expect(running.inputRequests.length).toBe(1);
    expect(running.stdout).toBe('question\n');
    await until(() => seen !== '' || running.idle, 'the order');
  });

  test('process.stdin reads lines, as many as are asked for', async () => {
    const own = await kernelForTest();
    const lines = ['first', 'second'];
    const source =
      'import readline from "node:readline/promises"; const rl = readline.createInterface({ input: process.stdin, output: process.stdout }); const one = await rl.question("1? "); const two = await rl.question("2? "); rl.close(); [one, two]';
    const cell = await own.ok(source, { onInput: () => lines.shift() ?? 'not asked for' });
    expect(cell.value).toBe("[ 'first', 'second' ]");
    await sleep(200);
    expect(cell.inputRequests.length).toBe(2);
    expect((await own.ok('1')).value).toBe('1');
  });

  test('a client that allows none gets an error, not a hang', async () => {
    const cell = await kernel.run('prompt("?")', { allowStdin: false });
    expect(cell.error!.evalue).toContain('no input');
    expect(cell.inputRequests).toEqual([]);
  });

  test('an answer that nobody asked for is ignored', async () => {
    kernel.sendFrames('stdin', kernel.frames(kernel.header('input_reply'), { value: 'unasked' }));
    // What is dropped behind it says that it has arrived.
    const dropped = () => kernel.log.split('dropped a message on stdin').length;
    const before = dropped();
    kernel.sendFrames('stdin', ['noise']);
    await until(() => dropped() > before, 'a line in the log');
    const { value } = await kernel.ok('prompt("?")', { onInput: () => 'asked' });
    expect(value).toBe("'asked'");
  });

  test('answers of wrong types', async () => {
    const running = kernel.execute('prompt("?")', { allowStdin: true });
    await until(() => running.inputRequests.length > 0, 'the request');
    kernel.sendFrames(
      'stdin',
      kernel.frames(
        kernel.header('input_reply'),
        { value: { a: 1 } },
        { parent: running.inputRequests[0]!.header },
      ),
    );
    expect((await running.done).status).toBe('ok');
  });

  test('a prompt in a timer asks its own cell’s client', async () => {
    const first = await kernel.ok('setTimeout(() => console.log("got " + prompt("late?")), 30)', {
      onInput: () => 'late answer',
    });
    await until(() => textOf(first.all, 'stdout') === 'got late answer\n', 'the answer');
  });
});

describe('is_complete', () => {
  test.each([
    ['1 + 1', 'complete'],
    ['function f() {', 'incomplete'],
    ['let a = ;', 'invalid'],
    ['', 'complete'],
    ['`abc', 'incomplete'],
  ])('%j is %s', async (code, status) => {
    const content = await kernel.ask('is_complete_request', { code });
    expect(content.status).toBe(status);
    if (status === 'incomplete') expect(content.indent).toBeTypeOf('string');
  });
});

describe('complete', () => {
  const complete = (code: string, cursor = [...code].length) =>
    kernel.ask('complete_request', { code, cursor_pos: cursor });
  /** Completes again until all is there: on a busy machine some of it is not known in time. */
  const completion = (code: string, cursor?: number) => expect.poll(() => complete(code, cursor), PATIENT);
  const some = (...names: string[]) => ({ matches: expect.arrayContaining(names) });

  test('members of live values', async () => {
    await kernel.ok('const garden = { apple: 1, apricot: 2, method() {}, "not a name": 3 }');
    await completion('garden.ap').toMatchObject({
      status: 'ok',
      matches: ['apple', 'apricot'],
      cursor_start: 7,
      cursor_end: 9,
    });
    await completion('garden.').toMatchObject(some('apple', 'method', 'toString'));
    expect((await complete('garden.')).matches).not.toContain('not a name');
  });

  test('names of cells, globals and keywords', async () => {
    await kernel.ok(
      'const zebraStripes = 1; function zebraFunction() {} class ZebraClass {} import * as zebraModule from "node:os"',
    );
    await completion('zebra').toMatchObject(
      some('zebraStripes', 'zebraFunction', 'ZebraClass', 'zebraModule'),
    );
    await completion('conso').toMatchObject(some('console'));
    await completion('awai').toMatchObject(some('await'));
    expect((await complete('__tune')).matches).toEqual([]);
  });

  test('counts code points: emoji before the cursor', async () => {
    await kernel.ok('const garden = { apple: 1 }');
    const code = '"😀😀"; garden.ap';
    await completion(code).toMatchObject({ matches: ['apple'], cursor_start: 13, cursor_end: 15 });
    await completion(`${code}; "😀"`, 15).toMatchObject({
      matches: ['apple'],
      cursor_start: 13,
      cursor_end: 15,
    });
  });

  test.each([
    ['[1,2,3].ma', 'map'],
    ['"text".toUp', 'toUpperCase'],
    ['new Map().ge', 'get'],
    ['Math.ma', 'max'],
    ['(1).toF', 'toFixed'],
    ['process.env.PAT', 'PATH'],
    ['globalThis.JS', 'JSON'],
    ['/x/.tes', 'test'],
    ['`a${1}b`.len', 'length'],
    ['import fs from "node:f', 'node:fs'],
    ['%re', 'reset'],
  ])('%s → %s', async (code, match) => {
    await completion(code).toMatchObject(some(match));
  });

  test('runs nothing that has effects', async () => {
    await kernel.ok(
      'let touched = 0; const touchy = { get trap() { touched++; return { a: 1 } }, call() { touched++; return { a: 1 } } }; const proxy = new Proxy({}, { get() { touched++; return 1 }, ownKeys() { touched++; return [] } })',
    );
    for (const code of [
      'touchy.trap.',
      'touchy.call().',
      'proxy.',
      'proxy.a.',
      '(touched = 5).',
      'touched++.',
    ]) {
      expect((await complete(code)).status).toBe('ok');
    }
    expect((await kernel.ok('touched')).value).toBe('0');
  });

  test.each([
    ['beyond the end', 'Math.ma', 900],
    ['before the start', 'Math.ma', -5],
    ['not a number', 'Math.ma', 'x'],
  ])('a cursor %s is answered', async (_name, code, cursor) => {
    expect((await kernel.ask('complete_request', { code, cursor_pos: cursor })).status).toBe('ok');
  });

  test('a hostile expression does not hang it', async () => {
    await kernel.ok('const slow = { get a() { for (;;); } }');
    expect((await complete('slow.a.')).status).toBe('ok');
    expect((await complete('(() => { for (;;); })().')).status).toBe('ok');
    expect((await kernel.ok('1')).value).toBe('1');
  });

  test('many at once come back in their own replies', async () => {
    const burst = () =>
      Promise.all(Array.from({ length: 50 }, (_, i) => complete(i % 2 ? 'Math.ma' : 'JSON.pa')));
    await expect
      .poll(burst, PATIENT)
      .toMatchObject(Array.from({ length: 50 }, (_, i) => ({ matches: [i % 2 ? 'max' : 'parse'] })));
  });
});

describe('inspect', () => {
  const inspect = (code: string, cursor = [...code].length, detail = 0) =>
    kernel.ask('inspect_request', { code, cursor_pos: cursor, detail_level: detail });
  /** Asks again until all is there: on a busy machine some of it is not known in time. */
  const help = (code: string, cursor?: number) => expect.poll(() => inspect(code, cursor), PATIENT);
  const found = (part: string) => ({
    found: true,
    data: { 'text/plain': expect.stringContaining(part) },
  });

  test('shows a function’s source', async () => {
    await kernel.ok('function area(width: number, height: number) {\n  return width * height;\n}');
    await help('area(1, 2)', 2).toMatchObject(found('return width * height'));
  });

  test('shows what is inside a call', async () => {
    await help('area(', 5).toMatchObject({ found: true });
  });

  test('shows values and members', async () => {
    await kernel.ok('const boxed = { inside: 1, run() {} }');
    await help('boxed').toMatchObject(found('inside'));
    await help('Math.max').toMatchObject(found('max'));
  });

  test('counts code points', async () => {
    await kernel.ok('const boxed = { inside: 1 }');
    await help('"😀😀"; boxed', 8).toMatchObject(found('inside'));
  });

  test('of an unknown name finds nothing', async () => {
    expect(await inspect('neverDeclared')).toMatchObject({ status: 'ok', found: false });
    expect(await inspect('')).toMatchObject({ status: 'ok', found: false });
    expect(await inspect('1 +', 3)).toMatchObject({ status: 'ok' });
  });

  test('has no effects', async () => {
    await kernel.ok('let looked = 0; const lookAt = { get trap() { looked++; return 1 } }');
    await inspect('lookAt.trap');
    await inspect('looked++');
    expect((await kernel.ok('looked')).value).toBe('0');
  });
});

describe('history', () => {
  test('tail, range and search', async () => {
    const own = await kernelForTest();
    for (const code of ['"h1"', 'let h2 = 2', '"h3"', '"h1"']) await own.ok(code);
    await own.ok('"unsaved"', { storeHistory: false });
    const ask = async (content: object) =>
      (await own.ask('history_request', { raw: true, output: false, ...content })).history;
    expect(await ask({ hist_access_type: 'tail', n: 2 })).toEqual([
      [1, 3, '"h3"'],
      [1, 4, '"h1"'],
    ]);
    expect(await ask({ hist_access_type: 'tail', n: 2, output: true })).toEqual([
      [1, 3, ['"h3"', "'h3'"]],
      [1, 4, ['"h1"', "'h1'"]],
    ]);
    expect(await ask({ hist_access_type: 'range', session: 0, start: 2, stop: 4 })).toEqual([
      [1, 2, 'let h2 = 2'],
      [1, 3, '"h3"'],
    ]);
    expect(await ask({ hist_access_type: 'range', session: 0, start: 3 })).toHaveLength(2);
    expect(await ask({ hist_access_type: 'search', pattern: '"h?"' })).toHaveLength(3);
    expect(await ask({ hist_access_type: 'search', pattern: '"h?"', unique: true })).toEqual([
      [1, 3, '"h3"'],
      [1, 4, '"h1"'],
    ]);
    expect(await ask({ hist_access_type: 'search', pattern: '*h2*' })).toEqual([[1, 2, 'let h2 = 2']]);
    expect(await ask({ hist_access_type: 'search', pattern: '*', n: 1 })).toEqual([[1, 4, '"h1"']]);
    expect(await ask({ hist_access_type: 'nonsense' })).toEqual([]);
    expect(await ask({})).toEqual([]);
  });

  test('stays across kernels, counted as sessions', async () => {
    const first = await kernelForTest({ historyFile });
    await first.ok('"from the first"');
    await first.ask('shutdown_request', { restart: true }, { channel: 'control' });
    await first.exited;
    const second = await kernelForTest({ historyFile });
    await second.ok('"from the second"');
    const ask = async (content: object) =>
      (await second.ask('history_request', { raw: true, output: false, ...content })).history;
    expect(await ask({ hist_access_type: 'tail', n: 5 })).toEqual([
      [1, 1, '"from the first"'],
      [2, 1, '"from the second"'],
    ]);
    expect(await ask({ hist_access_type: 'range', session: -1, start: 0 })).toEqual([
      [1, 1, '"from the first"'],
    ]);
    expect(await ask({ hist_access_type: 'range', session: 1, start: 0 })).toEqual([
      [1, 1, '"from the first"'],
    ]);
  });

  test('of a killed kernel stays too', async () => {
    const file = join(temporary, 'killed.jsonl');
    const first = await kernelForTest({ historyFile: file });
    await first.ok('"before the kill"');
    await until(() => readFileSync(file, 'utf8').includes('before the kill'), 'the entry');
    await first.stop();
    const second = await kernelForTest({ historyFile: file });
    expect((await second.ask('history_request', { hist_access_type: 'tail', n: 1 })).history).toEqual([
      [1, 1, '"before the kill"'],
    ]);
  });

  test('of two kernels at once has two sessions', async () => {
    const file = join(temporary, 'two.jsonl');
    const [one, two] = [
      await kernelForTest({ historyFile: file }),
      await kernelForTest({ historyFile: file }),
    ];
    await Promise.all([one.ok('"one"'), two.ok('"two"')]);
    for (const own of [one, two]) {
      await own.ask('shutdown_request', { restart: false });
      await own.exited;
    }
    const third = await kernelForTest({ historyFile: file });
    const { history } = await third.ask('history_request', { hist_access_type: 'tail', n: 10 });
    expect(history!.map(([, , input]) => input).sort()).toEqual(['"one"', '"two"']);
    expect(new Set(history!.map(([session]) => session)).size).toBe(2);
  });
});

describe('comms', () => {
  test('opened by a cell', async () => {
    const cell = await kernel.ok(`
      const host = globalThis[Symbol.for("tunelab.host")];
      const comm = host.openComm("widget", { a: 1 }, { commId: "c-1", metadata: { version: "2" }, buffers: [Uint8Array.of(1, 2)] });
      comm.onMessage = ({ data, buffers }) => { console.log("got", JSON.stringify(data), buffers.map(b => [...b])); comm.send({ echo: data }, buffers) };
      comm.onClose = ({ data }) => console.log("closed", JSON.stringify(data)); 0`);
    const [open] = cell.of('comm_open');
    expect(open!.content).toEqual({ comm_id: 'c-1', target_name: 'widget', data: { a: 1 } });
    expect(open!.metadata).toEqual({ version: '2' });
    expect([...open!.buffers[0]!]).toEqual([1, 2]);

    const message = kernel.notify('comm_msg', { comm_id: 'c-1', data: { b: 'é' } }, [Uint8Array.of(7, 8, 9)]);
    const echo = () => [...message.messages, ...message.late].find(({ type }) => type === 'comm_msg');
    await until(() => echo() !== undefined, 'the echo');
    expect(echo()!.content).toEqual({ comm_id: 'c-1', data: { echo: { b: 'é' } } });
    expect([...echo()!.buffers[0]!]).toEqual([7, 8, 9]);
    expect((await kernel.ask('comm_info_request')).comms).toEqual({ 'c-1': { target_name: 'widget' } });
    expect((await kernel.ask('comm_info_request', { target_name: 'other' })).comms).toEqual({});

    const close = kernel.notify('comm_close', { comm_id: 'c-1', data: { bye: 1 } });
    const everything = () => [...close.messages, ...close.late].map(({ content }) => content.text).join('');
    await until(() => everything().includes('closed {"bye":1}'), 'the handler');
    expect((await kernel.ask('comm_info_request')).comms).toEqual({});
  });

  test('what a handler does lies between busy and idle of its message', async () => {
    await kernel.ok(
      'const busyComm = globalThis[Symbol.for("tunelab.host")].openComm("t", {}, { commId: "c-busy" }); busyComm.onMessage = () => { console.log("handled"); busyComm.send({ done: true }) }; 0',
    );
    const message = kernel.notify('comm_msg', { comm_id: 'c-busy', data: {} });
    const isIdle = ({ content }: { content: Record<string, unknown> }) => content.execution_state === 'idle';
    await until(() => [...message.messages, ...message.late].some(isIdle), 'the end');
    expect(message.messages.map(({ type, content }) => content.execution_state ?? type)).toEqual([
      'busy',
      'stream',
      'comm_msg',
      'idle',
    ]);
    await kernel.ok('busyComm.close()');
  });

  test('opened by the front end', async () => {
    await kernel.ok(
      'globalThis[Symbol.for("tunelab.host")].registerCommTarget("echo", (comm, { data }) => { comm.send({ hello: data }); comm.onMessage = message => comm.close({ last: message.data }) })',
    );
    const open = kernel.notify('comm_open', { comm_id: 'f-1', target_name: 'echo', data: { x: 1 } });
    const all = (exchange: typeof open) => [...exchange.messages, ...exchange.late];
    await until(() => all(open).some(({ type }) => type === 'comm_msg'), 'the greeting');
    expect(all(open).find(({ type }) => type === 'comm_msg')!.content.data).toEqual({ hello: { x: 1 } });
    const message = kernel.notify('comm_msg', { comm_id: 'f-1', data: 2 });
    await until(() => all(message).some(({ type }) => type === 'comm_close'), 'the close');
    expect((await kernel.ask('comm_info_request')).comms).not.toHaveProperty('f-1');
  });

  test('an unknown target is closed, an unknown comm ignored', async () => {
    const open = kernel.notify('comm_open', { comm_id: 'u-1', target_name: 'nobody', data: {} });
    await until(
      () => [...open.messages, ...open.late].some(({ type }) => type === 'comm_close'),
      'the close',
    );
    kernel.notify('comm_msg', { comm_id: 'no-such', data: {} });
    kernel.notify('comm_msg', {});
    kernel.notify('comm_close', { comm_id: 5 });
    expect((await kernel.ok('1')).value).toBe('1');
  });

  test('a handler that throws shows the error and harms nothing', async () => {
    const own = await kernelForTest();
    await own.ok(
      'const bad = globalThis[Symbol.for("tunelab.host")].openComm("t", {}, { commId: "c-bad" }); bad.onMessage = () => { throw new Error("in handler") }; 0',
    );
    const message = own.notify('comm_msg', { comm_id: 'c-bad', data: {} });
    await until(
      () => [...message.messages, ...message.late].some(({ type }) => type === 'error'),
      'the error',
    );
    // What was sent together with the message that fails arrives all the same.
    own.notify('comm_msg', { comm_id: 'c-bad', data: {} });
    expect((await own.ok('1')).value).toBe('1');
  });

  test('messages wait for nothing while a cell awaits', async () => {
    await kernel.ok(
      'let heard: unknown; const live = globalThis[Symbol.for("tunelab.host")].openComm("t", {}, { commId: "c-live" }); 0',
    );
    const running = kernel.execute(
      'heard = await new Promise(done => { live.onMessage = ({ data }) => done(data); console.log("listens") }); heard',
    );
    await until(() => running.stdout !== '', 'the cell');
    kernel.notify('comm_msg', { comm_id: 'c-live', data: { late: 1 } });
    expect((await running.done).value).toBe('{ late: 1 }');
  });
});

describe('other requests', () => {
  test('connect', async () => {
    const { shell_port, iopub_port, stdin_port, control_port, hb_port } = kernel.connection;
    expect(await kernel.ask('connect_request')).toMatchObject({
      shell_port,
      iopub_port,
      stdin_port,
      control_port,
      hb_port,
    });
  });

  test('unknown ones are ignored', async () => {
    kernel.request('nonsense_request', {});
    kernel.request('__proto__', {});
    kernel.request('constructor', {});
    kernel.request('execute_reply', {});
    expect((await kernel.ok('1')).value).toBe('1');
  });

  test('interrupt without a running cell', async () => {
    expect(await kernel.ask('interrupt_request', {}, { channel: 'control' })).toEqual({ status: 'ok' });
    expect(await kernel.ask('interrupt_request')).toEqual({ status: 'ok' });
  });
});

describe('shutdown', () => {
  test.each([
    ['shell', false],
    ['control', true],
  ] as const)('on %s with restart %s', async (channel, restart) => {
    const own = await kernelForTest();
    const request = own.request('shutdown_request', { restart }, { channel });
    await until(() => request.reply !== undefined, 'the reply');
    expect(request.reply!.content).toEqual({ status: 'ok', restart });
    expect(await own.exited).toEqual([0, null]);
    await until(() => request.of('shutdown_reply').length > 0, 'the news for all clients');
  });

  test('while a cell loops', async () => {
    const own = await kernelForTest();
    const loop = own.execute('console.log("on"); for (;;) {}');
    await until(() => loop.stdout !== '', 'the loop');
    const request = own.request('shutdown_request', { restart: false }, { channel: 'control' });
    expect(await own.exited).toEqual([0, null]);
    await until(() => request.reply !== undefined, 'the reply');
  });

  test('by SIGTERM', async () => {
    const own = await kernelForTest();
    own.process.kill('SIGTERM');
    expect(await own.exited).toEqual([0, null]);
  });

  test('when the server that started it is gone', async () => {
    const server = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']);
    const own = await kernelForTest({ env: { JPY_PARENT_PID: String(server.pid) } });
    server.kill('SIGKILL');
    expect((await own.exited)[0]).toBe(0);
  });
});

describe('several clients', () => {
  test('each gets its own replies, and all the output', async () => {
    const other = new Client(kernel.connection);
    await other.ready();
    const mine = kernel.execute('await new Promise(done => setTimeout(done, 50)); console.log("mine"); 1');
    const theirs = other.execute('console.log("theirs"); 2');
    await Promise.all([mine.done, theirs.done]);
    expect([mine.value, theirs.value]).toEqual(['1', '2']);
    const saw = (client: Client, exchange: typeof mine) =>
      client.iopub.filter(({ parent }) => parent.msg_id === exchange.id).map(({ type }) => type);
    await until(
      () => saw(kernel, theirs).at(-1) === 'status' && saw(other, mine).length === mine.messages.length,
      'the output at the other client',
    );
    expect(saw(kernel, theirs)).toEqual(theirs.messages.map(({ type }) => type));
    other.close();
  });

  test('input is asked from the client whose cell it is', async () => {
    const other = new Client(kernel.connection);
    await other.ready();
    const { value } = await other.ok('prompt("who?")', { onInput: () => 'the other' });
    expect(value).toBe("'the other'");
    other.close();
  });

  test('one that comes back under its old identity', async () => {
    const first = new Client(kernel.connection, 'same-identity');
    await first.ready();
    first.close();
    const second = new Client(kernel.connection, 'same-identity');
    await second.ready();
    expect((await second.ok('1')).value).toBe('1');
    second.close();
  });

  test('one that goes away in the middle of its cell', async () => {
    const other = new Client(kernel.connection);
    await other.ready();
    const running = other.execute(
      'console.log("on"); await new Promise(done => setTimeout(done, 300)); console.log("x".repeat(1e6)); prompt("?")',
      { allowStdin: true },
    );
    await until(() => running.stdout !== '', 'the cell');
    other.close();
    const seen = () => kernel.iopub.filter(({ parent }) => parent.msg_id === running.id);
    await until(() => textOf(seen(), 'stdout').length > 1e6, 'the rest of its output');
    await kernel.interrupt();
    await until(
      () => seen().some(({ content }) => content.execution_state === 'idle'),
      'the end of the cell',
    );
    expect((await kernel.ok('1')).value).toBe('1');
  });

  test('iopub_welcome tells a new subscriber that it is connected', async () => {
    const other = new Client(kernel.connection);
    await until(() => other.iopub.length > 0, 'the welcome');
    expect(other.iopub[0]).toMatchObject({ type: 'iopub_welcome', content: { subscription: '' } });
    other.close();
  });
});
