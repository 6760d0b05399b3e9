/** Where the lines of a training log go. */
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { isNotebook } from '../host.ts';
import { csvReport } from './csvReport.ts';
import { lineText } from './logText.ts';
import { notebookReport } from './notebookReport.ts';
import { tensorboardReport } from './tensorboardReport.ts';

import { type LogLine, snakeKeys, type TrainerState } from './trainerState.ts';
import type { TrainingArguments } from './trainingArguments.ts';

/** Hears of a run as it goes. */
export interface TrainingReport {
  /** After each step. */
  step?(state: TrainerState): void;
  log(line: LogLine, state: TrainerState): void | Promise<void>;
  /** When the run has ended, well or not. */
  close?(): void | Promise<void>;
}

/** What `reportTo` asks for, for a run that begins or goes on. */
export function openReports(
  { reportTo, outputDir }: TrainingArguments,
  state: TrainerState,
): TrainingReport[] {
  return reportTo.map(name => {
    if (name === 'jsonl') return jsonlReport(outputDir);
    if (name === 'csv') return csvReport(outputDir);
    if (name === 'tensorboard') return tensorboardReport(outputDir);
    return isNotebook() ? notebookReport(state) : terminalReport();
  });
}

/** One line of JSON for each line of the log, under Hugging Face's names. */
function jsonlReport(outputDir: string): TrainingReport {
  let isBegun = false;
  return {
    async log(line, { logHistory }) {
      const path = join(outputDir, 'log.jsonl');
      const written = (lines: readonly LogLine[]): string =>
        lines.map(one => `${JSON.stringify(snakeKeys(one))}\n`).join('');
      await mkdir(outputDir, { recursive: true });
      // A run that goes on begins with what was logged before its checkpoint.
      await (isBegun ? appendFile(path, written([line])) : writeFile(path, written(logHistory)));
      isBegun = true;
    },
  };
}

function terminalReport(): TrainingReport {
  return {
    log(line, { maxSteps }) {
      process.stdout.write(`${lineText(line, maxSteps)}\n`);
    },
  };
}
