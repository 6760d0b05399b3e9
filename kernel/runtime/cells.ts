/** The life of a cell in the child: magics, transform, evaluation, display, errors. */
import { join } from 'node:path';
import { toMimeBundle } from '../display/index.ts';
import { type CellError, type ExecuteCommand, INTERRUPTED, type MimeBundle, sendEvent } from './channel.ts';
import { type CommandHost, findCommand } from './commands.ts';
import type { Comms } from './comms.ts';
import {
  abandonCell,
  beginCell,
  currentCell,
  endCell,
  isAbandoned,
  isInterrupted,
  isRunning,
  onCellFailure,
  resume,
  runInCell,
} from './context.ts';
import { debugHooks } from './debugging.ts';
import { describeError, hasPlace, registerCell } from './errors.ts';
import type { Evaluator, Outcome } from './evaluator.ts';
import { createHost, denoNamespace, HOST, tslabModule } from './host.ts';
import { forbidInput } from './input.ts';
import { cellMagic, chosenDecorators, expandMagics } from './magics.ts';
import { importMeta, ModuleLoader } from './modules.ts';
import { cellUrl, REWRITTEN, RUNTIME } from './names.ts';
import { type CellScript, CellSyntaxError, transformCell } from './transform.ts';

/** A command is sent again within milliseconds, if at all. */
const REMEMBERED_CELLS = 1_000;

/** The one that user code cannot replace. */
const afterThisTurn = setImmediate;

/** An interrupt shows as one, whatever the interrupted call made of it. */
function interrupted(error: CellError): CellError {
  // What ended by itself may say how to go on.
  if (error.ename === INTERRUPTED.ename) return error.evalue === INTERRUPTED.evalue ? INTERRUPTED : error;
  return { ...INTERRUPTED, traceback: [...INTERRUPTED.traceback, ...error.traceback] };
}

export class CellRunner {
  readonly #evaluator: Evaluator;
  readonly #loader: ModuleLoader;
  readonly #host: ReturnType<typeof createHost>;
  readonly #declared = new Set<string>();
  readonly #constants = new Set<string>();
  #decorators: 'standard' | 'legacy' = 'standard';
  /** The latest cells that have arrived. */
  readonly #taken = new Set<number>();
  #timers: number[] = [];
  /** What a magic hands to the variable that it declares. */
  #assigned: unknown;
  /** Tells scripts apart that run under one execution count. */
  #runs = 0;

  constructor(evaluator: Evaluator, comms: Comms, folder: string) {
    this.#evaluator = evaluator;
    this.#host = createHost(comms);
    const tslab = once(tslabModule);
    this.#loader = new ModuleLoader(folder, { tslab: () => ({ ...tslab() }) });
    this.#installGlobals(folder);
    onCellFailure((cell, error) => {
      this.#drop(cell);
      sendEvent(cell, { type: 'done', error: describeError(error) });
    });
  }

  async execute(command: ExecuteCommand): Promise<void> {
    const { cell } = command;
    // A command that was sent twice runs once.
    if (this.#taken.has(cell)) return;
    this.#taken.add(cell);
    this.#taken.delete(cell - REMEMBERED_CELLS);
    if (command.confirm) sendEvent(cell, { type: 'started' });
    beginCell(cell);
    if (!command.allowStdin) forbidInput(cell);
    const outcome = await this.#run(command);
    if (isAbandoned(cell)) return;
    let error = outcome.error && isInterrupted(cell) ? interrupted(outcome.error) : outcome.error;
    let result: MimeBundle | undefined;
    if (!error && outcome.value !== undefined && !command.silent) {
      try {
        result = await runInCell(cell, () => toMimeBundle(outcome.value));
      } catch (thrown) {
        error = describeError(thrown);
      }
    }
    const userExpressions = error ? {} : await this.#userExpressions(command);
    // A rejection that nobody handled is reported between two turns of the loop: before the cell is done.
    await new Promise(resolve => afterThisTurn(resolve));
    if (isAbandoned(cell)) return;
    if (isInterrupted(cell)) this.#drop(cell);
    else endCell(cell);
    sendEvent(cell, {
      type: 'done',
      ...(error ? { error } : {}),
      ...(result ? { result } : {}),
      userExpressions,
    });
  }

  /** Ends a cell from outside: its promise may never settle, and nothing of it is to go on. The answer shows that the loop is free. */
  abandon(cell: number): void {
    if (isRunning(cell)) this.#drop(cell);
    sendEvent(cell, { type: 'abandoned' });
  }

  #drop(cell: number): void {
    endCell(cell);
    abandonCell(cell);
  }

