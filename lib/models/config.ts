/** Reads the settings of a model's config.json, under the names that Hugging Face gives them. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** The content of config.json. */
export type ModelConfig = Readonly<Record<string, unknown>>;

export async function readConfig(folder: string): Promise<ModelConfig> {
  const path = join(folder, 'config.json');
  if (!existsSync(path)) {
    throw new Error(`${resolve(folder)} is no model's folder: it has no config.json that can be read.`);
  }
  return readJson(path);
}

export const GENERATION_CONFIG_FILE = 'generation_config.json';

/** The content of generation_config.json, or `otherwise` where there is no such file. */
export async function readGenerationConfig(folder: string, otherwise: ModelConfig): Promise<ModelConfig> {
  const path = join(folder, GENERATION_CONFIG_FILE);
  return existsSync(path) ? readJson(path) : otherwise;
}

async function readJson(path: string): Promise<ModelConfig> {
  const text = await readFile(path, 'utf8');
  try {
    return Object(JSON.parse(text)) as ModelConfig;
  } catch {
    throw new Error(`${resolve(path)} is not JSON.`);
  }
}

/** Writes an object under a temporary name first, so that the path never holds half a file. */
export async function writeJson(path: string, content: ModelConfig): Promise<void> {
  const temporary = `${path}.${randomUUID().slice(0, 8)}.tmp`;
  await writeFile(temporary, `${JSON.stringify(content, null, 2)}\n`);
  await rename(temporary, path);
}

/** A whole number from 1 on. */
export function sizeIn(config: ModelConfig, name: string, otherwise?: number): number {
  const value = config[name] ?? otherwise;
  if (Number.isSafeInteger(value) && (value as number) > 0) return value as number;
  throw new TypeError(`config.json: ${name} must be a whole number from 1 on, not ${JSON.stringify(value)}.`);
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

export interface RotarySettings {
  readonly theta: number;
  /** The share of a head's features that are turned. */
  readonly share: number;
}

/**
 * The settings of the rotary embedding: `rope_parameters` of transformers 5, or what older files call them.
 *
 * @throws if the angles are scaled in a way that is not the default
 */
export function rotaryIn(config: ModelConfig): RotarySettings {
  const settings = Object(config.rope_parameters ?? config.rope_scaling ?? {}) as Record<string, unknown>;
  const type = settings.rope_type ?? settings.type ?? 'default';
  if (type !== 'default') {
    throw new TypeError(`config.json: the rope type is ${JSON.stringify(type)}; only "default" can be run.`);
  }
  const all = { ...config, ...settings };
  return {
    theta: numberIn(all, 'rope_theta', numberIn(all, 'rotary_emb_base', 10000)),
    share: numberIn(all, 'partial_rotary_factor', numberIn(all, 'rotary_pct', 1)),
  };
}
