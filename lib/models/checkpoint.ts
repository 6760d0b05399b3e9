/** The weights among a model's files, in one safetensors file or in several with an index. */
import { basename } from 'node:path';
import type { Value } from '../graph/index.ts';
import type { PretrainedFiles } from '../hub/index.ts';
import { readJson } from './config.ts';
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
  files: PretrainedFiles,
  shapes: ReadonlyMap<string, readonly number[]>,
): Promise<Map<string, Value<'float32'>>> {
  const weights = new Map<string, Value<'float32'>>();
  for (const [file, names] of await namesByFile(files, [...shapes.keys()])) {
    const path = await shardPath(files, file);
    const stored = await listSafetensors(path);
    for (const name of names) {
      const tensor = stored.get(name);
      if (tensor === undefined) throw new Error(`${file} in ${files.place} has no tensor ${name}.`);
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

/** The shape of a tensor that a model's files may have, or undefined. */
export async function storedShape(
  files: PretrainedFiles,
  name: string,
): Promise<readonly number[] | undefined> {
  const single = await files.path(WEIGHTS_FILE);
  const file = single === undefined ? fileOf(await readIndex(files), name) : WEIGHTS_FILE;
  return file === undefined
    ? undefined
    : (await listSafetensors(await shardPath(files, file))).get(name)?.shape;
}

/** Which tensors to read of which file. */
async function namesByFile(files: PretrainedFiles, names: string[]): Promise<Map<string, string[]>> {
  if ((await files.path(WEIGHTS_FILE)) !== undefined) return new Map([[WEIGHTS_FILE, names]]);
  const map = await readIndex(files);
  const result = new Map<string, string[]>();
  for (const name of names) {
    const file = fileOf(map, name);
    if (file === undefined) throw new Error(`${INDEX_FILE} in ${files.place} has no tensor ${name}.`);
    result.set(file, [...(result.get(file) ?? []), name]);
  }
  return result;
}

async function shardPath(files: PretrainedFiles, file: string): Promise<string> {
  const path = await files.path(file);
  if (path !== undefined) return path;
  throw new Error(
    `${INDEX_FILE} names ${file}, which ${files.place} has not. ${files.why(file) || 'Download or copy it again.'}`,
  );
}

async function readIndex(files: PretrainedFiles): Promise<Map<string, unknown>> {
  const index = await files.path(INDEX_FILE);
  if (index === undefined) throw await noWeights(files, WEIGHTS_FILE, INDEX_FILE);
  const { weight_map: map } = await readJson(index);
  return new Map(Object.entries(Object(map)));
}

/** Weights in formats that are not read here; some of them are programs. */
const OTHER_WEIGHTS = /(^|_)model\b.*\.(bin|h5|msgpack)$|\.gguf$/;

/** Says that there are no weights among the files, and what to do if there are some in another format. */
export async function noWeights(
  files: PretrainedFiles,
  ...wanted: readonly [string, ...string[]]
): Promise<Error> {
  const missing = `There is no ${wanted.join(' and no ')} in ${files.place}`;
  const other = (await files.names()).find(name => OTHER_WEIGHTS.test(name));
  if (other === undefined) return new Error(`${missing}. ${files.why(wanted[0])}`.trim());
  return new Error(
    `${missing}, only ${other}, which is not read here. On the hub, look for a revision with safetensors: often a pull request has them, { revision: 'refs/pr/1' }. Or load it once with Python, whose save_pretrained(folder) writes safetensors.`,
  );
}

/** @throws if the index points out of its folder */
function fileOf(map: ReadonlyMap<string, unknown>, name: string): string | undefined {
  const file = map.get(name);
  if (typeof file !== 'string') return undefined;
  if (file === basename(file) && file.endsWith('.safetensors')) return file;
  throw new Error(`${INDEX_FILE} wants ${name} from ${file}, which is no safetensors file of its folder.`);
}
