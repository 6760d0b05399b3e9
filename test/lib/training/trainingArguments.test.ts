import { describe, expect, it } from 'vitest';
import { TrainingArguments } from '../../../lib/training/index.ts';

describe('training arguments', () => {
  it("are transformers' if nothing is said", () => {
    expect({ ...new TrainingArguments() }).toMatchObject({
      outputDir: 'trainer_output',
      numTrainEpochs: 3,
      maxSteps: -1,
      perDeviceTrainBatchSize: 8,
      gradientAccumulationSteps: 1,
      learningRate: 5e-5,
      lrSchedulerType: 'linear',
      maxGradNorm: 1,
      weightDecay: 0,
      loggingSteps: 500,
      evalStrategy: 'no',
      saveStrategy: 'steps',
      saveSteps: 500,
      seed: 42,
    });
  });

  it('evaluate as often as they log, unless they say otherwise', () => {
    expect(new TrainingArguments({ loggingSteps: 7 }).evalSteps).toBe(7);
    expect(new TrainingArguments({ loggingSteps: 7, evalSteps: 120 }).evalSteps).toBe(120);
  });

  it.each<[Partial<Record<keyof TrainingArguments, unknown>>, string]>([
    [{ learningRate: -1 }, 'learningRate must be a number from 0 on, not -1.'],
    [{ learningRate: '1e-5' }, "learningRate must be a number from 0 on, not '1e-5'."],
    [{ learningRate: Number.NaN }, 'learningRate must be a number from 0 on, not NaN.'],
    [{ maxSteps: 0 }, 'maxSteps must be -1 or a whole number from 1 on, not 0.'],
    [{ perDeviceTrainBatchSize: 1.5 }, 'perDeviceTrainBatchSize must be a whole number from 1 on, not 1.5.'],
    [{ warmupRatio: 1 }, 'warmupRatio must be a number from 0 to below 1, not 1.'],
    [{ optim: 'adam' }, "optim must be one of 'adamw', 'adafactor', 'sgd', not 'adam'."],
    [
      { reportTo: ['wandb'] },
      "reportTo must be a list of some of 'console', 'jsonl', 'csv' and 'tensorboard', not [ 'wandb' ].",
    ],
    [{ packing: true }, 'packing needs maxLength, the tokens of a packed row.'],
    [{ packing: true, maxLength: 64, groupByLength: true }, 'leave groupByLength out'],
    [{ maxLength: 0 }, 'maxLength must be a whole number from 1 on, not 0.'],
    [{ gradientCheckpointing: 1 }, 'gradientCheckpointing must be true or false, not 1.'],
    [
      { lrSchedulerKwargs: { num_cycles: 2 } },
      'lrSchedulerKwargs must be an object with some of the numbers',
    ],
    [
      { lrSchedulerType: 'polynomial', learningRate: 1e-5, lrSchedulerKwargs: { lrEnd: 1e-4 } },
      'learningRate, 0.00001, must be above the lrEnd of lrSchedulerKwargs, 0.0001.',
    ],
    [{ saveTotalLimit: 0 }, 'saveTotalLimit must be a whole number from 1 on, not 0.'],
    [{ optim: 'sgd', weightDecay: 0.1 }, "weightDecay 0.1 is for optim 'adamw'; 'sgd' has none here."],
    [
      { lrSchedulerType: 'constant', warmupSteps: 1 },
      "'constant' has no warm-up; choose 'constant_with_warmup'",
    ],
    [
      { loadBestModelAtEnd: true },
      "loadBestModelAtEnd needs evalStrategy and saveStrategy to be the same, not 'no' and 'steps'.",
    ],
    [
      { loadBestModelAtEnd: true, evalStrategy: 'steps', evalSteps: 120, saveSteps: 100 },
      'loadBestModelAtEnd needs saveSteps, 100, to be a multiple of evalSteps, 120.',
    ],
  ])('%j are refused with name and value', (options, message) => {
    expect(() => new TrainingArguments(options as Partial<TrainingArguments>)).toThrow(message);
  });

  it('says that there is no bfloat16, and no float16 on the CPU', () => {
    expect(() => new TrainingArguments({ bf16: true } as Partial<TrainingArguments>)).toThrow(
      "bf16 cannot be had, since neither WebGPU nor ONNX Runtime's CPU engine computes in bfloat16",
    );
    expect(() => new TrainingArguments({ fp16: true, device: 'cpu' })).toThrow(
      "fp16 needs a GPU, and device is 'cpu'; choose the device 'webgpu' or leave fp16 out.",
    );
  });

  it('names an argument that there is not', () => {
    const options = { perDeviceBatchSize: 1 } as Partial<TrainingArguments>;
    expect(() => new TrainingArguments(options)).toThrow(
      /^TrainingArguments has no perDeviceBatchSize; it has outputDir, numTrainEpochs, /,
    );
  });
});
