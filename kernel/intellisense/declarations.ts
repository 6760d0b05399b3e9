/** What a cell leaves behind for the type checker: its top-level declarations, as the inside of a namespace. */
import MagicString from 'magic-string';
import { boundNames, children, isFunction, type Node, varNames } from '../runtime/syntax.ts';
import { MODULE, RESERVED } from './project.ts';

export interface Declarations {
  /** Names that the cell declares; `variable` for those that later cells may assign to. */
  readonly names: ReadonlyMap<string, 'variable' | 'other'>;
  /** Imports, and augmentations of what is global. */
  readonly hoisted: string;
  readonly body: string;
  /** Names of which the declarations take what they mean now. */
  readonly eager: ReadonlySet<string>;
  /** Names that only bodies of functions use: they mean what they mean when the function is called. */
  readonly deferred: ReadonlySet<string>;
}

/**
 * @param source the cell with its magic lines blanked out
 * @param id tells the cells' names apart
 */
export function declarationsOf(source: string, program: Node, id: number): Declarations {
  const text = new MagicString(source);
  const names = new Map<string, 'variable' | 'other'>();
  const hoisted: string[] = [];
  const body: string[] = [];
  const kept: Node[] = [];
  const keep = (node: Node): void => {
    kept.push(node);
    text.prependRight(node.start, 'export ');
  };
  const other = (node: Node): void => {
    if (!node.id) return;
    names.set(leftmost(node.id as Node).name as string, 'other');
    keep(node);
  };
  const alias = (local: string, statement: string): void => {
    names.set(local, 'other');
    const name = `${RESERVED}${id}_${local}`;
    hoisted.push(`${statement} export { ${name} };`);
    // By its module's name: a plain one would have to be a namespace.
    body.push(`export import ${local} = ${MODULE}.${name};`);
  };
  const declaration = (node: Node): void => {
    switch (node.type) {
      case 'VariableDeclaration': {
        const { kind } = node as unknown as { kind: string };
        for (const { id: pattern } of node.declarations as { id: Node }[]) {
          for (const name of boundNames(pattern))
            names.set(name, kind === 'let' || kind === 'var' ? 'variable' : 'other');
        }
        if (/using/.test(kind)) text.overwrite(node.start, (node.declarations as Node[])[0]!.start, 'const ');
        keep(node);
        break;
      }
      case 'FunctionDeclaration':
      case 'TSDeclareFunction':
      case 'ClassDeclaration':
      case 'TSInterfaceDeclaration':
      case 'TSTypeAliasDeclaration':
      case 'TSEnumDeclaration':
        other(node);
        break;
      case 'TSModuleDeclaration': {
        const name = node.id as Node;
        // `declare global`, `declare module 'name'`
        if (name.type === 'Literal' || node.global || node.kind === 'global')
          hoisted.push(source.slice(node.start, node.end));
        else other(node);
        break;
      }
      case 'TSImportEqualsDeclaration': {
        const local = (node.id as Node).name as string;
        const reference = node.moduleReference as Node;
        if (reference.type === 'TSExternalModuleReference') {
          alias(local, `import ${RESERVED}${id}_${local} = ${source.slice(reference.start, reference.end)};`);
        } else other(node);
        break;
      }
      default:
    }
  };
  for (const statement of program.body as Node[]) {
    switch (statement.type) {
      case 'ImportDeclaration':
        for (const specifier of statement.specifiers as Node[]) {
          const local = (specifier.local as Node).name as string;
          alias(local, importOf(statement, specifier, `${RESERVED}${id}_${local}`, source));
        }
        break;
      case 'ExportNamedDeclaration':
      case 'ExportDefaultDeclaration':
        if (statement.declaration) declaration(statement.declaration as Node);
        break;
      default:
        declaration(statement);
    }
  }
  for (const name of varNames(program)) {
    if (names.has(name)) continue;
    // Declared in a block or a loop's head.
    names.set(name, 'variable');
    body.push(`export let ${name}: any;`);
  }
  const uses = new Uses(text);
  for (const node of kept) uses.visit(node, false, false);
  for (const node of kept) body.push(documentation(source, node.start) + text.slice(node.start, node.end));
  return {
    names,
    hoisted: hoisted.join('\n'),
    body: body.join('\n'),
    eager: uses.eager,
    deferred: new Set([...uses.deferred].filter(name => !uses.eager.has(name))),
  };
}

/** The comment that explains a declaration. */
function documentation(source: string, start: number): string {
  const [, comment] =
    /(\/\*\*(?:(?!\*\/)[\s\S])*\*\/)\s*(?:export\s+(?:default\s+)?)?$/.exec(source.slice(0, start)) ?? [];
  return comment ? `${comment}\n` : '';
}

/** Collects the names that declarations use, and rewrites what cannot stand in a namespace. */
class Uses {
  readonly eager = new Set<string>();
  readonly deferred = new Set<string>();
  readonly #text: MagicString;

  constructor(text: MagicString) {
    this.#text = text;
  }

  /**
   * @param later whether the node is evaluated when a function is called
   * @param inside whether the node stands in a function
   */
  visit(node: Node, later: boolean, inside: boolean, parent?: Node): void {
    switch (node.type) {
      case 'Identifier':
        (later ? this.deferred : this.eager).add(node.name as string);
        break;
      case 'JSXElement':
      case 'JSXFragment':
        this.#text.overwrite(node.start, node.end, '(null as any)');
        return;
      case 'AwaitExpression':
        if (!inside)
          this.#text
            .overwrite(node.start, (node.argument as Node).start, `${RESERVED}await(`)
            .appendLeft(node.end, ')');
        break;
      default:
    }
    for (const child of children(node)) {
      if (node.type === 'MemberExpression' && child === node.property && !node.computed) continue;
      if (/^(Property|MethodDefinition|PropertyDefinition|TSPropertySignature)$/.test(node.type))
        if (child === node.key && !node.computed && !node.shorthand) continue;
      const isBody = isFunction(node) && child === node.body;
      // A function that is handed over or called at once runs now.
      const runsNow = parent?.type === 'CallExpression' || parent?.type === 'NewExpression';
      this.visit(child, later || (isBody && !runsNow), inside || isFunction(node), node);
    }
  }
}

function importOf(statement: Node, specifier: Node, local: string, source: string): string {
  const type = statement.importKind === 'type' || specifier.importKind === 'type' ? 'type ' : '';
  const from = source.slice((statement.source as Node).start, statement.end);
  if (specifier.type === 'ImportNamespaceSpecifier') return `import ${type}* as ${local} from ${from}`;
  const imported =
    specifier.type === 'ImportDefaultSpecifier'
      ? 'default'
      : source.slice((specifier.imported as Node).start, (specifier.imported as Node).end);
  return `import ${type}{ ${imported} as ${local} } from ${from}`;
}

function leftmost(name: Node): Node {
  return name.type === 'TSQualifiedName' ? leftmost(name.left as Node) : name;
}
