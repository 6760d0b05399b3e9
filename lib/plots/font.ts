/** Advance widths of a TrueType font: what text measurement needs and no more. */
import { readFileSync } from 'node:fs';

/** Measures text set in one font file. */
export interface Font {
  /** Path of the font file. */
  readonly file: string;
  /** Height above and below the baseline, in ems. */
  readonly ascent: number;
  readonly descent: number;
  /** Width of `text` in ems; characters that the font lacks are estimated. */
  width(text: string): number;
  /** Whether the font has a glyph for every printing character of `text`. */
  covers(text: string): boolean;
}

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\u{1f000}-\u{3fffd}]/u;
const INVISIBLE = /[\p{Cf}\p{Mn}\p{Cc}]/u;

/**
 * Reads the metrics of a TrueType file.
 *
 * @throws if the file is not a TrueType font with a Unicode character map
 */
export function readFont(file: string): Font {
  const bytes = readFileSync(file);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tables = new Map<string, number>();
  for (let i = 0; i < view.getUint16(4); i++) {
    const record = 12 + 16 * i;
    tables.set(bytes.toString('latin1', record, record + 4), view.getUint32(record + 8));
  }
  const offset = (tag: string): number => {
    const at = tables.get(tag);
    if (at === undefined) throw new Error(`internal: the font ${file} has no ${tag} table`);
    return at;
  };
  const unitsPerEm = view.getUint16(offset('head') + 18);
  const hhea = offset('hhea');
  const advanceCount = view.getUint16(hhea + 34);
  const hmtx = offset('hmtx');
  const glyphs = readCharacterMap(view, offset('cmap'), file);

  const advance = (glyph: number): number =>
    view.getUint16(hmtx + 4 * Math.min(glyph, advanceCount - 1)) / unitsPerEm;

  return {
    file,
    ascent: view.getInt16(hhea + 4) / unitsPerEm,
    descent: -view.getInt16(hhea + 6) / unitsPerEm,
    width(text) {
      let ems = 0;
      for (const char of text) {
        const glyph = glyphs.get(char.codePointAt(0) as number);
        if (glyph) ems += advance(glyph);
        else if (!INVISIBLE.test(char)) ems += WIDE.test(char) ? 1 : 0.65;
      }
      return ems;
    },
    covers(text) {
      for (const char of text) {
        if (!glyphs.get(char.codePointAt(0) as number) && !INVISIBLE.test(char)) return false;
      }
      return true;
    },
  };
}

/** Code point to glyph index, from a `cmap` subtable of format 4 or 12. */
function readCharacterMap(view: DataView, cmap: number, file: string): Map<number, number> {
  const subtables = new Map<number, number>();
  for (let i = 0; i < view.getUint16(cmap + 2); i++) {
    const at = cmap + view.getUint32(cmap + 4 + 8 * i + 4);
    subtables.set(view.getUint16(at), at);
  }
  const glyphs = new Map<number, number>();
  const groups = subtables.get(12);
  const segments = subtables.get(4);
  if (groups !== undefined) {
    for (let i = 0; i < view.getUint32(groups + 12); i++) {
      const group = groups + 16 + 12 * i;
      const first = view.getUint32(group);
      const glyph = view.getUint32(group + 8);
      for (let code = first; code <= view.getUint32(group + 4); code++)
        glyphs.set(code, glyph + code - first);
    }
  } else if (segments !== undefined) {
    const size = view.getUint16(segments + 6); // twice the number of segments
    for (let i = 0; i < size; i += 2) {
      const last = view.getUint16(segments + 14 + i);
      const first = view.getUint16(segments + 16 + size + i);
      const delta = view.getUint16(segments + 16 + 2 * size + i);
      const rangeAt = segments + 16 + 3 * size + i;
      const range = view.getUint16(rangeAt);
      for (let code = first; code <= last && code !== 0xffff; code++) {
        const glyph = range === 0 ? code : view.getUint16(rangeAt + range + 2 * (code - first));
        if (range === 0 || glyph !== 0) glyphs.set(code, (glyph + delta) & 0xffff);
      }
    }
  } else {
    throw new Error(`internal: the font ${file} has no Unicode character map`);
  }
  return glyphs;
}
