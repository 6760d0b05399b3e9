/** The command itself, `install`, `doctor` and `kernel`, as a user calls them. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Kernelspec, stableNode } from '../../cli/kernelspec.ts';
import { kernelMain, packageRoot, version } from '../../cli/package.ts';
import { main, temporaryFolder, tunelab } from './tunelab.ts';

const folder = temporaryFolder();
const specOf = (path: string) => JSON.parse(readFileSync(join(path, 'kernel.json'), 'utf8')) as Kernelspec;

describe('the command', () => {
  test('says its version and its commands', async () => {
    expect(await tunelab(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
    const { code, stdout } = await tunelab(['--help']);
    expect(code).toBe(0);
    for (const name of ['install', 'run', 'doctor', 'kernel'])
      expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
  });

  test.each(['install', 'run', 'doctor', 'kernel'])('%s has help', async name => {
    const { code, stdout } = await tunelab([name, '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^tunelab ${name} `));
  });

  test.each([
    ['cook', 'tunelab: there is no command cook; there is install, run, doctor, kernel, --version, --help'],
    [
      '--fast',
      'tunelab: there is no option --fast; there is install, run, doctor, kernel, --version, --help',
    ],
  ])('%s gets one line', async (name, message) => {
    expect(await tunelab([name])).toEqual({ code: 2, stdout: '', stderr: `${message}\n` });
  });
});

describe('install', () => {
  const install = (args: string[], env: NodeJS.ProcessEnv = {}, script?: string) =>
    tunelab(['install', ...args], {
      env: { JUPYTER_DATA_DIR: join(folder, 'data'), JUPYTER_PATH: '', ...env },
      ...(script && { script }),
    });

  test('writes a kernelspec that Jupyter can start, twice the same', async () => {
    const target = join(folder, 'data', 'kernels', 'tunelab');
    const first = await install([]);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toContain(`Installed "TypeScript (tunelab)" in ${target}\n`);
    const spec = specOf(target);
    expect(spec).toEqual({
      argv: [stableNode(), kernelMain, '--connection-file', '{connection_file}'],
      display_name: 'TypeScript (tunelab)',
      language: 'typescript',
      interrupt_mode: 'message',
      env: {},
      metadata: { debugger: true },
    });
    expect((await install([])).stdout).toBe(first.stdout);
    expect(specOf(target)).toEqual(spec);
    expect(readdirSync(dirname(target))).toEqual(['tunelab']);
    expect(readdirSync(target).sort()).toEqual([
      'kernel.json',
      'logo-32x32.png',
      'logo-64x64.png',
      'logo-svg.svg',
    ]);
  });

  test('takes a prefix, a name, a display name and a heap limit', async () => {
    const { code } = await install([
      '--prefix',
      join(folder, 'env'),
      '--name',
      'TL2',
      '--display-name',
      'Mine',
      '--heap-mb',
      '2048',
    ]);
    expect(code).toBe(0);
    const spec = specOf(join(folder, 'env', 'share', 'jupyter', 'kernels', 'tl2'));
    expect(spec.display_name).toBe('Mine');
    expect(spec.argv.slice(2)).toEqual(['--connection-file', '{connection_file}', '--heap-mb', '2048']);
  });

  test('finds the active Python environment', async () => {
    const prefix = join(folder, 'venv');
    expect((await install(['--sys-prefix'], { VIRTUAL_ENV: prefix })).code).toBe(0);
    expect(existsSync(join(prefix, 'share', 'jupyter', 'kernels', 'tunelab', 'kernel.json'))).toBe(true);
    const preferred = join(folder, 'conda');
    expect(
      (await install([], { CONDA_PREFIX: preferred, VIRTUAL_ENV: '', JUPYTER_PREFER_ENV_PATH: '1' })).code,
    ).toBe(0);
    expect(existsSync(join(preferred, 'share', 'jupyter', 'kernels', 'tunelab', 'kernel.json'))).toBe(true);
  });

  test('says when Jupyter will find another kernel of that name first', async () => {
    const other = join(folder, 'other');
    mkdirSync(join(other, 'kernels', 'tunelab'), { recursive: true });
    writeFileSync(join(other, 'kernels', 'tunelab', 'kernel.json'), '{}');
    const { stdout } = await install([], { JUPYTER_PATH: other });
    expect(stdout).toContain(
      `Jupyter finds another kernel named tunelab first, in ${join(other, 'kernels', 'tunelab')}`,
    );
  });

  test("names the package as npm's link does, so that the kernel outlives an upgrade", async () => {
    // As npm and pnpm lay it out: .bin/tunelab -> ../tunelab/dist/cli/main.js, and tunelab -> a store.
    const modules = join(folder, 'project', 'node_modules');
    mkdirSync(join(modules, '.bin'), { recursive: true });
    symlinkSync(packageRoot, join(modules, 'tunelab'));
    symlinkSync('../tunelab/dist/cli/main.js', join(modules, '.bin', 'tunelab'));
    expect((await install(['--name', 'linked'], {}, join(modules, '.bin', 'tunelab'))).code).toBe(0);
    const spec = specOf(join(folder, 'data', 'kernels', 'linked'));
    expect(spec.argv[1]).toBe(join(modules, 'tunelab', 'dist', 'kernel', 'main.js'));
  });

  test("names the checkout, not npx's cache that links to it", async () => {
    const modules = join(folder, '_npx', '0123', 'node_modules');
    mkdirSync(modules, { recursive: true });
    symlinkSync(packageRoot, join(modules, 'tunelab'));
    const { stdout } = await install(
      ['--name', 'npx'],
      {},
      join(modules, 'tunelab', 'dist', 'cli', 'main.js'),
    );
    expect(specOf(join(folder, 'data', 'kernels', 'npx')).argv[1]).toBe(kernelMain);
    expect(stdout).not.toContain('cache');
  });

  test.each([
    [['--user', '--sys-prefix'], 'tunelab install: choose one of --user and --sys-prefix'],
    [['--name', 'my kernel'], `--name may hold letters, digits, '-', '_' and '.', got "my kernel"`],
    [['--heap-mb', '8'], '--heap-mb must be a whole number of at least 64, got "8"'],
  ])('%j is refused', async (args, message) => {
    expect(await install(args)).toEqual({ code: 2, stdout: '', stderr: `${message}\n` });
  });

  test('a folder that cannot be written gets one line', async () => {
    writeFileSync(join(folder, 'file'), '');
    const { code, stderr } = await install(['--prefix', join(folder, 'file')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^cannot write the kernel to .+tunelab: .+\n$/);
  });

  // Not even the superuser may write there.
  test.runIf(process.platform === 'linux')(
    'a folder without permission gets one line that helps',
    async () => {
      const { code, stderr } = await install(['--prefix', '/sys/tunelab']);
      expect(code).toBe(1);
      expect(stderr).toMatch(/no permission; choose a folder of your own with --user or --prefix DIR\n$/);
    },
  );
});

describe('doctor', () => {
  const env = { JUPYTER_DATA_DIR: join(folder, 'doctor'), JUPYTER_PATH: '' };
  const kernels = join(folder, 'doctor', 'kernels', 'tunelab');

  test('runs a cell, and knows whether the kernel is installed', async () => {
    const before = await tunelab(['doctor'], { env });
    expect(before).toMatchObject({ code: 0, stderr: '' });
    expect(before.stdout).toMatch(/^✓ zeromq \d+\.\d+\.\d+ loads$/m);
    expect(before.stdout).toMatch(/^✓ a kernel starts in \d+ ms and runs its first cell in \d+ ms$/m);
    expect(before.stdout).toMatch(/^✓ types are checked before a cell runs$/m);
    expect(before.stdout).toMatch(
      /^– Jupyter does not know "TypeScript \(tunelab\)" yet\n {4}run: npx tunelab install$/m,
    );
    await tunelab(['install'], { env });
    expect((await tunelab(['doctor'], { env })).stdout).toContain(
      `✓ Jupyter finds the kernel in ${kernels}\n`,
    );
  });

  test('names a kernelspec that leads nowhere', async () => {
    const gone = join(folder, 'gone', 'main.js');
    cpSync(join(packageRoot, 'kernel', 'logos'), kernels, { recursive: true });
    writeFileSync(
      join(kernels, 'kernel.json'),
      JSON.stringify({ argv: [process.execPath, gone], display_name: 'x', language: 'x' }),
    );
    const { code, stdout } = await tunelab(['doctor'], { env });
    expect(code).toBe(1);
    expect(stdout).toContain(
      `✗ the kernel in ${kernels} points to ${gone}, which is gone\n    run: npx tunelab install\n`,
    );
    expect(stdout).toMatch(/\n1 thing needs mending\.\n$/);
  });
});

describe('kernel', () => {
  test('without a connection file, or with one that is not there, gets one line', async () => {
    expect(await tunelab(['kernel'])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'tunelab kernel: --connection-file FILE is needed\n',
    });
    const { code, stderr } = await tunelab(['kernel', '--connection-file', join(folder, 'none.json')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^tunelab: cannot read the connection file .+none\.json.+\n$/);
  });
});

test('the built command is a script with its interpreter in the first line', () => {
  expect(readFileSync(main, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
});
