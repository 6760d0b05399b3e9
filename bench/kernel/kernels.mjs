/** The kernels that can be measured here: this repository's, and each peer that is found. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, '..', '..');
const PEERS = join(HERE, '.peers');
const FROM_NPM = { tslab: '1.0.22', deno: '^2.9.0' };

/** Installs the peers that npm has, once, into a folder that git does not see. */
export function installPeers() {
  mkdirSync(PEERS, { recursive: true });
  writeFileSync(join(PEERS, '.gitignore'), '*\n');
  writeFileSync(
    join(PEERS, 'package.json'),
    JSON.stringify({ private: true, dependencies: FROM_NPM }, null, 2),
  );
  execFileSync('npm', ['install', '--no-audit', '--no-fund'], {
    cwd: PEERS,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
}

/**
 * @returns `{ found, missing }`: the kernels to measure as `{ name, label, language, argv, env?, cwd?, interrupt, checks? }`, and
 *   for each one that is not there a sentence that says how to get it
 */
export function findKernels() {
  const found = [];
  const missing = [];
  const main = join(ROOT, 'dist', 'kernel', 'main.js');
  if (existsSync(main)) {
    found.push({
      name: 'tunelab',
      label: `tunelab ${packageVersion(ROOT)}`,
      language: 'ts',
      argv: [process.execPath, main, '--connection-file', '{connection_file}'],
      interrupt: 'message',
      checks: 'byDefault',
    });
  } else missing.push('tunelab: not built; run `npm run build`');

  const tslab = join(PEERS, 'node_modules', 'tslab');
  if (existsSync(tslab)) {
    found.push({
      name: 'tslab',
      label: `tslab ${packageVersion(tslab)}`,
      language: 'ts',
      argv: [process.execPath, join(tslab, 'bin', 'tslab'), 'kernel', '--config-path', '{connection_file}'],
      // tslab finds Node's types from its working folder.
      cwd: PEERS,
      interrupt: 'signal',
      checks: 'always',
    });
  } else missing.push('tslab: not installed; pass `--peers`');

  const deno = denoProgram();
  if (deno) {
    found.push({
      name: 'deno',
      label: `Deno ${packageVersion(join(PEERS, 'node_modules', 'deno'))}`,
      language: 'ts',
      argv: [deno, 'jupyter', '--kernel', '--conn', '{connection_file}'],
      env: { DENO_NO_UPDATE_CHECK: '1', DENO_DIR: join(PEERS, 'deno-cache') },
      interrupt: 'signal',
    });
  } else missing.push('deno: not installed; pass `--peers`');

  const ijskernel = onPath('ijskernel');
  if (ijskernel) {
    found.push({
      name: 'ijavascript',
      label: 'ijavascript',
      language: 'js',
      argv: [ijskernel, '--hide-undefined', '--protocol=5.1', '{connection_file}'],
      interrupt: 'signal',
    });
  } else
    missing.push(
      'ijavascript: no `ijskernel` on the path (`npm i -g ijavascript` compiles ZeroMQ and needs a C++ compiler)',
    );

  const ipykernel = ipykernelVersion();
  if (ipykernel) {
    found.push({
      name: 'ipykernel',
      label: `ipykernel ${ipykernel}`,
      language: 'py',
      argv: ['python3', '-m', 'ipykernel_launcher', '-f', '{connection_file}'],
      interrupt: 'signal',
    });
  } else missing.push('ipykernel: `python3 -m ipykernel` does not run (`pip install ipykernel`)');
  return { found, missing };
}

function packageVersion(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;
}

/** Deno's own binary: the npm package's `deno` command is a Node script in front of it, which is not to be measured. */
function denoProgram() {
  const scope = join(PEERS, 'node_modules', '@deno');
  if (!existsSync(scope)) return undefined;
  const program = process.platform === 'win32' ? 'deno.exe' : 'deno';
  return readdirSync(scope)
    .map(name => join(scope, name, program))
    .find(existsSync);
}

function onPath(program) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map(folder => join(folder, program))
    .find(existsSync);
}

function ipykernelVersion() {
  try {
    return execFileSync('python3', ['-c', 'import ipykernel; print(ipykernel.__version__)'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}
