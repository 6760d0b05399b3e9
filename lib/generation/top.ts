/** The largest of many numbers. */

/** Where the largest number is; of equal ones, the first. */
export function argMax(scores: Float32Array): number {
  let best = 0;
  for (let i = 1; i < scores.length; i++) if (scores[i]! > scores[best]!) best = i;
  return best;
}

/**
 * The indices of the k largest numbers, the largest first; of equal ones, the first comes first.
 *
 * Most numbers are only compared with the smallest of those found so far, at the root of a heap.
 */
export function topIndices(scores: Float32Array, k: number): number[] {
  const count = Math.min(k, scores.length);
  const heap: number[] = [];
  /** Whether index i goes before index j out of the heap. */
  const worse = (i: number, j: number): boolean =>
    scores[i]! < scores[j]! || (scores[i]! === scores[j]! && i > j);
  const swap = (i: number, j: number): void => {
    [heap[i], heap[j]] = [heap[j]!, heap[i]!];
  };
  const sink = (): void => {
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      if (left >= heap.length) return;
      const child = left + 1 < heap.length && worse(heap[left + 1]!, heap[left]!) ? left + 1 : left;
      if (!worse(heap[child]!, heap[at]!)) return;
      swap(child, at);
      at = child;
    }
  };
  for (let i = 0; i < scores.length; i++) {
    if (heap.length < count) {
      heap.push(i);
      for (let at = heap.length - 1; at > 0; ) {
        const parent = (at - 1) >> 1;
        if (!worse(heap[at]!, heap[parent]!)) break;
        swap(at, parent);
        at = parent;
      }
    } else if (worse(heap[0]!, i)) {
      heap[0] = i;
      sink();
    }
  }
  return heap.sort((i, j) => (worse(i, j) ? 1 : -1));
}
