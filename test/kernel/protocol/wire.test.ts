import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Wire, WireError } from '../../../kernel/protocol/wire.ts';

const key = 'a secret';
const bytes = (text: string) => Buffer.from(text);
const text = (frame: Uint8Array | undefined) => Buffer.from(frame!).toString();

/** A message made by hand. */
function signed(parts: readonly string[], scheme = 'sha256'): Uint8Array[] {
  const hmac = createHmac(scheme, key);
  for (const part of parts) hmac.update(part);
  return [bytes('<IDS|MSG>'), bytes(hmac.digest('hex')), ...parts.map(bytes)];
}
const header = (id: string) =>
  JSON.stringify({
    msg_id: id,
    msg_type: 'kernel_info_request',
    session: 's',
    username: 'u',
    date: '',
    version: '5.4',
  });

describe('encode', () => {
  test('is delimiter, signature, header, parent, metadata, content', () => {
    const frames = new Wire(key).encode({ type: 'status', content: { execution_state: 'busy' } });
    expect(text(frames[0])).toBe('<IDS|MSG>');
    expect(frames.length).toBe(6);
    expect(JSON.parse(text(frames[2]))).toMatchObject({
      msg_type: 'status',
      version: expect.stringMatching(/^5\.\d$/),
      username: 'kernel',
    });
    expect(frames.slice(3).map(text)).toEqual(['{}', '{}', '{"execution_state":"busy"}']);
    const expected = createHmac('sha256', key);
    for (const part of frames.slice(2)) expected.update(part);
    expect(text(frames[1])).toBe(expected.digest('hex'));
  });

  test('puts identities first and buffers last', () => {
    const identity = Uint8Array.of(0, 255, 128);
    const frames = new Wire(key).encode({
      type: 't',
      content: {},
      identities: [identity],
      buffers: [Uint8Array.of(1), Uint8Array.of()],
    });
    expect(frames[0]).toBe(identity);
    expect(frames.length).toBe(9);
    expect([...frames[7]!]).toEqual([1]);
  });

  test('passes bytes of content and parent on as they are', () => {
    const content = bytes('{"text":"\\u00e9"}');
    const parent = bytes('{ "odd" : "spacing" }');
    const frames = new Wire(key).encode({ type: 't', content, parent });
    expect(text(frames[3])).toBe('{ "odd" : "spacing" }');
    expect(text(frames[5])).toBe('{"text":"\\u00e9"}');
  });

  test('an empty key leaves the signature empty', () => {
    expect(text(new Wire('').encode({ type: 't', content: {} })[1])).toBe('');
  });

  test('numbers its messages; each wire is a session of its own', () => {
    const wire = new Wire(key);
    const headers = [wire.newHeader('a'), wire.newHeader('b'), new Wire(key).newHeader('a')];
    expect(new Set(headers.map(({ msg_id }) => msg_id)).size).toBe(3);
    expect(headers[0]!.session).toBe(headers[1]!.session);
    expect(headers[0]!.session).not.toBe(headers[2]!.session);
  });

  test('refuses a hash that Node does not know', () => {
    expect(() => new Wire(key, 'hmac-nonsense')).toThrow();
  });
});

