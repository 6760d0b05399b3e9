/** The text/plain form of any value: `util.inspect` without colours, bounded in size, and never throwing. */
import { type InspectOptions, inspect, stripVTControlCharacters, types } from 'node:util';
import { inspectWithin } from './budget.ts';
import { grouped } from './numbers.ts';
import { inheritsFromProxy, wrapsProxy } from './proxies.ts';

/** Characters of a top-level string that are shown. */
const maxString = 20_000;
/** Characters of one object's text form. */
const maxText = 200_000;
/** Characters of what describes an error. */
const maxLine = 2_000;
/** Own properties of an object before only the first are shown. */
const maxKeys = 1_000;

const options: InspectOptions = { depth: 4, maxStringLength: 10_000, breakLength: 100 };
/** Tried in turn when a value is too large to show in full. */
const smaller: InspectOptions[] = [
  { ...options, depth: 2, maxStringLength: 500, maxArrayLength: 50 },
  { ...options, depth: 0, maxStringLength: 100, maxArrayLength: 50 },
];

/**
 * The text that a notebook shows for a value: what Node's REPL shows, without colours, cut where it is very long.
 * Getters are not called and no trap of a Proxy runs, except that a Proxy's target may inspect itself.
 *
 * @example
 * inspectValue({ loss: 2.31, tags: ['a'] }); // "{ loss: 2.31, tags: [ 'a' ] }"
 */
export function inspectValue(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return inspectString(value);
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint':
      return inspectBigInt(value);
    case 'object':
    case 'function':
      return value === null ? 'null' : clip(inspectObject(value));
    case 'symbol':
      return clip(value.toString());
    default:
      return String(value);
  }
}

/**
 * What was thrown, as one line such as `TypeError: x is not a function`; any value, hostile ones included.
 *
 * @example
 * describeThrown(new RangeError('too long')); // 'RangeError: too long'
 */
export function describeThrown(thrown: unknown): string {
  return errorLine(thrown) ?? clip(inspectValue(thrown), maxLine);
}

/** The line of an error or primitive; undefined for objects, which would have to be inspected. */
function errorLine(thrown: unknown): string | undefined {
  try {
    if (types.isNativeError(thrown)) return clip(`${thrown.name}: ${thrown.message}`, maxLine);
    const isObject = (typeof thrown === 'object' && thrown !== null) || typeof thrown === 'function';
    return isObject ? undefined : clip(String(thrown), maxLine);
  } catch {
    return 'an error whose message cannot be read';
  }
}

function inspectString(value: string): string {
  const whole = { maxStringLength: maxString };
  if (value.length <= maxString) return inspect(value, whole);
  return `${inspect(value.slice(0, maxString), whole)}... ${note(value.length - maxString, 'more characters')} of ${note(value.length)}`;
}

function inspectBigInt(value: bigint): string {
  // Decimal digits take quadratic time for huge numbers, hexadecimal ones do not.
  if (BigInt.asIntN(50_000, value) === value) return `${value}n`;
  const hex = value.toString(16);
  const digits = Math.round((hex.length * Math.log(16)) / Math.LN10);
  const sign = hex.startsWith('-') ? '-' : '';
  return `${sign}0x${hex.slice(sign.length, 100)}...n (a bigint of about ${note(digits, 'decimal digits')})`;
}

function inspectObject(value: object): string {
  let problem: unknown;
  try {
    if (!inheritsFromProxy(value)) return stripColours(inspectBounded(value));
    problem = new TypeError('its prototype is a Proxy');
  } catch (error) {
    problem = error;
  }
  return `${inspectDefensively(value)}\n(inspecting it failed: ${errorLine(problem) ?? 'an object was thrown'})`;
}

function inspectBounded(value: object): string {
  if (types.isProxy(value)) {
    const shown = { ...options, showProxy: wrapsProxy(value) };
    return inspectWithin(value, shown, maxText) ?? inspect(value, { showProxy: true, depth: 0 });
  }
  const excerpt = excerptOf(value);
  if (excerpt) return excerpt;
  const full = inspectWithin(value, options, maxText);
  if (full !== undefined) return full;
  for (const attempt of smaller) {
    const text = inspectWithin(value, attempt, maxText);
    if (text !== undefined) return text;
  }
  return inspect(value, { ...smaller.at(-1), depth: -1 });
}

/** The text of an object with so many own properties that inspecting them all would take seconds. */
function excerptOf(value: object): string | undefined {
  if (types.isStringObject(value)) {
    const text = String.prototype.valueOf.call(value);
    return text.length > 10_000 ? `[String: ${inspectString(text)}]` : undefined;
  }
  if (Array.isArray(value) || ArrayBuffer.isView(value) || typeof value === 'function') return undefined;
  const keys = Object.keys(value);
  if (keys.length <= maxKeys) return undefined;
  const part: object = Object.create(Object.getPrototypeOf(value));
  for (const key of keys.slice(0, 100)) {
    Object.defineProperty(part, key, Object.getOwnPropertyDescriptor(value, key)!);
  }
  const text =
    inspectWithin(part, { ...options, depth: 1, maxStringLength: 500 }, maxText) ??
    inspect(part, { depth: -1 });
  return `${text.replace(/\s*\}$/, `,\n  ... ${note(keys.length - 100, 'more properties')}\n}`)}`;
}

/** The own properties one by one, so that what cannot be shown spoils itself alone. */
function inspectDefensively(value: object): string {
  const plain: InspectOptions = { customInspect: false, showProxy: true, depth: 1, maxStringLength: 500 };
  try {
    if (!inheritsFromProxy(value)) return inspectWithin(value, plain, maxText) ?? '{ ... }';
  } catch {
    // Fall through to the slower way.
  }
  try {
    const parts = Object.entries(Object.getOwnPropertyDescriptors(value))
      .slice(0, 50)
      .map(([key, property]) => {
        if (!('value' in property)) return `${key}: [Getter]`;
        try {
          return `${key}: ${inspectWithin(property.value, { ...plain, depth: 0 }, 2_000) ?? '[...]'}`;
        } catch {
          return `${key}: [cannot be shown]`;
        }
      });
    return parts.length > 0 ? `{ ${parts.join(', ')} }` : '{}';
  } catch {
    return '[a value that cannot be shown]';
  }
}

function stripColours(text: string): string {
  return text.includes('\u001b') ? stripVTControlCharacters(text) : text;
}

function clip(text: string, limit = 2 * maxText): string {
  const rest = text.length - limit;
  const kept = rest > 0 ? `${text.slice(0, limit)}... ${note(rest, 'more characters')}` : text;
  // A custom inspector, or the cut, may leave half a surrogate pair, which Python cannot write to a file.
  return kept.toWellFormed();
}

function note(count: number, unit = ''): string {
  return `${grouped(count)} ${unit}`.trimEnd();
}
