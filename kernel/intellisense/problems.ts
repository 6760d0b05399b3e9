/**
 * Which of the checker's complaints stop a cell: those that are mistakes in any case.
 *
 * JavaScript forgives much that a checker does not, and values live longer than their types say. A complaint counts
 * only when nothing in the cell, nor in the running process, speaks against it.
 */
import type { Node } from '../runtime/syntax.ts';
import { type CellSource, pathTo } from './cell-source.ts';
import type { Look } from './complete.ts';
import { MODULE, RESERVED } from './project.ts';

export interface Diagnostic {
  readonly code: number;
  readonly message: string;
  /** UTF-16 places in the cell. */
  readonly start: number;
  readonly end: number;
}

export interface Notebook {
  /** Names of members that some cell has assigned to: objects grow. */
  readonly assignedMembers: ReadonlySet<string>;
  /** Functions, methods and classes whose parameters have no types: whatever they are called with is theirs to sort out. */
  readonly looseFunctions: ReadonlySet<string>;
  /** Classes and interfaces with what they extend. */
  readonly bases: ReadonlyMap<string, readonly string[]>;
  /** Names that are types or modules which the checker does not find; grows here. */
  readonly unresolved: Set<string>;
  readonly look: Look;
}

const UNKNOWN_NAME = new Set([
  2304, 2552, 2580, 2581, 2582, 2583, 2584, 2591, 2592, 2593, 2662, 2663, 2693, 18004,
]);
const UNKNOWN_MEMBER = new Set([2339, 2551, 2576]);
/** About what a call hands over. */
const ARGUMENTS = new Set([2322, 2345, 2353, 2554, 2555, 2559, 2560, 2561, 2739, 2740, 2741, 2820]);
/** An import, or a name in it, that the checker does not find. */
const UNRESOLVED = new Set([2305, 2306, 2307, 2613, 2614, 2616, 2617, 2724, 2792, 7016]);
/** Not assignable, wrong arguments, not callable, not iterable, abstract, a class without what it promises. */
const OTHERS = new Set([
  2322, 2344, 2345, 2349, 2351, 2353, 2416, 2420, 2488, 2504, 2511, 2515, 2554, 2555, 2559, 2560, 2561, 2739,
  2740, 2741, 2820,
]);

/**
 * Types that say little about the value, or that differ between versions of declarations; what a literal became when
 * it was put into a variable, and what `&&` gives when nothing is strict; members of one type in a union, which code
 * may have told apart in ways that count only when everything is strict.
 */
const DOUBTFUL =
  /ype 'string' is not assignable to type '[^'\n]*"|ype '(?:""|0|false) \||\b(?:any|unknown|never|object|Timeout|ArrayBufferLike|SharedArrayBuffer)\b|'(?:\{\}|undefined|null|void)'|'typeof import\(|not exist on type '[^'\n]* \| /;

const IN_TYPE =
  /^(TSTypeAnnotation|TSTypeReference|TSInterfaceDeclaration|TSTypeAliasDeclaration|TSTypeParameterInstantiation|TSInterfaceHeritage|TSClassImplements|TSTypeQuery|TSQualifiedName)$/;

/** The complaints that stop the cell; undefined when the process with the values does not answer in time. */
export async function sureProblems(
  diagnostics: readonly Diagnostic[],
  cell: CellSource,
  declared: ReadonlySet<string>,
  notebook: Notebook,
): Promise<Diagnostic[] | undefined> {
  const sure: Diagnostic[] = [];
  let isAnswered = true;
  const look: Look = async request => {
    const reply = await notebook.look(request);
    if (!reply) isAnswered = false;
    return reply;
  };
  let live: ReadonlySet<string> | undefined;
  const shift = cell.before.length;
  const placed = diagnostics.map(problem => ({
    problem,
    path: pathTo(cell.program, problem.start + shift, problem.end + shift),
  }));
  for (const { problem, path } of placed) noteUnresolved(problem, path, cell.text, notebook.unresolved);
  const vague = vagueTypes(notebook);
  for (const { problem, path } of placed) {
    if (DOUBTFUL.test(problem.message) || vague?.test(problem.message) || isElsewhere(path)) continue;
    if (UNKNOWN_NAME.has(problem.code)) {
      const name = cell.text.slice(problem.start, problem.end);
      if (mayExistLater(name, path, cell.text)) continue;
      live ??= await liveNames(look);
      if (live.has(name)) continue;
    } else if (UNKNOWN_MEMBER.has(problem.code)) {
      const name = cell.text.slice(problem.start, problem.end);
      // The engine refuses a private name outside its class.
      if (name.startsWith('#') || notebook.assignedMembers.has(name)) continue;
      if (isTried(path) || isOptional(path) || (isOwn(path) && problem.code === 2339)) continue;
      if (await hasMember(name, path, cell, declared, look)) continue;
    } else if (!OTHERS.has(problem.code)) continue;
    else if (ARGUMENTS.has(problem.code) && isLooseCall(path, notebook)) continue;
    sure.push({ ...problem, message: readable(problem.message) });
  }
  return isAnswered ? sure : undefined;
}

/** Decorators and elements have rules of their own. */
function isElsewhere(path: readonly Node[]): boolean {
  if (path.some(({ type }) => type === 'Decorator')) return true;
  const nearest = path.findLast(({ type }) => type.startsWith('JSX'));
  return nearest !== undefined && nearest.type !== 'JSXExpressionContainer';
}

