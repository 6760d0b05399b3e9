import { expect, test } from 'vitest';
import { createTslab, type DisplayHost } from '../../../kernel/display/index.ts';

function setUp() {
  const sent: { type: string; content: { data: object; transient: { display_id?: string } } }[] = [];
  const host: DisplayHost = {
    send: (type, content) => {
      sent.push({ type, content: content as never });
    },
  };
  return { sent, tslab: createTslab(host, '7.0.2') };
}

test('every display function sends its type', () => {
  const { sent, tslab } = setUp();
  const { display } = tslab;
  display.html('<b>1</b>');
  display.markdown('# 1');
  display.latex('$1$');
  display.svg('<svg/>');
  display.javascript('1');
  display.text('1');
  for (const name of ['png', 'jpeg', 'gif', 'pdf'] as const) display[name](new Uint8Array([1, 2, 3]));
  display.raw('application/x-own', 'own');
  expect(sent.map(message => message.content.data)).toEqual([
    { 'text/html': '<b>1</b>' },
    { 'text/markdown': '# 1' },
    { 'text/latex': '$1$' },
    { 'image/svg+xml': '<svg/>' },
    { 'text/javascript': '1' },
    { 'text/plain': '1' },
    { 'image/png': 'AQID' },
    { 'image/jpeg': 'AQID' },
    { 'image/gif': 'AQID' },
    { 'application/pdf': 'AQID' },
    { 'application/x-own': 'own' },
  ]);
  expect(new Set(sent.map(message => message.type))).toEqual(new Set(['display_data']));
});

test('a new display replaces its own output and no other', () => {
  const { sent, tslab } = setUp();
  const first = tslab.newDisplay();
  const second = tslab.newDisplay();
  first.text('a');
  first.html('b');
  second.text('c');
  expect(sent.map(message => message.type)).toEqual(['display_data', 'update_display_data', 'display_data']);
  const ids = sent.map(message => message.content.transient.display_id);
  expect(ids[0]).toMatch(/\S/);
  expect(ids[1]).toBe(ids[0]);
  expect(ids[2]).not.toBe(ids[0]);
});

test('versions', () => {
  expect(setUp().tslab.versions).toEqual({ tslab: '1.0.22', typescript: '7.0.2', node: process.version });
});
