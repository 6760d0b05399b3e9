/** SQL over frames, data sets and files, by DuckDB. */
import type { DuckDBResultReader, DuckDBValue, DuckDBValueConverter } from '@duckdb/node-api';
import { type Frame, frameOfColumns, loadArquero } from '../arquero/index.ts';
import { openColumns, plainColumn, type Tabular } from '../datasets/index.ts';
import { createTable, duckdb, loadDuckdb, quoted } from './duckdb.ts';
import { frame } from './frame.ts';

/** Tables by the names that a query calls them: any table, or the path of a file. */
export type SqlTables = Readonly<Record<string, Tabular | string>>;

/**
 * Runs SQL and returns the result as a frame.
 *
 * A query names files by their paths (`FROM 'docs.jsonl'`, CSV and Parquet too), and tables as the second argument
 * calls them. As a template, a table put into the query is a table there, and any other value is a parameter, which
 * nothing in it can break out of. Tables that a query creates live as long as the process. Whole numbers are numbers
 * where no digit is lost and bigints where one would be; dates are `Date`, decimals numbers, intervals text.
 *
 * @throws if DuckDB is not installed, with what to do, or refuses the query, with its reason
 * @example const topics = await sql('SELECT topic, count(*) AS n FROM docs GROUP BY topic', { docs: df });
 * @example const long = await sql`SELECT * FROM ${df} WHERE length(answer) > ${200}`;
 */
export function sql(query: string, tables?: SqlTables): Promise<Frame>;
export function sql(query: TemplateStringsArray, ...values: readonly unknown[]): Promise<Frame>;
export function sql(query: string | TemplateStringsArray, ...values: readonly unknown[]): Promise<Frame> {
  // One after the other: the names of a query's tables hold for its time alone.
  const result = last.then(() =>
    typeof query === 'string' ? runNamed(query, values[0] as SqlTables) : runTemplate(query, values),
  );
  last = result.catch(() => {});
  return result;
}

let last: Promise<unknown> = Promise.resolve();
let count = 0;

/** Copies of frames, which do not change; a copy goes when its frame does. */
const copies = new WeakMap<object, string>();
const dropped = new FinalizationRegistry<string>(name => {
  const drop = async (): Promise<unknown> => (await duckdb()).run(`DROP TABLE ${name}`);
  // A table that cannot go, for a view of the user's stands on it, is no harm.
  last = last.then(drop).catch(() => {});
});

async function runNamed(query: string, tables: SqlTables = {}): Promise<Frame> {
  if (typeof query !== 'string' || query.trim() === '')
    throw new TypeError('sql needs a query, such as SELECT 1.');
  const db = await duckdb();
  const ours: Copy[] = [];
  // DuckDB's names do not mind case.
  const views = new Set<string>();
  try {
    for (const [name, table] of Object.entries(tables)) {
      const copy = await copyOf(table, name);
      ours.push(copy);
      const view = quoted(name.toLowerCase());
      await ask(`CREATE OR REPLACE TEMP VIEW ${view} AS FROM ${copy.name}`);
      views.add(view);
    }
    return await run(query, []);
  } finally {
    for (const view of views) await db.run(`DROP VIEW ${view}`);
    await dropCopies(ours);
  }
}

async function runTemplate(strings: TemplateStringsArray, values: readonly unknown[]): Promise<Frame> {
  const ours: Copy[] = [];
  const parameters: DuckDBValue[] = [];
  try {
    let query = strings[0] ?? '';
    for (const [i, value] of values.entries()) {
      if (isTable(value)) {
        const copy = await copyOf(value, `value ${i + 1}`);
        ours.push(copy);
        query += copy.name;
      } else {
        parameters.push(toParameter(value));
        query += `$${parameters.length}`;
      }
      query += strings[i + 1];
    }
    return await run(query, parameters);
  } finally {
    await dropCopies(ours);
  }
}

/** Runs a query; what DuckDB has against it is the reader's to know. */
async function ask(query: string, parameters: DuckDBValue[] = []): Promise<DuckDBResultReader> {
  const db = await duckdb();
  try {
    return await db.runAndReadAll(query, parameters);
  } catch (error) {
    throw new Error(`DuckDB: ${explain((error as Error).message)}`);
  }
}

async function run(query: string, parameters: DuckDBValue[]): Promise<Frame> {
  const reader = await ask(query, parameters);
  const names = reader.deduplicatedColumnNames();
  // No rows come without columns.
  const columns = reader.convertColumns(converter());
  return frameOfColumns(new Map(names.map((name, i) => [name, plainColumn(columns[i] ?? [])])), 'sql');
}

/** DuckDB cannot know that a table may come from the caller. */
function explain(text: string): string {
  const message = text.replace('Failed to extract statements: ', '');
  const name = /^Catalog Error: Table with name (.+) does not exist!/.exec(message)?.[1];
  if (name === undefined) return message;
  const place = message.slice(message.indexOf('\n\nLINE'));
  return `there is no table ${name}. A %%sql cell takes variables of the notebook; sql takes tables beside the query: sql(query, { ${name}: frame }).${place}`;
}

interface Copy {
  /** As SQL has it. */
  readonly name: string;
  /** Gone after the query. */
  readonly brief: boolean;
}

async function copyOf(table: Tabular | string, name: string): Promise<Copy> {
  const source = typeof table === 'string' ? await frame(table) : table;
  const known = copies.get(source);
  if (known) return { name: known, brief: false };
  const columns = openColumns(source);
  if (!columns?.names.length) throw new TypeError(`sql: "${name}" is not a table with columns, nor a path.`);
  const copy = `tunelab_${++count}`;
  await createTable(copy, columns);
  // Rows and data sets may change between queries; arquero's tables do not.
  if (typeof table === 'string' || !(source instanceof loadArquero().ColumnTable))
    return { name: copy, brief: true };
  copies.set(source, copy);
  dropped.register(source, copy);
  return { name: copy, brief: false };
}

async function dropCopies(ours: readonly Copy[]): Promise<void> {
  const db = await duckdb();
  for (const { name, brief } of ours) if (brief) await db.run(`DROP TABLE ${name}`);
}

function isTable(value: unknown): value is Tabular {
  return (openColumns(value)?.names.length ?? 0) > 0;
}

function toParameter(value: unknown): DuckDBValue {
  const { DuckDBTimestampValue, listValue } = loadDuckdb();
  if (value instanceof Date) return new DuckDBTimestampValue(BigInt(value.getTime()) * 1000n);
  if (Array.isArray(value)) return listValue(value.map(toParameter));
  if (value === undefined || Number.isNaN(value)) return null;
  if (value !== null && typeof value === 'object') {
    throw new TypeError('sql takes tables, texts, numbers, booleans, dates and lists of these into a query.');
  }
  return value as DuckDBValue;
}

/** DuckDB's values as JavaScript's; what JavaScript has no type for reads as DuckDB prints it. */
function converter(): DuckDBValueConverter<unknown> {
  const { DuckDBTypeId, JSDuckDBValueConverter } = loadDuckdb();
  const printed = new Set([
    DuckDBTypeId.TIME,
    DuckDBTypeId.TIME_TZ,
    DuckDBTypeId.TIME_NS,
    DuckDBTypeId.INTERVAL,
    DuckDBTypeId.BIT,
  ]);
  const convert: DuckDBValueConverter<unknown> = (value, type) => {
    if (value !== null && printed.has(type.typeId)) return String(value);
    return JSDuckDBValueConverter(value, type, convert as never);
  };
  return convert;
}
