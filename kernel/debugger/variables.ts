/** Values as a front end's tree of variables shows them: one line each, members when they are asked for. */
import { RUNTIME } from '../runtime/names.ts';
import type {
  DapVariable,
  EvaluateResult,
  Inspector,
  ObjectPreview,
  PropertyDescriptor,
  RemoteObject,
} from './protocol.ts';

/** Members of an array that are listed together; more come in groups of this size. */
const GROUP = 100;
/** Characters of a value's one line. */
const LONGEST = 200;

/** What a reference stands for. */
type Holder =
  /** Scopes that are shown as one; the inner one's names win. */
  | {
      readonly scopes: readonly RemoteObject[];
      readonly extra: readonly DapVariable[];
      readonly frame: number;
    }
  | { readonly object: RemoteObject; readonly expression: string | undefined }
  /** A part of an array. */
  | {
      readonly object: RemoteObject;
      readonly expression: string | undefined;
      readonly from: number;
      readonly to: number;
    }
  | 'notebook';

export class Variables {
  readonly #inspector: Inspector;
  readonly #holders = new Map<number, Holder>();
  /** References are never used again: a front end may ask for one of the last stop. */
  #next = 1;

  constructor(inspector: Inspector) {
    this.#inspector = inspector;
  }

  /** Objects of a stop are gone with it. */
  clear(): void {
    this.#holders.clear();
  }

  hold(holder: Holder): number {
    this.#holders.set(this.#next, holder);
    return this.#next++;
  }

  get(reference: number): Holder | undefined {
    return this.#holders.get(reference);
  }

  /** The members behind a reference. */
  async list(reference: number): Promise<DapVariable[]> {
    const holder = this.#holders.get(reference);
    if (holder === undefined) return [];
    if (holder === 'notebook') return this.notebook();
    if ('scopes' in holder) {
      const found = new Map(holder.extra.map(variable => [variable.name, variable]));
      for (const scope of holder.scopes) {
        for (const variable of await this.#members(scope, '', true))
          if (!found.has(variable.name)) found.set(variable.name, variable);
      }
      return [...found.values()];
    }
    if ('from' in holder) return this.#range(holder.object, holder.expression, holder.from, holder.to);
    return this.#members(holder.object, holder.expression);
  }

  /** The notebook's own variables: what its cells have declared, without all that Node has. */
  async notebook(): Promise<DapVariable[]> {
    const names = await this.#evaluate(`${RUNTIME}.debug.names()`, { returnByValue: true });
    // A name whose cell failed before it got a value throws.
    const lines = (names.value as string[]).map(
      name => `try { ${HOLDER}[${JSON.stringify(name)}] = ${name}; } catch {}`,
    );
    const values = await this.#evaluate(
      `(() => { const ${HOLDER} = Object.create(null); ${lines.join(' ')} return ${HOLDER}; })()`,
    );
    return this.#members(values, '');
  }

  /** @param expression gives the value in the place where it was found */
  variable(name: string, value: RemoteObject, expression?: string): DapVariable {
    const length = lengthOf(value);
    return {
      name,
      value: line(value),
      type: typeName(value),
      ...(expression !== undefined && { evaluateName: expression }),
      variablesReference: value.objectId === undefined ? 0 : this.hold({ object: value, expression }),
      ...(length !== undefined && { indexedVariables: length }),
    };
  }

  async #evaluate(expression: string, options: object = {}): Promise<RemoteObject> {
    const { result, exceptionDetails } = await this.#inspector.inspect<EvaluateResult>('Runtime.evaluate', {
      expression,
      silent: true,
      ...options,
    });
    if (exceptionDetails) throw new Error(result.description ?? exceptionDetails.text);
    return result;
  }

  /** @param expression of the object; '' where its members are names of their own, undefined where it has none */
  async #members(
    object: RemoteObject,
    expression: string | undefined,
    isScope = false,
  ): Promise<DapVariable[]> {
    const length = lengthOf(object);
    const isLong = length !== undefined && length > GROUP;
    const { result, internalProperties = [] } = await this.#inspector.inspect<{
      result: PropertyDescriptor[];
      internalProperties?: PropertyDescriptor[];
    }>('Runtime.getProperties', {
      objectId: object.objectId,
      ownProperties: true,
      generatePreview: true,
      nonIndexedPropertiesOnly: isLong,
    });
    const members = result.map(property => this.#property(property, expression));
    if (isScope || expression === '') return members.sort((a, b) => (a.name < b.name ? -1 : 1));
    const inside = internalProperties
      .filter(({ name, value }) => value && SHOWN_INSIDE.test(name))
      .map(({ name, value }) => this.variable(name, value!));
    return [...(isLong ? this.#groups(object, expression, 0, length) : []), ...members, ...inside];
  }

  #property({ name, value, get }: PropertyDescriptor, expression: string | undefined): DapVariable {
    const path = expression === undefined ? undefined : memberExpression(expression, name);
    if (value) return this.variable(name, value, path);
    const text = get ? '(getter; evaluate it to see its value)' : '(write only)';
    return { name, value: text, type: 'accessor', evaluateName: path, variablesReference: 0 };
  }

  /** `[0 … 99]`, `[100 … 199]`; of a very long array the groups have groups. */
  #groups(object: RemoteObject, expression: string | undefined, from: number, to: number): DapVariable[] {
    let size = GROUP;
    while ((to - from) / size > GROUP) size *= GROUP;
    const groups: DapVariable[] = [];
    for (let start = from; start < to; start += size) {
      const end = Math.min(start + size, to);
      groups.push({
        name: `[${start} … ${end - 1}]`,
        value: '',
        type: '',
        variablesReference: this.hold({ object, expression, from: start, to: end }),
      });
    }
    return groups;
  }

  async #range(
    object: RemoteObject,
    expression: string | undefined,
    from: number,
    to: number,
  ): Promise<DapVariable[]> {
    if (to - from > GROUP) return this.#groups(object, expression, from, to);
    const { result } = await this.#inspector.inspect<EvaluateResult>('Runtime.callFunctionOn', {
      objectId: object.objectId,
      functionDeclaration: `function (from, to) { const part = Object.create(null); for (let i = from; i < to; i++) if (i in this) part[i] = this[i]; return part; }`,
      arguments: [{ value: from }, { value: to }],
      silent: true,
    });
    const properties = await this.#inspector.inspect<{ result: PropertyDescriptor[] }>(
      'Runtime.getProperties',
      { objectId: result.objectId, ownProperties: true, generatePreview: true },
    );
    return properties.result.map(property => this.#property(property, expression));
  }
}

