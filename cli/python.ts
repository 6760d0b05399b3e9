/** Asks the machine for its Python, only where Jupyter's folders depend on it. */
import { spawnSync } from 'node:child_process';

/** The prefix of the active Python environment, or `undefined` when there is no Python. */
export function findSysPrefix(env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (env.VIRTUAL_ENV) return env.VIRTUAL_ENV;
  if (env.CONDA_PREFIX) return env.CONDA_PREFIX;
  for (const python of process.platform === 'win32' ? ['python', 'py'] : ['python3', 'python']) {
    const { status, stdout } = spawnSync(python, ['-c', 'import sys; print(sys.prefix)'], {
      env,
      encoding: 'utf8',
      timeout: 10_000,
      windowsHide: true,
    });
    if (status === 0 && stdout.trim()) return stdout.trim();
  }
  return undefined;
}
