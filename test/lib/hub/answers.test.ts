import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hubFile, hubFiles, hubInfo } from '../../../lib/hub/index.ts';

let server: Server;
let endpoint = '';

beforeAll(async () => {
  server = createServer((_, reply) => {
    reply.writeHead(200, { 'content-type': 'text/html' }).end('<html>Please log in</html>');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

it('a login page in place of the hub is called what it is', async () => {
  const said = `${endpoint} does not answer as a Hugging Face hub does (no JSON); check HF_ENDPOINT`;
  await expect(hubInfo('org/model', { endpoint })).rejects.toThrow(said);
  await expect(hubFiles('org/model', { endpoint })).rejects.toThrow(said);
});

it('a token that cannot be one is refused without showing it', async () => {
  const failed = await hubFile('org/model', 'a.txt', { endpoint, token: 'hf_secret\nhf_more' }).catch(String);
  expect(failed).toContain('The token for the hub holds a space, a line break');
  expect(failed).not.toContain('hf_');
});
