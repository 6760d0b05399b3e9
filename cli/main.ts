#!/usr/bin/env node
/** The `tunelab` command: finds the subcommand, and turns what it throws into one line and an exit code. */
import { CliError, messageOf, UsageError } from './errors.ts';
import { type Command, helpOf, parse } from './options.ts';
import { version } from './package.ts';

interface Entry {
  readonly summary: string;
  /** Loaded only when called: `tunelab kernel` must start at once. */
  load(): Promise<Command>;
}

const commands: Readonly<Record<string, Entry>> = {
  install: {
    summary: 'make the kernel known to JupyterLab and VS Code',
    load: async () => (await import('./install.ts')).install as Command,
  },
  run: {
    summary: 'run notebooks and write them with their outputs',
    load: async () => (await import('./run.ts')).run as Command,
  },
  doctor: {
    summary: 'say what works on this machine, and what to do about the rest',
    load: async () => (await import('./doctor.ts')).doctor as Command,
  },
  kernel: {
    summary: 'start the kernel on a connection file',
    load: async () => (await import('./kernel.ts')).kernel as Command,
  },
};

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    console.log(usage());
    return name === undefined ? 2 : 0;
  }
  if (name === '--version' || name === '-v') {
    console.log(version);
    return 0;
  }
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!entry) {
    const what = name.startsWith('-') ? 'option' : 'command';
    throw new UsageError(
      `tunelab: there is no ${what} ${name}; there is ${Object.keys(commands).join(', ')}, --version, --help`,
    );
  }
  const command = await entry.load();
  if (rest.includes('--help') || rest.includes('-h')) {
    console.log(helpOf(command));
    return 0;
  }
  const { values, operands } = parse(command, rest);
  return await command.run(values, operands);
}

function usage(): string {
  const rows = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`);
  return [
    'tunelab: a TypeScript kernel for Jupyter',
    '',
    'tunelab COMMAND [options]',
    '',
    ...rows,
    '',
    'tunelab COMMAND --help says more.',
  ].join('\n');
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const ours = error instanceof CliError;
  console.error(
    ours
      ? messageOf(error)
      : `internal: ${error instanceof Error ? error.stack : String(error)}\nPlease report this.`,
  );
  process.exitCode = ours ? error.exitCode : 1;
}
