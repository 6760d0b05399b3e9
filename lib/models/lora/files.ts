/** Adapters on disk, as PEFT has them: adapter_config.json and adapter_model.safetensors. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Value } from '../../graph/index.ts';
import type { PretrainedFiles } from '../../hub/index.ts';
import { noWeights } from '../checkpoint.ts';
import { ADAPTER_CONFIG_FILE, readJson, writeJson } from '../config.ts';
import { listSafetensors, readSafetensors, type WeightDtype, writeSafetensors } from '../safetensors.ts';
import { type LoraBias, LoraConfig, type TaskType } from './config.ts';
import type { AdapterParameter } from './parameters.ts';

const WEIGHTS_FILE = 'adapter_model.safetensors';
/** What PEFT puts before the names of parameters. */
const PREFIX = 'base_model.model.';
const BIASES: Readonly<Record<LoraBias, string>> = { none: 'none', loraOnly: 'lora_only', all: 'all' };

/** Settings of PEFT that change what an adapter computes and are not written here, with the values that change nothing. */
const PLAIN: Readonly<Record<string, readonly unknown[]>> = {
  peft_type: ['LORA'],
  fan_in_fan_out: [false],
  lora_bias: [false],
  use_dora: [false],
  use_qalora: [false],
  // The others also change the weights of the base when they are made.
  init_lora_weights: [true, false, null, 'gaussian', 'orthogonal', 'eva'],
};
/** The same for settings that are lists or objects: nothing in them changes nothing. */
const EMPTY = [
  ...['rank_pattern', 'alpha_pattern', 'layers_to_transform', 'layer_replication', 'exclude_modules'],
  ...[
    'target_parameters',
    'trainable_token_indices',
    'alora_invocation_tokens',
    'arrow_config',
    'use_bdlora',
  ],
];

/** @param base the name or path of the model that the adapter belongs to, if it is known */
export async function writeAdapter(
  folder: string,
  config: LoraConfig,
  taskType: TaskType,
  layers: readonly string[],
  tensors: ReadonlyMap<string, Value<'float32'>>,
  base: unknown,
  dtype?: WeightDtype,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const prefixed = [...tensors].map(([name, value]) => [`${PREFIX}${name}`, value] as const);
  await writeSafetensors(join(folder, WEIGHTS_FILE), new Map(prefixed), dtype);
  const { targetModules, modulesToSave } = config;
  const content = {
    base_model_name_or_path: typeof base === 'string' ? base : null,
    bias: BIASES[config.bias],
    fan_in_fan_out: false,
    inference_mode: true,
    init_lora_weights: true,
    lora_alpha: config.loraAlpha,
    lora_dropout: config.loraDropout,
    modules_to_save: modulesToSave.length > 0 ? modulesToSave : null,
    peft_type: 'LORA',
    r: config.r,
    // A regular expression may match what is no layer, which PEFT would refuse.
    target_modules: typeof targetModules === 'object' ? targetModules : layers,
    task_type: taskType,
    use_dora: false,
    use_rslora: config.useRslora,
  };
  await writeJson(join(folder, ADAPTER_CONFIG_FILE), content);
}

/** @throws naming the file, and the setting that is missing, wrong, or asks for what is not written here */
export async function readAdapterConfig(files: PretrainedFiles): Promise<LoraConfig> {
  const path = await files.path(ADAPTER_CONFIG_FILE);
  if (path === undefined) {
    throw new Error(
      `There is no adapter in ${files.place}: it has no ${ADAPTER_CONFIG_FILE}. ${files.why(ADAPTER_CONFIG_FILE)}`.trim(),
    );
  }
  const content = await readJson(path);
  for (const [name, value] of Object.entries(content)) {
    const isPlain = !Object.hasOwn(PLAIN, name) || PLAIN[name]!.includes(value);
    const isEmpty =
      value == null || value === false || (typeof value === 'object' && Object.keys(value).length === 0);
    if (isPlain && (isEmpty || !EMPTY.includes(name))) continue;
    throw new Error(`${ADAPTER_CONFIG_FILE}: ${name} is ${JSON.stringify(value)}, which cannot be run.`);
  }
  const { r, lora_alpha, lora_dropout, target_modules, bias, task_type, modules_to_save } = content;
  const given = Object.entries({ r, lora_alpha, target_modules }).find(([, value]) => value == null);
  if (given !== undefined) throw new Error(`${ADAPTER_CONFIG_FILE} in ${files.place} lacks ${given[0]}.`);
  const biasName = Object.entries(BIASES).find(([, stored]) => stored === (bias ?? 'none'))?.[0];
  try {
    return new LoraConfig({
      r: r as number,
      loraAlpha: lora_alpha as number,
      loraDropout: (lora_dropout ?? 0) as number,
      targetModules: Array.isArray(target_modules) ? target_modules.map(String) : String(target_modules),
      bias: (biasName ?? bias) as LoraBias,
      ...(task_type != null && { taskType: task_type as TaskType }),
      modulesToSave: Array.isArray(modules_to_save) ? modules_to_save.map(String) : [],
      useRslora: content.use_rslora === true,
    });
  } catch (error) {
    throw new Error(`${ADAPTER_CONFIG_FILE} in ${files.place}: ${(error as Error).message}`);
  }
}

/**
 * The tensors of an adapter by their names without prefix.
 *
 * @throws naming the tensor that is missing, has another shape, or has no place in the model
 */
export async function readAdapterTensors(
  files: PretrainedFiles,
  parameters: readonly AdapterParameter[],
): Promise<Map<string, Value<'float32'>>> {
  const path = await files.path(WEIGHTS_FILE);
  if (path === undefined) throw await noWeights(files, WEIGHTS_FILE);
  const stored = await listSafetensors(path);
  const fault = (name: string, what: string): never => {
    throw new Error(`${name} in ${path} ${what}; the adapter belongs to another model.`);
  };
  for (const { stored: name, shape } of parameters) {
    const tensor = stored.get(`${PREFIX}${name}`);
    if (tensor === undefined) fault(`${PREFIX}${name}`, 'is missing');
    else if (tensor.shape.join() !== shape.join()) {
      fault(
        `${PREFIX}${name}`,
        `is [${tensor.shape.join(', ')}] where the model needs [${shape.join(', ')}]`,
      );
    }
  }
  const known = new Set(parameters.map(parameter => `${PREFIX}${parameter.stored}`));
  for (const name of stored.keys()) if (!known.has(name)) fault(name, 'has no place in the model');
  const tensors = await readSafetensors(path, known);
  return new Map([...tensors].map(([name, value]) => [name.slice(PREFIX.length), value]));
}
