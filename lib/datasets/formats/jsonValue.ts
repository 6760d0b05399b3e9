/** Parses and writes JSON without what JavaScript's own parser and writer get wrong, in silence or not. */
import { randomUUID } from 'node:crypto';
import { BadLine, start } from './badLine.ts';
import type { Place } from './lines.ts';

/** @throws saying what the text is, if it is not one JSON object */
export function parseObject(text: string, place: Place): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BadLine(`${place} is not JSON. It starts: ${start(text)}`);
  }
  return checkObject(value, text, place);
}

/**
 * As `parseObject`, but integers that a number cannot hold exactly become bigints, and half characters are an error.
 *
 * @throws also if a string has one half of a surrogate pair alone, such as `\ud800`
 */
export function parseExactObject(text: string, place: Place): Record<string, unknown> {
  const object = parseObject(text, place);
  const isExact = !hasGreatNumber(object) && !mayHoldHalves(text);
  return isExact ? object : (parseAgain(text, place) as Record<string, unknown>);
}

/** Any JSON value, as exactly as `parseExactObject`. */
export function parseExact(text: string, name: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new BadLine(`${name} is not JSON: ${(error as Error).message}`);
  }
  return !hasGreatNumber(value) && !mayHoldHalves(text) ? value : parseAgain(text, name);
}

/** Whether JSON text has an escaped half of a surrogate pair; only an escape can bring one in. */
export function mayHoldHalves(text: string): boolean {
  return text.includes('\\u') && /\\u[dD][89a-fA-F]/.test(text);
}

/**
 * Parses text that is known to be JSON as exactly as `parseExactObject`.
 *
 * Great integers travel through the parser as strings with a mark that nobody can have written.
 */
export function parseAgain(text: string, place: Place | string): unknown {
  const marked = text.replace(STRING_OR_NUMBER, token =>
    isGreatInteger(token) ? `"${MARK}${token}"` : token,
  );
  return JSON.parse(marked, (key: string, value: unknown) => {
    if (typeof value === 'string' && value.startsWith(MARK)) return BigInt(value.slice(MARK.length));
    if (key.isWellFormed() && (typeof value !== 'string' || value.isWellFormed())) return value;
    throw new BadLine(
      `${place} has half a character: one of \\ud800 to \\udfff without its other half. It starts: ${start(text)}`,
    );
  });
}

/**
 * A value as JSON, with bigints as integers; undefined for functions and the like.
 *
 * @throws if it goes round in a circle
 */
export function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    // It holds bigints, or goes in a circle and is refused again.
    const text = JSON.stringify(value, (_, part: unknown) =>
      typeof part === 'bigint' ? `${MARK}${part}` : part,
    );
    return text.replace(MARKED, '$1');
  }
}

function hasGreatNumber(value: unknown): boolean {
  // A list of what is left to look at: however deep the nesting, the stack stays flat.
  const left: unknown[] = [value];
  for (let part = left.pop(); part !== undefined; part = left.pop()) {
    if (typeof part === 'number') {
      if (Math.abs(part) > Number.MAX_SAFE_INTEGER) return true;
    } else if (Array.isArray(part)) left.push(...part);
    else if (typeof part === 'object' && part !== null) left.push(...Object.values(part));
  }
  return false;
}

/** Integers of more than 64 bits stay floating-point numbers, as with Python's Arrow. */
function isGreatInteger(token: string): boolean {
  if (!/^-?\d{16,20}$/.test(token) || Number.isSafeInteger(Number(token))) return false;
  const integer = BigInt(token);
  return integer >= -(2n ** 63n) && integer < 2n ** 64n;
}

const MARK = `bigint ${randomUUID()} `;
const MARKED = new RegExp(`"${MARK}(-?\\d+)"`, 'g');
const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

function checkObject(value: unknown, text: string, place: Place): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  const kind = Array.isArray(value) ? 'an array' : value === null ? 'null' : `a ${typeof value}`;
  throw new BadLine(`${place} is ${kind}, not an object. It starts: ${start(text)}`);
}