  async #run(command: ExecuteCommand): Promise<{ value?: unknown; error?: CellError }> {
    const { cell } = command;
    try {
      const magic = cellMagic(command.code);
      if (magic && magic.name !== 'time') {
        const found = findCommand(magic.name);
        return { value: await runInCell(cell, () => found.run(magic.args, this.#commandHost(), magic.body)) };
      }
      const start = performance.now();
      const source = magic ? command.code.replace(/%%time[^\n]*/, '') : command.code;
      const { outcome, script } = await this.#evaluate(source, command);
      if (magic) runInCell(cell, () => console.log(`Time: ${formatDuration(performance.now() - start)}`));
      if ('terminated' in outcome) return { error: INTERRUPTED };
      if ('thrown' in outcome) return { error: describeOutcome(outcome, script, source, command) };
      return script.showsValue ? { value: outcome.value } : {};
    } catch (thrown) {
      return { error: describeError(thrown) };
    }
  }

  async #evaluate(
    source: string,
    { code, executionCount, cell }: ExecuteCommand,
  ): Promise<{ outcome: Outcome; script: CellScript }> {
    const label = `Cell[${executionCount}]`;
    const script = this.#transform(source, label);
    const url = cellUrl(executionCount, ++this.#runs);
    registerCell(url, { label, text: code, positions: script.positions }, script.declared);
    for (const name of script.declared) {
      this.#declared.add(name);
      this.#constants.delete(name);
    }
    for (const name of script.constants) this.#constants.add(name);
    const outcome = await runInCell(cell, () =>
      this.#evaluator.evaluate(`${script.code}\n//# sourceURL=${url}${REWRITTEN}`),
    );
    return { outcome, script };
  }

  #transform(source: string, label: string): CellScript {
    const text = expandMagics(source.startsWith('#!') ? source.replace('#!', '//') : source);
    const earlier = { names: this.#declared, constants: this.#constants };
    this.#decorators = chosenDecorators(text) ?? this.#decorators;
    const options = { label, decorators: this.#decorators, earlier };
    try {
      // As in Node's REPL: what can be an object is one, not a block with labels.
      if (/^\s*\{[\s\S]*\}\s*$/.test(text)) return transformCell(`(${text})`, options);
    } catch {
      // It is a block.
    }
    try {
      return transformCell(text, options);
    } catch (error) {
      // The reader typed magic lines, not what they were turned into.
      throw error instanceof CellSyntaxError ? new CellSyntaxError(error.problems, source, label) : error;
    }
  }

  async #userExpressions(command: ExecuteCommand): Promise<Record<string, unknown>> {
    const results: Record<string, unknown> = {};
    for (const [name, expression] of Object.entries(command.userExpressions)) {
      const { value, error } = await this.#run({ ...command, code: expression });
      results[name] = error
        ? { status: 'error', ...error }
        : { status: 'ok', ...(await toMimeBundle(value)) };
    }
    return results;
  }

  #commandHost(): CommandHost {
    return {
      names: () => [...this.#declared],
      read: async name => {
        const outcome = await this.#evaluator.evaluate(name);
        return 'value' in outcome ? outcome : {};
      },
      assign: (name, value) => this.#assign(name, value),
      // The parent sees a clean exit that a cell asked for and starts a new process.
      reset: () => {
        sendEvent(currentCell(), { type: 'reset' });
        return new Promise<void>(() => {});
      },
      display: bundle => this.#host.display(bundle),
    };
  }

  async #assign(name: string, value: unknown): Promise<void> {
    this.#assigned = value;
    const outcome = await this.#evaluator.evaluate(`let ${name} = ${RUNTIME}.assigned();`);
    this.#assigned = undefined;
    if ('thrown' in outcome) throw outcome.thrown;
    this.#declared.add(name);
    this.#constants.delete(name);
  }

  #installGlobals(folder: string): void {
    const cellFile = join(folder, 'cell.ts');
    const deno = once(() => denoNamespace());
    const runtime = {
      import: this.#loader.import.bind(this.#loader),
      meta: importMeta(cellFile),
      get Deno() {
        return deno();
      },
      assigned: () => this.#assigned,
      magic: (name: string, args: string) => findCommand(name).run(args, this.#commandHost()),
      startTimer: () => {
        this.#timers.push(performance.now());
      },
      stopTimer: (_started: unknown, value: unknown) => {
        console.log(`Time: ${formatDuration(performance.now() - (this.#timers.pop() ?? 0))}`);
        return value;
      },
      resume,
      debug: debugHooks(() => this.#declared),
      assignToConstant: (name: string) => {
        throw new TypeError(`Assignment to constant variable '${name}'`);
      },
    };
    const hidden = {
      [RUNTIME]: runtime,
      [HOST]: this.#host,
      require: this.#loader.require,
      __dirname: folder,
      __filename: cellFile,
    };
    for (const key of Reflect.ownKeys(hidden)) {
      const value = hidden[key as keyof typeof hidden] as unknown;
      Object.defineProperty(globalThis, key, {
        value,
        configurable: true,
        writable: true,
        enumerable: false,
      });
    }
    // What oxc's lowered code calls; loaded when a cell first needs one.
    const helpers = new Proxy({}, { get: (_target, name) => this.#helper(String(name)) });
    Object.defineProperty(globalThis, 'babelHelpers', {
      value: helpers,
      configurable: true,
      enumerable: false,
    });
  }

  #helper(name: string): unknown {
    return this.#loader.require(`@oxc-project/runtime/helpers/${name}`);
  }
}

type Failure = Extract<Outcome, { thrown: unknown }>;

function describeOutcome(
  { thrown, at }: Failure,
  script: CellScript,
  source: string,
  { executionCount }: ExecuteCommand,
) {
  // Some mistakes, in regular expressions for one, only V8 finds; it says where, but the error does not.
  if (thrown instanceof SyntaxError && !hasPlace(thrown)) {
    const place = script.positions.original(at.line, at.column);
    const problem = { message: thrown.message, length: 1, ...place! };
    if (place) return describeError(new CellSyntaxError([problem], source, `Cell[${executionCount}]`));
  }
  return describeError(thrown);
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** @example formatDuration(1234.5) // '1.23 s' */
function formatDuration(milliseconds: number): string {
  if (milliseconds < 1) return `${(milliseconds * 1000).toFixed(0)} µs`;
  if (milliseconds < 1000) return `${milliseconds.toFixed(1)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(2)} s`;
  return `${Math.floor(milliseconds / 60_000)} min ${((milliseconds % 60_000) / 1000).toFixed(0)} s`;
}
