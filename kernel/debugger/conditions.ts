/** What a breakpoint asks for beyond its line: a condition, a count of hits, a message in place of a stop. */
import { toExpression } from './expressions.ts';

export interface Conditions {
  readonly condition?: string | undefined;
  /** Which of the hits count: `5`, `>= 5`, `% 5`. */
  readonly hitCondition?: string | undefined;
  /** Printed in place of a stop; `{expression}` in it stands for a value. */
  readonly logMessage?: string | undefined;
}

export interface CheckedConditions {
  /** For V8, which stops where it is true. */
  readonly expression: string | undefined;
  /** Whether a hit counts, by its number from 1. */
  readonly counts: (hit: number) => boolean;
}

/** @throws {SyntaxError} */
export async function checkConditions({
  condition,
  hitCondition,
  logMessage,
}: Conditions): Promise<CheckedConditions> {
  const parts = [
    ...(condition ? [await toExpression(condition)] : []),
    ...(logMessage ? [await logging(logMessage)] : []),
  ];
  return {
    expression: parts.length ? parts.join(' && ') : undefined,
    counts: hitCondition ? counting(hitCondition) : () => true,
  };
}

/** An expression that prints a message and is false. */
async function logging(message: string): Promise<string> {
  const parts = message.split(/\{((?:[^{}]|\{[^{}]*\})*)\}/);
  const values = await Promise.all(
    parts.map((part, index) => (index % 2 === 0 ? JSON.stringify(part) : toExpression(part))),
  );
  const format = parts.map((_, index) => (index % 2 === 0 ? '%s' : '%O')).join('');
  return `(console.log(${[JSON.stringify(format), ...values].join(', ')}), false)`;
}

function counting(condition: string): (hit: number) => boolean {
  const [, operator, digits] = /^\s*(>=|<=|={1,3}|>|<|%)?\s*(\d+)\s*$/.exec(condition) ?? [];
  if (digits === undefined)
    throw new SyntaxError(`'${condition}' counts no hits; write a number, or one of >= > < <= % before it`);
  const number = Number(digits);
  switch (operator) {
    case '>':
      return hit => hit > number;
    case '<':
      return hit => hit < number;
    case '>=':
      return hit => hit >= number;
    case '<=':
      return hit => hit <= number;
    case '%':
      return hit => hit % number === 0;
    default:
      return hit => hit === number;
  }
}
