/** A cell as the type checker reads it: TypeScript only, with every place where it was typed. */
import { parseSync } from 'oxc-parser';
import { deepBracket } from '../runtime/depth.ts';
import { blankMagics, cellMagic } from '../runtime/magics.ts';
import { children, type Node } from '../runtime/syntax.ts';

export interface CellSource {
  /** As long as the cell. */
  readonly text: string;
  /** Stands around the text where the kernel reads it so: an object literal is one, not a block. */
  readonly before: '' | '(';
  readonly after: '' | ')';
  readonly isTsx: boolean;
  /** Places in it count from the start of `before`. */
  readonly program: Node;
  readonly magics: readonly { readonly name: string; readonly args: string }[];
}

/** Nobody types more into a cell; what is generated is not checked. */
const LONGEST = 200_000;

/** Text with blanks for what only the kernel understands. Undefined for cells that are not TypeScript: `%%sh`. */
export function typeScriptOf(
  code: string,
): { text: string; magics: { name: string; args: string }[] } | undefined {
  if (code.length > LONGEST || deepBracket(code) !== undefined) return undefined;
  const magic = cellMagic(code);
  if (magic && magic.name !== 'time') return undefined;
  const magics: { name: string; args: string }[] = [];
  const plain = code.replace(/^#!/, '//').replace(/^\s*%%time[^\n]*/, blank);
  const text = blankMagics(plain, (name, args) => magics.push({ name, args }));
  return { text: withoutSchemes(text), magics };
}

/** The magic lines of a cell, outside strings and comments. */
export function magicsOf(code: string): CellSource['magics'] {
  return typeScriptOf(code)?.magics ?? [];
}

/** `'npm:name@version/path'` names what is installed as `'name/path'`. */
function withoutSchemes(text: string): string {
  return text.replace(
    /(['"])npm:\/?((?:@[^/'"\n]+\/)?[^/@'"\n]+)(?:@[^/'"\n]*)?(\/[^'"\n]*)?\1/g,
    (whole, quote: string, name: string, path = '') =>
      `${quote}${name}${path as string}${quote}`.padEnd(whole.length),
  );
}

const blank = (text: string): string => text.replace(/[^\n]/g, ' ');

/** Reads a cell; undefined when it is not TypeScript, or not yet. */
export function readCell(code: string): CellSource | undefined {
  const source = typeScriptOf(code);
  if (!source) return undefined;
  const { text, magics } = source;
  if (/^\s*\{[\s\S]*\}\s*$/.test(text)) {
    const object = parse(`(${text})`);
    if (object) return { text, magics, before: '(', after: ')', ...object };
  }
  const parsed = parse(text);
  return parsed && { text, magics, before: '', after: '', ...parsed };
}

function parse(text: string): { program: Node; isTsx: boolean } | undefined {
  for (const lang of ['ts', 'tsx'] as const) {
    const { program, errors } = parseSync(`cell.${lang}`, text, { sourceType: 'module', lang });
    if (errors.length === 0) return { program: program as unknown as Node, isTsx: lang === 'tsx' };
    if (!text.includes('<')) break;
  }
  return undefined;
}

const LITERALS =
  /^(Program|ExpressionStatement|EmptyStatement|Literal|TemplateLiteral|TemplateElement|ArrayExpression|ObjectExpression|Property|UnaryExpression|BinaryExpression|LogicalExpression|ParenthesizedExpression|VariableDeclaration)$/;

/** Whether the checker has nothing to add: literals, operators on them, names for them; or one name, to see its value. */
export function isHarmless(program: Node): boolean {
  const [only, ...others] = program.body as Node[];
  if (only?.type === 'ExpressionStatement' && others.length === 0)
    if ((only.expression as Node).type === 'Identifier') return true;
  return isLiteral(program);
}

function isLiteral(node: Node, parent?: Node): boolean {
  if (node.type === 'Identifier') {
    return (
      !node.typeAnnotation &&
      ((parent?.type === 'VariableDeclarator' && parent.id === node) ||
        (parent?.type === 'Property' && parent.key === node && !parent.shorthand && !parent.computed))
    );
  }
  if (node.type !== 'VariableDeclarator' && !LITERALS.test(node.type)) return false;
  for (const child of children(node)) if (!isLiteral(child, node)) return false;
  return true;
}

/** The nodes around a place, outermost first. */
export function pathTo(node: Node, start: number, end: number): Node[] {
  for (const child of children(node)) {
    if (child.start <= start && end <= child.end) return [node, ...pathTo(child, start, end)];
  }
  return [node];
}
