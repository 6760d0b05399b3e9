/** Texts one after another in rows, with little padding. */
import type { Batch } from '../models/index.ts';

/** Tokens of a row, if no text is longer: attention takes the square of a row's length. */
const ROW = 256;

export interface JoinedTexts extends Required<Omit<Batch, 'labels'>> {
  /** Where each text begins, counted through all rows. */
  readonly starts: readonly number[];
}

/**
 * Joins texts into rows of equal length: one row for a few short texts. Their numbers in the attention mask keep texts
 * from seeing each other, and positions begin at 0 in each.
 *
 * @param texts token ids, without padding
 */
export function joinTexts(texts: readonly (readonly number[])[]): JoinedTexts {
  const rows = distribute(texts.map(text => text.length));
  const width = Math.max(...rows.map(row => row.reduce((sum, text) => sum + texts[text]!.length, 0)));
  const inputIds: number[][] = [];
  const attentionMask: number[][] = [];
  const positionIds: number[][] = [];
  const starts = new Array<number>(texts.length);
  for (const [i, row] of rows.entries()) {
    const [ids, mask, positions] = [0, 1, 2].map(() => new Array<number>(width).fill(0));
    let at = 0;
    for (const [number, text] of row.entries()) {
      starts[text] = i * width + at;
      texts[text]!.forEach((id, position) => {
        ids![at] = id;
        mask![at] = number + 1;
        positions![at] = position;
        at++;
      });
    }
    inputIds.push(ids!);
    attentionMask.push(mask!);
    positionIds.push(positions!);
  }
  return { inputIds, attentionMask, positionIds, starts };
}

/** Which texts go into which row: the longest first, each into the row that is the emptiest. */
function distribute(lengths: readonly number[]): number[][] {
  const total = lengths.reduce((a, b) => a + b, 0);
  const count = Math.max(1, Math.floor(total / Math.max(ROW, ...lengths)));
  const rows = Array.from({ length: count }, () => ({ tokens: 0, texts: [] as number[] }));
  const longestFirst = lengths.map((_, text) => text).sort((a, b) => lengths[b]! - lengths[a]!);
  for (const text of longestFirst) {
    const emptiest = rows.reduce((a, b) => (b.tokens < a.tokens ? b : a));
    emptiest.tokens += lengths[text]!;
    emptiest.texts.push(text);
  }
  return rows.map(({ texts }) => texts.sort((a, b) => a - b));
}
