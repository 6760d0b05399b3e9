/** Writes PNG files: a plot has few colours, so a palette makes them a quarter of the size. */
import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const PALETTE_SIZE = 256;
/** Beyond this the image is a photograph or a gradient, and a palette would show. */
const MOST_COLOURS = 32_768;
const DOTS_PER_METRE = 72 / 0.0254;

export interface Image {
  /** Size in image pixels. */
  readonly width: number;
  readonly height: number;
  /** [height, width, 4] red, green, blue, alpha; not premultiplied. */
  readonly rgba: Uint8Array;
}

/** Encodes an image; `scale` says on paper how many of its pixels stand for one CSS pixel. */
export function encodePng({ width, height, rgba }: Image, scale: number): Uint8Array {
  const indexed = indexColours(rgba);
  const bytesPerPixel = indexed ? 1 : 4;
  const source = indexed?.pixels ?? rgba;
  const rowBytes = width * bytesPerPixel;
  const lines = Buffer.alloc((rowBytes + 1) * height); // each row after a zero, which says "no filter"
  for (let y = 0; y < height; y++) {
    lines.set(source.subarray(y * rowBytes, (y + 1) * rowBytes), y * (rowBytes + 1) + 1);
  }

  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, indexed ? 3 : 6, 0, 0, 0], 8);
  const density = Buffer.alloc(9);
  density.writeUInt32BE(Math.round(DOTS_PER_METRE * scale), 0);
  density.writeUInt32BE(Math.round(DOTS_PER_METRE * scale), 4);
  density[8] = 1; // the unit is the metre

  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('pHYs', density),
    ...(indexed ? [chunk('PLTE', indexed.colours), chunk('tRNS', indexed.alphas)] : []),
    chunk('IDAT', deflateSync(lines, { level: 9 })),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

/**
 * The image as indexes into a palette, or null if it has too many colours for one.
 *
 * The commonest 256 colours are kept and the others, the blends at the edges of shapes, go to the nearest of them.
 */
function indexColours(
  rgba: Uint8Array,
): { pixels: Uint8Array; colours: Uint8Array; alphas: Uint8Array } | null {
  // Plain loops over 32-bit pixels: they run for every pixel of every picture.
  const words = new Uint32Array(rgba.buffer.slice(rgba.byteOffset, rgba.byteOffset + rgba.byteLength));
  const counts = new Map<number, number>();
  for (let from = 0; from < words.length; ) {
    const word = words[from] as number;
    let to = from + 1;
    while (words[to] === word) to++;
    counts.set(word, (counts.get(word) ?? 0) + to - from);
    if (counts.size > MOST_COLOURS) return null;
    from = to;
  }
  const ordered = [...counts].sort((a, b) => b[1] - a[1]).map(([word]) => word);
  const palette = new Uint8Array(Uint32Array.from(ordered.slice(0, PALETTE_SIZE)).buffer);
  const indexes = new Map(ordered.map((word, i) => [word, i < PALETTE_SIZE ? i : nearest(word, palette)]));

  const pixels = new Uint8Array(words.length);
  let [previous, index] = [words[0], indexes.get(words[0] as number) as number];
  for (let i = 0; i < words.length; i++) {
    if (words[i] !== previous) {
      previous = words[i];
      index = indexes.get(previous as number) as number;
    }
    pixels[i] = index;
  }
  const colours = new Uint8Array((palette.length / 4) * 3);
  const alphas = new Uint8Array(palette.length / 4);
  for (let i = 0; i < alphas.length; i++) {
    colours.set(palette.subarray(4 * i, 4 * i + 3), 3 * i);
    alphas[i] = palette[4 * i + 3] as number;
  }
  return { pixels, colours, alphas };
}

/** The palette entry that looks most alike: the fainter two colours are, the less their difference counts. */
function nearest(word: number, palette: Uint8Array): number {
  const [red, green, blue, alpha] = new Uint8Array(Uint32Array.of(word).buffer) as unknown as [
    number,
    number,
    number,
    number,
  ];
  let [best, smallest] = [0, Infinity];
  for (let i = 0; i < palette.length; i += 4) {
    const other = palette[i + 3] as number;
    const distance =
      (red * alpha - (palette[i] as number) * other) ** 2 +
      (green * alpha - (palette[i + 1] as number) * other) ** 2 +
      (blue * alpha - (palette[i + 2] as number) * other) ** 2 +
      (255 * (alpha - other)) ** 2;
    if (distance < smallest) [best, smallest] = [i / 4, distance];
  }
  return best;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(data.length + 12);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), data.length + 8);
  return bytes;
}
