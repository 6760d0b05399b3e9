/** Types in a session: loads the checker when there is time for it, and decides what a cell's mistakes mean. */
import type { Look } from '../intellisense/complete.ts';
import type { TypeService } from '../intellisense/types.ts';
import type { CellError } from '../runtime/channel.ts';

export const TYPES_MODES = ['off', 'warn', 'error'] as const;
export type TypesMode = (typeof TYPES_MODES)[number];

export interface Verdict {
  /** Why the cell must not run. */
  readonly error?: CellError;
  /** What the user is told while the cell runs. */
  readonly warning?: string | undefined;
}

/** Milliseconds after the start of the process for cells in which a first cell has the machine to itself. */
const HEAD_START = 300;

/** Literals, operators and brackets: nothing in it can have a wrong type, and nothing is declared. */
const HARMLESS =
  /^(?:[\s\d.+\-*/%<>=!&|?:,;()[\]]|\b(?:0[xob][\da-f_]+|\d[\d_]*n|true|false|null)\b|'[^'\\\n]*'|"[^"\\\n]*"|`[^`\\$]*`)*$/;

export class CellTypes {
  readonly #look: Look;
  readonly #log: (message: string) => void;
  #mode: TypesMode;
  #service: TypeService | undefined;
  #isLoaded = false;
  /** Cells whose declarations the checker has not read yet. */
  readonly #unread: string[] = [];
  #soon: NodeJS.Timeout | undefined;

  /** @param look sees the values of the process that runs cells */
  constructor(mode: TypesMode, look: Look, log: (message: string) => void) {
    this.#mode = mode;
    this.#look = look;
    this.#log = log;
  }

  /** The checker, with all that cells have declared; nothing when types are off, or when there has been no time to start it. */
  async ready(): Promise<TypeService | undefined> {
    return this.#mode === 'off' || !this.#service ? undefined : this.#load();
  }

  /** Starts the checker in a moment. */
  prepare(): void {
    if (this.#mode === 'off' || this.#soon) return;
    this.#soon = setTimeout(() => void this.#start(), HEAD_START).unref();
  }

  /** @param label how messages name the cell */
  async check(code: string, label: string): Promise<Verdict> {
    if (HARMLESS.test(code)) return {};
    if (code.includes('%types')) await this.#choose(code);
    if (this.#mode === 'off') return {};
    const service = await this.#load();
    const problems = await service.check(code);
    const notice = service.takeNotice();
    if (!problems) this.#log(`${label} runs unchecked: its types could not be looked at in time`);
    if (!problems?.length) return { warning: notice };
    const { typeError, typeWarning } = await import('../intellisense/reading.ts');
    return this.#mode === 'error'
      ? { error: typeError(problems, code, label), warning: notice }
      : { warning: (notice ?? '') + typeWarning(problems, code, label) };
  }

  /** Nobody waits for a check any more. */
  giveUp(): void {
    this.#service?.giveUp();
  }

  /** Notes a cell that runs now: later ones use what it declares. */
  runs(code: string): void {
    if (HARMLESS.test(code)) return;
    this.#unread.push(code);
    if (this.#mode !== 'off' && this.#isLoaded) setImmediate(() => this.#readCells());
  }

  /** Notes how a cell has ended. @param error what it failed with */
  async ended(code: string, error: CellError | undefined): Promise<void> {
    // The engine refused it: it has declared nothing.
    if (error?.ename === 'SyntaxError') {
      if (this.#unread.at(-1) === code) this.#unread.pop();
      else this.#service?.takeBack(code);
    }
    if (!this.#service || this.#mode === 'off' || !code.includes('npm')) return;
    const { magicsOf } = await import('../intellisense/reading.ts');
    if (magicsOf(code).some(({ name, args }) => name === 'npm' || (name === 'sh' && args.includes('npm'))))
      this.#service.packagesChanged();
  }

  /** All that cells have declared is gone. */
  reset(): void {
    this.#unread.length = 0;
    this.#service?.reset();
  }

  stop(): void {
    clearTimeout(this.#soon);
    this.#service?.stop();
  }

  async #start(): Promise<TypeService> {
    const { TypeService } = await import('../intellisense/types.ts');
    this.#service ??= new TypeService(process.cwd(), this.#look);
    this.#service.start();
    return this.#service;
  }

  async #load(): Promise<TypeService> {
    const service = await this.#start();
    await service.load();
    this.#isLoaded = true;
    this.#readCells();
    return service;
  }

  #readCells(): void {
    for (const code of this.#unread.splice(0)) this.#service!.add(code);
  }

  /** `%types` counts for the cell that it stands in: it is checked before it runs. */
  async #choose(code: string): Promise<void> {
    const { magicsOf } = await import('../intellisense/reading.ts');
    const { args } = magicsOf(code).findLast(({ name }) => name === 'types') ?? {};
    if (args === undefined || !isTypesMode(args)) return;
    this.#mode = args;
    if (args === 'off') this.#service?.stop();
  }
}

export function isTypesMode(text: string): text is TypesMode {
  return (TYPES_MODES as readonly string[]).includes(text);
}
