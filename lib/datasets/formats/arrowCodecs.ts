/** The two compressions that Arrow data may have inside, for flechette, which has neither. */
import { createRequire } from 'node:module';
import { expandLz4Frame } from './lz4.ts';

const require = createRequire(import.meta.url);

/** @param arrow the module, of which Node may have two: one imported, one required */
export function registerCodecs(
  arrow: Pick<typeof import('@uwdata/flechette'), 'CompressionType' | 'setCompressionCodec'>,
): void {
  const { CompressionType, setCompressionCodec } = arrow;
  const encode = (): never => {
    throw new Error('internal: Arrow data is never compressed here');
  };
  const expand = (bytes: Uint8Array, length: number): Uint8Array => {
    const { decompress } = require('fzstd') as typeof import('fzstd');
    return decompress(bytes, new Uint8Array(length));
  };
  setCompressionCodec(CompressionType.ZSTD, { decode: expand, encode });
  setCompressionCodec(CompressionType.LZ4_FRAME, { decode: expandLz4Frame, encode });
}
