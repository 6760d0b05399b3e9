/** The options of a command: declared once, parsed strictly, and printed as its help. */
import { parseArgs } from 'node:util';
import { UsageError } from './errors.ts';

export interface Flag {
  /** Name of the value in the help (`DIR`); a flag without one is a switch. */
  readonly value?: string;
  readonly help: string;
}

export type Flags = Readonly<Record<string, Flag>>;

/** Switches are booleans; options with a value are strings where they were given. */
export type Values<F extends Flags> = {
  readonly [K in keyof F]: F[K] extends { readonly value: string } ? string | undefined : boolean;
};

export interface Command<F extends Flags = Flags> {
  readonly name: string;
  readonly summary: string;
  /** What follows the command's name, such as `IN.ipynb...`; empty when it takes options only. */
  readonly operands: string;
  readonly flags: F;
  /** @returns the exit code */
  run(values: Values<F>, operands: readonly string[]): Promise<number>;
}

/**
 * Declares a command; its `run` gets values typed after its flags.
 *
 * @example
 * export const greet = command({
 *   name: 'greet', summary: 'says hello', operands: '',
 *   flags: { name: { value: 'NAME', help: 'whom to greet' } },
 *   run: async ({ name }) => { console.log(`hello ${name ?? 'you'}`); return 0; },
 * });
 */
export function command<const F extends Flags>(definition: Command<F>): Command<F> {
  return definition;
}

/**
 * Parses a command's arguments.
 * @throws {UsageError} for an unknown option, a missing value, or an operand where none is taken
 */
export function parse<F extends Flags>(
  { name, flags, operands }: Pick<Command<F>, 'name' | 'flags' | 'operands'>,
  args: readonly string[],
): { values: Values<F>; operands: string[] } {
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(flags).map(([flag, { value }]) => [
        flag,
        { type: value ? ('string' as const) : ('boolean' as const) },
      ]),
    ),
    strict: false,
    tokens: true,
  });
  const values: Record<string, string | boolean | undefined> = {};
  for (const [flag, { value }] of Object.entries(flags)) values[flag] = value ? undefined : false;
  const rest: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') rest.push(token.value);
    if (token.kind !== 'option') continue;
    const flag = Object.hasOwn(flags, token.name) ? flags[token.name] : undefined;
    if (!flag) throw new UsageError(`tunelab ${name}: there is no option ${token.rawName}; ${known(flags)}`);
    if (flag.value && (token.value === undefined || (!token.inlineValue && token.value.startsWith('--')))) {
      throw new UsageError(`tunelab ${name}: ${token.rawName} needs a value: ${token.rawName} ${flag.value}`);
    }
    if (!flag.value && token.inlineValue) {
      throw new UsageError(
        `tunelab ${name}: ${token.rawName} takes no value, got ${JSON.stringify(token.value)}`,
      );
    }
    values[token.name] = flag.value ? token.value : true;
  }
  if (rest.length > 0 && !operands)
    throw new UsageError(`tunelab ${name}: what is ${JSON.stringify(rest[0])}? ${known(flags)}`);
  return { values: values as Values<F>, operands: rest };
}

/**
 * A whole number of an option.
 * @throws {UsageError} when it is not one or is smaller than `least`
 */
export function wholeNumber(option: string, text: string, least: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number) || number < least) {
    throw new UsageError(
      `${option} must be a whole number of at least ${least}, got ${JSON.stringify(text)}`,
    );
  }
  return number;
}

/** The help of one command. */
export function helpOf({ name, summary, operands, flags }: Command): string {
  const rows = [...Object.entries(flags), ['help', { help: 'this text' } as Flag] as const].map(
    ([flag, { value, help }]) => [`  --${flag}${value ? ` ${value}` : ''}`, help],
  );
  const width = Math.max(...rows.map(([left]) => left!.length)) + 2;
  const lines = rows.map(([left, right]) => `${left!.padEnd(width)}${right}`);
  return [`tunelab ${name}${operands ? ` ${operands}` : ''} [options]`, '', summary, '', ...lines, ''].join(
    '\n',
  );
}

function known(flags: Flags): string {
  const names = Object.keys(flags).map(flag => `--${flag}`);
  return names.length === 0 ? 'it takes no options' : `it has ${names.join(', ')}`;
}
