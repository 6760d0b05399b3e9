/**
 * Which tokens of an encoding each row keeps when it is cut.
 *
 * The native tokenizer could cut too, but keeps its setting from call to call, ends the process on a stride that is too
 * large, and since 0.23.1 loses overflow (huggingface/tokenizers issue 2091). So encodings come whole and are cut here, to
 * what its version 0.23 keeps, with the overflow of 0.22.
 */
import type { Side } from './config.ts';
import type { CutPlan } from './options.ts';

/** Of each token: 0 if it is of the first text, 1 of the second, nothing if it was added around them. */
export type Sequences = readonly (number | null | undefined)[];

/**
 * The kept tokens' indices: one list for the row, and one more for each row of overflow.
 *
 * @param row the text's place in the batch, for messages
 */
export function windows(sequences: Sequences, plan: CutPlan, row: number): number[][] {
  const { maxLength, stride, side, overflow } = plan;
  const first = sequences.filter(sequence => sequence === 0).length;
  const second = sequences.filter(sequence => sequence === 1).length;
  const added = sequences.length - first - second;
  if (maxLength < added) {
    throw new RangeError(
      `maxLength ${maxLength} has no room for the ${added} special tokens around a text; raise it, or set addSpecialTokens: false.`,
    );
  }
  const kept = keptLengths(first, second, maxLength - added, plan, row);
  const [ofFirst, ofSecond] = [first, second].map((length, index) => {
    const keep = kept[index] as number;
    if (keep < length && (overflow || stride > 0) && stride >= keep) {
      if (keep === 0) {
        throw new RangeError(
          `maxLength ${maxLength} leaves no room for a token of text ${row}; raise maxLength.`,
        );
      }
      throw new RangeError(
        `stride ${stride} must be less than the ${keep} tokens that maxLength ${maxLength} leaves of text ${row}; raise maxLength.`,
      );
    }
    const all = spans(length, keep, stride, side);
    return overflow ? all : all.slice(0, 1);
  }) as [Span[], Span[]];
  return pairs(ofFirst, ofSecond).map(spansOfRow => tokensIn(sequences, spansOfRow));
}

type Span = readonly [start: number, end: number];

/** How many tokens of each text stay. */
function keptLengths(
  first: number,
  second: number,
  room: number,
  { strategy, maxLength }: CutPlan,
  row: number,
): [number, number] {
  if (first + second <= room) return [first, second];
  if (strategy === 'longestFirst') {
    // Only the longer text is cut, unless the shorter one alone takes more than half of the room.
    const short = Math.min(first, second, Math.floor(room / 2));
    // Both come cut to maxLength already in the native tokenizer, so that what is longer than that is equally long.
    const isSecondLonger = Math.min(first, maxLength) <= Math.min(second, maxLength);
    return isSecondLonger ? [short, room - short] : [room - short, short];
  }
  const cutFirst = strategy === 'onlyFirst';
  if (!cutFirst && second === 0) {
    throw new RangeError(
      `truncation: 'onlySecond' cannot shorten text ${row}, which has no second text of its pair.`,
    );
  }
  const left = room - (cutFirst ? second : first);
  if (left > 0) return cutFirst ? [left, second] : [first, left];
  throw new RangeError(
    `truncation: '${strategy}' cannot bring text ${row} to maxLength ${maxLength}: the other text fills it alone.`,
  );
}

/** Cuts a text of `length` tokens into spans of `keep`, each but the first repeating `stride` tokens. */
function spans(length: number, keep: number, stride: number, side: Side): Span[] {
  if (keep >= length || keep === 0) return [[0, keep]];
  const found: Span[] = [];
  for (let at = 0; ; at += keep - stride) {
    const end = Math.min(at + keep, length);
    found.push(side === 'right' ? [at, end] : [length - end, length - at]);
    if (end === length) return found;
  }
}

/** Every span of the first text with every span of the second, in the order of the native tokenizer. */
function pairs(first: readonly Span[], second: readonly Span[]): [Span, Span][] {
  const [main, ...more] = first as [Span, ...Span[]];
  const [withMain, ...others] = second as [Span, ...Span[]];
  return [
    [main, withMain],
    ...more.flatMap(span => second.map((other): [Span, Span] => [span, other])),
    ...others.map((other): [Span, Span] => [main, other]),
  ];
}

function tokensIn(sequences: Sequences, kept: readonly [Span, Span]): number[] {
  const seen: [number, number] = [0, 0];
  const tokens: number[] = [];
  for (const [token, sequence] of sequences.entries()) {
    if (sequence === 0 || sequence === 1) {
      const index = seen[sequence]++;
      const [start, end] = kept[sequence];
      if (index < start || index >= end) continue;
    }
    tokens.push(token);
  }
  return tokens;
}
