/** Where a cell that has not run yet can stop: a breakpoint on a comment or a type belongs to the next statement. */
import { parseSync } from 'oxc-parser';
import { expandMagics } from '../runtime/magics.ts';
import { children, type Node } from '../runtime/syntax.ts';

const STOPS =
  /^(ExpressionStatement|ReturnStatement|ThrowStatement|IfStatement|For\w*Statement|(Do)?WhileStatement|SwitchStatement|BreakStatement|ContinueStatement|DebuggerStatement|TSEnumDeclaration|CallExpression|NewExpression|AwaitExpression|YieldExpression)$/;

/** The lines, from 1 and ascending, on which something is executed; undefined for a cell that is not TypeScript. */
export function executableLines(cell: string): number[] | undefined {
  const source = expandMagics(cell);
  const parse = (lang: 'ts' | 'tsx') => parseSync(`cell.${lang}`, source, { sourceType: 'module', lang });
  let parsed = parse('ts');
  if (parsed.errors.length) parsed = parse('tsx');
  if (parsed.errors.length) return undefined;
  const lines = new Set<number>();
  const starts = lineStarts(source);
  const add = (offset: number): void => {
    lines.add(starts.findLastIndex(start => start <= offset) + 1);
  };
  const visit = (node: Node): void => {
    // Types are not executed.
    if (/^TS(TypeAlias|Interface)Declaration$/.test(node.type) || node.declare === true) return;
    if (STOPS.test(node.type)) add(node.start);
    else if (node.type === 'ImportDeclaration' && node.importKind !== 'type') add(node.start);
    else if (node.type === 'VariableDeclarator' && node.init) add((node.init as Node).start);
    else if (node.type === 'PropertyDefinition' && node.value) add((node.value as Node).start);
    else if (node.type === 'ExportDefaultDeclaration') add((node.declaration as Node).start);
    else if (node.type === 'ArrowFunctionExpression' && (node.body as Node).type !== 'BlockStatement')
      add((node.body as Node).start);
    for (const child of children(node)) visit(child);
  };
  visit(parsed.program as unknown as Node);
  return [...lines].sort((a, b) => a - b);
}

function lineStarts(source: string): number[] {
  return [0, ...[...source.matchAll(/\n/g)].map(({ index }) => index + 1)];
}
