/** The kernelspec: the small folder by which Jupyter knows and starts the kernel. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { CliError, codeOf, messageOf } from './errors.ts';

export const KERNEL_NAME = 'tunelab';
export const DISPLAY_NAME = 'TypeScript (tunelab)';
export const LOGOS = ['logo-32x32.png', 'logo-64x64.png', 'logo-svg.svg'] as const;

export interface Kernelspec {
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly language: string;
  readonly interrupt_mode: 'message' | 'signal';
  readonly env: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface KernelspecOptions {
  readonly node: string;
  readonly kernelMain: string;
  readonly displayName?: string | undefined;
  /** Heap limit of the process that runs the cells, in megabytes. */
  readonly heapMb?: number | undefined;
}

/** The content of `kernel.json`. */
export function kernelspec({ node, kernelMain, displayName, heapMb }: KernelspecOptions): Kernelspec {
  return {
    argv: [
      node,
      kernelMain,
      '--connection-file',
      '{connection_file}',
      ...(heapMb === undefined ? [] : ['--heap-mb', String(heapMb)]),
    ],
    display_name: displayName ?? DISPLAY_NAME,
    language: 'typescript',
    interrupt_mode: 'message',
    env: {},
    metadata: { debugger: true },
  };
}

/**
 * The node to name in a kernelspec. Version managers and Homebrew keep a link on PATH that moves with each
 * upgrade, while the running executable's own path carries the version; the link is used where it leads here.
 */
export function stableNode(env: NodeJS.ProcessEnv = process.env, running: string = process.execPath): string {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const real = realpathSync(running);
  for (const folder of (env.PATH ?? env.Path ?? '').split(delimiter)) {
    // npm puts node_modules/.bin on PATH while it runs us, and fnm a folder that ends with the shell.
    if (!folder || /node_modules|fnm_multishells/.test(folder)) continue;
    const candidate = join(folder, name);
    try {
      if (realpathSync(candidate) === real) return candidate;
    } catch {
      // No node in this folder.
    }
  }
  return running;
}

/**
 * Writes a kernelspec into `kernels/NAME` and replaces what was there, in one step.
 * @throws {CliError} when the folder cannot be written
 */
export function writeKernelspec(kernels: string, name: string, spec: Kernelspec, logos: string): string {
  const target = join(kernels, name);
  let fresh: string | undefined;
  try {
    mkdirSync(kernels, { recursive: true });
    // Jupyter takes a folder for a kernel when kernel.json lies at its top; here it lies one deeper until the rename.
    fresh = mkdtempSync(join(kernels, `.${name}-`));
    const folder = join(fresh, name);
    mkdirSync(folder);
    writeFileSync(join(folder, 'kernel.json'), `${JSON.stringify(spec, undefined, 2)}\n`);
    for (const logo of LOGOS) copyFileSync(join(logos, logo), join(folder, logo));
    if (existsSync(target)) renameSync(target, join(fresh, 'old'));
    renameSync(folder, target);
  } catch (error) {
    const why = ['EACCES', 'EPERM', 'EROFS'].includes(codeOf(error) ?? '')
      ? 'no permission; choose a folder of your own with --user or --prefix DIR'
      : messageOf(error);
    throw new CliError(`cannot write the kernel to ${target}: ${why}`);
  } finally {
    if (fresh) rmSync(fresh, { recursive: true, force: true });
  }
  return target;
}

/** The first kernelspec of that name on Jupyter's search path: its folder, or `undefined`. */
export function findKernelspec(
  searchPath: readonly string[],
  name: string = KERNEL_NAME,
): string | undefined {
  return searchPath
    .map(kernels => join(kernels, name))
    .find(folder => existsSync(join(folder, 'kernel.json')));
}

/** Reads a kernelspec back. @throws {CliError} when it is not one */
export function readKernelspec(folder: string): Kernelspec {
  const file = join(folder, 'kernel.json');
  let spec: Partial<Kernelspec> | null;
  try {
    spec = JSON.parse(readFileSync(file, 'utf8')) as Partial<Kernelspec> | null;
  } catch (error) {
    throw new CliError(`${file} cannot be read: ${messageOf(error)}`);
  }
  if (
    !Array.isArray(spec?.argv) ||
    !spec.argv.every(arg => typeof arg === 'string') ||
    spec.argv.length < 2
  ) {
    throw new CliError(`${file} is no kernelspec: its argv is not a command line`);
  }
  return spec as Kernelspec;
}

/** The folder of the package that a kernelspec starts. */
export function packageOf(spec: Kernelspec): string {
  return dirname(dirname(dirname(spec.argv[1]!)));
}
