/** Where Jupyter looks for kernels, on Linux, macOS and Windows. Pure: the machine is a parameter. */
import { posix, win32 } from 'node:path';

export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

export type Target =
  | { readonly kind: 'user' }
  /** A Python prefix: `PREFIX/share/jupyter`, both of `--prefix` and `--sys-prefix`. */
  | { readonly kind: 'prefix'; readonly prefix: string };

/** The folder that holds one folder a kernel. */
export function kernelsFolder(target: Target, machine: Machine): string {
  const { join } = pathsOf(machine);
  return join(
    target.kind === 'user' ? userDataFolder(machine) : prefixFolder(target.prefix, machine),
    'kernels',
  );
}

/** Jupyter's data folder of the user. */
export function userDataFolder(machine: Machine): string {
  const { platform, env, home } = machine;
  const { join } = pathsOf(machine);
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  const native = isTrue(env.JUPYTER_PLATFORM_DIRS);
  if (platform === 'darwin')
    return native
      ? join(home, 'Library', 'Application Support', 'Jupyter')
      : join(home, 'Library', 'Jupyter');
  if (platform === 'win32') {
    if (native) return join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'Jupyter');
    return env.APPDATA
      ? join(env.APPDATA, 'jupyter')
      : join(env.JUPYTER_CONFIG_DIR || join(home, '.jupyter'), 'data');
  }
  return join(env.XDG_DATA_HOME || join(home, '.local', 'share'), 'jupyter');
}

/**
 * Every folder that Jupyter searches for kernels, first one first.
 * @param sysPrefix the prefix of the Python that runs Jupyter, if it is known
 */
export function kernelSearchPath(machine: Machine, sysPrefix: string | undefined): string[] {
  const { platform, env } = machine;
  const { join, delimiter } = pathsOf(machine);
  const user = userDataFolder(machine);
  const environment = sysPrefix === undefined ? [] : [prefixFolder(sysPrefix, machine)];
  const system =
    platform === 'win32'
      ? [join(env.PROGRAMDATA || 'C:\\ProgramData', 'jupyter')]
      : ['/usr/local/share/jupyter', '/usr/share/jupyter'];
  const folders = [
    ...(env.JUPYTER_PATH?.split(delimiter).filter(Boolean) ?? []),
    ...(prefersEnvironment(machine) ? [...environment, user] : [user, ...environment]),
    ...system,
  ];
  return [...new Set(folders.map(folder => join(folder, 'kernels')))];
}

/** Whether the user asked Jupyter to look into the Python environment before the home folder. */
export function prefersEnvironment({ env }: Machine): boolean {
  return isTrue(env.JUPYTER_PREFER_ENV_PATH);
}

function prefixFolder(prefix: string, machine: Machine): string {
  return pathsOf(machine).join(prefix, 'share', 'jupyter');
}

function pathsOf({ platform }: Machine): typeof posix {
  return platform === 'win32' ? win32 : posix;
}

/** Jupyter's own reading of a switch in the environment. */
function isTrue(value: string | undefined): boolean {
  return value !== undefined && !['', 'no', 'n', 'false', 'off', '0', '0.0'].includes(value.toLowerCase());
}
