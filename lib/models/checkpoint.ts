/** The weights of a model's folder, in one safetensors file or in several with an index. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Value } from '../graph/index.ts';
import { listSafetensors, readSafetensors } from './safetensors.ts';

export const WEIGHTS_FILE = 'model.safetensors';
const INDEX_FILE = 'model.safetensors.index.json';

/**
 * Reads the tensors that a model needs; what else the files hold is left alone.
 *
 * @param shapes the shape that each tensor must have, by name
 * @throws naming file and tensor if one is missing or has another shape
 */
export async function readCheckpoint(
  folder: string,
  shapes: ReadonlyMap<string, readonly number[]>,
): Promise<Map<string, Value<'float32'>>> {
  const files = await filesOf(folder, shapes);
  const weights = new Map<string, Value<'float32'>>();
  for (const [file, names] of files) {
    const path = join(folder, file);
    const stored = await listSafetensors(path);
    for (const name of names) {
      const tensor = stored.get(name);
      if (tensor === undefined) throw new Error(`${file} in ${resolve(folder)} has no tensor ${name}.`);
      const shape = shapes.get(name)!;
      if (tensor.shape.join() !== shape.join()) {
        throw new Error(
          `${name} in ${file} has shape [${tensor.shape.join(', ')}] where config.json asks for [${shape.join(', ')}].`,
        );
      }
    }
    for (const [name, value] of await readSafetensors(path, names)) weights.set(name, value);
  }
  // In the order of the model's modules, whichever way the files were cut.
  return new Map([...shapes.keys()].map(name => [name, weights.get(name)!]));
}

/** The shape of a tensor that a folder may have, or undefined. */
export async function storedShape(folder: string, name: string): Promise<readonly number[] | undefined> {
  const file = existsSync(join(folder, WEIGHTS_FILE)) ? WEIGHTS_FILE : fileOf(await readIndex(folder), name);
  return file === undefined ? undefined : (await listSafetensors(join(folder, file))).get(name)?.shape;
}

/** Which tensors to read of which file. */
async function filesOf(folder: string, shapes: ReadonlyMap<string, unknown>): Promise<Map<string, string[]>> {
  const names = [...shapes.keys()];
  if (existsSync(join(folder, WEIGHTS_FILE))) return new Map([[WEIGHTS_FILE, names]]);
  const map = await readIndex(folder);
  const files = new Map<string, string[]>();
  for (const name of names) {
    const file = fileOf(map, name);
    if (file === undefined) throw new Error(`${INDEX_FILE} in ${resolve(folder)} has no tensor ${name}.`);
    files.set(file, [...(files.get(file) ?? []), name]);
  }
  return files;
}

async function readIndex(folder: string): Promise<Record<string, unknown>> {
  const index = join(folder, INDEX_FILE);
  if (!existsSync(index)) {
    throw new Error(`${resolve(folder)} has neither ${WEIGHTS_FILE} nor ${INDEX_FILE}.`);
  }
  try {
    return Object(JSON.parse(await readFile(index, 'utf8')).weight_map);
  } catch {
    throw new Error(`${INDEX_FILE} in ${resolve(folder)} is not JSON.`);
  }
}

/** @throws if the index points out of its folder */
function fileOf(map: Record<string, unknown>, name: string): string | undefined {
  const file = map[name];
  if (typeof file !== 'string') return undefined;
  if (file === basename(file) && file.endsWith('.safetensors')) return file;
  throw new Error(`${INDEX_FILE} wants ${name} from ${file}, which is no safetensors file of its folder.`);
}
