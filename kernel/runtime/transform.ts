/**
 * From a cell as typed to a script that V8's REPL mode can run again and again.
 *
 * Types go first (oxc), then one walk over the JavaScript rewrites what a script cannot say or a later cell could
 * not say again: imports and exports, `const`, `var` and functions (all become `let`, the only kind that V8 lets
 * every later declaration replace), dynamic `import()` and `import.meta`.
 */
import MagicString from 'magic-string';
import { parseSync } from 'oxc-parser';
import { hasShownValue } from './completion.ts';
import { lowerTypeScript, type SyntaxProblem } from './lower.ts';
import { RUNTIME } from './names.ts';
import { PositionMap } from './positions.ts';
import { boundNames, children, declaredNames, lexicalNames, type Node, varNames } from './syntax.ts';

export interface CellScript {
  readonly code: string;
  /** Whether the value of the last statement is the cell's value. */
  readonly showsValue: boolean;
  readonly positions: PositionMap;
  /** Names the cell declares at its top level, with those that may not be assigned to again. */
  readonly declared: ReadonlySet<string>;
  readonly constants: ReadonlySet<string>;
}

export interface CellOptions {
  /** How messages name the cell: `Cell[3]`. */
  readonly label: string;
  /** Decorators as in ECMAScript (`standard`) or as in TypeScript's `experimentalDecorators` (`legacy`). */
  readonly decorators: 'standard' | 'legacy';
  readonly earlier: Earlier;
}

/** What earlier cells have declared. */
export interface Earlier {
  readonly names: ReadonlySet<string>;
  /** Those of the names that must not be assigned to. */
  readonly constants: ReadonlySet<string>;
}

/** A cell that is not TypeScript; `problems` say where. */
export class CellSyntaxError extends Error {
  override name = 'SyntaxError';
  readonly problems: readonly SyntaxProblem[];
  readonly source: string;
  /** How messages name the source: `Cell[3]` or a path. */
  readonly label: string;
  constructor(problems: readonly SyntaxProblem[], source: string, label: string) {
    super(problems[0]?.message ?? 'Unexpected token');
    this.problems = problems;
    this.source = source;
    this.label = label;
  }
}

/**
 * Rewrites one cell.
 * @throws {CellSyntaxError}
 * @example transformCell("import os from 'node:os'; os.EOL", options).code
 */
export function transformCell(source: string, options: CellOptions): CellScript {
  const rewriter = rewrite(source, options, false).rewriter;
  const { decorators, label } = options;
  // As much of the earlier cells as made a difference.
  const earlier = { constants: orNone(rewriter.guarded), names: orNone(rewriter.kept) };
  return {
    code: rewriter.text(),
    showsValue: rewriter.showsValue,
    // Few cells fail: the maps are made when one does, from the text that is kept anyway.
    positions: new PositionMap(() => {
      const { rewriter: again, map } = rewrite(source, { label, decorators, earlier }, true);
      return [again.map(), map];
    }),
    // Helpers that lowering brought along are nobody's variables.
    declared: new Set(
      [...rewriter.declared].filter(name => source.includes(name) && !name.startsWith('__tunelab')),
    ),
    constants: rewriter.constants,
  };
}

const NONE: ReadonlySet<string> = new Set();

/** One set for all the cells that have none: an empty set of one's own takes 200 bytes. */
function orNone(names: ReadonlySet<string>): ReadonlySet<string> {
  return names.size ? names : NONE;
}

function rewrite(source: string, { label, decorators, earlier }: CellOptions, map: boolean) {
  const lowered = lowerTypeScript('cell.ts', source, { decorators, keepImports: true, map });
  if ('problems' in lowered) throw new CellSyntaxError(lowered.problems, source, label);
  return { rewriter: new CellRewriter(lowered.code, earlier), map: lowered.map };
}

class CellRewriter {
  readonly declared = new Set<string>();
  readonly constants = new Set<string>();
  /** Constants of earlier cells that this one tries to assign to. */
  readonly guarded = new Set<string>();
  /** Names of earlier cells that `var` without a value leaves as they are. */
  readonly kept: ReadonlySet<string>;
  readonly showsValue: boolean;
  readonly #code: string;
  readonly #text: MagicString;
  readonly #hoisted = new Set<string>();
  /** The names of the scopes around the node being walked, without the top level's. */
  readonly #scopes: ReadonlySet<string>[] = [];
  /** Names that `var` declares with a value somewhere in the cell. */
  readonly #initialized = new Set<string>();
  readonly #references = new Set<string>();
  readonly #assignments: { name: string; node: Node }[] = [];
  readonly #denoUses: Node[] = [];
  readonly #imports: Node[] = [];
  /** Where hoisted statements go: behind the imports that stand first anyway. */
  readonly #top: number;

