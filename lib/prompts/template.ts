/** A prompt with named slots. */
import { escapeBraces, type Piece, parseTemplate, type SlotsOf } from './slots.ts';

/** What a slot can hold; numbers, bigints and booleans are written as String() writes them. */
export type SlotValue = string | number | bigint | boolean;

/** Makes text of a row: a template, or a choice between templates. */
export interface Hydrator<Row extends object = object> {
  hydrate(row: Row): string;
}

export interface PromptTemplateOptions {
  /** Strings that end a generation that was prompted with this template. */
  readonly stop?: readonly string[];
}

/**
 * A text with slots in braces; `{{` and `}}` stand for braces themselves, as in Python's str.format.
 *
 * @example
 * const template = new PromptTemplate('### Question:\n{question}\n\n### Answer:\n{answer}');
 * template.format({ question: 'What is an epoch?', answer: 'One pass over the training data.' });
 */
export class PromptTemplate<Text extends string = string, Slot extends string = SlotsOf<Text>>
  implements Hydrator
{
  readonly text: Text;
  /** The names of the slots, each once, in the order of the text. */
  readonly slots: readonly Slot[];
  /** Strings that end a generation that was prompted with this template. */
  readonly stop: readonly string[];
  readonly #pieces: readonly Piece[];

  /** @throws if a brace has no partner, or what stands in braces is no name */
  constructor(text: Text, { stop = [] }: PromptTemplateOptions = {}) {
    if (typeof text !== 'string') throw new TypeError(`A template is a text, not ${kindOf(text)}.`);
    this.text = text;
    this.stop = stop;
    this.#pieces = parseTemplate(text);
    const names = this.#pieces.flatMap(piece => ('slot' in piece ? [piece.slot] : []));
    this.slots = [...new Set(names)] as Slot[];
  }

  /**
   * Fills every slot; braces inside a value stay as they are.
   *
   * @throws naming a slot that has no value, a value that has no slot, and a value that is no text
   * @example new PromptTemplate('{a} + {b}').format({ a: 1, b: 2 }); // '1 + 2'
   */
  format(values: { readonly [K in Slot]: SlotValue }): string {
    this.#checkValues(values);
    const missing = this.slots.find(slot => !Object.hasOwn(values, slot));
    if (missing !== undefined) {
      throw new RangeError(`The slot "${missing}" has no value; ${this.#listSlots()}`);
    }
    return this.#fill(values);
  }

  /**
   * Fills every slot from the column of the same name; other columns are left alone.
   *
   * @throws naming a slot that the row has no column for, or a value that is no text
   * @example new PromptTemplate('{question}').hydrate({ id: 7, question: 'Why?' }); // 'Why?'
   */
  hydrate(row: object): string {
    this.#checkObject(row);
    const missing = this.slots.find(slot => !Object.hasOwn(row, slot));
    if (missing !== undefined) {
      const columns = Object.keys(row).join(', ') || '(none)';
      throw new RangeError(
        `The row has no column "${missing}" for the template's slot; its columns are: ${columns}.`,
      );
    }
    return this.#fill(row);
  }

  /**
   * The template with some slots filled and the others still open.
   *
   * @throws naming a value that has no slot or is no text
   * @example new PromptTemplate('{greeting}, {name}').partial({ greeting: 'Hi' }).format({ name: 'Ada' }); // 'Hi, Ada'
   */
  partial<Filled extends Slot>(
    values: {
      readonly [K in Filled]: SlotValue;
    },
  ): PromptTemplate<string, Exclude<Slot, Filled>> {
    this.#checkValues(values);
    const text = this.#pieces.map(piece => {
      if ('text' in piece) return escapeBraces(piece.text);
      return Object.hasOwn(values, piece.slot)
        ? escapeBraces(slotText(values, piece.slot))
        : `{${piece.slot}}`;
    });
    return new PromptTemplate(text.join(''), { stop: this.stop });
  }

  #fill(values: object): string {
    return this.#pieces.map(piece => ('text' in piece ? piece.text : slotText(values, piece.slot))).join('');
  }

  /** @throws if the values are no object, or naming one that has no slot */
  #checkValues(values: object): void {
    this.#checkObject(values);
    const known: readonly string[] = this.slots;
    const unknown = Object.keys(values).find(name => !known.includes(name));
    if (unknown !== undefined) {
      throw new RangeError(`The template has no slot "${unknown}"; ${this.#listSlots()}`);
    }
  }

  #checkObject(values: unknown): void {
    if (typeof values === 'object' && values !== null) return;
    throw new TypeError(
      `A template is filled from an object of values by slot, not ${kindOf(values)}; ${this.#listSlots()}`,
    );
  }

  #listSlots(): string {
    return `its slots are: ${this.slots.join(', ') || '(none)'}.`;
  }
}

function slotText(values: object, slot: string): string {
  const value = (values as Readonly<Record<string, unknown>>)[slot];
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
      throw new TypeError(`The value of the slot "${slot}" is ${kindOf(value)}; give it a text or a number.`);
  }
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
