/** Texts to rows of ids and what goes with them: the native tokenizer's parallel call, then cutting. */
import type { Encoding as NativeEncoding, Tokenizer as NativeTokenizer } from 'tokenizers';
import { type Offset, utf16Index } from './offsets.ts';
import type { CutPlan, EncodeOptions } from './options.ts';
import { windows } from './windows.ts';

/** The columns of an encoding, a row a text. Only what was asked for is there. */
export interface Rows {
  inputIds: number[][];
  attentionMask?: number[][];
  tokenTypeIds?: number[][];
  specialTokensMask?: number[][];
  offsetMapping?: Offset[][];
  overflowToSampleMapping?: number[];
}

/** @param partners the second texts of the pairs, or null */
export async function encodeRows(
  native: NativeTokenizer,
  texts: readonly string[],
  partners: readonly string[] | null,
  cut: CutPlan | null,
  options: EncodeOptions,
): Promise<Rows> {
  const settings = { addSpecialTokens: options.addSpecialTokens ?? true };
  // The binding's batch call takes no pairs; single calls run in parallel as well.
  const encodings: NativeEncoding[] = partners
    ? await Promise.all(texts.map((text, index) => native.encode(text, partners[index], settings)))
    : await native.encodeBatch(texts as string[], settings);

  const rows: Rows = { inputIds: [] };
  const { returnTokenTypeIds, returnSpecialTokensMask, returnOffsetsMapping, returnOverflowingTokens } =
    options;
  if (options.returnAttentionMask !== false) rows.attentionMask = [];
  if (returnTokenTypeIds) rows.tokenTypeIds = [];
  if (returnSpecialTokensMask) rows.specialTokensMask = [];
  if (returnOffsetsMapping) rows.offsetMapping = [];
  if (returnOverflowingTokens) rows.overflowToSampleMapping = [];

  encodings.forEach((encoding, index) => {
    const ids = encoding.getIds();
    // Every getter copies its array across the native border, so only what is wanted is asked for.
    const typeIds = returnTokenTypeIds && encoding.getTypeIds();
    const mask = returnSpecialTokensMask && encoding.getSpecialTokensMask();
    const offsets = returnOffsetsMapping && readOffsets(encoding, texts[index], partners?.[index]);
    const kept = cut && ids.length > cut.maxLength ? windows(encoding.getSequenceIds(), cut, index) : [null];
    for (const tokens of kept) {
      const pick = <T>(column: T[]): T[] => (tokens ? tokens.map(token => column[token] as T) : column);
      const row = pick(ids);
      rows.inputIds.push(row);
      rows.attentionMask?.push(new Array<number>(row.length).fill(1));
      if (typeIds) rows.tokenTypeIds?.push(pick(typeIds));
      if (mask) rows.specialTokensMask?.push(pick(mask));
      if (offsets) rows.offsetMapping?.push(pick(offsets));
      rows.overflowToSampleMapping?.push(index);
    }
  });
  return rows;
}

function readOffsets(encoding: NativeEncoding, text = '', partner = ''): Offset[] {
  const offsets = encoding.getOffsets() as [number, number][];
  const indices = [utf16Index(text), utf16Index(partner)];
  if (!indices[0] && !indices[1]) return offsets;
  const sequences = encoding.getSequenceIds();
  return offsets.map(([start, end], token): Offset => {
    const index = indices[sequences[token] ?? -1];
    return index ? [index(start), index(end)] : [start, end];
  });
}
