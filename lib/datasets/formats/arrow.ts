/** Arrow's IPC format, stream and file, read by flechette: columns stay as they lie in the file until they are looked at. */
import type { Column as ArrowColumn, Table as ArrowData } from '@uwdata/flechette';
import { setField } from '../columns/nested.ts';
import type { FeatureMap } from '../features.ts';
import type { Row } from '../jsonl.ts';
import { type Column, noColumn, type Table } from '../table.ts';
import { registerCodecs } from './arrowCodecs.ts';
import { arrowMessages } from './arrowMessages.ts';
import { type ArrowReader, type ArrowTypes, arrowReader } from './arrowTypes.ts';
import { withClassLabels } from './classLabels.ts';

const EXTRACTION = { useDate: true, useBigInt: true, useDecimalInt: true } as const;

/** @throws if the file is not Arrow, is damaged or cut off */
export async function readArrow(bytes: AsyncIterable<Uint8Array>, name: string): Promise<Table> {
  const messages: Uint8Array[] = [];
  for await (const { bytes: message } of arrowMessages(bytes, name)) messages.push(message);
  return decode(messages, name);
}

/** Rows one by one; a batch is read when the first of its rows is asked for. */
export async function* streamArrow(
  bytes: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<Row, void, undefined> {
  const before: Uint8Array[] = [];
  for await (const { kind, bytes: message } of arrowMessages(bytes, name)) {
    if (kind !== 'rows') {
      before.push(message);
      continue;
    }
    const table = await decode([...before, message], name);
    for (let i = 0; i < table.rowCount; i++) yield table.row(i);
  }
}

async function decode(messages: Uint8Array[], name: string): Promise<Table> {
  const arrow = await import('@uwdata/flechette');
  registerCodecs(arrow);
  try {
    return new ArrowTable(arrow.tableFromIPC(messages, EXTRACTION), arrow.Type);
  } catch (error) {
    throw new Error(`${name} cannot be read as Arrow data: ${(error as Error).message}.`);
  }
}

class ArrowTable implements Table {
  readonly rowCount: number;
  readonly features: FeatureMap;
  readonly #columns: readonly (readonly [string, Column])[];

  constructor(data: ArrowData, types: ArrowTypes) {
    this.rowCount = data.numRows;
    const readers = data.schema.fields.map(({ name, type }) => ({ name, ...arrowReader(type, types) }));
    this.features = withClassLabels(
      new Map(readers.map(({ name, feature }) => [name, feature])),
      data.schema.metadata?.get('huggingface'),
    );
    this.#columns = readers.map(({ name, read }, i) => [name, columnOf(data.getChildAt(i), read)] as const);
  }

  column(name: string): Column {
    for (const [own, column] of this.#columns) if (own === name) return column;
    throw noColumn(name, this.features.keys());
  }

  row(index: number): Row {
    const row: Row = {};
    for (const [name, column] of this.#columns) setField(row, name, column.get(index));
    return row;
  }
}

function columnOf(column: ArrowColumn<unknown>, read: ArrowReader['read']): Column {
  return {
    length: column.length,
    get(index) {
      const value = column.at(index);
      return value === null || value === undefined ? null : read(value);
    },
  };
}
