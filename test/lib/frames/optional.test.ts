import { describe, expect, it } from 'vitest';
import { requireOptional } from '../../../lib/frames/optional.ts';

describe('a package that users install themselves', () => {
  it('is found where it is installed', () => {
    expect(
      requireOptional<typeof import('@duckdb/node-api')>('@duckdb/node-api', '').DuckDBInstance,
    ).toBeDefined();
  });

  it('is named with what to do where it is not', () => {
    const load = () => requireOptional('no-such-frames', 'run %npm install no-such-frames in a cell.');
    expect(load).toThrow('no-such-frames is not installed here: run %npm install no-such-frames in a cell.');
    expect(load).toThrow(expect.objectContaining({ code: 'ERR_NOT_INSTALLED' }));
  });
});
