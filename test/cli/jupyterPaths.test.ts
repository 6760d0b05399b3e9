/** The folders that jupyter_core's `jupyter_data_dir`, `jupyter_path` and `kernelspec install` use. */
import { expect, test } from 'vitest';
import { kernelSearchPath, kernelsFolder, type Machine, prefersEnvironment } from '../../cli/jupyterPaths.ts';

const linux = (env: Machine['env'] = {}): Machine => ({ platform: 'linux', env, home: '/home/ada' });
const mac = (env: Machine['env'] = {}): Machine => ({ platform: 'darwin', env, home: '/Users/ada' });
const windows = (env: Machine['env'] = {}): Machine => ({ platform: 'win32', env, home: 'C:\\Users\\ada' });
const user = { kind: 'user' } as const;

test.each([
  ['Linux', linux(), '/home/ada/.local/share/jupyter/kernels'],
  ['Linux with XDG_DATA_HOME', linux({ XDG_DATA_HOME: '/data' }), '/data/jupyter/kernels'],
  ['Linux with JUPYTER_DATA_DIR', linux({ JUPYTER_DATA_DIR: '/jd', XDG_DATA_HOME: '/data' }), '/jd/kernels'],
  ['macOS', mac(), '/Users/ada/Library/Jupyter/kernels'],
  [
    'macOS with XDG_DATA_HOME, which Jupyter ignores there',
    mac({ XDG_DATA_HOME: '/data' }),
    '/Users/ada/Library/Jupyter/kernels',
  ],
  [
    'macOS with platform folders',
    mac({ JUPYTER_PLATFORM_DIRS: '1' }),
    '/Users/ada/Library/Application Support/Jupyter/kernels',
  ],
  [
    'Windows',
    windows({ APPDATA: 'C:\\Users\\ada\\AppData\\Roaming' }),
    'C:\\Users\\ada\\AppData\\Roaming\\jupyter\\kernels',
  ],
  ['Windows without APPDATA', windows(), 'C:\\Users\\ada\\.jupyter\\data\\kernels'],
  [
    'Windows with JUPYTER_DATA_DIR',
    windows({ JUPYTER_DATA_DIR: 'D:\\j', APPDATA: 'C:\\x' }),
    'D:\\j\\kernels',
  ],
])('the user folder on %s', (_, machine, folder) => {
  expect(kernelsFolder(user, machine)).toBe(folder);
});

test('a prefix is share/jupyter below it, on every platform', () => {
  expect(kernelsFolder({ kind: 'prefix', prefix: '/opt/venv' }, linux())).toBe(
    '/opt/venv/share/jupyter/kernels',
  );
  expect(kernelsFolder({ kind: 'prefix', prefix: 'C:\\venv' }, windows())).toBe(
    'C:\\venv\\share\\jupyter\\kernels',
  );
});

test('Jupyter looks into the home folder, then the environment, then the system', () => {
  expect(kernelSearchPath(linux(), '/opt/venv')).toEqual([
    '/home/ada/.local/share/jupyter/kernels',
    '/opt/venv/share/jupyter/kernels',
    '/usr/local/share/jupyter/kernels',
    '/usr/share/jupyter/kernels',
  ]);
});

test('JUPYTER_PREFER_ENV_PATH puts the environment first, JUPYTER_PATH before both', () => {
  const path = kernelSearchPath(linux({ JUPYTER_PREFER_ENV_PATH: '1', JUPYTER_PATH: '/a:/b' }), '/opt/venv');
  expect(path.slice(0, 4)).toEqual([
    '/a/kernels',
    '/b/kernels',
    '/opt/venv/share/jupyter/kernels',
    '/home/ada/.local/share/jupyter/kernels',
  ]);
});

test('a Python in /usr is not searched twice', () => {
  expect(
    kernelSearchPath(linux(), '/usr').filter(folder => folder === '/usr/share/jupyter/kernels'),
  ).toHaveLength(1);
});

test('on Windows the list in JUPYTER_PATH is split at semicolons', () => {
  const path = kernelSearchPath(
    windows({ JUPYTER_PATH: 'C:\\a;D:\\b', APPDATA: 'C:\\r', PROGRAMDATA: 'C:\\ProgramData' }),
    undefined,
  );
  expect(path).toEqual([
    'C:\\a\\kernels',
    'D:\\b\\kernels',
    'C:\\r\\jupyter\\kernels',
    'C:\\ProgramData\\jupyter\\kernels',
  ]);
});

test.each(['0', 'false', 'No', 'off', ''])('JUPYTER_PREFER_ENV_PATH=%j means no', value => {
  expect(prefersEnvironment(linux({ JUPYTER_PREFER_ENV_PATH: value }))).toBe(false);
});
