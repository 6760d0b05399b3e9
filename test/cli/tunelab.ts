/** Runs the built `tunelab` command as a user does, and makes notebooks for it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { Cell, Output } from '../../cli/notebook.ts';
import { readNotebook } from '../../cli/notebook.ts';
import { packageRoot } from '../../cli/package.ts';

export const main: string = join(packageRoot, 'dist', 'cli', 'main.js');

/** The cells of tests do not belong in the user's history. */
const history = join(tmpdir(), `tunelab-cli-history-${process.pid}.jsonl`);
afterAll(() => rmSync(history, { force: true }));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Options {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** The script to start Node with, the built command by default. */
  readonly script?: string;
  /** Called with the process and everything it has written to stdout so far. */
  readonly onOutput?: (child: ChildProcess, stdout: string) => void;
}

/** Runs `tunelab ARGS` and waits for its end. */
export function tunelab(
  args: readonly string[],
  { cwd, env, script = main, onOutput }: Options = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [script, ...args], {
    cwd,
    env: { ...process.env, TUNELAB_HISTORY_FILE: history, ...env },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', chunk => {
    stdout += chunk;
    onOutput?.(child, stdout);
  });
  child.stderr.on('data', chunk => {
    stderr += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', code => resolve({ code, stdout, stderr }));
  });
}

/** A folder that is gone after the file's tests. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tunelab-cli-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a notebook; a string stands for a code cell. */
export function write(
  path: string,
  cells: readonly (string | Partial<Cell>)[],
  metadata: object = {},
): string {
  const full = cells.map((cell, index) => ({
    cell_type: 'code',
    id: `cell-${index}`,
    metadata: {},
    ...(typeof cell === 'string' ? { source: cell, outputs: [], execution_count: null } : cell),
  }));
  writeFileSync(path, JSON.stringify({ cells: full, metadata, nbformat: 4, nbformat_minor: 5 }));
  return path;
}

/** The outputs of each code cell of a notebook file. */
export function outputsOf(path: string): Output[][] {
  return readNotebook(path).cells.flatMap(cell => (cell.cell_type === 'code' ? [cell.outputs!] : []));
}

export function read(path: string): string {
  return readFileSync(path, 'utf8');
}
