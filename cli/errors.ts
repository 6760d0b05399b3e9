/** What ends a command: one line for the user, and the exit code that goes with it. */

/** Something that the user can mend: a missing file, a folder without permission. Exit code 1. */
export class CliError extends Error {
  override name = 'CliError';
  readonly exitCode: number = 1;
}

/** A command line that makes no sense. Exit code 2. */
export class UsageError extends CliError {
  override name = 'UsageError';
  override readonly exitCode: number = 2;
}

/** The message of anything thrown, on one line. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\s*\n\s*/g, ' ').trim();
}

/** The system's code of a failed file operation (`ENOENT`, `EACCES`, ...), if it is one. */
export function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code;
}
