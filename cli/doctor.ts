/** `tunelab doctor`: says what works on this machine, and what to do about what does not. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import { type KernelClient, launchKernel } from '../kernel/protocol/index.ts';
import { CliError, messageOf } from './errors.ts';
import { kernelSearchPath } from './jupyterPaths.ts';
import { DISPLAY_NAME, findKernelspec, packageOf, readKernelspec } from './kernelspec.ts';
import { command } from './options.ts';
import { kernelMain, packageRoot, version, versionIn } from './package.ts';
import { findSysPrefix } from './python.ts';

/** `missing` is something that one can do without. */
export interface Finding {
  readonly state: 'works' | 'fails' | 'missing';
  readonly text: string;
  /** What to do about it. */
  readonly advice?: string;
}

const OLDEST_NODE = [20, 19] as const;
const NATIVE_PARTS = ['zeromq', 'oxc-parser', 'oxc-transform', 'esbuild'];
const MARKS = { works: '✓', fails: '✗', missing: '–' };

export const doctor = command({
  name: 'doctor',
  summary: 'Says what works on this machine, and what to do about what does not.',
  operands: '',
  flags: {},
  run: async () => {
    let failures = 0;
    for (const check of [
      checkNode,
      checkNativeParts,
      checkKernel,
      checkKernelspec,
      checkJupyter,
      checkEditor,
    ]) {
      for (const { state, text, advice } of await check()) {
        console.log(`${MARKS[state]} ${text}`);
        if (advice && state !== 'works') console.log(`    ${advice}`);
        if (state === 'fails') failures++;
      }
    }
    if (failures > 0) console.log(`\n${failures} ${failures === 1 ? 'thing needs' : 'things need'} mending.`);
    return failures === 0 ? 0 : 1;
  },
});

function checkNode(): Finding[] {
  const [major, minor] = process.versions.node.split('.').map(Number) as [number, number];
  const text = `Node ${process.versions.node} on ${process.platform} ${process.arch}, tunelab ${version}`;
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]))
    return [{ state: 'works', text }];
  return [
    { state: 'fails', text, advice: `Node ${OLDEST_NODE.join('.')} or newer is needed: https://nodejs.org` },
  ];
}

async function checkNativeParts(): Promise<Finding[]> {
  const require = createRequire(join(packageRoot, 'package.json'));
  return NATIVE_PARTS.map((name): Finding => {
    try {
      require(name);
      // Only a call proves that esbuild's program is the one for this machine.
      if (name === 'esbuild') (require(name) as { transformSync(code: string): unknown }).transformSync('1');
      return { state: 'works', text: `${name} ${versionOf(name, require) ?? ''} loads`.replace('  ', ' ') };
    } catch (error) {
      const advice = `install again for this machine (npm ci, or npm install -g tunelab); optional packages must not be left out`;
      return { state: 'fails', text: `${name} does not load: ${messageOf(error).slice(0, 300)}`, advice };
    }
  });
}

function versionOf(name: string, require: NodeJS.Require): string | undefined {
  const folder = (require.resolve.paths(name) ?? [])
    .map(paths => join(paths, name))
    .find(path => existsSync(join(path, 'package.json')));
  return folder === undefined ? undefined : versionIn(folder);
}

/** Milliseconds that TypeScript's server may need until it finds its first mistake. */
const LONGEST_START = 30_000;

async function checkKernel(): Promise<Finding[]> {
  if (!existsSync(kernelMain))
    return [
      { state: 'fails', text: `the kernel is not built: no ${kernelMain}`, advice: 'run: npm run build' },
    ];
  const started = performance.now();
  try {
    const kernel = await launchKernel({
      argv: [process.execPath, kernelMain, '--connection-file', '{connection_file}'],
      cwd: tmpdir(),
      timeout: 20_000,
    });
    try {
      const ready = performance.now();
      const { content, output } = await kernel.client.execute('const answer: number = 6 * 7; answer', {
        timeout: 20_000,
      });
      const done = performance.now();
      const shown = output.find(({ header }) => header.msg_type === 'execute_result')?.content.data as
        | Record<string, unknown>
        | undefined;
      if (content.status !== 'ok' || shown?.['text/plain'] !== '42') {
        throw new Error(
          `a cell that should show 42 gave ${content.ename ? `${content.ename}: ${content.evalue}` : JSON.stringify(shown ?? content.status)}`,
        );
      }
      const starts: Finding = {
        state: 'works',
        text: `a kernel starts in ${Math.round(ready - started)} ms and runs its first cell in ${Math.round(done - ready)} ms`,
      };
      return [starts, await checkTypes(kernel.client)];
    } finally {
      await kernel.stop();
    }
  } catch (error) {
    const advice =
      'if the lines above are fine, a firewall may forbid connections to 127.0.0.1; otherwise please report this';
    return [{ state: 'fails', text: `the kernel does not run: ${messageOf(error)}`, advice }];
  }
}

