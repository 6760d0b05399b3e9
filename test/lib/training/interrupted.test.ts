/** Training in a notebook's cell that is interrupted. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { AutoModelForCausalLM } from '../../../lib/models/index.ts';
import { Trainer, TrainingArguments } from '../../../lib/training/index.ts';
import {
  type Exchange,
  type Kernel,
  kernelForFile,
  sleep,
  temporaryFolder,
  until,
} from '../../kernel/client.ts';
import { TINY } from './setup.ts';

const rows = [
  [3, 1, 4],
  [1, 5, 9, 2],
  [6, 5, 3],
  [5, 8, 9, 7],
].map(inputIds => ({ inputIds }));
const settings = { lrSchedulerType: 'constant', learningRate: 1e-3, loggingSteps: 1 } as const;
const root = temporaryFolder();
const kernel: Kernel = await kernelForFile();
await kernel.ok(
  `%types off
   import { AutoModelForCausalLM, Trainer, TrainingArguments } from 'tunelab';
   const rows = ${JSON.stringify(rows)};
   const settings = ${JSON.stringify(settings)} as const;
   const config = ${JSON.stringify(TINY)} as any;
   let trainer: Trainer;
   const start = (outputDir: string, more: object = {}, rest: object = {}) => {
     const model = AutoModelForCausalLM.fromConfig(config, { seed: 5 });
     const args = new TrainingArguments({ ...settings, outputDir, maxSteps: 1e6, ...more });
     trainer = new Trainer({ model, args, trainDataset: rows, evalDataset: rows, ...rest });
     return trainer.train();
   };`,
);

// What a first training loads.
await kernel.ok(
  `await start(${JSON.stringify(join(root, 'first'))}, { maxSteps: 1, saveStrategy: 'no', reportTo: [] })`,
);

let outputDir: string;
let runs = 0;
beforeEach(() => {
  outputDir = join(root, `run-${++runs}`);
});

/** Starts training with further arguments and options, and waits until what it is to do shows in its output. */
async function started(more: string, sign: (cell: Exchange) => boolean): Promise<Exchange> {
  const cell = kernel.execute(`await start(${JSON.stringify(outputDir)}, ${more})`);
  await until(() => sign(cell) || cell.idle, 'training to begin', 60_000);
  expect(cell.idle, cell.traceback).toBe(false);
  return cell;
}

const hasStepped = (cell: Exchange): boolean => cell.of('update_display_data').length > 3;
const evaluate = async (code: string): Promise<string> =>
  (await kernel.ok(`console.log(${code})`)).stdout.trim();

describe('an interrupt', () => {
  it('ends training at the next step and says how to keep it; it goes on as if nothing had happened', async () => {
    const cell = await started('{}', hasStepped);
    await kernel.interrupt();
    await cell.done;
    expect(cell.error).toMatchObject({ ename: 'Interrupted' });
    const [, step] = /^training was interrupted at step (\d+) of 1000000 and /.exec(cell.error!.evalue!)!;
    expect(cell.error!.evalue).toContain('saveCheckpoint()');
    await sleep(200);
    expect(await evaluate('trainer.state.globalStep')).toBe(step);
    const last = cell.of('update_display_data').map(({ content }) => content.data!);
    expect(String(last.findLast(data => 'image/svg+xml' in data)?.['text/plain'])).toContain(
      `at step ${step}`,
    );

    await kernel.ok(`await trainer.saveModel(${JSON.stringify(join(outputDir, 'model'))})`);
    expect(existsSync(join(outputDir, 'model', 'model.safetensors'))).toBe(true);
    expect(await evaluate('await trainer.saveCheckpoint()')).toBe(join(outputDir, `checkpoint-${step}`));
    const maxSteps = Number(step) + 5;
    await kernel.ok(
      `const more = new Trainer({ model: trainer.model, trainDataset: rows, args: new TrainingArguments({ ...settings, maxSteps: ${maxSteps}, outputDir: ${JSON.stringify(outputDir)} }) });
       await more.train({ resumeFromCheckpoint: true });`,
    );

    const model = AutoModelForCausalLM.fromConfig(TINY, { seed: 5 });
    const args = new TrainingArguments({ ...settings, maxSteps, saveStrategy: 'no', reportTo: [] });
    await new Trainer({ model, args, trainDataset: rows }).train();
    const saved = await AutoModelForCausalLM.fromPretrained(join(outputDir, `checkpoint-${maxSteps}`));
    expect([...saved.weights]).toEqual([...model.weights]);
  });

  it('ends an evaluation too, and keeps the step before it', async () => {
    const rest = `{ evalDataset: Array.from({ length: 1e6 }, () => rows[0]), callbacks: [{ onStepEnd: ({ state }: any) => console.log('step', state.globalStep) }] }`;
    const cell = await started(`{ evalStrategy: 'steps', evalSteps: 2 }, ${rest}`, ({ stdout }) =>
      stdout.includes('step 2'),
    );
    await kernel.interrupt();
    await cell.done;
    expect(cell.error!.evalue).toContain('at step 2 of');
    expect(await evaluate('await trainer.saveCheckpoint()')).toBe(join(outputDir, 'checkpoint-2'));
  });

  it('in a save leaves no half of a checkpoint', async () => {
    const tokenizer = `{ async savePretrained() { console.log('saving'); await new Promise(done => setTimeout(done, 100)) } }`;
    const cell = await started(`{ saveSteps: 1 }, { tokenizer: ${tokenizer} }`, ({ stdout }) =>
      stdout.includes('saving'),
    );
    await kernel.interrupt();
    await cell.done;
    const [, step] = /at step (\d+) of/.exec(cell.error!.evalue!)!;
    expect(readdirSync(outputDir).filter(name => name.endsWith('.tmp'))).toEqual([]);
    await kernel.ok('await trainer.saveCheckpoint()');
    expect(readdirSync(outputDir)).toContain(`checkpoint-${step}`);
  });

  it('that comes again ends what does not end by itself', async () => {
    const callbacks = `[{ onStepEnd() { console.log('inside'); return new Promise(() => {}) } }]`;
    const cell = await started(`{}, { callbacks: ${callbacks} }`, ({ stdout }) => stdout.includes('inside'));
    await kernel.interrupt();
    await until(() => cell.stderr !== '', 'the advice');
    expect(cell.stderr).toContain('interrupt again');
    await kernel.interrupt();
    await cell.done;
    expect(cell.error).toMatchObject({ ename: 'Interrupted' });
    expect(await evaluate('trainer.state.globalStep')).toBe('1');
  });

  it('of another cell leaves training alone that goes on behind it', async () => {
    await kernel.ok(
      `const behind = start(${JSON.stringify(outputDir)}, { maxSteps: 2000, loggingSteps: 1000, saveStrategy: 'no' });`,
    );
    const waiting = kernel.execute('console.log("inside"); await new Promise(() => {})');
    await until(() => waiting.stdout.includes('inside'), 'the cell');
    await kernel.interrupt();
    await waiting.done;
    expect(waiting.error).toMatchObject({ ename: 'Interrupted' });
    expect(await evaluate('(await behind).globalStep')).toBe('2000');
  });
});
