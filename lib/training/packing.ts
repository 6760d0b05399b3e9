/** Short texts together in rows of a given length, each seeing only itself. */

/**
 * Which texts go into which row: the longest first, each into the fullest row that has room for it, as TRL packs by best
 * fit decreasing.
 *
 * @param lengths of the texts, none above `maxLength`
 * @returns the numbers of each row's texts
 */
export function packRows(lengths: readonly number[], maxLength: number): number[][] {
  const rows: number[][] = [];
  /** Rows by how many tokens they have room for. */
  const byRoom = Array.from({ length: maxLength + 1 }, (): number[][] => []);
  const longestFirst = lengths.map((_, text) => text).sort((a, b) => lengths[b]! - lengths[a]!);
  for (const text of longestFirst) {
    const length = lengths[text]!;
    let room = length;
    while (room < maxLength && byRoom[room]!.length === 0) room++;
    const row = byRoom[room]!.pop() ?? [];
    if (row.length === 0) rows.push(row);
    row.push(text);
    byRoom[room - length]!.push(row);
  }
  return rows;
}
