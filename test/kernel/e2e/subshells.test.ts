/** Subshells (JEP 91): what runs beside a cell that waits, what all shells share, and what each has for itself. */
import { expect, test } from 'vitest';
import { type Kernel, kernelForFile, kernelForTest, newGate, until } from '../client.ts';

const kernel = await kernelForFile();
await kernel.ok(
  'const pause = (ms: number) => new Promise<void>(done => setTimeout(done, ms)); let shared = 0',
);

async function create(on: Kernel = kernel): Promise<string> {
  const { status, subshell_id } = await on.ask('create_subshell_request', {}, { channel: 'control' });
  expect(status).toBe('ok');
  expect(subshell_id).toEqual(expect.any(String));
  return subshell_id as string;
}

const list = async () =>
  (await kernel.ask('list_subshell_request', {}, { channel: 'control' })).subshell_id as string[];
const remove = (subshell_id: unknown) =>
  kernel.ask('delete_subshell_request', { subshell_id }, { channel: 'control' });

test('the kernel says that it has subshells', async () => {
  expect((await kernel.ask('kernel_info_request')).supported_features).toContain('kernel subshells');
});

test('subshells are created, listed and deleted', async () => {
  const [first, second] = [await create(), await create()];
  expect(await list()).toEqual([first, second]);
  expect(await remove(first)).toEqual({ status: 'ok' });
  expect(await list()).toEqual([second]);
  const again = await remove(first);
  expect(again.status).toBe('error');
  expect(again.evalue).toContain(first);
  await remove(second);
  expect(await list()).toEqual([]);
});

test('a subshell’s cell runs while the parent shell’s cell waits, sees its variables and shares its count', async () => {
  const subshell = await create();
  const gate = newGate(kernel);
  const waiting = kernel.execute(
    `shared = 1; console.log("waits"); ${gate.wait} console.log("over"); shared`,
  );
  await until(() => waiting.stdout.includes('waits'), 'the parent shell’s cell');
  const beside = await kernel.ok('shared += 10; console.log("beside"); shared', { subshell });
  expect(waiting.reply).toBeUndefined();
  expect(beside.value).toBe('11');
  expect(beside.stdout).toBe('beside\n');
  gate.open();
  await waiting.done;
  expect(waiting.value).toBe('11');
  expect(waiting.stdout).toBe('waits\nover\n');
  const counts = [waiting, beside].map(cell => cell.of('execute_input')[0]!.content.execution_count!);
  expect(counts[1]).toBe(counts[0]! + 1);
  expect([waiting, beside].map(cell => cell.reply!.content.execution_count)).toEqual(counts);
  expect(waiting.of('execute_result')[0]!.content.execution_count).toBe(counts[0]);
  for (const cell of [waiting, beside]) {
    const states = cell.of('status').map(({ content }) => content.execution_state);
    expect(states).toEqual(['busy', 'idle']);
    expect(cell.messages.every(({ parent }) => parent.msg_id === cell.id)).toBe(true);
  }
  expect(beside.messages[0]!.parent.subshell_id).toBe(subshell);
  await remove(subshell);
});

test('one subshell runs its cells in order', async () => {
  const subshell = await create();
  const cells = [30, 0, 10].map((ms, index) =>
    kernel.execute(`await pause(${ms}); console.log(${index})`, { subshell }),
  );
  await Promise.all(cells.map(cell => cell.done));
  const from = kernel.iopub.findIndex(message => message.parent.msg_id === cells[0]!.id);
  const printed = kernel.iopub.slice(from).filter(({ type }) => type === 'stream');
  expect(printed.map(({ content }) => content.text)).toEqual(['0\n', '1\n', '2\n']);
  await remove(subshell);
});

test('late output finds the cell of the shell that started it', async () => {
  const subshell = await create();
  const gate = newGate(kernel);
  const printLate = (text: string) =>
    `setTimeout(async () => { ${gate.wait} console.log("late, ${text}") }); await pause(10)`;
  const first = kernel.execute(printLate('parent'));
  const second = kernel.execute(printLate('subshell'), { subshell });
  await Promise.all([first.done, second.done]);
  gate.open();
  await until(() => first.late.length > 0 && second.late.length > 0, 'the late lines');
  expect(first.late.map(({ content }) => content.text)).toEqual(['late, parent\n']);
  expect(second.late.map(({ content }) => content.text)).toEqual(['late, subshell\n']);
  await remove(subshell);
});

