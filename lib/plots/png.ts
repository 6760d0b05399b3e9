/** Writes PNG files: a plot has few colours, so a palette makes them a quarter of the size. */
import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const PALETTE_SIZE = 256;
/** Beyond so many colours the image is a photograph. */
const MOST_COLOURS = 32_768;
/** How much a colour may differ from its palette entry, in steps of 255, tried in turn; more would show. */
const TOLERANCES = [0, 4, 8, 12, 20];
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

/** The image as indexes into a palette, or null if no palette shows it faithfully. */
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
  const commonest = [...counts].sort((a, b) => b[1] - a[1]).map(([word]) => word);
  const palette = TOLERANCES.map(tolerance => choosePalette(commonest, tolerance)).find(Boolean);
  if (!palette) return null;

  const pixels = new Uint8Array(words.length);
  let [previous, index] = [-1, 0];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as number;
    if (word !== previous) {
      previous = word;
      index = palette.indexes.get(word) as number;
    }
    pixels[i] = index;
  }
  const entries = new Uint8Array(Uint32Array.from(palette.words).buffer);
  const colours = new Uint8Array(palette.words.length * 3);
  const alphas = new Uint8Array(palette.words.length);
  for (let i = 0; i < alphas.length; i++) {
    colours.set(entries.subarray(4 * i, 4 * i + 3), 3 * i);
    alphas[i] = entries[4 * i + 3] as number;
  }
  return { pixels, colours, alphas };
}

/** A palette in which every colour has an entry that differs by no more than the tolerance; null if 256 do not suffice. */
function choosePalette(
  commonest: readonly number[],
  tolerance: number,
): { words: number[]; indexes: Map<number, number> } | null {
  const words: number[] = [];
  const indexes = new Map<number, number>();
  const seen = new Int32Array(4 * PALETTE_SIZE); // what the entries look like: colours multiplied by their alpha
  for (const word of commonest) {
    const alpha = word >>> 24;
    const red = ((word & 255) * alpha) / 255;
    const green = (((word >>> 8) & 255) * alpha) / 255;
    const blue = (((word >>> 16) & 255) * alpha) / 255;
    let index = 0;
    while (
      index < words.length &&
      (Math.abs(red - (seen[4 * index] as number)) > tolerance ||
        Math.abs(green - (seen[4 * index + 1] as number)) > tolerance ||
        Math.abs(blue - (seen[4 * index + 2] as number)) > tolerance ||
        Math.abs(alpha - (seen[4 * index + 3] as number)) > tolerance)
    ) {
      index++;
    }
    if (index === words.length || tolerance === 0) {
      index = words.length;
      if (index === PALETTE_SIZE) return null;
      words.push(word);
      seen.set([red, green, blue, alpha], 4 * index);
    }
    indexes.set(word, index);
  }
  return { words, indexes };
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(data.length + 12);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), data.length + 8);
  return bytes;
}
