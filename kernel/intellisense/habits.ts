/** How loosely a notebook is written: what speaks against a complaint of the checker's. */
import { children, isFunction, type Node } from '../runtime/syntax.ts';

export class Habits {
  /** Names of members that some cell has assigned to. */
  readonly assignedMembers: Set<string>;
  /** Functions, methods and classes whose parameters have no types. */
  readonly looseFunctions: Set<string>;
  /** Classes and interfaces with what they extend. */
  readonly bases: Map<string, readonly string[]>;
  /** Names that the checker has not found. */
  readonly unresolved: Set<string>;

  constructor(before?: Habits) {
    this.assignedMembers = new Set(before?.assignedMembers);
    this.looseFunctions = new Set(before?.looseFunctions);
    this.bases = new Map(before?.bases);
    this.unresolved = new Set(before?.unresolved);
  }

  /** These habits and those of another cell. @param declared names that mean something else from there on */
  with(program: Node, declared: Iterable<string>): Habits {
    const more = new Habits(this);
    for (const name of declared) {
      more.looseFunctions.delete(name);
      more.bases.delete(name);
      more.unresolved.delete(name);
    }
    more.#collect(program);
    return more;
  }

  #collect(node: Node): void {
    const { id, key, value, init, left } = node as Record<string, Node | undefined>;
    switch (node.type) {
      case 'AssignmentExpression':
        if (left?.type === 'MemberExpression' && !left.computed)
          this.assignedMembers.add((left.property as Node).name as string);
        break;
      case 'FunctionDeclaration':
      case 'FunctionExpression':
        if (id && isLoose(node)) this.looseFunctions.add(id.name as string);
        break;
      case 'VariableDeclarator':
        if (id?.name && init && this.#isLooseValue(init)) this.looseFunctions.add(id.name as string);
        break;
      case 'Property':
      case 'MethodDefinition':
      case 'PropertyDefinition':
        if (key?.name && value && isLoose(value)) this.looseFunctions.add(key.name as string);
        break;
      case 'ClassDeclaration':
      case 'TSInterfaceDeclaration':
        this.#declaresType(node);
        break;
      default:
    }
    for (const child of children(node)) this.#collect(child);
  }

  /** A loose function, or another name for one. */
  #isLooseValue(value: Node): boolean {
    const { name } = ((value.property as Node | undefined) ?? value) as { name?: string };
    return isLoose(value) || (name !== undefined && this.looseFunctions.has(name));
  }

  #declaresType(node: Node): void {
    const name = (node.id as Node | null)?.name as string | undefined;
    if (!name) return;
    const heritage = [node.superClass, ...((node.extends as { expression?: Node }[]) ?? [])];
    const names = heritage.map(base => {
      const { expression } = (base ?? {}) as { expression?: Node };
      return ((expression ?? base) as Node | null | undefined)?.name as string | undefined;
    });
    this.bases.set(
      name,
      names.filter(base => base !== undefined),
    );
    const members = ((node.body as { body?: Node[] }).body ?? []) as Node[];
    const maker = members.find(({ kind }) => kind === 'constructor');
    if (maker && isLoose(maker.value as Node)) this.looseFunctions.add(name);
  }
}

function isLoose(node: Node): boolean {
  if (!isFunction(node)) return false;
  return (node.params as Node[]).every(parameter => {
    const { typeAnnotation } = ((parameter.left as Node | undefined) ?? parameter) as Node;
    return !typeAnnotation && parameter.type !== 'TSParameterProperty';
  });
}
