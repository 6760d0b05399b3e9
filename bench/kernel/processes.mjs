/** The memory of a process and of everything it started. Linux reads /proc; elsewhere `ps` gives RSS alone. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** TypeScript's language server, which the design's memory target leaves out. */
const LANGUAGE_SERVER = /--lsp\b|tsserver/;

/** Every process with its parent: `[{ pid, parent }]`. */
function allProcesses() {
  if (process.platform === 'linux') {
    const found = [];
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name)) continue;
      try {
        // The command name in parentheses may hold spaces and parentheses of its own.
        const fields = readFileSync(`/proc/${name}/stat`, 'latin1')
          .replace(/^.*\) /s, '')
          .split(' ');
        if (fields[0] !== 'Z') found.push({ pid: Number(name), parent: Number(fields[1]) });
      } catch {
        // it ended while we looked
      }
    }
    return found;
  }
  if (process.platform === 'win32') return [];
  return execFileSync('ps', ['-axo', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map(line => {
      const [pid, parent] = line.trim().split(/\s+/).map(Number);
      return { pid, parent };
    });
}

/** The process ids of `root` and its descendants. */
export function processTree(root) {
  const all = allProcesses();
  const tree = [root];
  for (const pid of tree) {
    for (const other of all) if (other.parent === pid && !tree.includes(other.pid)) tree.push(other.pid);
  }
  return tree.filter(pid => all.some(other => other.pid === pid));
}

/**
 * Memory of a process tree in MB (2^20 bytes).
 * @returns `rss` and `pss` summed over the tree; `peak`: the sum of each process's own highest RSS, so an upper
 *   bound of the tree's peak; `languageServer`: RSS of TypeScript's language server, also part of `rss`.
 *   `undefined` where the system does not tell.
 */
export function treeMemory(root) {
  const total = { rss: 0, pss: 0, peak: 0, languageServer: 0, languageServerPss: 0, processes: 0 };
  for (const pid of processTree(root)) {
    try {
      const one = processMemory(pid);
      total.processes++;
      for (const name of ['rss', 'pss', 'peak']) total[name] += one[name] ?? Number.NaN;
      if (LANGUAGE_SERVER.test(one.command)) {
        total.languageServer += one.rss;
        total.languageServerPss += one.pss ?? Number.NaN;
      }
    } catch {
      // it ended while we looked
    }
  }
  return total;
}

function processMemory(pid) {
  if (process.platform === 'linux') {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kilobytes = name =>
      Number(status.match(new RegExp(`^${name}:\\s+(\\d+)`, 'm'))?.[1] ?? Number.NaN) / 1024;
    let pss;
    try {
      pss = Number(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8').match(/^Pss:\s+(\d+)/m)?.[1]) / 1024;
    } catch {
      // a kernel without smaps_rollup, or a process of another user
    }
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return { rss: kilobytes('VmRSS'), peak: kilobytes('VmHWM'), pss, command };
  }
  const [rss, ...command] = execFileSync('ps', ['-o', 'rss=,command=', '-p', String(pid)], {
    encoding: 'utf8',
  })
    .trim()
    .split(/\s+/);
  return { rss: Number(rss) / 1024, command: command.join(' ') };
}
