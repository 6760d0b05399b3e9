import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
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
    await trainer(['jsonl']).train();
    const again = readFileSync(join(outputDir, 'log.jsonl'), 'utf8').trimEnd().split('\n');
    expect(again.map(line => (JSON.parse(line) as { step: number }).step)).toEqual(
      parsed.map(({ step }) => step),
    );
  });

  it('in a table the log with a column for each figure', async () => {
    const run = trainer(['csv']);
    await run.train();
    const { rows: found, columns } = readCsv(readFileSync(join(outputDir, 'log.csv'), 'utf8'));
    const { logHistory } = run.state;
    expect(found).toHaveLength(logHistory.length);
    expect(columns.slice(0, 5)).toEqual(['step', 'epoch', 'loss', 'grad_norm', 'learning_rate']);
    expect(found.map(({ loss }) => loss)).toEqual(logHistory.map(({ loss }) => (loss ? String(loss) : '')));
    expect(found[3]!.eval_loss).toBe(String(logHistory[3]!.evalLoss));
    expect(found[4]!.train_runtime).toBe(String(logHistory[4]!.trainRuntime));
  });

  it('in a table that goes on where a resumed run does', async () => {
    const args = new TrainingArguments({
      outputDir,
      maxSteps: 4,
      loggingSteps: 1,
      saveSteps: 2,
      reportTo: ['csv'],
    });
    const start = () =>
      new Trainer({ model: AutoModelForCausalLM.fromConfig(TINY, { seed: 5 }), args, trainDataset: rows });
    const steps = (): string[] =>
      readCsv(readFileSync(join(outputDir, 'log.csv'), 'utf8')).rows.map(({ step }) => step!);
    await start().train();
    expect(steps()).toEqual(['1', '2', '3', '4', '4']);
    await start().train({ resumeFromCheckpoint: join(outputDir, 'checkpoint-2') });
    expect(steps()).toEqual(['1', '2', '3', '4', '4']);
  });

  it('in TensorBoard a scalar for each figure, under the tags of Hugging Face', async () => {
    const run = trainer(['tensorboard']);
    const before = Date.now() / 1000;
    await run.train();
    const [name] = readdirSync(join(outputDir, 'runs'));
    const [file] = readdirSync(join(outputDir, 'runs', name!));
    expect(file).toMatch(/^events\.out\.tfevents\.\d{10}\./);
    const [first, ...events] = readEvents(readFileSync(join(outputDir, 'runs', name!, file!)));
    expect(first).toMatchObject({ version: 'brain.Event:2', step: 0, scalars: {} });
    const { logHistory } = run.state;
    expect(events.map(({ step }) => step)).toEqual(logHistory.map(({ step }) => step));
    for (const { time } of events) expect(time).toBeGreaterThanOrEqual(before);
    const value = (figure: number | undefined): number => Math.fround(figure!);
    expect(events[0]!.scalars).toMatchObject({
      'train/loss': value(logHistory[0]!.loss),
      'train/learning_rate': value(1e-3),
      'train/grad_norm': value(logHistory[0]!.gradNorm),
    });
    expect(events[3]!.scalars['eval/loss']).toBe(value(logHistory[3]!.evalLoss));
    expect(events[4]!.scalars).toHaveProperty('train/train_runtime');
  });

  it('with checksums that are CRC-32C', async () => {
    await trainer(['tensorboard']).train();
    const [name] = readdirSync(join(outputDir, 'runs'));
    const [file] = readdirSync(join(outputDir, 'runs', name!));
    const bytes = readFileSync(join(outputDir, 'runs', name!, file!));
    // The published check value of the polynomial, by division bit by bit.
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
    for (const [start, end] of [
      [0, 8],
      [12, 12 + Number(bytes.readBigUInt64LE(0))],
    ] as const) {
      const crc = crc32c(bytes.subarray(start, end));
      const masked = (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
      expect(bytes.readUInt32LE(end)).toBe(masked);
    }
  });
});

function readCsv(text: string): { columns: string[]; rows: Record<string, string>[] } {
  const [columns, ...lines] = text
    .trimEnd()
    .split('\n')
    .map(line => line.split(','));
  return {
    columns: columns!,
    rows: lines.map(line => {
      expect(line).toHaveLength(columns!.length);
      return Object.fromEntries(columns!.map((name, i) => [name, line[i]!]));
    }),
  };
}

interface Event {
  time: number;
  step: number;
  version: string;
  scalars: Record<string, number>;
}

/** Reads what TensorFlow calls an event file: records of a length, its checksum, a message, its checksum. */
function readEvents(bytes: Buffer): Event[] {
  const events: Event[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = Number(bytes.readBigUInt64LE(at));
    const event: Event = { time: 0, step: 0, version: '', scalars: {} };
    for (const [field, value] of fieldsOf(bytes.subarray(at + 12, at + 12 + length))) {
      if (field === 1) event.time = (value as Buffer).readDoubleLE();
      if (field === 2) event.step = value as number;
      if (field === 3) event.version = String(value);
      if (field !== 5) continue;
      for (const [, scalar] of fieldsOf(value as Buffer)) {
        const { 1: tag, 2: number } = Object.fromEntries(fieldsOf(scalar as Buffer));
        event.scalars[String(tag)] = (number as Buffer).readFloatLE();
      }
    }
    events.push(event);
    at += 16 + length;
  }
  return events;
}

/** The fields of a protocol buffer: whole numbers, or the bytes of everything else. */
function fieldsOf(bytes: Buffer): [number, number | Buffer][] {
  const fields: [number, number | Buffer][] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const key = varint();
    if ((key & 7) === 0) {
      fields.push([key >> 3, varint()]);
      continue;
    }
    const size = { 1: 8, 2: -1, 5: 4 }[key & 7]!;
    const length = size < 0 ? varint() : size;
    fields.push([key >> 3, bytes.subarray(at, at + length)]);
    at += length;
  }
  return fields;
}

function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return ~crc >>> 0;
}
