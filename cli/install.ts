/** `tunelab install`: makes the kernel known to JupyterLab, Jupyter Notebook and VS Code. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { CliError, UsageError } from './errors.ts';
import {
  kernelSearchPath,
  kernelsFolder,
  type Machine,
  prefersEnvironment,
  type Target,
} from './jupyterPaths.ts';
import {
  DISPLAY_NAME,
  findKernelspec,
  KERNEL_NAME,
  kernelspec,
  stableNode,
  writeKernelspec,
} from './kernelspec.ts';
import { command, wholeNumber } from './options.ts';
import { isNpxCache, packageRoot, stableRoot } from './package.ts';
import { findSysPrefix } from './python.ts';

export const install = command({
  name: 'install',
  summary: 'Makes the kernel known to JupyterLab, Jupyter Notebook and VS Code.',
  operands: '',
  flags: {
    user: { help: 'for you alone (the default)' },
    prefix: { value: 'DIR', help: 'into DIR/share/jupyter/kernels' },
    'sys-prefix': { help: 'into the active Python environment (virtualenv, conda)' },
    name: { value: 'NAME', help: `the kernel's name, ${KERNEL_NAME} by default` },
    'display-name': { value: 'TEXT', help: `what menus show, "${DISPLAY_NAME}" by default` },
    'heap-mb': { value: 'N', help: 'heap limit of the process that runs the cells, in megabytes' },
  },
  run: async values => {
    const machine: Machine = { platform: process.platform, env: process.env, home: homedir() };
    const name = kernelName(values.name ?? KERNEL_NAME);
    const heapMb =
      values['heap-mb'] === undefined ? undefined : wholeNumber('--heap-mb', values['heap-mb'], 64);
    const target = targetOf(values, machine);
    const root = stableRoot(process.argv[1]);
    const kernelMain = join(root, 'dist', 'kernel', 'main.js');
    if (!existsSync(kernelMain))
      throw new CliError(`the kernel is not built (no ${kernelMain}); run: npm run build`);

    const displayName = values['display-name'] ?? DISPLAY_NAME;
    const spec = kernelspec({ node: stableNode(), kernelMain, displayName, heapMb });
    const folder = writeKernelspec(
      kernelsFolder(target, machine),
      name,
      spec,
      join(packageRoot, 'kernel', 'logos'),
    );

    console.log(`Installed "${displayName}" in ${folder}`);
    if (isNpxCache(root)) {
      console.log(
        "Note: it points into npx's cache, which npm may empty. To keep it: npm install -g tunelab && tunelab install",
      );
    }
    const found = findKernelspec(
      kernelSearchPath(machine, target.kind === 'prefix' ? target.prefix : findSysPrefix()),
      name,
    );
    if (found !== undefined && resolve(found) !== resolve(folder)) {
      console.log(
        `Note: Jupyter finds another kernel named ${name} first, in ${found}; remove that one to use this one.`,
      );
    }
    console.log('Next:');
    console.log(`  JupyterLab  start it with "jupyter lab", then choose "${displayName}" in the launcher`);
    console.log(
      `  VS Code     with the Jupyter extension: open a notebook, Select Kernel, Jupyter Kernel, "${displayName}"`,
    );
    console.log('  To check    npx tunelab doctor');
    return 0;
  },
});

function targetOf(
  values: { readonly user: boolean; readonly prefix: string | undefined; readonly 'sys-prefix': boolean },
  machine: Machine,
): Target {
  const chosen = [
    values.user && '--user',
    values.prefix !== undefined && '--prefix',
    values['sys-prefix'] && '--sys-prefix',
  ].filter(Boolean);
  if (chosen.length > 1) throw new UsageError(`tunelab install: choose one of ${chosen.join(' and ')}`);
  if (values.prefix !== undefined) return { kind: 'prefix', prefix: resolve(values.prefix) };
  if (values['sys-prefix'] || (prefersEnvironment(machine) && !values.user)) {
    const prefix = findSysPrefix();
    if (prefix !== undefined) return { kind: 'prefix', prefix };
    if (values['sys-prefix']) {
      throw new CliError(
        '--sys-prefix needs a Python: none is on PATH, and neither VIRTUAL_ENV nor CONDA_PREFIX is set; use --user',
      );
    }
  }
  return { kind: 'user' };
}

/** Jupyter's rule for the names of kernels. */
function kernelName(name: string): string {
  if (!/^[a-z0-9._-]+$/i.test(name) || name.startsWith('.')) {
    throw new UsageError(`--name may hold letters, digits, '-', '_' and '.', got ${JSON.stringify(name)}`);
  }
  return name.toLowerCase();
}