describe('decode', () => {
  test.each(['sha256', 'sha512', 'md5'])('takes what it should, signed with %s', scheme => {
    const frames = [
      Uint8Array.of(1, 2),
      ...signed([header('1'), '{"msg_id":"p"}', '{"m":1}', '{"c":"é"}'], scheme),
      Uint8Array.of(9),
    ];
    const message = new Wire(key, `hmac-${scheme}`).decode(frames);
    expect(message.identities.map(id => [...id])).toEqual([[1, 2]]);
    expect(message.header.msg_type).toBe('kernel_info_request');
    expect([message.parentHeader, message.metadata, message.content]).toEqual([
      { msg_id: 'p' },
      { m: 1 },
      { c: 'é' },
    ]);
    expect(message.buffers.map(buffer => [...buffer])).toEqual([[9]]);
    expect(text(message.headerBytes)).toBe(header('1'));
  });

  test('understands its own messages', () => {
    const frames = new Wire(key, 'hmac-sha256', 'client').encode({
      type: 'x_request',
      content: { deep: { a: [1] } },
      metadata: { m: 1 },
    });
    expect(new Wire(key).decode(frames)).toMatchObject({
      header: { msg_type: 'x_request' },
      content: { deep: { a: [1] } },
      metadata: { m: 1 },
    });
  });

  test('an identity may look like anything but the delimiter', () => {
    const message = new Wire(key).decode([
      bytes(''),
      bytes('<IDS|MSG'),
      bytes('{}'),
      ...signed([header('1'), '{}', '{}', '{}']),
    ]);
    expect(message.identities.length).toBe(3);
  });

  test('a buffer may be the delimiter', () => {
    const message = new Wire(key).decode([...signed([header('1'), '{}', '{}', '{}']), bytes('<IDS|MSG>')]);
    expect(text(message.buffers[0])).toBe('<IDS|MSG>');
  });

  test.each([
    ['nothing', []],
    ['no delimiter', [bytes('a'), bytes('b')]],
    ['too few frames', signed([header('1'), '{}', '{}'])],
    ['a header that is no JSON', signed(['{', '{}', '{}', '{}'])],
    ['a header that is a list', signed(['[]', '{}', '{}', '{}'])],
    ['a content that is null', signed([header('1'), '{}', '{}', 'null'])],
    ['metadata that is a number', signed([header('1'), '{}', '5', '{}'])],
    ['a header without a type', signed(['{"msg_id":"1"}', '{}', '{}', '{}'])],
    ['a header without an id', signed(['{"msg_type":"x"}', '{}', '{}', '{}'])],
    ['an id that is a number', signed(['{"msg_type":"x","msg_id":1}', '{}', '{}', '{}'])],
  ])('refuses %s', (_name, frames) => {
    expect(() => new Wire(key).decode(frames)).toThrow(WireError);
  });

  test('refuses a wrong signature, of any length', () => {
    for (const wrong of ['', '0', '0'.repeat(64), '0'.repeat(65), 'é'.repeat(64)]) {
      const frames = signed([header('1'), '{}', '{}', '{}']);
      frames[1] = bytes(wrong);
      expect(() => new Wire(key).decode(frames)).toThrow('wrong signature');
    }
  });

  test('refuses every change of a single bit', () => {
    for (let part = 1; part < 6; part++) {
      const frames = signed([header('1'), '{"a":1}', '{"b":2}', '{"c":3}']).map(frame => Buffer.from(frame));
      for (const at of [0, frames[part]!.length - 1]) {
        frames[part]![at]! ^= 1;
        expect(() => new Wire(key).decode(frames)).toThrow(WireError);
        frames[part]![at]! ^= 1;
      }
    }
  });

  test('refuses a replay, and remembers it for a while', () => {
    const wire = new Wire(key);
    const first = signed([header('first'), '{}', '{}', '{}']);
    wire.decode(first);
    for (let i = 0; i < 1_000; i++) wire.decode(signed([header(`other ${i}`), '{}', '{}', '{}']));
    expect(() => wire.decode(first)).toThrow('replayed');
  });

  test('a wrongly signed copy does not make the true message a replay', () => {
    const wire = new Wire(key);
    const frames = signed([header('1'), '{}', '{}', '{}']);
    expect(() => wire.decode(frames.map((frame, i) => (i === 1 ? bytes('0'.repeat(64)) : frame)))).toThrow();
    expect(wire.decode(frames).header.msg_id).toBe('1');
  });

  test('without a key any signature passes', () => {
    expect(new Wire('').decode(signed([header('1'), '{}', '{}', '{}'])).header.msg_id).toBe('1');
  });
});
