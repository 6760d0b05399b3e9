/** Lengths along SVG paths, which plotly.js asks for to place labels on contours and to draw violins. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

const CURVE_STEPS = 24;

/** A path as straight pieces: curves in 24 of them, arcs as their chords. plotly writes absolute commands, and so does this read. */
export function flatten(d: string): Point[][] {
  const runs: Point[][] = [];
  let run: Point[] = [];
  let at: Point = { x: 0, y: 0 };
  const go = (x: number, y: number): void => {
    at = { x, y };
    run.push(at);
  };
  for (const [, letter = '', list = ''] of d.matchAll(/([a-zA-Z])([^a-zA-Z]*)/g)) {
    const n = Array.from(list.matchAll(/[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/gi), match =>
      Number(match[0]),
    );
    const value = (i: number): number => n[i] as number;
    switch (letter.toUpperCase()) {
      case 'M':
        run = [];
        runs.push(run);
        for (let i = 0; i + 1 < n.length; i += 2) go(value(i), value(i + 1));
        break;
      case 'L':
        for (let i = 0; i + 1 < n.length; i += 2) go(value(i), value(i + 1));
        break;
      case 'H':
        for (const x of n) go(x, at.y);
        break;
      case 'V':
        for (const y of n) go(at.x, y);
        break;
      case 'A':
        for (let i = 0; i + 6 < n.length; i += 7) go(value(i + 5), value(i + 6));
        break;
      case 'Q':
        for (let i = 0; i + 3 < n.length; i += 4) {
          const [from, control, to] = [
            at,
            { x: value(i), y: value(i + 1) },
            { x: value(i + 2), y: value(i + 3) },
          ];
          curve([from, between(from, control, 2 / 3), between(to, control, 2 / 3), to], go);
        }
        break;
      case 'C':
        for (let i = 0; i + 5 < n.length; i += 6) {
          const pair = (j: number): Point => ({ x: value(i + j), y: value(i + j + 1) });
          curve([at, pair(0), pair(2), pair(4)], go);
        }
        break;
      case 'Z':
        if (run[0]) go(run[0].x, run[0].y);
        break;
    }
  }
  return runs;
}

/** The length of a flattened path. */
export function lengthOf(runs: readonly (readonly Point[])[]): number {
  let length = 0;
  for (const [from, to] of pieces(runs)) length += Math.hypot(to.x - from.x, to.y - from.y);
  return length;
}

/** The point that lies `distance` along a flattened path; beyond its ends, the end. */
export function pointAt(runs: readonly (readonly Point[])[], distance: number): Point {
  let left = Math.max(0, distance);
  let last = runs[0]?.[0] ?? { x: 0, y: 0 };
  for (const [from, to] of pieces(runs)) {
    const length = Math.hypot(to.x - from.x, to.y - from.y);
    if (left <= length) return between(from, to, length === 0 ? 0 : left / length);
    left -= length;
    last = to;
  }
  return last;
}

function* pieces(runs: readonly (readonly Point[])[]): Generator<[Point, Point], void, undefined> {
  for (const run of runs) for (let i = 1; i < run.length; i++) yield [run[i - 1] as Point, run[i] as Point];
}

function between(from: Point, to: Point, share: number): Point {
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

/** Walks a cubic Bézier curve by de Casteljau's construction. */
function curve(
  [a, b, c, d]: readonly [Point, Point, Point, Point],
  go: (x: number, y: number) => void,
): void {
  for (let i = 1; i <= CURVE_STEPS; i++) {
    const t = i / CURVE_STEPS;
    const [ab, bc, cd] = [between(a, b, t), between(b, c, t), between(c, d, t)];
    const { x, y } = between(between(ab, bc, t), between(bc, cd, t), t);
    go(x, y);
  }
}