/** Whether the kernel finds a mistake in a cell's types before the cell runs. */
async function checkTypes(client: KernelClient): Promise<Finding> {
  if (process.env.TUNELAB_TYPES === 'off' || process.env.TUNELAB_TYPES === 'warn')
    return { state: 'missing', text: `types stop no cell: TUNELAB_TYPES is ${process.env.TUNELAB_TYPES}` };
  // On a busy machine the first cells may run before the server is there.
  for (const start = performance.now(); performance.now() - start < LONGEST_START; ) {
    const { content, output } = await client.execute('const answer: number = Math.max(6, 7).toFixed(0)', {
      timeout: 20_000,
    });
    if (content.ename === 'TS2322') return { state: 'works', text: 'types are checked before a cell runs' };
    // The kernel says that it has given the server up.
    if (output.some(({ header }) => header.msg_type === 'stream')) break;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  return {
    state: 'fails',
    text: 'types are not checked: TypeScript’s server did not find a mistake in time',
    advice:
      'install again for this machine (npm ci); optional packages must not be left out. Cells run all the same',
  };
}

function checkKernelspec(): Finding[] {
  const advice = 'run: npx tunelab install';
  const searchPath = kernelSearchPath(
    { platform: process.platform, env: process.env, home: homedir() },
    findSysPrefix(),
  );
  const folder = findKernelspec(searchPath);
  if (folder === undefined)
    return [{ state: 'missing', text: `Jupyter does not know "${DISPLAY_NAME}" yet`, advice }];
  try {
    const spec = readKernelspec(folder);
    // A bare program name is looked up on PATH by Jupyter.
    const gone = spec.argv.slice(0, 2).find(path => isAbsolute(path) && !existsSync(path));
    if (gone !== undefined)
      return [{ state: 'fails', text: `the kernel in ${folder} points to ${gone}, which is gone`, advice }];
    const installed = versionIn(packageOf(spec));
    if (installed !== version) {
      return [
        {
          state: 'fails',
          text: `the kernel in ${folder} starts tunelab ${installed ?? '(unknown)'}, this is ${version}`,
          advice,
        },
      ];
    }
    return [{ state: 'works', text: `Jupyter finds the kernel in ${folder}` }];
  } catch (error) {
    if (error instanceof CliError) return [{ state: 'fails', text: error.message, advice }];
    throw error;
  }
}

function checkJupyter(): Finding[] {
  const { status, stdout } = call('jupyter', ['--version']);
  if (status !== 0) {
    return [
      {
        state: 'missing',
        text: 'no jupyter on PATH',
        advice: 'to work in JupyterLab: pip install jupyterlab; without it, tunelab run and VS Code work',
      },
    ];
  }
  const versions = new Map(
    [...stdout.matchAll(/^(\S+)\s*:\s*(\d\S*)\s*$/gm)].map(([, name, number]) => [name!, number!]),
  );
  const apps = ['jupyterlab', 'notebook'].flatMap(name =>
    versions.has(name) ? [`${name} ${versions.get(name)}`] : [],
  );
  if (apps.length > 0)
    return [
      {
        state: 'works',
        text: `${apps.join(', ')}: start with "jupyter ${versions.has('jupyterlab') ? 'lab' : 'notebook'}"`,
      },
    ];
  return [
    {
      state: 'missing',
      text: `jupyter is there (core ${versions.get('jupyter_core') ?? 'unknown'}), JupyterLab is not`,
      advice: 'to work in JupyterLab: pip install jupyterlab',
    },
  ];
}

function checkEditor(): Finding[] {
  const names = process.platform === 'win32' ? ['code.cmd'] : ['code'];
  const onPath = (process.env.PATH ?? process.env.Path ?? '')
    .split(delimiter)
    .some(folder => folder !== '' && names.some(name => existsSync(join(folder, name))));
  if (onPath) {
    return [
      {
        state: 'works',
        text: `VS Code: with the Jupyter extension, open a notebook, Select Kernel, Jupyter Kernel, "${DISPLAY_NAME}"`,
      },
    ];
  }
  return [
    {
      state: 'missing',
      text: 'no VS Code on PATH',
      advice: 'it opens notebooks too, with its Jupyter extension and after: npx tunelab install',
    },
  ];
}

function call(program: string, args: readonly string[]): { status: number | null; stdout: string } {
  const { status, stdout } = spawnSync(program, [...args], {
    encoding: 'utf8',
    timeout: 20_000,
    windowsHide: true,
  });
  return { status, stdout: stdout ?? '' };
}
