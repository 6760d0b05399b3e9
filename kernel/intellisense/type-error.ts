/** How a cell that does not run for its types says so. */
import type { CellError } from '../runtime/channel.ts';
import { codeFrame, dim, red } from '../runtime/code-frame.ts';
import { position } from '../runtime/syntax.ts';
import type { Diagnostic } from './problems.ts';

/** Problems that are shown; one mistake can have many consequences. */
const MOST = 10;

/** @param label how messages name the cell: `Cell[3]` */
export function typeError(problems: readonly Diagnostic[], code: string, label: string): CellError {
  const [first] = problems as [Diagnostic];
  const place = position(code, first.start);
  return {
    ename: nameOf(first),
    evalue: `${headline(first)} (${place.line}:${place.column})`,
    traceback: [
      ...describe(problems, code, label),
      dim(
        'The cell has not run. To run it as it is: // @ts-ignore above the line, // @ts-nocheck as the first line, or %types off',
      ),
    ],
  };
}

/** The problems as text, for cells that run all the same. */
export function typeWarning(problems: readonly Diagnostic[], code: string, label: string): string {
  return `${[...describe(problems, code, label)].join('\n')}\n`;
}

function* describe(problems: readonly Diagnostic[], code: string, label: string): Generator<string> {
  for (const problem of problems.slice(0, MOST)) {
    const { line, column } = position(code, problem.start);
    yield `${red(nameOf(problem))}: ${problem.message} (${label}:${line}:${column})`;
    const length = code.slice(problem.start, problem.end).split('\n')[0]!.length;
    yield* codeFrame(code, label, line, column, length);
  }
  if (problems.length > MOST) yield dim(`… ${problems.length - MOST} more`);
}

/** TypeScript's own number: what one searches for. */
const nameOf = ({ code }: Diagnostic): string => `TS${code}`;

const headline = ({ message }: Diagnostic): string => message.split('\n')[0]!;
