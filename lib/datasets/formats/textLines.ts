/** Plain text: a row a line, in the column `text`; an empty line is a row too. */
import { type FeatureMap, value } from '../features.ts';
import type { Row } from '../jsonl.ts';
import type { OnBadLine } from './badLine.ts';
import { eachLine, lineEnd, Place, wholeLines } from './lines.ts';
import type { LineFormat } from './lineTable.ts';

export class TextLines implements LineFormat {
  knownEnd(piece: Uint8Array, from: number): number {
    return lineEnd(piece, from);
  }

  check(): boolean {
    return true;
  }

  finish(): FeatureMap {
    return new Map([['text', value('string')]]);
  }

  row(text: string): Row {
    return { text };
  }
}

export async function* streamTextLines(
  bytes: AsyncIterable<Uint8Array>,
  name: string,
  onBadLine: OnBadLine,
): AsyncGenerator<Row, void, undefined> {
  const place = new Place(name);
  for await (const { piece } of wholeLines(bytes, name)) {
    const rows: Row[] = [];
    eachLine(piece, place, onBadLine, text => {
      rows.push({ text });
    });
    yield* rows;
  }
}
