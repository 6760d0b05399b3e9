/** What saving and resuming say when the disk is full, read-only or has lost something. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AutoModelForCausalLM } from '../../../lib/models/index.ts';
import { Trainer, TrainingArguments } from '../../../lib/training/index.ts';
import { TINY } from './setup.ts';

const DIST = process.env.TUNELAB_DIST ?? join(import.meta.dirname, '../../../dist');
const root = mkdtempSync(join(tmpdir(), 'tunelab-checkpoints-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const rows = [
  [3, 1, 4],
  [1, 5, 9, 2],
].map(inputIds => ({ inputIds }));

function trainer(outputDir: string, onStepEnd?: () => void): Trainer {
  const model = AutoModelForCausalLM.fromConfig(TINY, { seed: 5 });
  const args = new TrainingArguments({ outputDir, maxSteps: 4, saveSteps: 1, reportTo: [] });
  return new Trainer({ model, args, trainDataset: rows, callbacks: onStepEnd ? [{ onStepEnd }] : [] });
}

const weightsOf = ({ model }: Trainer): unknown[] => [...model.weights];

/** A file system of 256 KB; only root can make one. */
const small = join(root, 'small');
mkdirSync(small);
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', small]).status === 0;
afterAll(() => {
  if (mounted) execFileSync('umount', [small]);
});

const why = mounted ? '' : ' (skipped: this user cannot mount a small file system)';

describe('a full disk', () => {
  it.skipIf(!mounted)(`keeps the last checkpoint and what was learned${why}`, async () => {
    const outputDir = join(small, 'out');
    const ballast = join(small, 'ballast');
    let steps = 0;
    const run = trainer(outputDir, () => {
      if (++steps < 3) return;
      const free = 256 * 1024 - Number(execFileSync('du', ['-s', '-B1', small]).toString().split('\t')[0]);
      writeFileSync(ballast, Buffer.alloc(free - 8192));
    });
    await expect(run.train()).rejects.toThrow(
      new RegExp(
        `^${outputDir}/checkpoint-3 could not be saved: the disk is full; about 0\\.\\d MB are needed and 0\\.0 MB are free\\. .*saveCheckpoint`,
      ),
    );
    expect(readdirSync(outputDir)).toEqual(['checkpoint-1', 'checkpoint-2']);

    await run.saveModel(join(root, 'elsewhere'));
    const elsewhere = await AutoModelForCausalLM.fromPretrained(join(root, 'elsewhere'));
    expect([...elsewhere.weights]).toEqual(weightsOf(run));
    rmSync(ballast);
    rmSync(join(outputDir, 'checkpoint-1'), { recursive: true });
    expect(await run.saveCheckpoint()).toBe(join(outputDir, 'checkpoint-3'));

    const resumed = trainer(outputDir);
    rmSync(join(outputDir, 'checkpoint-2'), { recursive: true });
    await resumed.train({ resumeFromCheckpoint: true });
    const whole = trainer(join(root, 'whole'));
    await whole.train();
    expect(weightsOf(resumed)).toEqual(weightsOf(whole));
  });

  it('says so when a file would be larger than the process may write', () => {
    const room = (name: string): string =>
      JSON.stringify(pathToFileURL(join(DIST, `lib/${name}/index.js`)).href);
    const outputDir = join(root, 'limited');
    const script = join(root, 'limited.mjs');
    writeFileSync(
      script,
      `import { AutoModelForCausalLM } from ${room('models')};
       import { Trainer, TrainingArguments } from ${room('training')};
       process.on('SIGXFSZ', () => {});
       const model = AutoModelForCausalLM.fromConfig(${JSON.stringify(TINY)}, { seed: 5 });
       const args = new TrainingArguments({ outputDir: ${JSON.stringify(outputDir)}, maxSteps: 1, reportTo: [] });
       await new Trainer({ model, args, trainDataset: ${JSON.stringify(rows)} }).train().catch(error => console.log(error.message));`,
    );
    const { stdout } = spawnSync('bash', ['-c', 'ulimit -f 8; exec "$0" "$1"', process.execPath, script]);
    expect(stdout.toString()).toContain(
      `${outputDir}/checkpoint-1 could not be saved: a file would be larger than this process may write; about 0.`,
    );
    expect(readdirSync(outputDir)).toEqual([]);
  });
});

describe('an output folder that cannot be written to', () => {
  it('is named before the first step', async () => {
    const file = join(root, 'file');
    writeFileSync(file, '');
    const run = trainer(file);
    await expect(run.train()).rejects.toThrow(
      /^outputDir .*file cannot be written to \(EEXIST.*saveStrategy 'no'/,
    );
    expect(run.state.globalStep).toBe(0);
    expect(existsSync(file)).toBe(true);
  });

  it.skipIf(!mounted)(`is named if it is read-only${why}`, async () => {
    const outputDir = join(small, 'kept');
    mkdirSync(outputDir);
    execFileSync('mount', ['-o', 'remount,ro', small]);
    try {
      await expect(trainer(outputDir).train()).rejects.toThrow(
        /^outputDir .*kept cannot be written to \(EROFS.*; choose another, or saveStrategy 'no'\.$/,
      );
    } finally {
      execFileSync('mount', ['-o', 'remount,rw', small]);
    }
  });
});

describe('a checkpoint that has lost something', () => {
  let folder: string;
  beforeAll(async () => {
    await trainer(join(root, 'damaged')).train();
    folder = join(root, 'damaged', 'checkpoint-2');
  });

  it.each(['model.safetensors', 'optimizer.safetensors', 'trainer_state.json', 'config.json'])(
    'is not resumed from: %s',
    async name => {
      const path = join(folder, name);
      const whole = readFileSync(path);
      const resume = () => trainer(join(root, 'damaged')).train({ resumeFromCheckpoint: folder });
      const damaged = new RegExp(`^${name} in ${folder} is damaged .*: resume from another checkpoint\\.$`);

      const flipped = Buffer.from(whole);
      flipped[Math.floor(whole.length / 2)]! ^= 1;
      writeFileSync(path, flipped);
      await expect(resume()).rejects.toThrow(damaged);

      writeFileSync(path, whole);
      truncateSync(path, whole.length - 5);
      await expect(resume()).rejects.toThrow(damaged);

      rmSync(path);
      await expect(resume()).rejects.toThrow(
        `${name} in ${folder} is missing: resume from another checkpoint.`,
      );

      writeFileSync(path, whole);
      expect((await resume()).globalStep).toBe(4);
    },
  );

  it('says so when what it resumes from is cut short itself', async () => {
    const path = join(folder, 'resume.json');
    truncateSync(path, 40);
    await expect(trainer(join(root, 'damaged')).train({ resumeFromCheckpoint: folder })).rejects.toThrow(
      `${path} is not JSON.`,
    );
  });
});
