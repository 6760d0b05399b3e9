/** arquero, loaded when a frame is first needed. */
import { createRequire } from 'node:module';
import { inspect } from 'node:util';
import type { ColumnTable } from 'arquero';
import { checkCalls, evaluable, evaluables } from './expressions.ts';
import { groupsOf, withGroups } from './groups.ts';
import { frameText } from './print.ts';
import { figuresOf } from './rollup.ts';

/** A data frame: an arquero table, with all of arquero's verbs. */
export type Frame = ColumnTable;

const require = createRequire(import.meta.url);

/** Without a promise, so that what takes a frame of another library need not be awaited. */
export function loadArquero(): typeof import('arquero') {
  return require('arquero') as typeof import('arquero');
}

type Keys = Parameters<ColumnTable['groupby']>;
type Figures = Parameters<ColumnTable['rollup']>[0];

let frameTable: typeof ColumnTable | undefined;

/**
 * arquero's table with faster groups and figures, expressions that may call methods, and printed as a table. What its
 * verbs make of one is of this class too.
 */
function loadFrameTable(): typeof ColumnTable {
  frameTable ??= class FrameTable extends loadArquero().ColumnTable {
    override filter(...[criteria]: Parameters<ColumnTable['filter']>): this {
      return super.filter(evaluable(criteria));
    }

    override derive(...[values, options]: Parameters<ColumnTable['derive']>): this {
      return super.derive(evaluables(values), options);
    }

    override orderby(...keys: Parameters<ColumnTable['orderby']>): this {
      checkCalls('orderby', keys);
      return super.orderby(...keys);
    }

    override groupby(...keys: Keys): this {
      const groups = groupsOf(this, keys.flat());
      return groups ? this.create({ groups }) : super.groupby(...keys.map(evaluables));
    }

    override rollup(values: Figures = {}): this {
      checkCalls('rollup', Object.values(values));
      const figures = figuresOf(this, values);
      if (figures.size === 0) return super.rollup(values);
      const others = Object.entries(values).filter(([name]) => !figures.has(name));
      const table = super.rollup(Object.fromEntries(others));
      const groups = this.groups()?.names ?? [];
      return table.create({
        data: { ...table.data(), ...Object.fromEntries(figures) },
        names: [...new Set([...groups, ...Object.keys(values)])],
      });
    }

    [inspect.custom](): string {
      return frameText(this);
    }
  };
  return frameTable;
}

/**
 * A frame of named columns.
 *
 * @param origin what an error names: a file or a function
 * @throws if the columns differ in length, or one has a name that JavaScript keeps for itself
 */
export function frameOfColumns(columns: ReadonlyMap<string, ArrayLike<unknown>>, origin: string): Frame {
  if (columns.has('__proto__')) {
    throw new RangeError(
      `${origin}: a column cannot be called "__proto__", which JavaScript objects keep for themselves.`,
    );
  }
  if (new Set([...columns.values()].map(({ length }) => length)).size > 1) {
    const lengths = [...columns].map(([name, { length }]) => `${name} ${length}`);
    throw new RangeError(`${origin}: columns must be equally long, but have ${lengths.join(', ')} values.`);
  }
  const data = Object.fromEntries(
    [...columns].map(([name, values]) => [name, withGroups(ofOneType(values))]),
  );
  return new (loadFrameTable())(data as Record<string, unknown[]>, [...columns.keys()]);
}

/** Integers of which some are bigints as bigints, or joins and sums would tell 1 from 1n. */
function ofOneType(values: ArrayLike<unknown>): ArrayLike<unknown> {
  if (!Array.isArray(values) || !values.some(value => typeof value === 'bigint')) return values;
  const isInteger = (value: unknown): boolean =>
    value === null || value === undefined || typeof value === 'bigint' || Number.isSafeInteger(value);
  if (!values.every(isInteger)) return values;
  return values.map(value => (typeof value === 'number' ? BigInt(value) : value));
}
