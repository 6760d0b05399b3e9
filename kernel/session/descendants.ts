/** The processes that running code has started: an interrupt reaches them too, as Ctrl-C does in a terminal. */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Sends a signal to every descendant of a process, not to the process itself. */
export async function signalDescendants(pid: number, signal: 'SIGINT' | 'SIGTERM'): Promise<void> {
  const family = [pid];
  const table = await parents();
  for (let index = 0; index < family.length; index++) {
    for (const [child, parent] of table) if (parent === family[index]) family.push(child);
  }
  for (const descendant of family.slice(1)) {
    try {
      process.kill(descendant, signal);
    } catch {
      // It has ended meanwhile.
    }
  }
}

/** All processes with their parents; empty where that cannot be told. */
async function parents(): Promise<[pid: number, parent: number][]> {
  if (process.platform === 'win32') return [];
  if (process.platform === 'linux') {
    const ids = (await readdir('/proc')).filter(name => /^\d+$/.test(name));
    const stats = await Promise.all(ids.map(id => readFile(`/proc/${id}/stat`, 'utf8').catch(() => '')));
    // The name in brackets may hold anything; the parent is the second field behind it.
    return stats
      .filter(Boolean)
      .map(stat => [Number.parseInt(stat, 10), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])]);
  }
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=']);
  return stdout
    .trim()
    .split('\n')
    .map(line => line.trim().split(/\s+/).map(Number) as [number, number]);
}
