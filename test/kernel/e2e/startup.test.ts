/** What the kernel says when it cannot start: one line, exit code 1. */

import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Connection, kernelForTest, newConnection, spawnKernel, temporaryFolder } from '../client.ts';

const folder = temporaryFolder();

async function start(
  args: readonly string[],
): Promise<{ code: number | null; stderr: string; stdout: string }> {
  const child = spawnKernel(args, { folder });
  let [stdout, stderr] = ['', ''];
  child.stdout!.on('data', chunk => {
    stdout += chunk;
  });
  child.stderr!.on('data', chunk => {
    stderr += chunk;
  });
  const killer = setTimeout(() => child.kill('SIGKILL'), 60_000);
  const code = await new Promise<number | null>(resolve => child.once('close', resolve));
  clearTimeout(killer);
  return { code, stderr, stdout };
}

async function fails(args: readonly string[]): Promise<string> {
  const { code, stderr, stdout } = await start(args);
  expect({ code, stdout }, stderr).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^tunelab: [^\n]+\n$/);
  return stderr;
}

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const good = (): Promise<Connection> => newConnection({ folder });

test('no connection file given', async () => {
  expect(await fails([])).toContain('--connection-file');
});

test('a file that is missing', async () => {
  expect(await fails(['--connection-file', join(folder, 'nowhere.json')])).toContain('nowhere.json');
});

test('a folder', async () => {
  expect(await fails(['--connection-file', folder])).toContain(folder);
});

test.each([
  ['no JSON', 'not json', 'not JSON'],
  ['an empty file', '', 'not JSON'],
  ['a list', '[]', 'list.json'],
  ['null', 'null', 'null.json'],
])('%s', async (name, content, part) => {
  const path = file(`${part.endsWith('.json') ? part : `${name.replace(/\W/g, '')}.json`}`, content);
  expect(await fails(['--connection-file', path])).toContain(part);
});

test.each(['shell_port', 'iopub_port', 'stdin_port', 'control_port', 'hb_port'])('no %s', async port => {
  const { [port as 'shell_port']: _without, ...rest } = await good();
  expect(await fails(['--connection-file', file('lacks.json', rest)])).toContain(port);
});

test.each([
  ['a port that is text', { shell_port: '5555' }, 'shell_port'],
  ['a port out of range', { hb_port: 70_000 }, 'hb_port'],
  ['a fraction', { iopub_port: 1.5 }, 'iopub_port'],
  ['an unknown transport', { transport: 'pigeon' }, 'pigeon'],
  ['a key that is a number', { key: 5 }, 'key'],
  ['an unknown signature scheme', { signature_scheme: 'hmac-nonsense' }, 'signature_scheme'],
  ['an address that is none', { ip: 'not an address' }, 'wrong.json'],
  ['an address of another machine', { ip: '192.0.2.1' }, 'wrong.json'],
  ['the same port twice', { shell_port: 45_671, control_port: 45_671 }, ''],
])('%s', async (_name, change, part) => {
  expect(await fails(['--connection-file', file('wrong.json', { ...(await good()), ...change })])).toContain(
    part,
  );
});

test('a port that another program uses', async () => {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const connection = { ...(await good()), control_port: (server.address() as AddressInfo).port };
  const message = await fails(['--connection-file', file('taken.json', connection)]);
  server.close();
  expect(message).toContain('in use');
  expect(message).toContain('taken.json');
});

test('a second kernel on the same file; the first goes on', async () => {
  const first = await kernelForTest();
  expect(await fails(['--connection-file', first.connectionFile])).toContain('in use');
  expect((await first.ok('1 + 1')).value).toBe('2');
});

test.each([
  ['an unknown option', ['--nonsense'], 'nonsense'],
  ['a heap that is no number', ['-f', 'x.json', '--heap-mb', 'big'], "'big'"],
  ['a heap too small', ['-f', 'x.json', '--heap-mb', '1'], '64'],
])('%s', async (_name, args, part) => {
  expect(await fails(args)).toContain(part);
});

test('the file may stand without an option, and hold more than is needed', async () => {
  const kernel = await kernelForTest({
    commandLine: path => {
      const connection = JSON.parse(readFileSync(path, 'utf8'));
      writeFileSync(path, JSON.stringify({ ...connection, kernel_name: 'tunelab', extra: [1] }));
      return [path];
    },
  });
  expect((await kernel.ok('1 + 1')).value).toBe('2');
});

test('nothing is left behind when it is killed while it starts', async () => {
  const path = file('killed.json', await good());
  const child = spawnKernel(['--connection-file', path], { folder });
  setTimeout(() => child.kill('SIGTERM'), 60);
  const killer = setTimeout(() => child.kill('SIGKILL'), 60_000);
  const [, signal] = await new Promise<[number | null, string | null]>(resolve =>
    child.once('exit', (...how) => resolve(how)),
  );
  clearTimeout(killer);
  expect(signal).not.toBe('SIGKILL');
});
