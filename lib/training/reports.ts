/** Where the lines of a training log go. */
import { appendFile, mkdir } from 'node:fs/promises';
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
    if (name === 'jsonl') return fileReport(outputDir);
    if (name === 'csv') return csvReport(outputDir);
    if (name === 'tensorboard') return tensorboardReport(outputDir);
    return isNotebook() ? notebookReport(state) : terminalReport();
  });
}

/** One line of JSON for each line of the log, under Hugging Face's names. */
function fileReport(outputDir: string): TrainingReport {
  return {
    async log(line) {
      await mkdir(outputDir, { recursive: true });
      await appendFile(join(outputDir, 'log.jsonl'), `${JSON.stringify(snakeKeys(line))}\n`);
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
