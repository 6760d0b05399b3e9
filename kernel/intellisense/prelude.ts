/**
 * What finished cells have declared, as one module for the type checker.
 *
 * Each cell is a namespace. A name that a cell takes from an earlier one is an alias to that cell's own, so that a
 * later declaration of the same name changes nothing for it; bodies of functions see the latest one, as at run time.
 */
import type { Declarations } from './declarations.ts';
import { DOCUMENTS, MODULE, RESERVED } from './project.ts';

interface FrozenCell extends Declarations {
  /** For each eager name of an earlier cell, that cell. */
  readonly sources: ReadonlyMap<string, number>;
}

const NAME = /[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/gu;
const IMPORT = `import * as ${MODULE} from './${DOCUMENTS.prelude}';`;

export class Prelude {
  readonly #cells = new Map<number, FrozenCell>();
  #latest = new Map<string, number>();

  add(id: number, cell: Declarations): void {
    this.#dropUnreachable();
    const sources = new Map<string, number>();
    for (const name of cell.eager) {
      const source = this.#latest.get(name);
      if (source !== undefined && !cell.names.has(name)) sources.set(name, source);
    }
    this.#cells.set(id, { ...cell, sources });
    for (const name of cell.names.keys()) this.#latest.set(name, id);
  }

  /** Takes the newest cell back: it did not run. */
  remove(id: number): void {
    if (!this.#cells.delete(id)) return;
    this.#latest = new Map();
    for (const [other, { names }] of this.#cells)
      for (const name of names.keys()) this.#latest.set(name, other);
  }

  clear(): void {
    this.#cells.clear();
    this.#latest.clear();
  }

  has(name: string): boolean {
    return this.#latest.has(name);
  }

  get names(): Iterable<string> {
    return this.#latest.keys();
  }

  /** The module's text. */
  text(): string {
    const hoisted: string[] = [];
    const namespaces: string[] = [];
    for (const [id, cell] of this.#cells) {
      if (cell.hoisted) hoisted.push(cell.hoisted);
      const aliases = [...cell.sources];
      for (const name of cell.deferred) {
        const source = this.#latest.get(name);
        if (source !== undefined && !cell.names.has(name)) aliases.push([name, source]);
      }
      const imports = aliases.map(([name, source]) => `import ${name} = ${RESERVED}${source}.${name};`);
      namespaces.push(`export namespace ${RESERVED}${id} {\n${cell.body}\n${imports.join('')}\n}`);
    }
    return [
      IMPORT,
      ...hoisted,
      `declare function ${RESERVED}await<T>(value: T): Awaited<T>;`,
      ...namespaces,
      'export {};',
    ].join('\n');
  }

  /** One line that gives a document the names of earlier cells that occur in its text. */
  header(text: string, declared: { has(name: string): boolean }): string {
    const statements = [IMPORT];
    for (const name of new Set(text.match(NAME))) {
      const id = this.#latest.get(name);
      if (id === undefined || declared.has(name)) continue;
      const place = `${MODULE}.${RESERVED}${id}.${name}`;
      // An alias cannot be assigned to.
      statements.push(
        this.#cells.get(id)!.names.get(name) === 'variable'
          ? `declare let ${name}: typeof ${place};`
          : `import ${name} = ${place};`,
      );
    }
    return `${statements.join('')}\n`;
  }

  /** Cells that nothing refers to any more: all their names have been declared again. */
  #dropUnreachable(): void {
    const needed = new Set<number>();
    const waiting = [...this.#latest.values()];
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      if (needed.has(id)) continue;
      needed.add(id);
      waiting.push(...(this.#cells.get(id)?.sources.values() ?? []));
    }
    for (const id of [...this.#cells.keys()]) if (!needed.has(id)) this.#cells.delete(id);
  }
}
