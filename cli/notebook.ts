/** Notebooks on disk: reads and checks nbformat 4, and writes it as Jupyter does. */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CliError, codeOf, messageOf } from './errors.ts';

export type MimeBundle = Record<string, unknown>;

export type Output =
  | { output_type: 'stream'; name: string; text: string }
  | { output_type: 'display_data'; data: MimeBundle; metadata: Record<string, unknown> }
  | {
      output_type: 'execute_result';
      data: MimeBundle;
      metadata: Record<string, unknown>;
      execution_count: number | null;
    }
  | { output_type: 'error'; ename: string; evalue: string; traceback: string[] };

/** Fields that this program does not know stay as they are. */
export interface Cell {
  cell_type: 'code' | 'markdown' | 'raw';
  id?: string;
  metadata: Record<string, unknown>;
  source: string;
  attachments?: Record<string, MimeBundle>;
  execution_count?: number | null;
  outputs?: Output[];
}

/** A notebook in memory: every text is one string, whatever the file had. */
export interface Notebook {
  cells: Cell[];
  metadata: Record<string, unknown>;
  nbformat: number;
  nbformat_minor: number;
}

/** Kernels whose notebooks hold TypeScript or JavaScript, whatever their metadata calls the language. */
const OUR_KERNELS = ['tunelab', 'tslab', 'jslab', 'deno'];
const OUR_LANGUAGES = ['typescript', 'javascript'];

/**
 * Reads a notebook.
 * @throws {CliError} one line that names the file, when it is missing or is no notebook for this kernel
 */
export function readNotebook(path: string): Notebook {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT') throw new CliError(`${path}: there is no such file`);
    if (code === 'EISDIR') throw new CliError(`${path} is a folder`);
    throw new CliError(`${path} cannot be read: ${messageOf(error)}`);
  }
  return parseNotebook(text, path);
}

/** The same for text already read. */
export function parseNotebook(text: string, path: string): Notebook {
  if (text.trim() === '') throw new CliError(`${path} is empty; a notebook is a JSON file`);
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new CliError(`${path} is not JSON, so it is no notebook: ${messageOf(error)}`);
  }
  if (!isObject(json) || typeof json.nbformat !== 'number') {
    throw new CliError(`${path} is JSON but no notebook: it has no nbformat`);
  }
  if (json.nbformat < 4) {
    throw new CliError(
      `${path} is in notebook format ${json.nbformat}, 4 is needed; open it in Jupyter and save it once`,
    );
  }
  if (json.nbformat > 4)
    throw new CliError(`${path} is in notebook format ${json.nbformat}; this version reads format 4`);
  if (!Array.isArray(json.cells)) throw new CliError(`${path} is no valid notebook: it has no list of cells`);
  const metadata = json.metadata ?? {};
  if (!isObject(metadata)) throw new CliError(`${path} is no valid notebook: its metadata is not an object`);
  checkLanguage(metadata, path);
  const cells = json.cells.map((cell, index) => parseCell(cell, `${path}, cell ${index + 1}`));
  return {
    ...json,
    cells,
    metadata,
    nbformat: 4,
    nbformat_minor: typeof json.nbformat_minor === 'number' ? json.nbformat_minor : 0,
  };
}

function checkLanguage(metadata: Record<string, unknown>, path: string): void {
  const spec = isObject(metadata.kernelspec) ? metadata.kernelspec : {};
  const info = isObject(metadata.language_info) ? metadata.language_info : {};
  if (typeof spec.name === 'string' && OUR_KERNELS.includes(spec.name.toLowerCase())) return;
  const language = [spec.language, info.name].find(
    (name): name is string => typeof name === 'string' && !OUR_LANGUAGES.includes(name.toLowerCase()),
  );
  if (language) {
    const kernel = typeof spec.display_name === 'string' ? ` (its kernel: ${spec.display_name})` : '';
    throw new CliError(
      `${path} is a notebook in ${language}${kernel}; this kernel runs TypeScript and JavaScript`,
    );
  }
}

function parseCell(cell: unknown, where: string): Cell {
  if (!isObject(cell)) throw new CliError(`${where} is no valid cell: it is not an object`);
  const type = cell.cell_type;
  if (type !== 'code' && type !== 'markdown' && type !== 'raw') {
    throw new CliError(`${where} is no valid cell: its cell_type is ${JSON.stringify(type) ?? 'missing'}`);
  }
  const source = joined(cell.source);
  if (source === undefined) throw new CliError(`${where} is no valid cell: its source is not text`);
  const metadata = isObject(cell.metadata) ? cell.metadata : {};
  const parsed = { ...cell, cell_type: type, metadata, source } as Cell;
  if (type === 'code') {
    const outputs = cell.outputs ?? [];
    if (!Array.isArray(outputs)) throw new CliError(`${where} is no valid cell: its outputs are not a list`);
    parsed.outputs = outputs.map(output => parseOutput(output, where));
    parsed.execution_count = typeof cell.execution_count === 'number' ? cell.execution_count : null;
  }
  return parsed;
}