test('a failing cell aborts what waits in its own shell and nothing else', async () => {
  const subshell = await create();
  const [soon, over] = [newGate(kernel), newGate(kernel)];
  const parent = [
    kernel.execute(`${over.wait} "parent 1"`),
    kernel.execute('"parent 2"', { stopOnError: true }),
  ];
  const child = [
    kernel.execute(`${soon.wait} throw new Error("only here")`, { subshell }),
    kernel.execute('"never"', { subshell }),
  ];
  await kernel.arrived();
  soon.open();
  await Promise.all(child.map(cell => cell.done));
  over.open();
  await Promise.all(parent.map(cell => cell.done));
  expect(parent.map(cell => cell.status)).toEqual(['ok', 'ok']);
  expect(child.map(cell => cell.status)).toEqual(['error', 'aborted']);
  expect((await kernel.ok('"afterwards"', { subshell })).value).toBe("'afterwards'");
  await remove(subshell);
});

test('questions and answers find their cells', async () => {
  const subshell = await create();
  const ask = `import readline from 'node:readline/promises';
const reader = readline.createInterface({ input: process.stdin });
const line = await new Promise<string>(done => reader.once('line', done)); reader.close(); line`;
  let release!: (line: string) => void;
  const first = kernel.execute(ask, { onInput: () => new Promise(done => (release = done)) });
  await until(() => first.inputRequests.length > 0, 'the first question');
  const second = await kernel.ok('prompt("second?")', { subshell, onInput: () => 'to the second' });
  expect(second.value).toBe("'to the second'");
  expect(second.inputRequests[0]!.parent.subshell_id).toBe(subshell);
  release('to the first');
  await first.done;
  expect(first.value).toBe("'to the first'");
  await remove(subshell);
});

test('a request for a subshell that is not there is refused', async () => {
  const cell = await kernel.run('1', { subshell: 'nowhere' });
  expect(cell.status).toBe('error');
  expect(cell.reply!.content.evalue).toContain('"nowhere"');
  expect(cell.of('execute_input')).toEqual([]);
  expect((await kernel.request('complete_request', { code: 'a' }, { subshell: 'nowhere' }).done).status).toBe(
    'error',
  );
  const comm = kernel.request('comm_msg', { comm_id: 'none', data: {} }, { subshell: 'nowhere' });
  await until(() => comm.idle, 'the idle status');
  expect(comm.reply).toBeUndefined();
});

test('deleting a subshell aborts what waits there; its running cell comes to its end', async () => {
  const subshell = await create();
  const gate = newGate(kernel);
  const running = kernel.execute(`console.log("in"); ${gate.wait} "finished"`, { subshell });
  const waiting = kernel.execute('"never"', { subshell });
  await until(() => running.stdout === 'in\n', 'the cell to start');
  await kernel.arrived();
  expect((await remove(subshell)).status).toBe('ok');
  gate.open();
  await Promise.all([running.done, waiting.done]);
  expect(running.value).toBe("'finished'");
  expect(waiting.status).toBe('aborted');
  expect((await kernel.run('1', { subshell })).status).toBe('error');
});

test('an interrupt stops what runs in every shell, and what earlier cells left running goes on', async () => {
  const subshell = await create();
  await kernel.ok('let ticks = 0; const ticking = setInterval(async () => { await null; ticks++ }, 5)');
  const parent = kernel.execute('console.log("in"); await pause(2 ** 30)');
  await until(() => parent.stdout === 'in\n', 'the parent shell’s cell');
  const child = kernel.execute('await pause(5); console.log("in"); for (;;) {}', { subshell });
  await until(() => child.stdout === 'in\n', 'the subshell’s cell');
  await kernel.interrupt();
  await Promise.all([parent.done, child.done]);
  expect([parent, child].map(cell => cell.error?.ename)).toEqual(['Interrupted', 'Interrupted']);
  await kernel.ok('const before = ticks; while (ticks === before) await pause(5); clearInterval(ticking)');
  expect((await kernel.ok('"and goes on"', { subshell })).value).toBe("'and goes on'");
  await remove(subshell);
});

test('the end of the process fails the cells of all shells; subshells outlive it', async () => {
  const kernel = await kernelForTest();
  const subshell = await create(kernel);
  const waiting = kernel.execute('await new Promise(() => {})');
  const behind = kernel.execute('"never"');
  const dying = kernel.execute('await null; process.exit(3)', { subshell });
  await Promise.all([waiting.done, behind.done, dying.done]);
  expect(waiting.error?.ename).toBe('ProcessExited');
  expect(dying.error?.ename).toBe('ProcessExited');
  expect(behind.status).toBe('aborted');
  expect((await kernel.ok('1 + 1', { subshell })).value).toBe('2');
});

test('%reset in one shell ends what runs in the others', async () => {
  const kernel = await kernelForTest();
  const subshell = await create(kernel);
  const waiting = kernel.execute('console.log("waits"); await new Promise(() => {})');
  await until(() => waiting.stdout !== '', 'the first cell');
  const reset = kernel.execute('%reset', { subshell });
  await Promise.all([waiting.done, reset.done]);
  expect(reset.status).toBe('ok');
  expect(waiting.error?.ename).toBe('Reset');
  expect((await kernel.ok('1 + 1')).value).toBe('2');
});
