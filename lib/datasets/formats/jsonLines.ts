/** JSON Lines: a row a line. */
import type { FeatureMap } from '../features.ts';
import type { Row } from '../jsonl.ts';
import { BadLine, type OnBadLine } from './badLine.ts';
import { mayHoldHalves, parseAgain, parseExactObject, parseObject } from './jsonValue.ts';
import { knownRowEnd } from './knownRow.ts';
import { eachLine, isBlank, Place, wholeLines } from './lines.ts';
import type { LineFormat } from './lineTable.ts';
import { conformObject, Shape } from './shape.ts';

/** Every row has the keys that any line has; what a line lacks is null. */
export class JsonLines implements LineFormat {
  readonly #shape = new Shape();
  #features: FeatureMap = new Map();

  knownEnd(piece: Uint8Array, from: number): number {
    return knownRowEnd(piece, from, this.#shape);
  }

  check(text: string, place: Place): boolean {
    if (isBlank(text)) return false;
    const object = parseObject(text, place);
    ofLine(place, () => {
      const isInexact = mayHoldHalves(text) || this.#shape.addRounded(object);
      if (isInexact) this.#shape.addObject(parseAgain(text, place) as Row);
    });
    return true;
  }

  finish(): FeatureMap {
    this.#features = this.#shape.features();
    return this.#features;
  }

  row(text: string): Row {
    const object = (this.#shape.hasBigints ? parseAgain(text, 'internal') : JSON.parse(text)) as Row;
    return this.#shape.isRegular ? object : conformObject(object, this.#features);
  }
}

/**
 * Every row has the keys that it and the lines before have, and those that were read with them; which ones later lines
 * have, nobody knows yet.
 */
export async function* streamJsonLines(
  bytes: AsyncIterable<Uint8Array>,
  name: string,
  onBadLine: OnBadLine,
): AsyncGenerator<Row, void, undefined> {
  const shape = new Shape();
  for await (const rows of jsonLinePieces(bytes, name, onBadLine, row => shape.addObject(row))) {
    const features = shape.isRegular ? undefined : shape.features();
    yield* features ? rows.map(row => conformObject(row, features)) : rows;
  }
}

/**
 * Rows as the lines have them, so many at a time as are read together.
 *
 * @param see is shown each row; a RangeError from it is the line's
 */
export async function* jsonLinePieces(
  bytes: AsyncIterable<Uint8Array>,
  name: string,
  onBadLine: OnBadLine,
  see: (row: Row) => void = () => {},
): AsyncGenerator<Row[], void, undefined> {
  const place = new Place(name);
  for await (const { piece } of wholeLines(bytes, name)) {
    const rows: Row[] = [];
    eachLine(piece, place, onBadLine, text => {
      if (isBlank(text)) return;
      const row = parseExactObject(text, place);
      ofLine(place, () => see(row));
      rows.push(row);
    });
    yield rows;
  }
}

/** Lets the line answer for values that are too much for `work`. */
function ofLine(place: Place, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw error instanceof RangeError ? new BadLine(`${place}: ${error.message}.`) : error;
  }
}
