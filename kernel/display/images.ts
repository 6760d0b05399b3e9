/** Pictures: the bytes of an image file, and canvases. */
import { types } from 'node:util';
import { bundleOf, type MimeBundle } from './bundle.ts';
import { runDisplay } from './custom.ts';
import { base64 } from './mime.ts';
import { isThenable, method } from './properties.ts';

/** The MIME type that the first bytes of a file show it to have, if it is an image that browsers draw. */
export function imageType(
  bytes: Uint8Array,
): 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp' | undefined {
  const starts = (text: string, at = 0): boolean => {
    for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
    return true;
  };
  if (starts('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (starts('\xff\xd8\xff')) return 'image/jpeg';
  if (starts('GIF87a') || starts('GIF89a')) return 'image/gif';
  if (starts('RIFF') && starts('WEBP', 8)) return 'image/webp';
  return undefined;
}

/** The bundle of a Uint8Array, Buffer or ArrayBuffer that holds an image file; undefined for other values. */
export function imageBytesBundle(value: object): MimeBundle | undefined {
  let bytes: Uint8Array;
  if (types.isUint8Array(value)) bytes = value;
  else if (types.isArrayBuffer(value)) bytes = new Uint8Array(value);
  else return undefined;
  const type = imageType(bytes);
  if (!type) return undefined;
  const name = type.slice('image/'.length).toUpperCase();
  return bundleOf({ [type]: base64(bytes), 'text/plain': `<${name} image, ${size(bytes.byteLength)}>` });
}

/** The bundle of a canvas, which draws itself with `toDataURL`; undefined for other values. */
export function canvasBundle(value: object): MimeBundle | Promise<MimeBundle> | undefined {
  const toDataUrl = method(value, 'toDataURL');
  if (!toDataUrl) return undefined;
  return runDisplay(value, 'toDataURL function', () => {
    const url = toDataUrl();
    return isThenable(url) ? Promise.resolve(url).then(fromDataUrl) : fromDataUrl(url);
  });
}

function fromDataUrl(url: unknown): Record<string, unknown> {
  const match = typeof url === 'string' ? /^data:(image\/[\w.+-]+);base64,/.exec(url.slice(0, 200)) : null;
  if (!match) throw new TypeError('expected the data URL of an image');
  return { [match[1]!]: (url as string).slice(match[0].length), 'text/plain': '<canvas>' };
}

function size(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