function parseOutput(output: unknown, where: string): Output {
  const invalid = (why: string) => new CliError(`${where} has an invalid output: ${why}`);
  if (!isObject(output)) throw invalid('it is not an object');
  switch (output.output_type) {
    case 'stream':
      return {
        ...output,
        output_type: 'stream',
        name: String(output.name ?? 'stdout'),
        text: joined(output.text) ?? '',
      };
    case 'display_data':
    case 'execute_result': {
      if (!isObject(output.data)) throw invalid('it has no data');
      const data = Object.fromEntries(
        Object.entries(output.data).map(([mime, value]) => [
          mime,
          isJson(mime) ? value : (joined(value) ?? value),
        ]),
      );
      return { ...output, data, metadata: isObject(output.metadata) ? output.metadata : {} } as Output;
    }
    case 'error': {
      const traceback = Array.isArray(output.traceback) ? output.traceback.map(String) : [];
      return {
        ...output,
        output_type: 'error',
        ename: String(output.ename ?? ''),
        evalue: String(output.evalue ?? ''),
        traceback,
      };
    }
    default:
      throw invalid(`its output_type is ${JSON.stringify(output.output_type) ?? 'missing'}`);
  }
}

/** The text of a notebook file: one space of indentation, texts as lists of lines, a newline at the end. */
export function formatNotebook(notebook: Notebook): string {
  const cells = notebook.cells.map(cell => {
    const { id, ...rest } = cell;
    const file: Record<string, unknown> = { ...rest, source: lines(cell.source) };
    if (cell.outputs) file.outputs = cell.outputs.map(formatOutput);
    if (cell.attachments) {
      file.attachments = Object.fromEntries(
        Object.entries(cell.attachments).map(([name, bundle]) => [name, formatBundle(bundle)]),
      );
    }
    // Cells have had ids since format 4.5, and before that must not have one.
    if (id !== undefined || notebook.nbformat_minor >= 5) file.id = id ?? randomUUID().slice(0, 8);
    return sorted(file);
  });
  return `${JSON.stringify(sorted({ ...notebook, cells }), undefined, 1)}\n`;
}

/** Writes a notebook under a temporary name and renames it, so that no half notebook is ever there. */
export function writeNotebook(path: string, notebook: Notebook): void {
  writeWhole(path, formatNotebook(notebook));
}

/** Writes a file in one step. @throws {CliError} when it cannot be written */
export function writeWhole(path: string, text: string): void {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    writeFileSync(temporary, text);
    renameSync(temporary, path);
  } catch (error) {
    if (existsSync(temporary)) rmSync(temporary);
    throw new CliError(`cannot write ${path}: ${messageOf(error)}`);
  }
}

function formatOutput(output: Output): Record<string, unknown> {
  if (output.output_type === 'stream') return sorted({ ...output, text: lines(output.text) });
  if (output.output_type === 'error') return sorted({ ...output });
  return sorted({ ...output, data: formatBundle(output.data) });
}

/** Texts become lists of lines; pictures in base64 stay one string, as Jupyter has it. */
function formatBundle(bundle: MimeBundle): MimeBundle {
  const inLines = (mime: string, value: unknown) =>
    typeof value === 'string' &&
    (mime.startsWith('text/') || mime === 'image/svg+xml' || mime === 'application/javascript');
  return sorted(
    Object.fromEntries(
      Object.entries(bundle).map(([mime, value]) => [
        mime,
        inLines(mime, value) ? lines(value as string) : value,
      ]),
    ),
  );
}

/** Keys in alphabetical order, as Jupyter writes them. */
function sorted(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function lines(text: string): string[] {
  return text === '' ? [] : text.match(/[^\n]*\n|[^\n]+$/g)!;
}

function joined(text: unknown): string | undefined {
  if (typeof text === 'string') return text;
  return Array.isArray(text) && text.every(line => typeof line === 'string') ? text.join('') : undefined;
}

function isJson(mime: string): boolean {
  return mime === 'application/json' || mime.endsWith('+json');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a cell carries a tag, such as `raises-exception`. */
export function hasTag(cell: Cell, tag: string): boolean {
  return Array.isArray(cell.metadata.tags) && cell.metadata.tags.includes(tag);
}
