/** The magic commands, one entry each: `%name arguments`. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { safeInspect } from './errors.ts';

export interface CommandHost {
  /** The names cells have declared, oldest first. */
  names(): readonly string[];
  /** The value of a declared name, undefined while it has none; wrapped, since awaiting a value looks into it. */
  read(name: string): Promise<{ readonly value?: unknown }>;
  /** Declares a variable, as a cell would. */
  assign(name: string, value: unknown): Promise<void>;
  reset(): Promise<void>;
  display(bundle: { data: Record<string, unknown> }): void;
}

export interface MagicCommand {
  readonly usage: string;
  readonly summary: string;
  /** @param body the rest of the cell, for the `%%name` form */
  run(args: string, host: CommandHost, body?: string): Promise<unknown> | unknown;
}

/** A wrong use of a magic: the user's mistake, shown without a traceback of ours. */
export class MagicError extends Error {
  override name = 'MagicError';
}

export const COMMANDS: Readonly<Record<string, MagicCommand>> = {
  sh: {
    usage: '%sh command',
    summary: 'runs a shell command in the notebook’s folder; %%sh runs the whole cell',
    run: (args, _host, body) =>
      runProgram(body === undefined ? args : `${args ? `${args}\n` : ''}${body}`, { shell: true }),
  },
  npm: {
    usage: '%npm install package',
    summary:
      'runs npm for the notebook’s folder or the project it lies in; the package can be imported at once',
    run: args =>
      runProgram(npmProgram(), {
        args: ['--no-fund', '--no-audit', '--no-update-notifier', ...npmFolder(), ...splitWords(args)],
      }),
  },
  time: {
    usage: '%time expression',
    summary: 'says how long a line took; %%time times the whole cell',
    run: () => {
      throw new MagicError(
        '%time needs an expression after it; to time a whole cell put %%time on its first line',
      );
    },
  },
  who: {
    usage: '%who',
    summary: 'lists the names that cells have declared, with their values in short',
    run: (_args, host) => who(host),
  },
  reset: {
    usage: '%reset',
    summary: 'forgets everything: the cells run in a new process from here on',
    run: (_args, host) => host.reset(),
  },
  decorators: {
    usage: '%decorators standard|legacy',
    summary:
      'which decorators this cell and the next ones use: ECMAScript’s (the default) or TypeScript’s experimentalDecorators',
    // The choice is made where the cell is compiled; here a wrong one is refused.
    run: args => {
      if (args !== 'standard' && args !== 'legacy')
        throw new MagicError(`%decorators takes standard or legacy, not '${args}'`);
    },
  },
  types: {
    usage: '%types error|warn|off',
    summary:
      'whether a mistake in its types stops a cell (the default), is only shown, or is not looked for; from this cell on',
    // The choice is made where the cell is checked; here a wrong one is refused.
    run: args => {
      if (!['error', 'warn', 'off'].includes(args))
        throw new MagicError(`%types takes error, warn or off, not '${args}'`);
    },
  },
  cd: {
    usage: '%cd folder',
    summary: 'changes the working folder of running code; imports still start at the notebook',
    run: args => {
      try {
        process.chdir(args || process.env.HOME || '.');
      } catch (error) {
        throw new MagicError(`%cd: ${(error as Error).message}`);
      }
      console.log(process.cwd());
    },
  },
  html: { usage: '%%html', summary: 'shows the cell as HTML', run: showCell('text/html') },
  markdown: { usage: '%%markdown', summary: 'shows the cell as Markdown', run: showCell('text/markdown') },
  help: {
    usage: '%help',
    summary: 'lists the magic commands',
    run: () => {
      const commands = [...allCommands().values()];
      const width = Math.max(...commands.map(({ usage }) => usage.length));
      console.log(commands.map(({ usage, summary }) => `${usage.padEnd(width)}  ${summary}`).join('\n'));
    },
  },
};

/** Magics that libraries brought. */
const registered = new Map<string, MagicCommand>();

/**
 * Takes a magic from a library; a later one of the same name replaces it.
 * @throws {MagicError} if the kernel has a magic of that name, or it is no name
 */
export function registerMagic(name: string, magic: MagicCommand): void {
  if (Object.hasOwn(COMMANDS, name)) throw new MagicError(`%${name} is a magic of the kernel's own`);
  if (!/^[a-zA-Z][\w-]*$/.test(name)) throw new MagicError(`'${name}' cannot name a magic`);
  registered.set(name, magic);
}

function allCommands(): Map<string, MagicCommand> {
  return new Map([...Object.entries(COMMANDS), ...registered]);
}

/** @throws {MagicError} for a name that is no magic; the message lists those that are */
export function findCommand(name: string): MagicCommand {
  const command = allCommands().get(name);
  if (!command)
    throw new MagicError(
      `there is no magic %${name}; there are ${[...allCommands().keys()]
        .map(known => `%${known}`)
        .join(', ')} (libraries add theirs once a cell imports them)`,
    );
  return command;
}

function showCell(mime: string): MagicCommand['run'] {
  return (args, host, body) => {
    const text = [args, body].filter(Boolean).join('\n');
    if (!text) throw new MagicError(`nothing to show: write the text below the magic line`);
    host.display({ data: { [mime]: text, 'text/plain': text } });
  };
}

async function who(host: CommandHost): Promise<void> {
  const names = host.names();
  if (names.length === 0) {
    console.log('No names have been declared yet.');
    return;
  }
  const width = Math.max(...names.map(name => name.length));
  for (const name of names) {
    const text = safeInspect((await host.read(name)).value, {
      depth: 0,
      breakLength: Infinity,
      maxStringLength: 60,
      maxArrayLength: 6,
    });
    console.log(`${name.padEnd(width)}  ${text.length > 80 ? `${text.slice(0, 79)}…` : text}`);
  }
}

/**
 * Without a package.json here or above, npm would settle in any folder above that has a node_modules, and remove from
 * there what it does not know.
 */
function npmFolder(): string[] {
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return [];
    if (dirname(folder) === folder) return ['--prefix', process.cwd()];
  }
}

/** The npm that belongs to this Node, or the one on the path. */
function npmProgram(): string {
  const name = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const beside = join(dirname(process.execPath), name);
  return existsSync(beside) ? beside : name;
}

function splitWords(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(match => match[1] ?? match[2] ?? match[3]!);
}

/** Runs a program with its output streamed into the cell. */
function runProgram(program: string, options: { shell?: boolean; args?: readonly string[] }): Promise<void> {
  if (!program.trim()) throw new MagicError('%sh needs a command');
  return new Promise((resolve, reject) => {
    const child = spawn(program, options.args ?? [], {
      shell: options.shell ?? process.platform === 'win32',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    // Read as it comes: output of a long command is seen while it runs.
    const { stdout, stderr } = process;
    child.stdout.on('data', (chunk: Buffer) => stdout.write(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.write(chunk));
    child.once('error', error => reject(new MagicError(`cannot run ${program}: ${error.message}`)));
    child.once('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new MagicError(`the command ended with ${signal ?? `exit code ${code}`}`));
    });
  });
}
