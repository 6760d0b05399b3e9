/** Completion: from live values first, then from types; module names, file paths, magics. */
import { readdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import type { ControlReply, Member } from '../runtime/channel.ts';
import { COMMANDS } from '../runtime/commands.ts';
import { toCodePoints, toUtf16 } from './cursor.ts';
import { type CompletionPoint, completionPoint } from './expression.ts';
import type { TypedItem, TypeService } from './types.ts';

export type LookRequest =
  | { readonly type: 'members' | 'describe'; readonly expression: string }
  | { readonly type: 'names' };
export type Look = (request: LookRequest) => Promise<ControlReply | undefined>;

export interface Completions {
  readonly matches: readonly string[];
  /** Code points, as the protocol counts. */
  readonly cursor_start: number;
  readonly cursor_end: number;
  readonly metadata: Record<string, unknown>;
}

const KEYWORDS =
  'abstract as async await break case catch class const continue debugger declare default delete do else enum export extends false finally for from function if implements import in instanceof interface let namespace new null of private protected public readonly return satisfies static super switch this throw true try type typeof undefined using var void while yield'.split(
    ' ',
  );
const MODULE_NAME = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)(['"])([^'"\n]*)$/;
const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** Functions at the top of a list that are shown with their signature. */
const SIGNED = 6;

/**
 * @param cursorCodePoints position in code points; beyond the end means the end
 * @param types answers from types where it is there and ready
 */
export async function completeCode(
  code: string,
  cursorCodePoints: number,
  look: Look,
  types?: TypeService,
): Promise<Completions> {
  const cursor = Math.min(toUtf16(code, cursorCodePoints), code.length);
  const before = code.slice(0, cursor);
  const line = before.slice(before.lastIndexOf('\n') + 1);

  const moduleName = MODULE_NAME.exec(line);
  if (moduleName) return result(code, cursor - moduleName[2]!.length, cursor, moduleNames(moduleName[2]!));
  const magic = /^%{1,2}([\w-]*)$/.exec(line);
  if (magic) {
    const names = Object.keys(COMMANDS).filter(name => name.startsWith(magic[1]!));
    return result(
      code,
      cursor - magic[1]!.length,
      cursor,
      names.map(name => ({ name, type: 'magic' })),
    );
  }

  const asked = types?.complete(code, cursor) ?? Promise.resolve(undefined);
  if (isInText(before)) return result(code, ...inText(line, cursor, await asked));
  const point = completionPoint(code, cursor);
  const looked = point.object === undefined ? visibleNames(look) : membersOf(point.object, code, look);
  const [candidates, typed] = await Promise.all([looked, asked]);
  const merged = matching(merge(candidates, typed ?? [], point), point.prefix);
  return result(code, point.start, point.end, types ? await signed(merged, types) : merged);
}

interface Candidate extends Member {
  /** What the type checker knows of it. */
  readonly typed?: TypedItem | undefined;
  readonly signature?: string | undefined;
}

/** What may stand in the string that the cursor is in: the strings of a union, keys of an index. */
function inText(
  line: string,
  cursor: number,
  typed: readonly TypedItem[] | undefined,
): [start: number, end: number, found: Candidate[]] {
  const prefix = /['"`]([^'"`]*)$/.exec(line)?.[1];
  if (prefix === undefined || !typed || isOpen(typed)) return [cursor, cursor, []];
  const found = typed.map(candidate).filter(({ name }) => name.startsWith(prefix));
  return [cursor - prefix.length, cursor, found];
}

/** Whether the list holds whatever is visible, not just what may stand in this place. */
function isOpen(typed: readonly TypedItem[]): boolean {
  return typed.some(item => isGlobal(item) || item.kind === KEYWORD);
}

const KEYWORD = 14;
const INTERFACE = 8;
const TYPE_PARAMETER = 25;
const TYPES: Readonly<Record<number, string>> = {
  2: 'function',
  3: 'function',
  4: 'function',
  6: 'variable',
  7: 'class',
  [INTERFACE]: 'interface',
  9: 'module',
  13: 'enum',
  [KEYWORD]: 'keyword',
  21: 'constant',
  [TYPE_PARAMETER]: 'type',
};

/** The server sorts what every module can see behind what this one declares. */
const isGlobal = ({ sortText = '' }: TypedItem): boolean => /^z?15/.test(sortText);

function candidate(item: TypedItem): Candidate {
  return { name: item.filterText ?? item.label, type: TYPES[item.kind ?? 0] ?? 'property', typed: item };
}

/** Live candidates first, where there are any; the process knows better than types which global names there are. */
function merge(
  live: readonly Member[],
  typed: readonly TypedItem[],
  { object }: CompletionPoint,
): readonly Candidate[] {
  const items = typed.map(candidate);
  if (object === undefined && items.length > 0 && !isOpen(typed)) return items;
  const byName = new Map(items.map(item => [item.name, item.typed]));
  const known = new Set(live.map(({ name }) => name));
  const useful = ({ kind }: TypedItem): boolean =>
    kind === KEYWORD || kind === INTERFACE || kind === TYPE_PARAMETER;
  const rest = items.filter(
    ({ name, typed: item }) =>
      !known.has(name) && (object !== undefined || !isGlobal(item!) || useful(item!)),
  );
  return [...live.map(member => ({ ...member, typed: byName.get(member.name) })), ...rest];
}

/** Gives the first functions of a list their signatures. */
async function signed(found: readonly Candidate[], types: TypeService): Promise<Candidate[]> {
  let left = SIGNED;
  return Promise.all(
    found.map(async item => {
      if (item.type !== 'function' || !item.typed || left-- <= 0) return item;
      const { detail = '' } = await types.resolve(item.typed);
      return { ...item, signature: /^(?:\([\w ]+\) )?[^(]*(\(.*)$/s.exec(detail)?.[1] };
    }),
  );
}

function result(code: string, start: number, end: number, found: readonly Candidate[]): Completions {
  const cursor_start = toCodePoints(code, start);
  const cursor_end = toCodePoints(code, end);
  const types = found.map(({ name, type, signature }) => ({
    text: name,
    type,
    ...(signature && { signature }),
    start: cursor_start,
    end: cursor_end,
  }));
  return {
    matches: found.map(({ name }) => name),
    cursor_start,
    cursor_end,
    metadata: { _jupyter_types_experimental: types },
  };
}

/** Whether the text ends inside a string or a comment, where no name is meant. */
function isInText(before: string): boolean {
  const bare = before.replace(
    /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\/[^\n]*\n|\/\*[\s\S]*?\*\//g,
    '',
  );
  const line = bare.slice(bare.lastIndexOf('\n') + 1);
  return /\/\*/.test(bare) || /^[^`]*(?:['"]|\/\/)/.test(line);
}

/** Names that begin with the prefix first, then those that do regardless of case. */
function matching(candidates: readonly Candidate[], prefix: string): Candidate[] {
  const lower = prefix.toLowerCase();
  const usable = candidates.filter(
    ({ name }) =>
      IDENTIFIER.test(name) && name.toLowerCase().startsWith(lower) && !name.startsWith('__tunelab'),
  );
  const order = ({ name }: Candidate): number =>
    (name.startsWith(prefix) ? 0 : 1) + (/^__/.test(name) ? 2 : 0);
  return usable.sort((a, b) => order(a) - order(b) || (a.name < b.name ? -1 : 1));
}

async function visibleNames(look: Look): Promise<Member[]> {
  const reply = await look({ type: 'names' });
  const live = reply && 'members' in reply ? reply.members : [];
  return [...live, ...KEYWORDS.map(name => ({ name, type: 'keyword' }))];
}

async function membersOf(object: string, code: string, look: Look): Promise<readonly Member[]> {
  const ask = async (expression: string): Promise<readonly Member[]> => {
    const reply = await look({ type: 'members', expression });
    return reply && 'members' in reply ? reply.members : [];
  };
  const members = await ask(object);
  if (members.length > 0 || !IDENTIFIER.test(object)) return members;
  // A name that this very cell declares has no value yet, but its initializer may.
  const escaped = object.replace(/\$/g, '\\$&');
  const declaration = new RegExp(`\\b(?:const|let|var)\\s+${escaped}\\s*(?::[^=]+)?=\\s*([^;\\n]+)`).exec(
    code,
  );
  return declaration ? ask(declaration[1]!.replace(/^await\s+/, '')) : [];
}

function moduleNames(typed: string): Member[] {
  const asModules = (names: readonly string[]): Member[] =>
    names.filter(name => name.startsWith(typed)).map(name => ({ name, type: 'module' }));
  if (/^\.{1,2}\//.test(typed)) {
    const folder = typed.slice(0, typed.lastIndexOf('/') + 1);
    const entries = entriesOf(resolve(folder)).filter(
      ({ name }) => !name.startsWith('.') && name !== 'node_modules',
    );
    return asModules(
      entries
        .filter(entry => entry.isDirectory() || /\.([cm]?[jt]sx?|json)$/.test(entry.name))
        .map(entry => folder + entry.name),
    );
  }
  const builtins = builtinModules.filter(name => !name.startsWith('_'));
  return asModules([...installedPackages(), ...builtins, ...builtins.map(name => `node:${name}`)]);
}

function installedPackages(): string[] {
  const names = new Set<string>();
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    const modules = join(folder, 'node_modules');
    for (const { name } of entriesOf(modules)) {
      if (name.startsWith('.')) continue;
      if (name.startsWith('@'))
        for (const scoped of entriesOf(join(modules, name))) names.add(`${name}/${scoped.name}`);
      else names.add(name);
    }
    if (dirname(folder) === folder) return [...names].sort();
  }
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // A folder that is not there has nothing to offer.
    return [];
  }
}
