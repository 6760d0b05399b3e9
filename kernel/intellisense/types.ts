/** What TypeScript knows of a notebook: checks a cell before it runs, completes, explains. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Node } from '../runtime/syntax.ts';
import type { CellSource } from './cell-source.ts';
import type { Look } from './complete.ts';
import { Habits } from './habits.ts';
import { LanguageServer } from './language-server.ts';
import { LocalFiles } from './local-files.ts';
import { Prelude } from './prelude.ts';
import type { Diagnostic } from './problems.ts';
import { DOCUMENTS, GLOBALS, projectOptions } from './project.ts';

/** Milliseconds from its start that the first cells wait for the server: on a busy machine it needs that long. */
const WARM_UP = 15_000;
/** Milliseconds after which a cell runs unchecked; those behind it then do not wait. */
const LONGEST_CHECK = 5_000;
/** Milliseconds after which an answer about code being typed comes too late. */
const LONGEST_ANSWER = 100;
/** How often a server that has ended is started again. */
const RESTARTS = 2;

type Document = 'cell' | 'typing';

/** An item of a completion as the server gives it. */
export interface TypedItem {
  readonly label: string;
  readonly kind?: number;
  readonly sortText?: string;
  /** The name where the label says more than it. */
  readonly filterText?: string;
  readonly detail?: string;
  readonly data?: unknown;
}

export class TypeService {
  readonly #folder: string;
  readonly #look: Look;
  readonly #prelude = new Prelude();
  #reading!: typeof import('./reading.ts');
  readonly #files: LocalFiles;
  #habits = new Habits();
  /** What the check of the cell that runs next has found out. */
  #checked: { readonly code: string; readonly habits: Habits } | undefined;
  #decorators: 'standard' | 'legacy' = 'standard';
  #server: LanguageServer | undefined;
  #ready: Promise<unknown> | undefined;
  /** Whether the server takes documents. */
  #isOpen = false;
  #isReady = false;
  #deadline = 0;
  #deaths = 0;
  /** Whether a check is under way, and whether it takes so long that nobody waits any more. */
  #checking = false;
  #late = false;
  #untold: string | undefined;
  #latest: { code: string; id: number } | undefined;
  /** A cell is read for its check and again for what it declares. */
  #read: { readonly code: string; readonly cell: CellSource | undefined } | undefined;
  #nextCell = 1;
  /** Requests on one document wait for each other: the text must not change under them. */
  #turns: Record<Document, Promise<unknown>> = { cell: Promise.resolve(), typing: Promise.resolve() };

  /** @param folder the notebook's */
  constructor(folder: string, look: Look) {
    this.#folder = folder;
    this.#look = look;
    this.#files = new LocalFiles(folder);
  }

  /** Something that the user has to know, once. */
  takeNotice(): string | undefined {
    const notice = this.#untold;
    this.#untold = undefined;
    return notice;
  }

  /** Has to be awaited before anything is asked. */
  async load(): Promise<void> {
    this.#reading ??= await import('./reading.ts');
  }

