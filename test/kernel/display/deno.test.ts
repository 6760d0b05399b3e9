import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  createDenoJupyter,
  type DisplayHost,
  type MimeBundle,
  toMimeBundle,
} from '../../../kernel/display/index.ts';

const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]);

function setUp() {
  const sent: unknown[][] = [];
  const host: DisplayHost = {
    send: (...message) => {
      sent.push(message);
    },
  };
  return { sent, jupyter: createDenoJupyter(host) };
}

test('it has the names that Deno documents', () => {
  expect(Object.keys(setUp().jupyter).sort()).toEqual([
    '$display',
    'broadcast',
    'display',
    'format',
    'html',
    'image',
    'md',
    'svg',
  ]);
  expect(setUp().jupyter.$display).toBe(Symbol.for('Jupyter.display'));
});

test('tags make values that show themselves', () => {
  const { html, md, svg } = setUp().jupyter;
  const data = (value: unknown) => (toMimeBundle(value) as MimeBundle).data;
  expect(data(html`<b>${1 + 1}</b>${undefined}${null}!`)).toEqual({ 'text/html': '<b>2</b>!' });
  expect(data(md`# hi`)).toEqual({ 'text/markdown': '# hi' });
  expect(data(svg`<svg/>`)).toEqual({ 'image/svg+xml': '<svg/>' });
});

test('display sends at once, before it is awaited', async () => {
  const { sent, jupyter } = setUp();
  const done = jupyter.display(jupyter.md`hi`);
  expect(sent).toEqual([['display_data', { data: { 'text/markdown': 'hi' }, metadata: {}, transient: {} }]]);
  await expect(done).resolves.toBeUndefined();
});

test('raw bundles, ids and updates', async () => {
  const { sent, jupyter } = setUp();
  await jupyter.display({ 'text/html': 'a' }, { raw: true, display_id: 'p' });
  await jupyter.display({ 'text/html': 'b' }, { raw: true, display_id: 'p', update: true });
  await jupyter.display({ 'text/html': 'c' });
  expect(sent[0]).toEqual([
    'display_data',
    { data: { 'text/html': 'a' }, metadata: {}, transient: { display_id: 'p' } },
  ]);
  expect(sent[1]).toEqual([
    'update_display_data',
    { data: { 'text/html': 'b' }, metadata: {}, transient: { display_id: 'p' } },
  ]);
  expect(sent[2]?.[1]).toMatchObject({ data: { 'text/plain': "{ 'text/html': 'c' }" } });
});

test('a slow display is sent when it is ready', async () => {
  const { sent, jupyter } = setUp();
  await jupyter.display({ [jupyter.$display]: async () => ({ 'text/html': 'slow' }) });
  expect(sent[0]?.[1]).toMatchObject({ data: { 'text/html': 'slow' } });
});

test('broadcast passes any message on', async () => {
  const { sent, jupyter } = setUp();
  const buffers = [new Uint8Array([1])];
  await jupyter.broadcast('comm_open', { comm_id: 'c' }, { metadata: { m: 1 }, buffers });
  await jupyter.broadcast('clear_output', { wait: true });
  expect(sent[0]).toEqual(['comm_open', { comm_id: 'c' }, { m: 1 }, buffers]);
  expect(sent[1]?.slice(0, 2)).toEqual(['clear_output', { wait: true }]);
});

test('format gives the MIME types of a value', async () => {
  expect(await setUp().jupyter.format(5)).toEqual({ 'text/plain': '5' });
});

test('images from bytes and files; anything else is refused by name', () => {
  const { image } = setUp().jupyter;
  const folder = mkdtempSync(join(tmpdir(), 'tunelab-display-'));
  try {
    const file = join(folder, 'chart.png');
    writeFileSync(file, png);
    const expected = { 'image/png': Buffer.from(png).toString('base64') };
    expect((toMimeBundle(image(png)) as MimeBundle).data).toEqual(expected);
    expect((toMimeBundle(image(file)) as MimeBundle).data).toEqual(expected);
    writeFileSync(file, 'text');
    expect(() => image(file)).toThrow(/chart\.png" is not a PNG, JPEG, GIF or WebP image/);
    expect(() => image(join(folder, 'none.png'))).toThrow(/cannot read .*none\.png": Error: ENOENT/);
    expect(() => image(5 as never)).toThrow(/expects a path or a Uint8Array, got number/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
