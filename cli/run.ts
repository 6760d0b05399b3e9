/** `tunelab run`: runs notebooks from top to bottom and writes them with their outputs. */
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { CliError, messageOf, UsageError } from './errors.ts';
import { type Execution, executeNotebook } from './execute.ts';
import { readNotebook, writeNotebook, writeWhole } from './notebook.ts';
import { command, wholeNumber } from './options.ts';
import { kernelMain } from './package.ts';
import { startProgress } from './progress.ts';

/** What a shell reports for a program that Ctrl-C ended. */
const INTERRUPTED = 130;

export const run = command({
  name: 'run',
  summary:
    'Runs notebooks, each in a kernel of its own and in its own folder, and writes them with their outputs.\nA folder stands for the notebooks in it.',
  operands: 'IN.ipynb...',
  flags: {
    out: { value: 'DIR', help: 'where to write the executed notebooks, out by default' },
    timeout: { value: 'S', help: 'seconds that one cell may take, no limit by default' },
    'allow-errors': { help: 'go on after a cell that fails' },
    html: { help: 'write a self-contained HTML page beside each notebook' },
  },
  run: async (values, operands) => {
    if (operands.length === 0) throw new UsageError('tunelab run: which notebook? tunelab run IN.ipynb...');
    const timeout =
      values.timeout === undefined ? undefined : wholeNumber('--timeout', values.timeout, 1) * 1_000;
    if (!existsSync(kernelMain))
      throw new CliError(`the kernel is not built (no ${kernelMain}); run: npm run build`);
    const out = values.out ?? 'out';
    const paths = expand(operands);
    checkNames(paths, out);
    makeFolder(out);

    const interrupt = new AbortController();
    const onSignal = () => {
      if (interrupt.signal.aborted) process.exit(INTERRUPTED);
      interrupt.abort();
    };
    process.on('SIGINT', onSignal);
    const failed: string[] = [];
    try {
      for (const path of paths) {
        const ok = await runOne(path, {
          out,
          timeout,
          allowErrors: values['allow-errors'],
          html: values.html,
          signal: interrupt.signal,
        });
        if (!ok) failed.push(path);
        if (interrupt.signal.aborted) return INTERRUPTED;
      }
    } finally {
      process.off('SIGINT', onSignal);
    }
    const count = `${paths.length} ${paths.length === 1 ? 'notebook' : 'notebooks'}`;
    const how = failed.length === 0 ? 'ran' : `of which ${failed.length} failed (${failed.join(', ')})`;
    console.log(`${count} ${how}; written to ${shown(out)}`);
    return failed.length === 0 ? 0 : 1;
  },
});

interface RunOptions {
  readonly out: string;
  readonly timeout: number | undefined;
  readonly allowErrors: boolean;
  readonly html: boolean;
  readonly signal: AbortSignal;
}

async function runOne(
  path: string,
  { out, timeout, allowErrors, html, signal }: RunOptions,
): Promise<boolean> {
  const name = basename(path);
  const progress = startProgress();
  let execution: Execution;
  try {
    const notebook = readNotebook(path);
    execution = await executeNotebook(notebook, {
      argv: [process.execPath, kernelMain, '--connection-file', '{connection_file}'],
      cwd: dirname(resolve(path)),
      timeout,
      allowErrors,
      signal,
      onProgress: ({ k, n }) => progress.update(`${name}  cell ${k} of ${n}`),
    });
  } catch (error) {
    progress.finish(`✗ ${name}`);
    console.error(`  ${messageOf(error)}`);
    return false;
  }
  writeNotebook(join(out, name), execution.notebook);
  if (html) {
    const { notebookToHtml } = await import('./html.ts');
    const page = notebookToHtml(execution.notebook, { fileName: name, folder: dirname(resolve(path)) });
    writeWhole(join(out, name.replace(/\.ipynb$/i, '.html')), page);
  }
  const { status, ran, cells, reason } = execution;
  if (status === 'ok') {
    progress.finish(`✓ ${name}  ${ran} ${ran === 1 ? 'cell' : 'cells'}`);
    if (reason) console.log(`  went on after: ${reason}`);
  } else {
    progress.finish(`✗ ${name}  stopped at cell ${ran} of ${cells}`);
    console.error(`  ${path}: ${reason}`);
  }
  return status === 'ok';
}

/** Folders stand for the notebooks in them, by name; a path that is not there is reported when its turn comes. */
function expand(operands: readonly string[]): string[] {
  return operands.flatMap(path => {
    if (!existsSync(path) || !statSync(path).isDirectory()) return [path];
    const names = readdirSync(path).filter(
      name => name.toLowerCase().endsWith('.ipynb') && !name.startsWith('.'),
    );
    if (names.length === 0) throw new CliError(`${path}: there is no notebook in this folder`);
    return names.sort().map(name => join(path, name));
  });
}

/** Two notebooks of one name would overwrite each other's result. */
function checkNames(paths: readonly string[], out: string): void {
  const seen = new Map<string, string>();
  for (const path of paths) {
    const other = seen.get(basename(path));
    if (other !== undefined) {
      throw new UsageError(
        `tunelab run: ${other} and ${path} would both be written to ${join(out, basename(path))}; run them apart`,
      );
    }
    seen.set(basename(path), path);
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new CliError(`cannot make the folder ${folder}: ${messageOf(error)}`);
  }
}

function shown(folder: string): string {
  const path = relative(process.cwd(), resolve(folder));
  return path === '' || path.startsWith('..') ? resolve(folder) : path;
}
