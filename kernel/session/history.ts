/** Inputs and outputs of this and earlier sessions, kept in one JSON line an input. */
import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** Session, line, input, output. */
type Entry = [session: number, line: number, input: string, output: string | null];

/** Entries kept; older ones go from the file when a kernel starts. */
const KEPT = 10_000;
/** Characters kept of one input and of one output: a cell may hold a file. */
const LONGEST_INPUT = 100_000;
const LONGEST_OUTPUT = 10_000;
/** Milliseconds until an input is on disk: a write for each would cost more than a small cell. */
const SAVE_DELAY = 500;

export interface HistoryQuery {
  readonly hist_access_type: 'tail' | 'range' | 'search';
  readonly output?: boolean;
  readonly session?: number;
  readonly start?: number;
  readonly stop?: number;
  readonly n?: number;
  readonly pattern?: string;
  readonly unique?: boolean;
}

/** Where the history lies: `TUNELAB_HISTORY_FILE`, or the user's data folder. */
export function defaultHistoryFile(): string {
  const { TUNELAB_HISTORY_FILE, XDG_DATA_HOME, APPDATA } = process.env;
  if (TUNELAB_HISTORY_FILE) return TUNELAB_HISTORY_FILE;
  if (process.platform === 'win32' && APPDATA) return join(APPDATA, 'tunelab', 'history.jsonl');
  return join(XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'tunelab', 'history.jsonl');
}

export class History {
  readonly #file: string;
  readonly #log: (message: string) => void;
  /** As in the file: an entry is read when somebody asks for it. */
  #lines: string[] | undefined;
  #session = 1;
  #unsaved = '';
  #timer: NodeJS.Timeout | undefined;
  #saving: Promise<void> = Promise.resolve();

  constructor(file: string, log: (message: string) => void) {
    this.#file = file;
    this.#log = log;
  }

  add(line: number, input: string, output: string | null): void {
    const lines = this.#load();
    const entry: Entry = [
      this.#session,
      line,
      input.slice(0, LONGEST_INPUT),
      output === null ? null : output.slice(0, LONGEST_OUTPUT),
    ];
    const json = JSON.stringify(entry);
    lines.push(json);
    if (lines.length > KEPT) lines.shift();
    this.#unsaved += `${json}\n`;
    this.#timer ??= setTimeout(() => void this.save(), SAVE_DELAY);
  }

  /** Writes what is not on disk yet. */
  save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#saving = this.#saving.then(() => this.#append());
    return this.#saving;
  }

  async #append(): Promise<void> {
    const lines = this.#unsaved;
    this.#unsaved = '';
    try {
      if (lines) await appendFile(this.#file, lines, { mode: 0o600 });
    } catch (error) {
      this.#log(`the history cannot be written: ${(error as Error).message}`);
    }
  }

  query(query: HistoryQuery): unknown[] {
    const found = select(entriesOf(this.#load()).filter(isInput), query, this.#session);
    return found.map(([session, line, input, output]) => [
      session,
      line,
      query.output ? [input, output] : input,
    ]);
  }

  #load(): string[] {
    if (this.#lines) return this.#lines;
    this.#lines = [];
    let text = '';
    try {
      mkdirSync(dirname(this.#file), { recursive: true });
      text = readFileSync(this.#file, 'utf8');
      const lines = text.split('\n').filter(Boolean);
      this.#lines = lines.slice(-KEPT);
      if (lines.length > KEPT * 1.2) {
        text = this.#lines.map(line => `${line}\n`).join('');
        writeFileSync(`${this.#file}.${process.pid}`, text, { mode: 0o600 });
        renameSync(`${this.#file}.${process.pid}`, this.#file);
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
        this.#log(`the history cannot be read: ${(error as Error).message}`);
    }
    this.#session = lastSession(entriesOf(this.#lines)) + 1;
    try {
      // A line that a crash cut short ends here.
      if (text !== '' && !text.endsWith('\n')) appendFileSync(this.#file, '\n');
      this.#claimSession(Buffer.byteLength(text));
    } catch (error) {
      this.#log(`the history cannot be written: ${(error as Error).message}`);
    }
    return this.#lines;
  }

  /**
   * Takes a session number no other kernel has: a mark is appended, and of equal marks the first in the file holds.
   * `read` is how many bytes of the file are known.
   */
  #claimSession(read: number): void {
    const name = randomUUID();
    for (;;) {
      const mark: Entry = [this.#session, 0, name, null];
      appendFileSync(this.#file, `${JSON.stringify(mark)}\n`, { mode: 0o600 });
      const since = readFileSync(this.#file).subarray(read).toString().split('\n');
      const others = entriesOf(since);
      const holder = others.find(([session]) => session === this.#session);
      if (!holder || holder[2] === name) return;
      this.#session = lastSession(others) + 1;
    }
  }
}

function entriesOf(lines: readonly string[]): Entry[] {
  return lines.map(parseEntry).filter(entry => entry !== undefined);
}

function lastSession(entries: readonly Entry[]): number {
  return entries.reduce((last, [session]) => Math.max(last, session), 0);
}

/** Whether an entry is an input, not the mark of a session's start. */
function isInput([, line]: Entry): boolean {
  return line > 0;
}

function parseEntry(line: string): Entry | undefined {
  try {
    const entry = JSON.parse(line) as Entry;
    return Array.isArray(entry) && typeof entry[0] === 'number' && typeof entry[2] === 'string'
      ? entry
      : undefined;
  } catch {
    // A line that a crash cut short is no history.
    return undefined;
  }
}

function select(entries: readonly Entry[], query: HistoryQuery, current: number): Entry[] {
  const n = query.n ?? 10;
  switch (query.hist_access_type) {
    case 'tail':
      return n > 0 ? entries.slice(-n) : [];
    case 'range': {
      const session = (query.session ?? 0) > 0 ? query.session! : current + (query.session ?? 0);
      const { start = 0, stop } = query;
      return entries.filter(
        ([of, line]) =>
          of === session && line >= start && (stop === undefined || stop === null || line < stop),
      );
    }
    case 'search': {
      const matches = globPattern(query.pattern ?? '*');
      let found = entries.filter(([, , input]) => matches.test(input));
      if (query.unique) found = lastOfEach(found);
      return query.n === undefined || query.n === null ? found : found.slice(-n);
    }
    default:
      return [];
  }
}

/** Of equal inputs the last, in the order of time. */
function lastOfEach(entries: readonly Entry[]): Entry[] {
  const last = new Map(entries.map(entry => [entry[2], entry]));
  return entries.filter(entry => last.get(entry[2]) === entry);
}

/** `*` and `?` as a shell means them. */
function globPattern(glob: string): RegExp {
  const source = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '[\\s\\S]*')
    .replace(/\?/g, '[\\s\\S]');
  return new RegExp(`^${source}$`);
}
