/** Finds out what the text of a CSV column stands for, as pandas does: integers, other numbers, truth values, or text. */
import { type Feature, value } from '../features.ts';

/** What pandas takes for a missing value. */
const MISSING: ReadonlySet<string> = new Set([
  '',
  '#N/A',
  '#N/A N/A',
  '#NA',
  '-1.#IND',
  '-1.#QNAN',
  '-NaN',
  '-nan',
  '1.#IND',
  '1.#QNAN',
  '<NA>',
  'N/A',
  'NA',
  'NULL',
  'NaN',
  'None',
  'n/a',
  'nan',
  'null',
]);

const INTEGER = /^\s*[+-]?\d+\s*$/;
const NUMBER = /^\s*[+-]?(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|inf(?:inity)?)\s*$/i;
const TRUTH = /^(?:true|false)$/i;
const SAFE_DIGITS = 15;

type Kind = 'null' | 'bool' | 'int' | 'float' | 'string';

/** The narrowest type that holds all texts that were added. */
export class CsvType {
  #kind: Kind = 'null';
  #hasUnsigned = false;
  #hasNegative = false;
  #hasHuge = false;

  add(text: string): void {
    if (this.#kind === 'string' || MISSING.has(text)) return;
    const kind = this.#kindOf(text);
    if (this.#kind === 'null' || this.#kind === kind) this.#kind = kind;
    else this.#kind = isNumeric(kind) && isNumeric(this.#kind) ? 'float' : 'string';
  }

  /** Whether all texts so far stand for missing values. */
  get isOpen(): boolean {
    return this.#kind === 'null';
  }

  get feature(): Feature {
    const kind = this.#exactKind;
    if (kind === 'int') return value(this.#hasUnsigned ? 'uint64' : 'int64');
    return value(kind === 'float' ? 'float64' : kind);
  }

  /** Integers that no type of 64 bits holds are the digits of identifiers, kept as text. */
  get #exactKind(): Kind {
    const isTooWide = this.#hasHuge || (this.#hasUnsigned && this.#hasNegative);
    return this.#kind === 'int' && isTooWide ? 'string' : this.#kind;
  }

  /** The value that a text of this column stands for; undefined if it is none of the column's type. */
  parse(text: string): string | number | bigint | boolean | null | undefined {
    if (MISSING.has(text)) return null;
    switch (this.#exactKind) {
      case 'int':
        return INTEGER.test(text) ? parseInteger(text) : undefined;
      case 'float':
        return NUMBER.test(text) ? parseNumber(text) : undefined;
      case 'bool':
        return TRUTH.test(text) ? text.toLowerCase() === 'true' : undefined;
      case 'string':
        return text;
      default:
        return undefined;
    }
  }

  #kindOf(text: string): Kind {
    if (INTEGER.test(text)) {
      const integer = parseInteger(text);
      this.#hasNegative ||= integer < 0;
      this.#hasUnsigned ||= integer >= 2n ** 63n;
      this.#hasHuge ||= integer < -(2n ** 63n) || integer >= 2n ** 64n;
      return 'int';
    }
    return NUMBER.test(text) ? 'float' : TRUTH.test(text) ? 'bool' : 'string';
  }
}

function isNumeric(kind: Kind): boolean {
  return kind === 'int' || kind === 'float';
}

function parseInteger(text: string): number | bigint {
  const number = Number(text);
  if (text.length <= SAFE_DIGITS || Number.isSafeInteger(number)) return number;
  return BigInt(text.trim().replace(/^\+/, ''));
}

function parseNumber(text: string): number {
  const number = Number(text);
  if (!Number.isNaN(number)) return number;
  return text.trim().startsWith('-') ? -Infinity : Infinity;
}
