/** Training in processes of their own, which are killed while they save, and in a notebook's cell, which is interrupted. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { AutoModelForCausalLM, type CausalLM, getPeftModel, LoraConfig } from '../../../lib/models/index.ts';
import { Trainer, TrainingArguments } from '../../../lib/training/index.ts';
import { kernelForTest, until } from '../../kernel/client.ts';
import { TINY } from './setup.ts';

const DIST = process.env.TUNELAB_DIST ?? join(import.meta.dirname, '../../../dist');
const root = mkdtempSync(join(tmpdir(), 'tunelab-killed-'));
afterAll(() => rmSync(root, { recursive: true }));

const CONFIG = { ...TINY, vocab_size: 4000 };
const rows = [
  [3, 1, 4],
  [1, 5, 9, 2],
  [6, 5, 3],
  [5, 8, 9, 7],
].map(inputIds => ({ inputIds }));
const settings = (outputDir: string) => ({
  outputDir,
  numTrainEpochs: 10,
  perDeviceTrainBatchSize: 2,
  saveSteps: 1,
  saveTotalLimit: 3,
  reportTo: [],
});

/**
 * Trains in another process, adapters if a config is given; `dieAt` is the save in the middle of which it kills itself.
 */
function train(outputDir: string, dieAt = 0, lora?: object): ChildProcess {
  const script = `${outputDir}.mjs`;
  const room = (name: string): string => pathToFileURL(join(DIST, `lib/${name}/index.js`)).href;
  writeFileSync(
    script,
    `import { AutoModelForCausalLM, getPeftModel, LoraConfig } from ${JSON.stringify(room('models'))};
     import { Trainer, TrainingArguments } from ${JSON.stringify(room('training'))};
     let saves = 0;
     const tokenizer = {
       async savePretrained() {
         if (++saves === ${dieAt}) process.kill(process.pid, 'SIGKILL');
       },
     };
     const base = AutoModelForCausalLM.fromConfig(${JSON.stringify(CONFIG)}, { seed: 5 });
     const lora = ${JSON.stringify(lora ?? null)};
     const model = lora === null ? base : getPeftModel(base, new LoraConfig(lora), { seed: 1 });
     const args = new TrainingArguments(${JSON.stringify(settings(outputDir))});
     await new Trainer({ model, args, tokenizer, trainDataset: ${JSON.stringify(rows)} }).train();
     // Waits to be killed, however late that comes.
     setInterval(() => {}, 1e6);`,
  );
  return spawn(process.execPath, [script], { stdio: 'inherit' });
}

const ended = (child: ChildProcess): Promise<string> =>
  new Promise(resolve => child.on('close', (code, signal) => resolve(String(signal ?? code))));

/** The steps of the checkpoints in a folder, which need not be there yet. */
const checkpoints = (outputDir: string): number[] =>
  (existsSync(outputDir) ? readdirSync(outputDir) : [])
    .filter(name => /^checkpoint-\d+$/.test(name))
    .map(name => Number(name.slice('checkpoint-'.length)));

const trainer = (outputDir: string, lora?: object): Trainer => {
  const base: CausalLM = AutoModelForCausalLM.fromConfig(CONFIG, { seed: 5 });
  const model = lora === undefined ? base : getPeftModel(base, new LoraConfig(lora), { seed: 1 });
  return new Trainer({ model, args: new TrainingArguments(settings(outputDir)), trainDataset: rows });
};
const dataOf = ({ model }: Trainer): Float32Array[] => [...model.weights.values()].map(({ data }) => data);

const whole = trainer(join(root, 'whole'));
await whole.train();

/** Every checkpoint that is there is whole, and going on from the latest ends as if nothing had happened. */
async function expectWhole(outputDir: string): Promise<void> {
  const names = readdirSync(outputDir).filter(name => name.startsWith('checkpoint-'));
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) {
    expect(readdirSync(join(outputDir, name)).sort()).toEqual(
      [
        'config.json',
        'model.safetensors',
        'optimizer.safetensors',
        'resume.json',
        'trainer_state.json',
      ].sort(),
    );
    await AutoModelForCausalLM.fromPretrained(join(outputDir, name));
  }
  const resumed = trainer(outputDir);
  await resumed.train({ resumeFromCheckpoint: true });
  expect(dataOf(resumed)).toEqual(dataOf(whole));
  expect(readdirSync(outputDir).sort()).toEqual(['checkpoint-18', 'checkpoint-19', 'checkpoint-20']);
}

