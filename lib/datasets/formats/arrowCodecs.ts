/** The two compressions that Arrow data may have inside, for flechette, which has neither. */
import { expandLz4Frame } from './lz4.ts';

export async function registerCodecs(): Promise<void> {
  const { CompressionType, setCompressionCodec } = await import('@uwdata/flechette');
  const { decompress } = await import('fzstd');
  const encode = (): never => {
    throw new Error('internal: Arrow data is never compressed here');
  };
  const expand = (bytes: Uint8Array, length: number): Uint8Array => decompress(bytes, new Uint8Array(length));
  setCompressionCodec(CompressionType.ZSTD, { decode: expand, encode });
  setCompressionCodec(CompressionType.LZ4_FRAME, { decode: expandLz4Frame, encode });
}
