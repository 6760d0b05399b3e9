/** The log as a table. */
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrainingReport } from './reports.ts';
import { snakeKeys } from './trainerState.ts';

/** One row of `log.csv` for each line of the log, under Hugging Face's names; what a line does not speak of is empty. */
export function csvReport(outputDir: string): TrainingReport {
  let columns: string[] = [];
  return {
    async log(line, { logHistory }) {
      const path = join(outputDir, 'log.csv');
      await mkdir(outputDir, { recursive: true });
      const record = snakeKeys(line);
      if (Object.keys(record).every(name => columns.includes(name))) {
        await appendFile(path, rowOf(record, columns));
        return;
      }
      // A new column means a new table; a run that goes on begins with what was logged before.
      const records = logHistory.map(snakeKeys);
      columns = [...new Set(records.flatMap(Object.keys))];
      await writeFile(path, `${columns.join()}\n${records.map(record => rowOf(record, columns)).join('')}`);
    },
  };
}

const rowOf = (record: Readonly<Record<string, unknown>>, columns: readonly string[]): string =>
  `${columns.map(name => record[name] ?? '').join()}\n`;
