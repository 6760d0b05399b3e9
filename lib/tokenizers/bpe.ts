/**
 * Learns a byte-pair encoding: the pair of symbols that stands together most often becomes a symbol, again and again.
 *
 * Counting and ties follow the native trainer, so that the same words give the same vocabulary as in Python.
 *
 * @see https://arxiv.org/abs/1508.07909
 */

export interface BpeModel {
  readonly vocab: Record<string, number>;
  /** Pairs of tokens, the most frequent first. */
  readonly merges: [string, string][];
}

interface Candidate {
  readonly pair: number;
  count: number;
  /** The words that hold the pair. */
  readonly words: Set<number>;
}

/** Two symbols' ids in one number. */
const SHIFT = 2 ** 26;

/**
 * @param counts how often each word occurs
 * @param vocabSize how many tokens there will be at most
 * @param specialTokens get the first ids
 * @param alphabet characters that get a token even if no word has them
 */
export function trainBpe(
  counts: ReadonlyMap<string, number>,
  vocabSize: number,
  specialTokens: readonly string[],
  alphabet: readonly string[],
): BpeModel {
  const tokens: string[] = [];
  const ids = new Map<string, number>();
  const idOf = (token: string): number => {
    const known = ids.get(token);
    if (known !== undefined) return known;
    ids.set(token, tokens.length);
    return tokens.push(token) - 1;
  };
  for (const token of specialTokens) idOf(token);
  const characters = new Set(alphabet);
  for (const word of counts.keys()) for (const character of word) characters.add(character);
  const sorted = [...characters].sort((a, b) => (a.codePointAt(0) as number) - (b.codePointAt(0) as number));
  for (const character of sorted) idOf(character);

  const words = [...counts.keys()].map(word => Array.from(word, idOf));
  const weights = [...counts.values()];
  const pairCounts = new Map<number, number>();
  const queue = new Heap();
  const push = (places: Map<number, Set<number>>) => {
    for (const [pair, found] of places) {
      const count = pairCounts.get(pair) as number;
      if (count > 0) queue.push({ pair, count, words: found });
    }
  };

  const places = new Map<number, Set<number>>();
  words.forEach((word, index) => {
    for (let at = 1; at < word.length; at++) {
      const pair = (word[at - 1] as number) * SHIFT + (word[at] as number);
      pairCounts.set(pair, (pairCounts.get(pair) ?? 0) + (weights[index] as number));
      addTo(places, pair, index);
    }
  });
  push(places);

  const merges = new Map<number, [string, string]>();
  while (tokens.length < vocabSize) {
    const top = queue.pop();
    if (!top) break;
    const count = pairCounts.get(top.pair) as number;
    if (count !== top.count) {
      // Merges since it was queued took some of its places.
      top.count = count;
      queue.push(top);
      continue;
    }
    if (count < 1) break;
    const left = Math.floor(top.pair / SHIFT);
    const right = top.pair % SHIFT;
    const merged = idOf((tokens[left] as string) + (tokens[right] as string));
    // A pair merged twice has the later rank.
    merges.delete(top.pair);
    merges.set(top.pair, [tokens[left] as string, tokens[right] as string]);
    const changed = new Map<number, Set<number>>();
    for (const index of top.words) {
      mergeIn(words[index] as number[], left, right, merged, (pair, change) => {
        pairCounts.set(pair, (pairCounts.get(pair) ?? 0) + change * (weights[index] as number));
        if (change > 0) addTo(changed, pair, index);
      });
    }
    push(changed);
  }
  const vocab = Object.create(null) as Record<string, number>;
  tokens.forEach((token, id) => {
    vocab[token] = id;
  });
  return { vocab, merges: [...merges.values()] };
}

/** Joins every `left` and `right` that stand together, and reports the pairs that come and go by it. */
function mergeIn(
  word: number[],
  left: number,
  right: number,
  merged: number,
  report: (pair: number, change: 1 | -1) => void,
): void {
  for (let at = 0; at + 1 < word.length; at++) {
    if (word[at] !== left || word[at + 1] !== right) continue;
    const before = word[at - 1];
    const after = word[at + 2];
    if (before !== undefined) {
      report(before * SHIFT + left, -1);
      report(before * SHIFT + merged, 1);
    }
    word.splice(at, 2, merged);
    if (after !== undefined) {
      report(right * SHIFT + after, -1);
      report(merged * SHIFT + after, 1);
    }
  }
}

function addTo(places: Map<number, Set<number>>, pair: number, word: number): void {
  const found = places.get(pair);
  if (found) found.add(word);
  else places.set(pair, new Set([word]));
}

/** The most frequent pair first; of equals the one with the smaller ids. */
class Heap {
  readonly #items: Candidate[] = [];

  push(item: Candidate): void {
    const items = this.#items;
    let at = items.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(item, items[parent] as Candidate)) break;
      items[at] = items[parent] as Candidate;
      at = parent;
    }
    items[at] = item;
  }

  pop(): Candidate | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (items.length === 0 || !last) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      const right = items[child + 1];
      if (right && isBefore(right, items[child] as Candidate)) child++;
      if (!isBefore(items[child] as Candidate, last)) break;
      items[at] = items[child] as Candidate;
      at = child;
    }
    items[at] = last;
    return top;
  }
}

function isBefore(a: Candidate, b: Candidate): boolean {
  return a.count === b.count ? a.pair < b.pair : a.count > b.count;
}
