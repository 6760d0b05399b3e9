/** Training in processes of their own, which are killed while they save. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { AutoModelForCausalLM, type CausalLM, getPeftModel, LoraConfig } from '../../../lib/models/index.ts';
import { Trainer, TrainingArguments } from '../../../lib/training/index.ts';
import { seededRandom } from '../../kernel/client.ts';
import { TINY } from './setup.ts';

const DIST = process.env.TUNELAB_DIST ?? join(import.meta.dirname, '../../../dist');
const PRELOAD = pathToFileURL(join(import.meta.dirname, 'dieAtCall.mjs')).href;
const root = mkdtempSync(join(tmpdir(), 'tunelab-killed-'));
afterAll(() => rmSync(root, { recursive: true }));

const CONFIG = { ...TINY, num_hidden_layers: 1 };
const rows = [
  [3, 1, 4],
  [1, 5, 9, 2],
  [6, 5, 3],
  [5, 8, 9, 7],
].map(inputIds => ({ inputIds }));
const settings = (outputDir: string) => ({
  outputDir,
  maxSteps: 4,
  perDeviceTrainBatchSize: 2,
  saveSteps: 1,
  saveTotalLimit: 1,
  reportTo: [],
});

/** How a process that trains has ended. */
interface End {
  readonly how: string;
  readonly output: string;
}

/** Trains in another process: the model, or adapters beside it. */
function train(
  outputDir: string,
  { dieAt, killAfter, lora }: { dieAt?: number; killAfter?: number; lora?: object },
): Promise<End> {
  const script = `${outputDir}.mjs`;
  const room = (name: string): string =>
    JSON.stringify(pathToFileURL(join(DIST, `lib/${name}/index.js`)).href);
  writeFileSync(
    script,
    `import { AutoModelForCausalLM, getPeftModel, LoraConfig } from ${room('models')};
     import { Trainer, TrainingArguments } from ${room('training')};
     const base = AutoModelForCausalLM.fromConfig(${JSON.stringify(CONFIG)}, { seed: 5 });
     const lora = ${JSON.stringify(lora ?? null)};
     const model = lora === null ? base : getPeftModel(base, new LoraConfig(lora), { seed: 1 });
     const args = new TrainingArguments(${JSON.stringify(settings(outputDir))});
     const callbacks = [{ onSave: ({ state }) => state.globalStep === 1 && process.stderr.write('saved') }];
     await new Trainer({ model, args, trainDataset: ${JSON.stringify(rows)}, callbacks }).train();`,
  );
  const preload = killAfter === undefined ? ['--import', PRELOAD] : [];
  const env = { ...process.env, ...(dieAt !== undefined && { DIE_AT: String(dieAt) }) };
  const child = spawn(process.execPath, [...preload, script], { env });
  let output = '';
  child.stdout.on('data', chunk => {
    output += chunk;
  });
  child.stderr.on('data', chunk => {
    output += chunk;
    if (killAfter !== undefined && output === 'saved') setTimeout(() => child.kill('SIGKILL'), killAfter);
  });
  return new Promise(resolve => {
    child.on('close', (code, signal) => resolve({ how: String(signal ?? code), output }));
  });
}

const trainer = (outputDir: string, more: Partial<TrainingArguments> = {}, lora?: object): Trainer => {
  const base: CausalLM = AutoModelForCausalLM.fromConfig(CONFIG, { seed: 5 });
  const model = lora === undefined ? base : getPeftModel(base, new LoraConfig(lora), { seed: 1 });
  const args = new TrainingArguments({ ...settings(outputDir), ...more });
  return new Trainer({ model, args, trainDataset: rows });
};
const dataOf = ({ model }: Trainer): Float32Array[] => [...model.weights.values()].map(({ data }) => data);

const whole = trainer(join(root, 'whole'));
await whole.train();

/** Every checkpoint that is there is whole, and going on from the latest ends as if nothing had happened. */
async function expectWhole(outputDir: string): Promise<void> {
  const names = readdirSync(outputDir).filter(name => name.startsWith('checkpoint-'));
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) {
    expect(readdirSync(join(outputDir, name)).sort()).toEqual([
      'config.json',
      'model.safetensors',
      'optimizer.safetensors',
      'resume.json',
      'trainer_state.json',
    ]);
    const resumed = trainer(outputDir, { saveStrategy: 'no' });
    await resumed.train({ resumeFromCheckpoint: join(outputDir, name) });
    expect(dataOf(resumed)).toEqual(dataOf(whole));
  }
  const resumed = trainer(outputDir);
  await resumed.train({ resumeFromCheckpoint: true });
  expect(dataOf(resumed)).toEqual(dataOf(whole));
  expect(readdirSync(outputDir)).toEqual(['checkpoint-4']);
}

describe('a process that is killed', () => {
  it('at any call to the file system of a save leaves only whole checkpoints', {
    timeout: 600_000,
  }, async () => {
    const { how, output } = await train(join(root, 'counted'), {});
    expect(how).toBe('0');
    const calls = JSON.parse(output.replace('saved', '')) as string[];
    expect(calls.length).toBeGreaterThan(50);
    const moments = calls.map((_, i) => i + 1);
    const killAll = async (): Promise<void> => {
      for (let dieAt = moments.pop(); dieAt !== undefined; dieAt = moments.pop()) {
        const outputDir = join(root, `call-${dieAt}`);
        const end = await train(outputDir, { dieAt });
        expect(end.how, outputDir).toBe('SIGKILL');
        await expectWhole(outputDir);
      }
    };
    await Promise.all([killAll(), killAll()]);
  });

  const random = seededRandom(11);
  it.each(Array.from({ length: 5 }, (_, i) => [Math.floor(25 * random()), i]))(
    'by another, %i ms after its first checkpoint, leaves only whole ones (%i)',
    async (killAfter, i) => {
      const outputDir = join(root, `after-${i}`);
      await train(outputDir, { killAfter });
      await expectWhole(outputDir);
    },
  );
});

describe('adapters with dropout', () => {
  it('go on after a kill with the numbers left out that would have been', async () => {
    const lora = { r: 2, loraDropout: 0.3, targetModules: ['query_key_value', 'dense'] };
    const undisturbed = trainer(join(root, 'adapters'), {}, lora);
    await undisturbed.train();
    const outputDir = join(root, 'killed-adapters');
    expect((await train(outputDir, { dieAt: 10, lora })).how).toBe('SIGKILL');
    const resumed = trainer(outputDir, {}, lora);
    await resumed.train({ resumeFromCheckpoint: true });
    expect(dataOf(resumed)).toEqual(dataOf(undisturbed));
    const losses = ({ state }: Trainer): unknown[] =>
      state.logHistory.map(({ loss, trainLoss }) => [loss, trainLoss]);
    expect(losses(resumed)).toEqual(losses(undisturbed));
  });
});
