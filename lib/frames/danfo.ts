/** danfo.js, a data frame library after pandas, which tunelab loads when it is asked for. */

import type { Tabular } from '../datasets/index.ts';
import { columnsOf } from './convert.ts';
import { requireOptional } from './optional.ts';

type Danfo = typeof import('danfojs-node');
type DanfoFrame = InstanceType<Danfo['DataFrame']>;

/**
 * danfo.js needs three of its own dependencies replaced: one downloads a native library of 2022, one is not on npm, one
 * is deprecated. npm takes replacements from the user's package.json alone.
 */
const ADVICE = [
  'run these three lines in a cell, or in a terminal without their %:',
  '%npm init -y',
  "%npm pkg set 'overrides.danfojs-node.@tensorflow/tfjs-node=npm:@tensorflow/tfjs@3.21.0'" +
    " 'overrides.danfojs-node.xlsx=npm:@e965/xlsx@^0.20.3'" +
    " 'overrides.danfojs-node.request=npm:@cypress/request@^3.0.9'",
  '%npm install danfojs-node@1.2.0',
].join('\n');

const REGISTERED =
  /^(The kernel '.*' for backend '.*' is already registered|\w+ backend was already registered\.|Platform \w+ has already been set\.)/;

/**
 * Loads danfo.js.
 *
 * @throws if it is not installed, with the commands that install it
 * @example const dfd = await danfo(); const df = new dfd.DataFrame([{ step: 1, loss: 2.5 }]);
 */
export async function danfo(): Promise<Danfo> {
  return withoutRegistryWarnings(() => requireOptional<Danfo>('danfojs-node', ADVICE));
}

/**
 * All copies of tfjs share one registry. Where a notebook has loaded its own, danfo's says of each of some three hundred
 * kernels that it is there already, which a user can do nothing about.
 *
 * @param load without a promise, so that nobody else's warnings pass by
 */
function withoutRegistryWarnings<T>(load: () => T): T {
  const { warn } = console;
  console.warn = (...words: unknown[]) => {
    if (!REGISTERED.test(String(words[0]))) warn.apply(console, words);
  };
  try {
    return load();
  } finally {
    console.warn = warn;
  }
}

/**
 * Any table as a danfo data frame.
 *
 * @throws if the value has no columns, or danfo.js is not installed
 * @example const df = await toDanfo(await frame('datasets/tunelab_docs.jsonl'));
 */
export async function toDanfo(table: Tabular): Promise<DanfoFrame> {
  const { DataFrame } = await danfo();
  const columns = columnsOf(table, 'toDanfo');
  const values = columns.names.map(name => columns.values(name));
  const rows = Array.from({ length: values[0]?.length ?? 0 }, (_, row) =>
    values.map(column => column[row] ?? null),
  );
  return new DataFrame(rows as never, { columns: [...columns.names] });
}