describe('a process that is killed', () => {
  it.each([2, 7])('in the middle of its save %i leaves the checkpoints before whole', async dieAt => {
    const outputDir = join(root, `middle-${dieAt}`);
    expect(await ended(train(outputDir, dieAt))).toBe('SIGKILL');
    const names = readdirSync(outputDir);
    expect(names).toContain(`checkpoint-${dieAt - 1}`);
    expect(names.some(name => name.startsWith(`.checkpoint-${dieAt}.`))).toBe(true);
    await expectWhole(outputDir);
  });

  it.each([1, 4, 9])('as soon as checkpoint %i is there leaves whole ones', async step => {
    const outputDir = join(root, `seen-${step}`);
    const child = train(outputDir);
    const end = ended(child);
    while (!checkpoints(outputDir).some(saved => saved >= step) && child.exitCode === null)
      await new Promise(resolve => setImmediate(resolve));
    child.kill('SIGKILL');
    expect(await end).toBe('SIGKILL');
    await expectWhole(outputDir);
  });
});

describe('adapters with dropout', () => {
  it('go on after a kill with the numbers left out that would have been', async () => {
    const lora = { r: 2, loraDropout: 0.3, targetModules: ['query_key_value', 'dense'] };
    const undisturbed = trainer(join(root, 'adapters'), lora);
    await undisturbed.train();
    const outputDir = join(root, 'killed-adapters');
    expect(await ended(train(outputDir, 6, lora))).toBe('SIGKILL');
    const resumed = trainer(outputDir, lora);
    await resumed.train({ resumeFromCheckpoint: true });
    expect(dataOf(resumed)).toEqual(dataOf(undisturbed));
    const losses = ({ state }: Trainer): unknown[] =>
      state.logHistory.map(({ loss, trainLoss }) => [loss, trainLoss]);
    expect(losses(resumed)).toEqual(losses(undisturbed));
  });
});

describe('in a notebook', () => {
  it('an interrupt ends training at the next step, and it goes on from the last checkpoint', async () => {
    const kernel = await kernelForTest();
    await kernel.ok(
      `import { readFileSync } from 'node:fs';
       import { AutoModelForCausalLM, Trainer, TrainingArguments } from 'tunelab';
       const model = AutoModelForCausalLM.fromConfig(${JSON.stringify(CONFIG)} as any, { seed: 5 });
       const settings = { outputDir: ${JSON.stringify(join(root, 'cell'))}, saveSteps: 5, saveTotalLimit: 1, loggingSteps: 1 };
       const trainer = new Trainer({ model, args: new TrainingArguments({ ...settings, maxSteps: 1e6 }), trainDataset: ${JSON.stringify(rows)} });`,
    );
    const running = kernel.execute('console.log("inside"); await trainer.train()');
    await until(() => running.stdout.includes('inside'), 'training to begin');
    await until(() => checkpoints(join(root, 'cell')).length > 0 || running.idle, 'a checkpoint');
    await kernel.interrupt();
    await running.done;
    expect(running.status).toBe('error');
    const first = (await kernel.ok('console.log(trainer.state.globalStep)')).stdout;
    await kernel.ok('await new Promise(done => setTimeout(done, 300))');
    expect((await kernel.ok('console.log(trainer.state.globalStep)')).stdout).toBe(first);
    expect(Number(first)).toBeGreaterThanOrEqual(5);
    const last = await kernel.ok(
      `const more = new Trainer({ model, args: new TrainingArguments({ ...settings, maxSteps: trainer.state.globalStep + 10 }), trainDataset: ${JSON.stringify(rows)} });
       console.log((await more.train({ resumeFromCheckpoint: true })).globalStep)`,
    );
    expect(Number(last.stdout)).toBe(Number(first) + 10);
  });
});
