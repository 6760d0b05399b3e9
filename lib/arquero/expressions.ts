/**
 * Expressions of arquero that call methods of values. arquero reads the text of a function and calls its own function of
 * the method's name, without the value: `d => d.text.includes('a')` finds nothing, and nothing is said.
 */
import { loadArquero } from './frameTable.ts';

/** Whose methods arquero's functions are. */
const OBJECTS = new Set(['op', 'Math', 'Date', 'JSON', 'Number', 'Object', 'Array', 'String']);
const CALL = /([\w$]+|[\])'"`])\s*\??\.\s*[\w$]+\s*\(/g;

function callsMethod(expression: unknown): boolean {
  if (typeof expression !== 'function') return false;
  return [...String(expression).matchAll(CALL)].some(([, object]) => !OBJECTS.has(object!));
}

/** An expression that JavaScript itself evaluates if it calls a method, else as it is. */
export function evaluable<E>(expression: E): E {
  return callsMethod(expression) ? (loadArquero().escape(expression as () => unknown) as E) : expression;
}

/** The same for the values of an object of expressions. */
export function evaluables<E>(expressions: E): E {
  if (typeof expressions !== 'object' || expressions === null || Array.isArray(expressions))
    return expressions;
  if (!Object.values(expressions).some(callsMethod)) return expressions;
  return Object.fromEntries(
    Object.entries(expressions).map(([name, expression]) => [name, evaluable(expression)]),
  ) as E;
}

/** @throws if one calls a method, in a verb where only arquero can evaluate it */
export function checkCalls(verb: string, expressions: readonly unknown[]): void {
  const expression = expressions.find(callsMethod);
  if (expression === undefined) return;
  throw new TypeError(
    `${verb} cannot call a method of a value, which arquero would leave out: ${expression}; call it in derive first.`,
  );
}