/** No cell declares it. */
const HOLDER = '__tunelabVariables__';

/** What JavaScript itself does not show of a value. */
const SHOWN_INSIDE =
  /^\[\[(Entries|PromiseState|PromiseResult|Target|Handler|TargetFunction|BoundThis|BoundArgs|PrimitiveValue)\]\]$/;

function lengthOf({ subtype, description = '' }: RemoteObject): number | undefined {
  if (subtype !== 'array' && subtype !== 'typedarray') return undefined;
  const match = /\((\d+)\)$/.exec(description);
  return match ? Number(match[1]) : undefined;
}

function memberExpression(object: string, name: string): string | undefined {
  if (name.startsWith('Symbol(')) return undefined;
  const isName = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);
  if (object === '') return isName ? name : undefined;
  if (isName) return `${object}.${name}`;
  return `${object}[${/^(0|[1-9]\d*)$/.test(name) ? name : JSON.stringify(name)}]`;
}

function typeName({ type, subtype, className }: RemoteObject): string {
  if (subtype === 'null') return 'null';
  return type === 'object' ? (className ?? subtype ?? 'object') : type;
}

/** A value in one line. */
export function line(value: RemoteObject): string {
  return shorten(
    value.preview && value.type === 'object' ? previewLine(value, value.preview) : plainLine(value),
  );
}

function plainLine({ type, subtype, value, description, unserializableValue }: RemoteObject): string {
  if (type === 'undefined' || subtype === 'null') return subtype ?? type;
  if (type === 'string') return JSON.stringify(value);
  if (type === 'function') return functionLine(description ?? '');
  return (unserializableValue ?? description ?? String(value)).split('\n')[0]!;
}

function functionLine(source: string): string {
  const head = source.split('\n')[0]!.trim();
  return head.startsWith('class') ? head.replace(/\s*\{.*$/, '') : `ƒ ${head.replace(/\s*\{.*$/, '')}`;
}

/** Kinds of objects whose own description says it all. */
const DESCRIBED = /^(error|date|regexp|promise|proxy|node|weakmap|weakset|generator|iterator|wasmvalue)$/;

function previewLine(value: RemoteObject, { properties, entries, overflow, subtype }: ObjectPreview): string {
  if (subtype && DESCRIBED.test(subtype)) return plainLine(value);
  const isArray = subtype === 'array' || subtype === 'typedarray';
  const shown = entries
    ? entries.map(({ key, value: of }) => `${key ? `${entryText(key)} => ` : ''}${entryText(of)}`)
    : properties.map(property => {
        const text = previewText(property);
        return isArray && /^\d+$/.test(property.name) ? text : `${property.name}: ${text}`;
      });
  const inside = [...shown, ...(overflow ? ['…'] : [])].join(', ');
  const description = value.description ?? '';
  const head =
    description === 'Object' || (isArray && description.startsWith('Array('))
      ? description.replace(/^(Object|Array)/, '')
      : description;
  const [open, close] = isArray ? ['[', ']'] : ['{', '}'];
  return `${head ? `${head} ` : ''}${open}${inside}${close}`;
}

function previewText({ type, subtype, value = '' }: ObjectPreview['properties'][number]): string {
  if (type === 'string') return JSON.stringify(value);
  if (type === 'function') return 'ƒ';
  if (type === 'accessor') return '(…)';
  if (subtype === 'null') return 'null';
  return value === 'Object' ? '{…}' : value;
}

function entryText({ type, description = '', subtype }: ObjectPreview): string {
  if (type === 'string') return JSON.stringify(description);
  if (subtype === 'null') return 'null';
  return description === 'Object' ? '{…}' : description || type;
}

function shorten(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
