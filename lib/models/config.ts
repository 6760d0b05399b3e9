/** Reads the settings of a model's config.json, under the names that Hugging Face gives them. */
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { writeWhole } from '../host.ts';
import type { PretrainedFiles } from '../hub/index.ts';

/** The content of config.json. */
export type ModelConfig = Readonly<Record<string, unknown>>;

/**
 * The content of config.json, and where it comes from as `_name_or_path`, which adapters name their base by.
 *
 * @throws if there is none, saying what there is instead
 */
export async function readConfig(files: PretrainedFiles): Promise<ModelConfig> {
  const path = await files.path('config.json');
  if (path !== undefined) return { ...(await readJson(path)), _name_or_path: files.name };
  if ((await files.path(ADAPTER_CONFIG_FILE)) !== undefined) {
    throw new Error(
      `There is an adapter in ${files.place}, not a model: load the model that it belongs to, and then the adapter with PeftModel.fromPretrained(model, …).`,
    );
  }
  throw new Error(
    `There is no model in ${files.place}: it has no config.json. ${files.why('config.json')}`.trim(),
  );
}

export const ADAPTER_CONFIG_FILE = 'adapter_config.json';
export const GENERATION_CONFIG_FILE = 'generation_config.json';

/** The content of generation_config.json, or `otherwise` where there is no such file. */
export async function readGenerationConfig(
  files: PretrainedFiles,
  otherwise: ModelConfig,
): Promise<ModelConfig> {
  const path = await files.path(GENERATION_CONFIG_FILE);
  return path === undefined ? otherwise : readJson(path);
}

/** @throws naming the file if it does not hold a JSON object */
export async function readJson(path: string): Promise<ModelConfig> {
  const text = await readFile(path, 'utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new SyntaxError(
      `${resolve(path)} is not JSON (${(error as Error).message}); download or copy it again.`,
    );
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as ModelConfig;
  throw new SyntaxError(`${resolve(path)} holds no JSON object; download or copy it again.`);
}

/** Writes an object under a temporary name first, so that the path never holds half a file. */
export async function writeJson(path: string, content: ModelConfig): Promise<void> {
  await writeWhole(path, temporary => writeFile(temporary, `${JSON.stringify(content, null, 2)}\n`));
}

/** A whole number from 1 on. */
export function sizeIn(config: ModelConfig, name: string, otherwise?: number): number {
  const value = config[name] ?? otherwise;
  if (Number.isSafeInteger(value) && (value as number) > 0) return value as number;
  throw new TypeError(`config.json: ${name} must be a whole number from 1 on, not ${JSON.stringify(value)}.`);
}

/** How often one setting goes into another, which it must without a rest. */
export function quotientIn(config: ModelConfig, whole: string, part: string): number {
  const [dividend, divisor] = [sizeIn(config, whole), sizeIn(config, part)];
  if (dividend % divisor === 0) return dividend / divisor;
  throw new RangeError(`config.json: ${whole} is ${dividend}, which ${part} ${divisor} does not divide.`);
}

export function numberIn(config: ModelConfig, name: string, otherwise?: number): number {
  const value = config[name] ?? otherwise;
  if (typeof value === 'number') return value;
  throw new TypeError(`config.json: ${name} must be a number, not ${JSON.stringify(value)}.`);
}

export function flagIn(config: ModelConfig, name: string, otherwise: boolean): boolean {
  const value = config[name] ?? otherwise;
  if (typeof value === 'boolean') return value;
  throw new TypeError(`config.json: ${name} must be true or false, not ${JSON.stringify(value)}.`);
}

/** @throws naming the setting if its value is not among those that this model is written for */
export function oneOf<T extends string>(
  config: ModelConfig,
  name: string,
  values: readonly T[],
  otherwise: T,
): T {
  const value = config[name] ?? otherwise;
  if (values.includes(value as T)) return value as T;
  throw new TypeError(
    `config.json: ${name} is ${JSON.stringify(value)}; ${values.map(one => JSON.stringify(one)).join(' and ')} can be run.`,
  );
}
