import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AutoModelForCausalLM } from '../../../lib/models/index.ts';
import { type Report, Trainer, TrainingArguments } from '../../../lib/training/index.ts';
import { openNotebook } from '../host/fakeNotebook.ts';
import { TINY } from './setup.ts';

const outputDir = mkdtempSync(join(tmpdir(), 'tunelab-reports-'));
const rows = [{ inputIds: [3, 1, 4, 1, 5] }, { inputIds: [9, 2, 6] }];

function trainer(reportTo: readonly Report[]): Trainer {
  return new Trainer({
    model: AutoModelForCausalLM.fromConfig(TINY, { seed: 5 }),
    args: new TrainingArguments({
      outputDir,
      maxSteps: 3,
      learningRate: 1e-3,
      loggingSteps: 1,
      evalStrategy: 'steps',
      evalSteps: 3,
      saveStrategy: 'no',
      reportTo,
    }),
    trainDataset: rows,
    evalDataset: rows,
    computeMetrics: ({ labelIds }) => ({ rows: labelIds.length }),
  });
}

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(outputDir, { recursive: true, force: true });
});

describe('a training run shows', () => {
  it('in a terminal a line for each line of the log', async () => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    await trainer(['console']).train();
    const lines = write.mock.calls.map(([text]) => String(text));
    expect(lines).toHaveLength(5);
    expect(lines[1]).toMatch(
      /^step 2\/3, epoch 2: loss \d\.\d{4}, learning rate 6\.667e-4, gradient norm [\d.]+, [\d.]+ s a step, [\d.]+ GFLOP\/s, [\d.,]+ tokens\/s, [\d.]+ s left\n$/,
    );
    expect(lines[3]).toMatch(
      /^step 3\/3, epoch 3: evaluation loss \d\.\d{4}, perplexity [\d.]+, rows 2, in [\d.]+ s\n$/,
    );
    expect(lines[4]).toMatch(
      /^step 3\/3, epoch 3: trained in [\d.]+ s, mean loss \d\.\d{4}, [\d.,]+ steps\/s, [\d.,]+ rows\/s\n$/,
    );
  });

  it('in a notebook one bar, one curve and one table, which are updated', async () => {
    const notebook = openNotebook();
    try {
      await trainer(['console']).train();
    } finally {
      notebook.close();
    }
    const ids = new Set(notebook.shown.map(({ options }) => options.displayId));
    expect(ids.size).toBe(3);
    const last = (kind: string): string => {
      const texts = notebook.shown.filter(({ options }) => options.displayId?.includes(kind));
      return String(texts.at(-1)?.bundle.data['text/plain']);
    };
    expect(last('progress')).toMatch(
      /^training: 100% .* 3\/3 step, .*loss \d\.\d{4}, learning rate 3\.333e-4$/,
    );
    expect(last('evaluations')).toMatch(
      /^step {2}epoch {2}training loss {2}evaluation loss {2}perplexity {2}rows\n {3}3 {3}3.00 /,
    );
    expect(last('plot')).toMatch(
      /^Loss curve: training loss from .* at step 1 to .* at step 3; evaluation loss/,
    );
  });

  it('in a file the log under the names of Hugging Face', async () => {
    const run = trainer(['jsonl']);
    await run.train();
    const lines = readFileSync(join(outputDir, 'log.jsonl'), 'utf8').trimEnd().split('\n');
    const parsed = lines.map(line => JSON.parse(line) as Record<string, number>);
    expect(parsed).toHaveLength(run.state.logHistory.length);
    expect(parsed[0]).toMatchObject({ step: 1, loss: run.state.logHistory[0]!.loss, learning_rate: 1e-3 });
    expect(parsed[3]!.eval_loss).toBe(run.state.logHistory[3]!.evalLoss);
    expect(parsed[4]).toHaveProperty('train_runtime');
  });
});