  /** Starts the server in the background unless it runs, or has failed too often. */
  start(): void {
    if (this.#server || this.#deaths > RESTARTS) return;
    this.#deadline = performance.now() + WARM_UP;
    let server: LanguageServer;
    try {
      server = new LanguageServer(this.#folder, why => this.#died(why));
    } catch (error) {
      this.#deaths = RESTARTS;
      this.#died((error as Error).message.split('\n')[0]!);
      return;
    }
    this.#server = server;
    this.#ready = (async () => {
      await server.initialize();
      if (this.#server !== server) return;
      this.#isOpen = true;
      this.#configure();
      this.#setDocument('globals', GLOBALS);
      this.#setDocument('prelude', this.#prelude.text());
      for (const name of ['cell', 'cellWithElements', 'typing', 'typingWithElements'] as const)
        this.#setDocument(name, this.#prelude.header('', new Set()));
      await this.#diagnose('cell');
      await this.#diagnose('typing');
      this.#isReady = this.#server === server;
    })();
  }

  stop(): void {
    this.#server?.stop();
    this.#forgetServer();
  }

  /** Forgets what cells have declared: their process is gone. */
  reset(): void {
    this.#prelude.clear();
    this.#habits = new Habits();
    this.#setDocument('prelude', this.#prelude.text());
  }

  /** What is wrong with a cell; undefined when that cannot be told in time. */
  async check(code: string): Promise<Diagnostic[] | undefined> {
    const cell = this.#cellOf(code);
    if (!cell) return [];
    const noCheck = /^(?:\s|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)*?\/\/[ \t]*@ts-nocheck\b/.test(code);
    if (noCheck || this.#reading.isHarmless(cell.program)) return [];
    this.start();
    if (!this.#server) return [];
    if (!(await this.#warm())) return undefined;
    const declarations = this.#reading.declarationsOf(cell.text, unshifted(cell), 0);
    // The server has not even answered about an earlier cell.
    if (this.#late) return undefined;
    const diagnosed = this.#inTurn('cell', async () => {
      this.#refreshFiles(cell.text);
      this.#checking = true;
      const place = this.#place('cell', cell, declarations.names);
      const items = await this.#diagnose(place.name);
      this.#checking = false;
      this.#late = false;
      return items?.map(({ code, message, range }) => ({
        code,
        message,
        start: place.offset(range.start),
        end: place.offset(range.end),
      }));
    });
    const found = await within(LONGEST_CHECK, diagnosed);
    if (!found) {
      this.giveUp();
      return undefined;
    }
    const inCell = found.filter(({ start, end }) => start >= 0 && end <= cell.text.length);
    if (inCell.length === 0) return [];
    const habits = this.#habits.with(cell.program, declarations.names.keys());
    this.#checked = { code, habits };
    const notebook = { ...habits, look: this.#look };
    return this.#reading.sureProblems(inCell, cell, new Set(declarations.names.keys()), notebook);
  }

  /** Nobody waits for the check that is under way; cells run unchecked until the server answers. */
  giveUp(): void {
    this.#late = this.#checking;
  }

  /** Takes in what a cell declares. */
  add(code: string): void {
    const cell = this.#cellOf(code);
    this.#latest = undefined;
    if (!cell) return;
    for (const { name, args } of cell.magics) {
      if (name === 'decorators' && (args === 'standard' || args === 'legacy') && args !== this.#decorators) {
        this.#decorators = args;
        this.#configure();
      }
    }
    const id = this.#nextCell++;
    const declarations = this.#reading.declarationsOf(cell.text, unshifted(cell), id);
    this.#habits =
      this.#checked?.code === code
        ? this.#checked.habits
        : this.#habits.with(cell.program, declarations.names.keys());
    this.#checked = undefined;
    if (declarations.names.size === 0 && declarations.hoisted === '') return;
    this.#prelude.add(id, declarations);
    this.#latest = { code, id };
    this.#sendPrelude();
  }

  /** The newest cell was refused by the engine: it has declared nothing. */
  takeBack(code: string): void {
    if (this.#latest?.code !== code) return;
    this.#prelude.remove(this.#latest.id);
    this.#sendPrelude();
  }

  /** Packages have come or gone: the server has read what was there before. */
  packagesChanged(): void {
    if (!this.#server) return;
    this.stop();
    this.start();
  }

  /** @param offset UTF-16 place in the code; undefined where the server has no answer in time */
  async complete(code: string, offset: number): Promise<readonly TypedItem[] | undefined> {
    const prefix = /[\p{ID_Continue}$]*$/u.exec(code.slice(0, offset))![0];
    const begun = prefix === '' ? [] : [...this.#prelude.names].filter(name => name.startsWith(prefix));
    const context = { triggerKind: 1 };
    const answer = await this.#ask('textDocument/completion', code, offset, { context }, begun);
    return (answer as { items?: readonly TypedItem[] } | null | undefined)?.items;
  }

  /** Adds what completions leave out: the signature. */
  async resolve(item: TypedItem): Promise<TypedItem> {
    if (!this.#server || !this.#isReady) return item;
    const answer = await within(LONGEST_ANSWER, this.#server.request('completionItem/resolve', item));
    return (answer as TypedItem | undefined) ?? item;
  }

  /** Signature and documentation in Markdown, of the name at a place. */
  async explain(code: string, offset: number): Promise<string | undefined> {
    const answer = (await this.#ask('textDocument/hover', code, offset, {})) as
      | { contents?: { value?: string } | string }
      | null
      | undefined;
    const contents = answer?.contents;
    const text = typeof contents === 'string' ? contents : contents?.value;
    // Of a name that nothing declares the server says that it may be anything.
    return text && !/^```typescript\nany\n```\s*$/.test(text)
      ? this.#reading.readable(text.replace('\n(alias) ', '\n'))
      : undefined;
  }

  #cellOf(code: string): CellSource | undefined {
    if (this.#read?.code !== code) this.#read = { code, cell: this.#reading.readCell(code) };
    return this.#read.cell;
  }

  /** @param names of earlier cells that count although the code does not spell them out */
  async #ask(
    method: string,
    code: string,
    offset: number,
    more: object,
    names: readonly string[] = [],
  ): Promise<unknown> {
    this.start();
    const server = this.#server;
    const source = this.#reading.typeScriptOf(code);
    if (!server || !this.#isReady || !source) return undefined;
    const cell = this.#cellOf(code);
    const declared = cell
      ? new Set(this.#reading.declarationsOf(cell.text, unshifted(cell), 0).names.keys())
      : probablyDeclared(source.text);
    const reading = cell ?? {
      text: source.text,
      before: '',
      after: '',
      isTsx: /<\/|\/>/.test(source.text),
    };
    const answer = this.#inTurn('typing', () => {
      const place = this.#place('typing', reading, declared, names);
      const params = {
        textDocument: { uri: this.#uri(place.name) },
        position: place.position(offset),
        ...more,
      };
      return within(LONGEST_ANSWER, server.request(method, params));
    });
    return within(LONGEST_ANSWER, answer);
  }

  /** Puts a cell into its document, with the names of earlier cells before it. */
  #place(
    document: Document,
    { text, before, after, isTsx }: Pick<CellSource, 'text' | 'before' | 'after' | 'isTsx'>,
    declared: { has(name: string): boolean },
    names: readonly string[] = [],
  ) {
    const name = isTsx ? (`${document}WithElements` as const) : document;
    const start = this.#prelude.header([text, ...names].join(' '), declared) + before;
    const whole = start + text + after;
    this.#setDocument(name, whole);
    return {
      name,
      /** Where a place of the document lies in the cell. */
      offset: ({ line, character }: { line: number; character: number }): number => {
        let at = 0;
        for (let count = 0; count < line; count++) at = whole.indexOf('\n', at) + 1;
        return at + character - start.length;
      },
      position: (offset: number): { line: number; character: number } => {
        const lines = whole.slice(0, start.length + offset).split('\n');
        return { line: lines.length - 1, character: lines.at(-1)!.length };
      },
    };
  }

  async #diagnose(name: keyof typeof DOCUMENTS): Promise<readonly RawDiagnostic[] | undefined> {
    // A server that has just taken the place of one that ended bears no question yet.
    if (!this.#isOpen) return undefined;
    const answer = await this.#server?.request('textDocument/diagnostic', {
      textDocument: { uri: this.#uri(name) },
    });
    const items = (answer as { items?: readonly RawDiagnostic[] } | undefined)?.items;
    return items?.filter(({ severity }) => severity === 1);
  }

  /** Waits for the server to be ready, but not long. */
  async #warm(): Promise<boolean> {
    if (this.#server && !this.#isReady) await within(this.#deadline - performance.now(), this.#ready!);
    return this.#isReady;
  }

  #sendPrelude(): void {
    this.#setDocument('prelude', this.#prelude.text());
    // The server works on changes when it is asked something; better now than when the next cell waits.
    if (this.#isReady)
      void this.#server?.request('textDocument/hover', {
        textDocument: { uri: this.#uri('prelude') },
        position: { line: 0, character: 0 },
      });
  }

  #refreshFiles(text: string): void {
    const changes = this.#files.changes(text);
    if (changes.length > 0 && this.#isOpen)
      this.#server?.notify('workspace/didChangeWatchedFiles', { changes });
  }

  #configure(): void {
    if (!this.#isOpen) return;
    const options = projectOptions(this.#folder, this.#decorators);
    this.#server?.setDocument(this.#address('tsconfig.json'), 'json', JSON.stringify(options));
  }

  #setDocument(name: keyof typeof DOCUMENTS, text: string): void {
    const language = DOCUMENTS[name].endsWith('x') ? 'typescriptreact' : 'typescript';
    if (this.#isOpen) this.#server?.setDocument(this.#uri(name), language, text);
  }

  #uri(name: keyof typeof DOCUMENTS): string {
    return this.#address(DOCUMENTS[name]);
  }

  #address(file: string): string {
    return pathToFileURL(join(this.#folder, file)).href;
  }

  #inTurn<T>(document: Document, work: () => Promise<T>): Promise<T> {
    const turn = this.#turns[document].then(work);
    this.#turns[document] = turn.catch(() => {});
    return turn;
  }

  #died(why: string): void {
    this.#forgetServer();
    this.#deaths++;
    if (this.#deaths > RESTARTS)
      this.#untold = `tunelab: types are off from here on: TypeScript's server does not stay up (${why}). Cells run unchecked; restart the kernel to try again, or see: tunelab doctor\n`;
    else this.start();
  }

  #forgetServer(): void {
    this.#server = undefined;
    this.#isOpen = false;
    this.#isReady = false;
    this.#checking = false;
    this.#late = false;
    this.#ready = undefined;
  }
}

interface RawDiagnostic {
  readonly code: number;
  readonly message: string;
  readonly severity: number;
  readonly range: {
    readonly start: { line: number; character: number };
    readonly end: { line: number; character: number };
  };
}

/** What a promise gives within some milliseconds. */
async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>(resolve => {
    // An answer that has arrived counts, however late this process comes to read it.
    timer = setTimeout(() => setImmediate(() => resolve(undefined)), Math.max(0, milliseconds));
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** An object literal declares nothing; its places would count from its bracket. */
function unshifted(cell: CellSource): Node {
  return cell.before ? ({ type: 'Program', start: 0, end: 0, body: [] } as Node) : cell.program;
}

/** The names that half-typed code seems to declare. */
function probablyDeclared(text: string): Set<string> {
  const names = text.matchAll(
    /\b(?:const|let|var|using|function\s*\*?|class|interface|type|enum|namespace)\s+([\p{ID_Start}$_][\p{ID_Continue}$]*)/gu,
  );
  return new Set([...names].map(([, name]) => name!));
}
