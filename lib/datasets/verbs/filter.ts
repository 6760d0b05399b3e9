/** `filter`: the rows that a function says yes to. */
import { progress } from '../../host.ts';
import { showValue } from '../columns/showValue.ts';
import type { Table } from '../table.ts';
import { selectRows } from '../views.ts';
import { type Call, caller } from './call.ts';
import { columnsOf } from './map.ts';
import { checkBatchSize, PROGRESS_DELAY } from './options.ts';
import { isPromise, type Steps } from './steps.ts';

export interface FilterSettings {
  readonly batched: boolean;
  readonly batchSize: number;
  readonly withIndices: boolean;
  readonly desc: string;
}

/** Yields the promises that the function returns; returns the table of the rows for which it gives a true value. */
export function filterTable(table: Table, test: unknown, settings: FilterSettings): Steps<Table> {
  const call = caller('filter', test, settings.withIndices);
  if (settings.batched) checkBatchSize(settings.batchSize);
  return settings.batched ? filterBatches(table, call, settings) : filterRows(table, call, settings);
}

function* filterRows(table: Table, call: Call, { desc }: FilterSettings): Steps<Table> {
  const indices = new Uint32Array(table.rowCount);
  let count = 0;
  const bar = progress(table.rowCount, { description: desc, unit: 'rows', delay: PROGRESS_DELAY });
  try {
    for (let i = 0; i < table.rowCount; i++) {
      let result = call(table.row(i), i);
      if (isPromise(result)) result = yield result;
      if (result) indices[count++] = i;
      bar.update();
    }
  } finally {
    bar.close();
  }
  return selectRows(table, indices.slice(0, count));
}

function* filterBatches(table: Table, call: Call, { batchSize, desc }: FilterSettings): Steps<Table> {
  const kept: number[] = [];
  const bar = progress(table.rowCount, { description: desc, unit: 'rows', delay: PROGRESS_DELAY });
  try {
    for (let start = 0; start < table.rowCount; start += batchSize) {
      const count = Math.min(batchSize, table.rowCount - start);
      const batch = columnsOf(table, start, start + count);
      const indices = Array.from({ length: count }, (_, i) => start + i);
      let result = call(batch, indices);
      if (isPromise(result)) result = yield result;
      for (const i of checkAnswers(result, count, start)) kept.push(start + i);
      bar.update(count);
    }
  } finally {
    bar.close();
  }
  return selectRows(table, Uint32Array.from(kept));
}

/** Which rows of a batch are kept. */
export function checkAnswers(result: unknown, count: number, start: number): number[] {
  if (!Array.isArray(result) || result.length !== count) {
    const got = Array.isArray(result) ? `${result.length} values` : showValue(result);
    throw new TypeError(
      `filter's function returned ${got} for the batch at row ${start}; ` +
        `with batched: true it must return an array with a boolean for each of the ${count} rows.`,
    );
  }
  return result.flatMap((keep, i) => (keep ? [i] : []));
}
