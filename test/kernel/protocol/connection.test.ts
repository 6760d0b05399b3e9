import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  ConnectionFileError,
  endpoint,
  newKey,
  readConnectionFile,
} from '../../../kernel/protocol/connection.ts';

const folder = mkdtempSync(join(tmpdir(), 'tunelab-connection-'));
afterAll(() => rmSync(folder, { recursive: true }));

const good = {
  transport: 'tcp',
  ip: '127.0.0.1',
  key: 'k',
  signature_scheme: 'hmac-sha256',
  shell_port: 1,
  iopub_port: 2,
  stdin_port: 3,
  control_port: 4,
  hb_port: 65_535,
};

function read(content: unknown) {
  const path = join(folder, 'connection.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return readConnectionFile(path);
}

test('reads a file, with what it does not know', () => {
  expect(read({ ...good, kernel_name: 'tunelab', other: 1 })).toMatchObject({
    ...good,
    kernel_name: 'tunelab',
  });
});

test('has defaults', () => {
  const { transport: _t, ip: _i, key: _k, signature_scheme: _s, ...ports } = good;
  expect(read(ports)).toMatchObject({
    transport: 'tcp',
    ip: '127.0.0.1',
    key: '',
    signature_scheme: 'hmac-sha256',
  });
});

describe('one line for what is wrong', () => {
  test.each([
    ['no JSON', '{', 'is not JSON'],
    ['nothing', '', 'is not JSON'],
    ['null', 'null', 'not a JSON object'],
    ['a transport it has not', { ...good, transport: 'udp' }, '"udp"'],
    ['a port of 0', { ...good, shell_port: 0 }, 'shell_port 0'],
    ['a port of 65536', { ...good, hb_port: 65_536 }, 'hb_port 65536'],
    ['a port as text', { ...good, iopub_port: '5' }, 'iopub_port "5"'],
    ['a port as null', { ...good, stdin_port: null }, 'stdin_port null'],
    ['a missing port', { ...good, control_port: undefined }, 'control_port undefined'],
    ['a key of 5', { ...good, key: 5 }, 'key'],
    ['an ip of null', { ...good, ip: null }, 'ip'],
    ['a scheme that is a list', { ...good, signature_scheme: [] }, 'signature_scheme'],
  ])('%s', (_name, content, part) => {
    const attempt = () => read(content);
    expect(attempt).toThrow(ConnectionFileError);
    expect(attempt).toThrow(part);
    expect(attempt).toThrow(join(folder, 'connection.json'));
    expect(attempt).not.toThrow(/\n/);
  });

  test('a file that is not there', () => {
    expect(() => readConnectionFile(join(folder, 'nowhere.json'))).toThrow(ConnectionFileError);
  });
});

test('endpoints', () => {
  expect(endpoint(read(good), 'hb_port')).toBe('tcp://127.0.0.1:65535');
  expect(endpoint(read({ ...good, transport: 'ipc', ip: '/tmp/x' }), 'shell_port')).toBe('ipc:///tmp/x-1');
});

test('keys differ', () => {
  expect(newKey()).not.toBe(newKey());
  expect(newKey().length).toBeGreaterThan(20);
});
