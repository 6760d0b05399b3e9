/** Completion from live values: names, members of objects, module names, file paths, magics. */
import { readdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import type { ControlReply, Member } from '../runtime/channel.ts';
import { COMMANDS } from '../runtime/commands.ts';
import { toCodePoints, toUtf16 } from './cursor.ts';
import { completionPoint } from './expression.ts';

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

/** @param cursorCodePoints position in code points; beyond the end means the end */
export async function completeCode(code: string, cursorCodePoints: number, look: Look): Promise<Completions> {
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

  if (isInText(before)) return result(code, cursor, cursor, []);
  const point = completionPoint(code, cursor);
  const candidates =
    point.object === undefined ? await visibleNames(look) : await membersOf(point.object, code, look);
  return result(code, point.start, point.end, matching(candidates, point.prefix));
}

function result(code: string, start: number, end: number, found: readonly Member[]): Completions {
  const cursor_start = toCodePoints(code, start);
  const cursor_end = toCodePoints(code, end);
  const types = found.map(({ name, type }) => ({ text: name, type, start: cursor_start, end: cursor_end }));
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
function matching(candidates: readonly Member[], prefix: string): Member[] {
  const lower = prefix.toLowerCase();
  const usable = candidates.filter(
    ({ name }) =>
      IDENTIFIER.test(name) && name.toLowerCase().startsWith(lower) && !name.startsWith('__tunelab'),
  );
  const order = ({ name }: Member): number => (name.startsWith(prefix) ? 0 : 1) + (/^__/.test(name) ? 2 : 0);
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
