/** Sets a checkout up where it needs it: the Node version, the packages, the build. Plain Node, no packages. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

// Ctrl-C reaches the programs started here too; this one waits for them to end in their own way.
process.on('SIGINT', () => {});

/** Ends with one clear line where Node is too old; otherwise installs and builds what is missing. */
export function ensureReady() {
  checkNode();
  if (needsInstall()) install();
  if (needsBuild()) build();
}

/** Runs a program of this Node in the checkout and shows what it writes. @returns its exit code */
export function node(...args) {
  const { status, error } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (error) console.error(`cannot run ${args[0]}: ${error.message}`);
  // Ended by a signal, such as Ctrl-C.
  return status ?? 130;
}

/** The script behind a command of an installed package. */
export function binOf(name, command = name) {
  const folder = join(root, 'node_modules', name);
  const { bin } = readJson(join(folder, 'package.json'));
  return join(folder, typeof bin === 'string' ? bin : bin[command]);
}

function checkNode() {
  const { engines } = readJson(join(root, 'package.json'));
  const needed = /\d+(?:\.\d+)*/.exec(engines.node)[0];
  if (compareVersions(process.versions.node, needed) >= 0) return;
  console.error(
    `tunelab needs Node ${needed} or newer; this is Node ${process.versions.node}. Get one at https://nodejs.org`,
  );
  process.exit(1);
}

function needsInstall() {
  const lock = readJson(join(root, 'package-lock.json'));
  return !isInstalled(lock, readJson(join(root, 'node_modules', '.package-lock.json')));
}

/**
 * Whether npm has installed what the lock file says.
 * @param lock package-lock.json, parsed
 * @param installed npm's own record of what it installed, parsed; undefined where there is none
 */
export function isInstalled(lock, installed) {
  if (!lock?.packages || !installed?.packages) return false;
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (!path.includes('node_modules/')) return true;
    const there = installed.packages[path];
    // npm leaves out the optional packages of other machines.
    if (!there) return Boolean(wanted.optional || wanted.devOptional);
    return there.version === wanted.version && there.integrity === wanted.integrity;
  });
}

function install() {
  console.log('Installing packages (npm ci) ...');
  const { npm_execpath: npm } = process.env;
  const options = { cwd: root, stdio: 'inherit' };
  const { status } =
    npm && basename(npm) === 'npm-cli.js'
      ? spawnSync(process.execPath, [npm, 'ci'], options)
      : spawnSync('npm ci', { ...options, shell: true });
  if (status === 0) return;
  console.error('npm ci failed; its lines above say why. Once that is mended, start again.');
  process.exit(1);
}

/** Whether a source is newer than the build. */
function needsBuild() {
  const built = ['cli', 'kernel'].map(room => modified(join(root, 'dist', room, 'main.js')));
  if (built.includes(undefined)) return true;
  const sources = [
    ...['package.json', 'tsconfig.json', 'tsconfig.build.json'].map(name => join(root, name)),
    ...['cli', 'kernel', 'lib'].flatMap(room => typescriptIn(join(root, room))),
  ];
  return sources.some(source => modified(source) > Math.min(...built));
}

function build() {
  console.log('Building ...');
  if (node(join(root, 'scripts', 'build.mjs')) === 0) return;
  console.error('The build failed; the lines above say where.');
  process.exit(1);
}

function typescriptIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return typescriptIn(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

/** Milliseconds since 1970, or undefined for a file that is not there. */
function modified(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function compareVersions(a, b) {
  const [left, right] = [a, b].map(version => version.split('.').map(Number));
  const at = left.findIndex((part, index) => part !== (right[index] ?? 0));
  return at < 0 ? 0 : left[at] - (right[at] ?? 0);
}
