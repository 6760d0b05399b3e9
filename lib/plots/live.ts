/** A plot that changes while a loop runs. */
import { randomUUID } from 'node:crypto';
import { display, isNotebook, show } from '../host.ts';
import type { Figure } from './figure.ts';

/** Updates are at least this far apart, in milliseconds. */
const INTERVAL = 250;
/** After so long without an update a plot that has no sketch is shown with its picture, which takes a tenth of a second. */
const REST = 2000;

/** A plot's output that is replaced in place. */
export class LiveFigure {
  readonly #displayId = `tunelab-plot-${randomUUID()}`;
  #figure: Figure;
  #isShown = false;
  #lastShown = -Infinity;
  #pending: NodeJS.Timeout | undefined;
  #rest: NodeJS.Timeout | undefined;

  constructor(figure: Figure) {
    this.#figure = figure;
    this.#showSketch();
  }

  /** The plot as it stands. */
  get figure(): Figure {
    return this.#figure;
  }

  /** Replaces the plot, on the page at most four times a second; the last state always comes. */
  update(figure: Figure): void {
    this.#figure = figure;
    const wait = this.#lastShown + INTERVAL - performance.now();
    if (wait <= 0) this.#showSketch();
    else this.#pending ??= setTimeout(() => this.#showSketch(), wait);
  }

  /**
   * Shows the last state whole, with its picture; in a terminal its words, once. Call it when the loop has ended.
   *
   * @param options `picture`: false for a loop that was interrupted, whose user waits for its end
   */
  async close({ picture = true }: { picture?: boolean } = {}): Promise<void> {
    this.#clear();
    if (!isNotebook()) await display(this.#figure);
    else if (picture) await this.#showWhole();
    else show(this.#figure.sketch(), this.#options());
  }

  /** Without the picture: drawing it would hold up the loop. */
  #showSketch(): void {
    this.#clear();
    if (!isNotebook()) return;
    this.#lastShown = performance.now();
    const sketch = this.#figure.sketch();
    show(sketch, this.#options());
    if (!('image/svg+xml' in sketch.data)) this.#rest = setTimeout(() => void this.#showWhole(), REST);
  }

  async #showWhole(): Promise<void> {
    const figure = this.#figure;
    const bundle = await figure.bundle();
    // An update in the meantime is newer.
    if (figure === this.#figure) show(bundle, this.#options());
  }

  #options(): { displayId: string; update: boolean } {
    const update = this.#isShown;
    this.#isShown = true;
    return { displayId: this.#displayId, update };
  }

  #clear(): void {
    clearTimeout(this.#pending);
    clearTimeout(this.#rest);
    this.#pending = undefined;
  }
}

/**
 * Shows a plot that a running loop replaces: in a notebook in place, in a terminal as its words when it is closed.
 *
 * @throws if it is given something else than a plot
 * @example
 * const live = plot.live(plot.lossCurve([]));
 * const logs = [];
 * for (let step = 1; step <= 50; step++) {
 *   logs.push({ step, loss: 3 / step });
 *   live.update(plot.lossCurve(logs));
 * }
 * await live.close();
 */
export function live(figure: Figure): LiveFigure {
  if (typeof figure?.bundle !== 'function') {
    throw new TypeError('plot.live takes a plot to begin with, such as plot.lossCurve([]).');
  }
  return new LiveFigure(figure);
}
