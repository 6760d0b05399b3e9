/**
 * Magic lines: `%name arguments` at the start of a line, `%%name` on a cell's first line.
 *
 * TypeScript has a `%` operator, so a line counts as magic only when the `%` stands in its first column with a
 * letter right after it, outside comments and template literals. No formatter writes a remainder that way.
 */
import { type Comment, parseSync } from 'oxc-parser';
import { RUNTIME } from './names.ts';
import { children, isNode, type Node } from './syntax.ts';

const LINE = /^%([a-zA-Z][\w-]*)[ \t]*(.*)$/gm;
const CELL = /^\s*%%([a-zA-Z][\w-]*)[ \t]*([^\n]*)(?:\n([\s\S]*))?$/;
/** What begins with one of these has no value to hand on. */
const STATEMENT =
  /^(?:const|let|var|function|class|import|export|enum|async\s+function|for|while|do|if|switch|try|throw)\b/;

/** `%%name` cells whose body is not TypeScript, or all of whose body is timed. */
export interface CellMagic {
  readonly name: string;
  readonly args: string;
  readonly body: string;
}

export function cellMagic(source: string): CellMagic | undefined {
  const match = CELL.exec(source);
  return match ? { name: match[1]!, args: match[2]!.trim(), body: match[3] ?? '' } : undefined;
}

const DECORATORS = new RegExp(`^await ${RUNTIME}\\.magic\\("decorators", "(standard|legacy)"\\);`, 'm');

/**
 * The decorators that a cell asks for: they count for the cell itself, which is compiled before it runs.
 * @param expanded what `expandMagics` made of the cell
 */
export function chosenDecorators(expanded: string): 'standard' | 'legacy' | undefined {
  const match = DECORATORS.exec(expanded);
  return match?.[1] as 'standard' | 'legacy' | undefined;
}

/**
 * Turns magic lines into calls of the runtime, line by line, so that line numbers stay.
 *
 * @example expandMagics('%sh ls') // 'await __tunelab__.magic("sh", "ls");'
 */
export function expandMagics(source: string): string {
  return replaceMagics(source, ({ name, args }) => expandLine(name, args.trim()));
}

/** Blanks magic lines out, so that what is left is TypeScript with every place where it was; `%time` keeps its code. */
export function blankMagics(source: string, onLine: (name: string, args: string) => void): string {
  return replaceMagics(source, ({ text, name, args }) => {
    onLine(name, args.trim());
    const code = name === 'time' ? args : '';
    return ' '.repeat(text.length - code.length) + code;
  });
}

interface MagicLine {
  readonly text: string;
  readonly name: string;
  readonly args: string;
}

function replaceMagics(source: string, replace: (line: MagicLine) => string): string {
  if (!source.includes('%') || source.search(LINE) < 0) return source;
  const lines = [...source.matchAll(LINE)];
  const literal = literalSpans(source.replace(LINE, line => ' '.repeat(line.length)));
  let result = '';
  let end = 0;
  for (const line of lines) {
    const at = line.index;
    // A backslash before the line break carries a string on.
    if (source[at - 2] === '\\' || literal.some(([from, to]) => from <= at && at < to)) continue;
    result += source.slice(end, at) + replace({ text: line[0], name: line[1]!, args: line[2]! });
    end = at + line[0].length;
  }
  return result + source.slice(end);
}

function expandLine(name: string, args: string): string {
  if (name === 'time') {
    const code = args.replace(/;\s*$/, '');
    if (code === '') return `${RUNTIME}.magic("time", "");`;
    return STATEMENT.test(code)
      ? `${RUNTIME}.startTimer(); ${code}; ${RUNTIME}.stopTimer();`
      : `${RUNTIME}.stopTimer(${RUNTIME}.startTimer(), (${code}));`;
  }
  return `await ${RUNTIME}.magic(${JSON.stringify(name)}, ${JSON.stringify(args)});`;
}

/** Where comments lie, and text: of templates, of strings over several lines, of elements. */
function literalSpans(source: string): [number, number][] {
  const parse = (lang: 'ts' | 'tsx') => parseSync(`cell.${lang}`, source, { sourceType: 'module', lang });
  let parsed = parse('ts');
  if (parsed.errors.length > 0) {
    const asTsx = parse('tsx');
    if (asTsx.errors.length === 0) parsed = asTsx;
  }
  const { program, comments } = parsed;
  const spans: [number, number][] = (comments as Comment[]).map(({ start, end }) => [start, end]);
  const visit = (node: Node): void => {
    if (/^(TemplateElement|JSXText|Literal)$/.test(node.type)) spans.push([node.start, node.end]);
    for (const child of children(node)) if (isNode(child)) visit(child);
  };
  visit(program as unknown as Node);
  return spans;
}