  constructor(code: string, { constants: earlierConstants, names: earlierNames }: Earlier) {
    this.#code = code;
    this.#text = new MagicString(code);
    const body = parseSync('cell.js', code, { sourceType: 'module', lang: 'js' }).program
      .body as unknown as Node[];
    const firstOther = body.findIndex(statement => statement.type !== 'ImportDeclaration');
    this.#top = firstOther === 0 ? 0 : (body.at(firstOther < 0 ? -1 : firstOther - 1)?.end ?? 0);
    for (const statement of body) this.#topLevel(statement);
    for (const statement of body) this.#walk(statement, true);
    for (const statement of this.#imports) this.#import(statement);
    this.#guardConstants(earlierConstants);
    if (!this.declared.has('Deno')) {
      for (const use of this.#denoUses) this.#text.overwrite(use.start, use.end, `${RUNTIME}.Deno`);
    }
    this.showsValue = hasShownValue(body);
    // `var x;` alone leaves an earlier cell's x as it is.
    const fresh = [...this.#hoisted].filter(name => this.#initialized.has(name) || !earlierNames.has(name));
    this.kept = new Set([...this.#hoisted].filter(name => !fresh.includes(name)));
    const hoisted = fresh.length ? `let ${fresh.join(', ')};` : '';
    this.#text.prepend(`'use strict'; void 0; ${hoisted}`);
  }

  text(): string {
    return this.#text.toString();
  }

  /** The map from the rewritten text to the code before. */
  map(): object {
    return this.#text.generateMap({ hires: true, source: 'cell' });
  }

  #declare(name: string): void {
    this.declared.add(name);
  }

  /** Statements that only stand at the top level, and declarations that later cells must be able to replace. */
  #topLevel(statement: Node): void {
    switch (statement.type) {
      case 'ImportDeclaration':
      case 'ExportAllDeclaration':
        this.#imports.push(statement);
        break;
      case 'ExportNamedDeclaration': {
        const declaration = statement.declaration as Node | null;
        if (declaration) {
          this.#text.remove(statement.start, declaration.start);
          this.#topLevel(declaration);
        } else if (statement.source) this.#imports.push(statement);
        else this.#text.remove(statement.start, statement.end);
        break;
      }
      case 'ExportDefaultDeclaration': {
        const declaration = statement.declaration as Node;
        this.#text.remove(statement.start, declaration.start);
        if (declaration.id && declaration.type !== 'ClassExpression') this.#topLevel(declaration);
        else this.#text.prependRight(declaration.start, '(').appendLeft(declaration.end, ')');
        break;
      }
      case 'FunctionDeclaration':
        this.#function(statement);
        break;
      case 'ClassDeclaration':
        this.#declare((statement.id as Node).name as string);
        break;
      case 'VariableDeclaration':
        if (statement.kind === 'var') break;
        for (const name of declaredNames(statement)) {
          this.#declare(name);
          if (statement.kind === 'const') this.constants.add(name);
        }
        if (statement.kind === 'const') this.#text.overwrite(statement.start, statement.start + 5, 'let');
        break;
      default:
    }
  }

  /** A function becomes a `let` at the top of the script: hoisted as before, and replaceable by any declaration. */
  #function(statement: Node): void {
    const id = statement.id as Node;
    this.#declare(id.name as string);
    this.#text.prependRight(statement.start, `let ${id.name} = `);
    // Without a name of its own the function calls whatever the name means by then, as a declaration does.
    this.#text.remove(id.start, id.end);
    this.#text.appendLeft(statement.end, ';\n');
    this.#hoist(statement);
  }

  #hoist(statement: Node): void {
    // A magic line before an import may install what it imports.
    const isImport = statement.type !== 'FunctionDeclaration';
    if (isImport && this.#code.slice(0, statement.start).includes(`await ${RUNTIME}.magic(`)) return;
    if (statement.start > this.#top) this.#text.move(statement.start, statement.end, this.#top);
  }

  /** `var` reaches the top level from inside blocks; its names are declared there and its places assign to them. */
  #var(statement: Node, parent: Node | undefined): void {
    const declarators = statement.declarations as Node[];
    for (const { id, init } of declarators as unknown as { id: Node; init: Node | null }[]) {
      for (const name of boundNames(id)) {
        this.#declare(name);
        this.#hoisted.add(name);
        if (init) this.#initialized.add(name);
      }
    }
    const inLoopHead =
      parent !== undefined &&
      ((/^For(In|Of)Statement$/.test(parent.type) && parent.left === statement) ||
        (parent.type === 'ForStatement' && parent.init === statement));
    const first = declarators[0]!;
    if (inLoopHead) {
      this.#text.remove(statement.start, first.start);
      return;
    }
    // `void` keeps the declaration without a value, as it was.
    this.#text.overwrite(statement.start, first.start, 'void (');
    const last = declarators.at(-1)!;
    if (this.#code[statement.end - 1] === ';') this.#text.overwrite(last.end, statement.end, ');');
    else this.#text.appendLeft(statement.end, ');');
  }

  #walk(node: Node, topScope: boolean, parent?: Node): void {
    switch (node.type) {
      case 'Identifier':
        this.#references.add(node.name as string);
        if (node.name === 'Deno' && !this.#isShadowed('Deno')) this.#denoUses.push(node);
        return;
      case 'ImportDeclaration':
      case 'ExportAllDeclaration':
        return;
      case 'ExportNamedDeclaration':
        if (node.declaration) this.#walk(node.declaration as Node, topScope, node);
        else if (!node.source)
          for (const { local } of node.specifiers as { local: Node }[]) this.#walk(local, topScope, node);
        return;
      case 'VariableDeclaration':
        if (node.kind === 'var' && topScope) this.#var(node, parent);
        for (const { id, init } of node.declarations as { id: Node; init: Node | null }[]) {
          this.#walkPattern(id, topScope);
          if (init) this.#walk(init, topScope, node);
        }
        return;
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        this.#inScope(functionNames(node), () => {
          for (const parameter of node.params as Node[]) this.#walkPattern(parameter, false);
          if (node.body) this.#walk(node.body as Node, false, node);
        });
        return;
      case 'ClassDeclaration':
      case 'ClassExpression':
        this.#inScope(node.id ? [(node.id as Node).name as string] : [], () => {
          if (node.superClass) this.#walk(node.superClass as Node, topScope, node);
          this.#walk(node.body as Node, topScope, node);
        });
        return;
      case 'BlockStatement':
        this.#inScope(lexicalNames(node.body as Node[]), () => this.#walkChildren(node, topScope));
        return;
      case 'StaticBlock':
        this.#inScope([...lexicalNames(node.body as Node[]), ...varNames(node)], () =>
          this.#walkChildren(node, false),
        );
        return;
      case 'SwitchStatement': {
        const statements = (node.cases as { consequent: Node[] }[]).flatMap(({ consequent }) => consequent);
        this.#inScope(lexicalNames(statements), () => this.#walkChildren(node, topScope));
        return;
      }
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
        this.#for(node, topScope, parent);
        return;
      case 'CatchClause':
        this.#inScope(boundNames(node.param as Node | null), () => {
          if (node.param) this.#walkPattern(node.param as Node, topScope);
          this.#walk(node.body as Node, topScope, node);
        });
        return;
      case 'MemberExpression':
        this.#walk(node.object as Node, topScope, node);
        if (node.computed) this.#walk(node.property as Node, topScope, node);
        return;
      case 'Property':
        if (node.computed) this.#walk(node.key as Node, topScope, node);
        if (node.shorthand && (node.value as Node).name === 'Deno' && !this.#isShadowed('Deno'))
          this.#text.appendLeft(node.start, 'Deno: ');
        this.#walk(node.value as Node, topScope, node);
        return;
      case 'MethodDefinition':
      case 'PropertyDefinition':
        if (node.computed) this.#walk(node.key as Node, topScope, node);
        if (node.value)
          this.#walk(node.value as Node, node.type === 'PropertyDefinition' ? false : topScope, node);
        return;
      case 'LabeledStatement':
        this.#walk(node.body as Node, topScope, node);
        return;
      case 'BreakStatement':
      case 'ContinueStatement':
        return;
      case 'AssignmentExpression':
        this.#assigns(boundNames(node.left as Node), node);
        break;
      case 'UpdateExpression':
        this.#assigns(boundNames(node.argument as Node), node);
        break;
      case 'AwaitExpression':
        // Where an interrupted cell ends: its `finally` blocks run, as they do for any error.
        this.#text.prependRight(node.start, `${RUNTIME}.resume(`).appendLeft(node.end, ')');
        break;
      case 'ImportExpression':
        this.#text.overwrite(node.start, node.start + 'import'.length, `${RUNTIME}.import`);
        break;
      case 'MetaProperty':
        if ((node.meta as Node).name === 'import')
          this.#text.overwrite(node.start, node.end, `${RUNTIME}.meta`);
        return;
      default:
    }
    this.#walkChildren(node, topScope);
  }

  #walkChildren(node: Node, topScope: boolean): void {
    for (const child of children(node)) this.#walk(child, topScope, node);
  }

  #inScope(names: Iterable<string>, walk: () => void): void {
    this.#scopes.push(new Set(names));
    walk();
    this.#scopes.pop();
  }

  #isShadowed(name: string): boolean {
    return this.#scopes.some(scope => scope.has(name));
  }

  #assigns(names: Iterable<string>, node: Node): void {
    for (const name of names) if (!this.#isShadowed(name)) this.#assignments.push({ name, node });
  }

  #for(node: Node, topScope: boolean, parent: Node | undefined): void {
    const head = (node.left ?? node.init) as Node | null;
    const declares = head?.type === 'VariableDeclaration';
    // `for (name of …)` assigns; a statement before the loop can refuse it where statements stand.
    if (node.left && !declares && (!parent || parent.type === 'BlockStatement'))
      this.#assigns(boundNames(head), node);
    this.#inScope(declares && head.kind !== 'var' ? declaredNames(head) : [], () =>
      this.#walkChildren(node, topScope),
    );
    const body = node.body as Node;
    if (node.await && body.type === 'BlockStatement')
      this.#text.appendRight(body.start + 1, ` ${RUNTIME}.resume();`);
  }

  /** The names in a pattern are declarations, but defaults and computed keys in it are code. */
  #walkPattern(pattern: Node, topScope: boolean): void {
    switch (pattern.type) {
      case 'ObjectPattern':
        for (const property of pattern.properties as Node[]) {
          if (property.type === 'RestElement') continue;
          if (property.computed) this.#walk(property.key as Node, topScope, property);
          this.#walkPattern(property.value as Node, topScope);
        }
        break;
      case 'ArrayPattern':
        for (const element of pattern.elements as (Node | null)[])
          if (element) this.#walkPattern(element, topScope);
        break;
      case 'AssignmentPattern':
        this.#walkPattern(pattern.left as Node, topScope);
        this.#walk(pattern.right as Node, topScope, pattern);
        break;
      default:
    }
  }

  #import(statement: Node): void {
    const specifiers = (statement.specifiers ?? []) as Node[];
    const names: string[] = [];
    const others: string[] = [];
    const bindings: string[] = [];
    let namespace = '';
    for (const specifier of statement.type === 'ImportDeclaration' ? specifiers : []) {
      const local = (specifier.local as Node).name as string;
      this.#declare(local);
      if (specifier.type === 'ImportNamespaceSpecifier') {
        namespace = local;
        continue;
      }
      const imported =
        specifier.type === 'ImportDefaultSpecifier' ? 'default' : importedName(specifier.imported as Node);
      // A name that the cell never uses as a value may be a type that has no export at run time.
      (this.#references.has(local) ? names : others).push(imported);
      bindings.push(`${JSON.stringify(imported)}: ${local}`);
    }
    const attributes = (statement.attributes as Node[] | undefined) ?? [];
    const options = attributes.length
      ? `{ with: { ${attributes.map(({ key, value }) => `${JSON.stringify((key as Node).name ?? (key as Node).value)}: ${(value as Node).raw}`).join(', ')} } }`
      : 'undefined';
    const wanted = `${JSON.stringify(names)}, ${JSON.stringify(others)}`;
    const call = `await ${RUNTIME}.import(${(statement.source as Node).raw}, ${options}, ${wanted})`;
    let text = call;
    if (namespace) text = `let ${namespace} = ${call}`;
    if (bindings.length)
      text = namespace
        ? `${text}, { ${bindings.join(', ')} } = ${namespace}`
        : `let { ${bindings.join(', ')} } = ${call}`;
    this.#text.overwrite(statement.start, statement.end, `${text};\n`);
    this.#hoist(statement);
  }

  /** Constants become `let`, so assigning to one is refused here. */
  #guardConstants(earlier: ReadonlySet<string>): void {
    for (const { name, node } of this.#assignments) {
      const constant = this.constants.has(name) || (earlier.has(name) && !this.declared.has(name));
      if (!constant) continue;
      this.guarded.add(name);
      const refusal = `${RUNTIME}.assignToConstant(${JSON.stringify(name)})`;
      if (node.type.startsWith('For')) this.#text.prependRight(node.start, `${refusal}; `);
      else this.#text.prependRight(node.start, `(${refusal}, `).appendLeft(node.end, ')');
    }
  }
}

/** The names that a function's parameters and body bring into its scope. */
function functionNames(node: Node): string[] {
  const own = node.type === 'FunctionExpression' && node.id ? [(node.id as Node).name as string] : [];
  const parameters = (node.params as Node[]).flatMap(parameter => [...boundNames(parameter)]);
  return [...own, ...parameters, ...(node.body ? varNames(node.body as Node) : [])];
}

function importedName(node: Node): string {
  return (node.name ?? node.value) as string;
}
