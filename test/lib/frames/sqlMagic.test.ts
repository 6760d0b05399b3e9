import { afterEach, describe, expect, it } from 'vitest';
import { type Frame, toRows } from '../../../lib/frames/index.ts';
import { registerSqlMagic } from '../../../lib/frames/sqlMagic.ts';

const HOST = Symbol.for('tunelab.host');
const global = globalThis as Record<symbol, unknown>;
afterEach(() => delete global[HOST]);

type Run = (args: string, cell: object, body?: string) => Promise<Frame>;

function openNotebook(variables: Record<string, unknown>): Run {
  const magics = new Map<string, { run: Run }>();
  global[HOST] = {
    isNotebook: true,
    registerMagic: (name: string, magic: { run: Run }) => magics.set(name, magic),
  };
  registerSqlMagic();
  const cell = {
    names: () => Object.keys(variables),
    read: async (name: string) => ({ value: variables[name] }),
    assign: async (name: string, value: unknown) => {
      variables[name] = value;
    },
  };
  return (args, _, body) => magics.get('sql')!.run(args, cell, body);
}

describe('%%sql', () => {
  it('asks the frames in variables and puts the result into the named one', async () => {
    const variables: Record<string, unknown> = { docs: [{ n: 1 }, { n: 2 }], n: 5, other: [{ n: 100 }] };
    const run = openNotebook(variables);
    const shown = await run('total', {}, 'SELECT sum(n) AS s\nFROM docs');
    expect(toRows(shown)).toEqual([{ s: 3 }]);
    expect(variables.total).toBe(shown);
    expect(toRows(await run('', {}, 'SELECT s * 2 AS d FROM total'))).toEqual([{ d: 6 }]);
  });

  it('takes a query on its first line, as a line magic has it', async () => {
    const run = openNotebook({ docs: [{ n: 1 }] });
    expect(toRows(await run('SELECT n FROM docs', {}))).toEqual([{ n: 1 }]);
    expect(toRows(await run('SELECT n', {}, 'FROM docs'))).toEqual([{ n: 1 }]);
  });

  it('is not there, and does no harm, outside of a notebook that takes magics', () => {
    expect(registerSqlMagic).not.toThrow();
    global[HOST] = { isNotebook: true };
    expect(registerSqlMagic).not.toThrow();
  });
});
