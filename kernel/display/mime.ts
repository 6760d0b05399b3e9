/** Brings what users put under a MIME type into the form that Jupyter's messages want. */
import { types } from 'node:util';
import { bundleOf, type MimeBundle } from './bundle.ts';
import { jsonSafe } from './json.ts';
import { isTransparent } from './properties.ts';

/** The bytes of a Uint8Array, Buffer, DataView or ArrayBuffer as base64. */
export function base64(bytes: ArrayBufferView | ArrayBuffer): string {
  const buffer = ArrayBuffer.isView(bytes)
    ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : Buffer.from(bytes);
  return buffer.toString('base64');
}

/**
 * One entry of a bundle: bytes become base64, text stays text, anything else what JSON can carry.
 *
 * @example
 * mimeContent('image/png', new Uint8Array([1, 2, 3])); // 'AQID'
 */
export function mimeContent(type: string, content: unknown): unknown {
  if (typeof content === 'string') {
    const dataUrl = type.startsWith('image/') ? /^data:[^,]*;base64,/.exec(content.slice(0, 200)) : null;
    // Half a surrogate pair would reach Python as text that it cannot write to a file.
    return dataUrl ? content.slice(dataUrl[0].length) : content.toWellFormed();
  }
  const isBytes = types.isUint8Array(content) || types.isAnyArrayBuffer(content);
  if (isBytes && !type.endsWith('json')) return base64(content as Uint8Array | ArrayBuffer);
  if (type.startsWith('text/') && !Array.isArray(content)) return String(content).toWellFormed();
  return jsonSafe(content);
}

/**
 * A bundle from an object of MIME types, or from `{ data, metadata }` where `data` is one.
 * Throws a TypeError that says what is wrong with anything else.
 *
 * @example
 * mimeBundle({ 'text/html': '<b>hi</b>' }); // { data: { 'text/html': '<b>hi</b>' }, metadata: {} }
 */
export function mimeBundle(content: unknown): MimeBundle {
  if (typeof content !== 'object' || content === null) throw notMime(typeof content);
  if (Array.isArray(content)) throw notMime('array');
  const outer = content as Record<string, unknown>;
  const keys = Object.keys(outer);
  const wrapped =
    keys.includes('data') && keys.every(key => key === 'data' || key === 'metadata' || key === 'transient');
  if (!wrapped) return bundleOf(mimeData(outer, keys));
  const { data, metadata } = outer;
  if (typeof data !== 'object' || data === null) throw notMime('object');
  const inner = data as Record<string, unknown>;
  return {
    data: mimeData(inner, Object.keys(inner)),
    metadata: isTransparent(metadata) ? (jsonSafe(metadata) as Record<string, unknown>) : {},
  };
}

function mimeData(content: Record<string, unknown>, keys: string[]): Record<string, unknown> {
  const data: Record<string, unknown> = {};
  for (const type of keys) {
    if (!type.includes('/'))
      throw new TypeError(`the key ${JSON.stringify(type.slice(0, 100))} is not a MIME type`);
    const item = content[type];
    if (item !== undefined && item !== null) data[type] = mimeContent(type, item);
  }
  return data;
}

function notMime(kind: string): TypeError {
  const article = /^[aeiou]/.test(kind) ? 'an' : 'a';
  const got = kind === 'undefined' ? 'nothing' : `${article} ${kind}`;
  return new TypeError(`expected an object of MIME types such as { 'text/html': '<b>hi</b>' }, got ${got}`);
}
