/** `%%sql` cells, where the kernel takes magics from libraries. */

import { openColumns, type Tabular } from '../datasets/index.ts';
import { sql } from './sql.ts';

/** What the running cell offers a magic. */
interface MagicCell {
  /** The names that cells have declared. */
  names(): readonly string[];
  read(name: string): Promise<{ readonly value?: unknown }>;
  /** Declares a variable for the cells to come. */
  assign(name: string, value: unknown): Promise<void>;
}

interface MagicHost {
  registerMagic(
    name: string,
    magic: {
      readonly usage: string;
      readonly summary: string;
      run(args: string, cell: MagicCell, body?: string): Promise<unknown>;
    },
  ): void;
}

const NAME = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** Teaches the notebook `%%sql`; elsewhere nothing happens. */
export function registerSqlMagic(): void {
  const host = (globalThis as Record<symbol, unknown>)[Symbol.for('tunelab.host')] as
    | Partial<MagicHost>
    | undefined;
  host?.registerMagic?.('sql', {
    usage: '%%sql [name]',
    summary:
      'runs the cell as SQL over files and over the frames in variables; the result goes into the named variable',
    run: runCell,
  });
}

async function runCell(args: string, cell: MagicCell, body?: string): Promise<unknown> {
  // `%sql SELECT …` and `%%sql SELECT …` have their query on the first line.
  const name = body !== undefined && NAME.test(args) ? args : undefined;
  const query = name === undefined ? [args, body].filter(Boolean).join('\n') : (body as string);
  const result = await sql(query, await tablesIn(query, cell));
  if (name !== undefined) await cell.assign(name, result);
  return result;
}

/** The tables among the notebook's variables that the query mentions. */
async function tablesIn(query: string, cell: MagicCell): Promise<Record<string, Tabular>> {
  const mentioned = new Set(query.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu));
  const tables: Record<string, Tabular> = {};
  for (const name of cell.names()) {
    if (!mentioned.has(name)) continue;
    const { value } = await cell.read(name);
    if ((openColumns(value)?.names.length ?? 0) > 0) tables[name] = value as Tabular;
  }
  return tables;
}