/** Code that may make globals of its own: by name, or in a module that it runs. */
const MAKES_GLOBALS =
  /\b(?:globalThis|global|eval|Function)\b|\b(?:import|require)\s*\(|\bimport\s*['"]|\bfrom\s*['"]\.{0,2}\//;

/** Whether a name that nothing declares may still be none, or be there by the time it is used. */
function mayExistLater(name: string, path: readonly Node[], text: string): boolean {
  return (
    path.some(({ type }) => IN_TYPE.test(type)) ||
    path.at(-2)?.type === 'ExportSpecifier' ||
    isTried(path) ||
    isDeferred(path) ||
    MAKES_GLOBALS.test(text) ||
    new RegExp(`\\btypeof\\s+\\(?\\s*${name.replace(/\$/g, '\\$&')}(?![\\w$])`).test(text)
  );
}

function isTried(path: readonly Node[]): boolean {
  return path.some((node, at) => node.type === 'TryStatement' && node.handler && path[at + 1] === node.block);
}

/** Whether the place lies in a function that nobody is known to call now. */
function isDeferred(path: readonly Node[]): boolean {
  return path.some((node, at) => {
    if (!/^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type)) return false;
    let parent = path[at - 1];
    if (parent?.type === 'ParenthesizedExpression') parent = path[at - 2];
    return parent?.type !== 'CallExpression' && parent?.type !== 'NewExpression';
  });
}

async function liveNames(look: Look): Promise<ReadonlySet<string>> {
  const reply = await look({ type: 'names' });
  return new Set(reply && 'members' in reply ? reply.members.map(({ name }) => name) : []);
}

/** Whether the value that the process has now does have the member. */
async function hasMember(
  name: string,
  path: readonly Node[],
  cell: CellSource,
  declared: ReadonlySet<string>,
  look: Look,
): Promise<boolean> {
  const access = path.findLast(({ type }) => type === 'MemberExpression');
  if (!access) return false;
  const object = access.object as Node;
  const expression = `${cell.before}${cell.text}${cell.after}`.slice(object.start, object.end);
  const names = expression.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu) ?? [];
  if (names.some(used => declared.has(used))) return false;
  const reply = await look({ type: 'members', expression });
  return reply !== undefined && 'members' in reply && reply.members.some(member => member.name === name);
}

/** Whether the place is in a call of something that is declared without types. */
function isLooseCall(path: readonly Node[], { looseFunctions }: Notebook): boolean {
  return path.some(({ type, callee }) => {
    if (type !== 'CallExpression' && type !== 'NewExpression') return false;
    const { name, property } = callee as { name?: string; property?: { name?: string } };
    return (callee as Node).type === 'Super' || looseFunctions.has(name ?? property?.name ?? '');
  });
}

/** A member of `this`: JavaScript's classes do not declare theirs. What looks misspelt has another code. */
function isOwn(path: readonly Node[]): boolean {
  return (
    (path.findLast(({ type }) => type === 'MemberExpression')?.object as Node | undefined)?.type ===
    'ThisExpression'
  );
}

/**
 * A member that the code itself takes for optional: one that it asks for before it uses it, options that a function
 * takes apart, or reads from a default, which may be handed over with more in them.
 */
function isOptional(path: readonly Node[]): boolean {
  const at = path.findLastIndex(({ type }) => type === 'MemberExpression');
  const member = path[at];
  const around = path[at - 1];
  if (
    around?.test === member ||
    around?.optional ||
    /^(LogicalExpression|UnaryExpression|ChainExpression)$/.test(around?.type ?? '')
  )
    return true;
  if (path.some(({ type }) => type === 'ObjectPattern')) return true;
  const object = member?.object as Node | undefined;
  return path.some(({ params }) =>
    (params as Node[] | undefined)?.some?.(({ type, left }) => {
      const { name, typeAnnotation } = (left ?? {}) as Node;
      return type === 'AssignmentPattern' && !typeAnnotation && name !== undefined && name === object?.name;
    }),
  );
}

/** Keeps the names that an import should have brought, and types that nothing declares. */
function noteUnresolved(problem: Diagnostic, path: readonly Node[], text: string, names: Set<string>): void {
  if (UNRESOLVED.has(problem.code)) {
    const statement = path.find(({ type }) => type === 'ImportDeclaration');
    for (const { local } of (statement?.specifiers ?? []) as { local: Node }[])
      names.add(local.name as string);
  } else if (
    UNKNOWN_NAME.has(problem.code) &&
    path.some(({ type }) => IN_TYPE.test(type) || type.startsWith('Class'))
  )
    names.add(text.slice(problem.start, problem.end));
}

/** The types of which the checker cannot know all members, as they stand in messages. */
function vagueTypes({ bases, unresolved }: Notebook): RegExp | undefined {
  const vague = new Set(unresolved);
  for (let before = -1; before < vague.size; ) {
    before = vague.size;
    for (const [name, extended] of bases) if (extended.some(base => vague.has(base))) vague.add(name);
  }
  if (vague.size === 0) return undefined;
  return new RegExp(`(?<![\\w$])(?:${[...vague].join('|').replace(/\$/g, '\\$')})(?![\\w$])`);
}

/** The checker's names for earlier cells are nobody's business. */
export function readable(message: string): string {
  return message.replace(new RegExp(`(?:${MODULE}\\.)?${RESERVED}\\d+[._]`, 'g'), '');
}
