import { stripVTControlCharacters } from 'node:util';
import { runInThisContext } from 'node:vm';
import { describe, expect, onTestFinished, test } from 'vitest';
import { describeError, isError, prepareStackTrace, registerCell } from '../../../kernel/runtime/errors.ts';
import { cellUrl } from '../../../kernel/runtime/names.ts';
import { PositionMap } from '../../../kernel/runtime/positions.ts';
import { CellSyntaxError } from '../../../kernel/runtime/transform.ts';

const plain = (thrown: unknown): string =>
  stripVTControlCharacters(describeError(thrown).traceback.join('\n'));

describe('errors', () => {
  test('name, message, frames, own fields', () => {
    const error = Object.assign(new RangeError('too far'), { limit: 3 });
    expect(describeError(error)).toMatchObject({ ename: 'RangeError', evalue: 'too far' });
    expect(plain(error)).toMatch(/^RangeError: too far\n {4}at /);
    expect(plain(error)).toContain('  limit: 3');
  });

  test('without a message there is no colon', () => {
    expect(plain(new TypeError()).split('\n')[0]).toBe('TypeError');
  });

  test('causes and aggregates, once each', () => {
    const inner = new Error('inner');
    const text = plain(new AggregateError([inner, new Error('outer', { cause: inner }), 5], 'many'));
    expect(text).toContain('[0] Error: inner');
    expect(text).toContain('[1] Error: outer');
    expect(text).toContain('Caused by [circular]');
    expect(text).toContain('[2] 5');
  });

  test('many errors are cut', () => {
    const text = plain(new AggregateError(Array.from({ length: 50 }, (_, i) => new Error(`e${i}`))));
    expect(text).toContain('… 30 more errors');
  });

  test('only thirty frames', () => {
    const error = new Error('deep');
    error.stack = `Error: deep\n${Array.from({ length: 100 }, (_, i) => `    at f${i} (x.js:1:1)`).join('\n')}`;
    expect(plain(error)).toContain('… 70 more');
  });

  test('of another realm', async () => {
    const { runInNewContext } = await import('node:vm');
    const error = runInNewContext('new TypeError("elsewhere")') as unknown;
    expect(isError(error)).toBe(true);
    expect(describeError(error)).toMatchObject({ ename: 'TypeError', evalue: 'elsewhere' });
  });

  test.each(['MagicError', 'InputError'])('%s is one line', name => {
    const error = Object.assign(new Error('do this'), { name });
    expect(describeError(error).traceback.length).toBe(1);
  });
});

describe('a thousand cells later', () => {
  /** Runs a cell that is typed as it is run. */
  const run = (count: number, text: string, declared: readonly string[]): unknown => {
    const url = cellUrl(count, count);
    const positions = new PositionMap(() => []);
    registerCell(url, { label: `Cell[${count}]`, text, positions }, declared);
    return runInThisContext(text, { filename: url });
  };
  const thousandLater = (): void => {
    for (let count = 10; count < 1_010; count++) run(count, '0', []);
  };
  const failureOf = (call: () => void): string => {
    const hooks = Error as { prepareStackTrace?: unknown };
    const before = hooks.prepareStackTrace;
    onTestFinished(() => {
      hooks.prepareStackTrace = before;
    });
    hooks.prepareStackTrace = prepareStackTrace;
    try {
      call();
      return 'nothing was thrown';
    } catch (error) {
      return plain(error);
    }
  };

  test('what still has its name shows its lines', () => {
    const fail = run(1, '(function fail() {\n  null.x })', ['fail']) as () => void;
    thousandLater();
    const text = failureOf(fail);
    expect(text).toContain('2 │   null.x }');
    expect(text).toMatch(/\n {4}at fail \(Cell\[1\]:2:8\)$/);
  });

  test('what has lost its name shows its cell', () => {
    const fail = run(2, '(function lost() {\n  null.x })', ['lost']) as () => void;
    run(3, '0', ['lost']);
    thousandLater();
    expect(failureOf(fail)).toBe(
      "TypeError: Cannot read properties of null (reading 'x')\n    at lost (Cell[2])",
    );
  });

  test('what this package has called in the engine is left out, what the cell has called is not', () => {
    const filename = new URL('../../../lib/calls.js', import.meta.url).href;
    const calls = runInThisContext('call => [1].map(() => call())', { filename }) as (
      call: () => void,
    ) => void;
    const own = run(4, '(function own(calls) {\n  calls(() => null.x) })', ['own']) as (
      f: typeof calls,
    ) => void;
    expect(failureOf(() => own(calls))).not.toContain('Array.map');
    const cell = run(5, '(function cell() {\n  [1].map(() => null.x) })', ['cell']) as () => void;
    expect(failureOf(cell)).toContain('at Array.map');
  });
});

describe('anything else that is thrown', () => {
  test.each([
    [5, '5'],
    ['t', "'t'"],
    [null, 'null'],
    [undefined, 'undefined'],
    [{ a: 1 }, '{ a: 1 }'],
    [Symbol('s'), 'Symbol(s)'],
  ])('%s', (thrown, shown) => {
    expect(describeError(thrown)).toMatchObject({ ename: 'Uncaught', evalue: shown });
  });
});

describe('hostile things', () => {
  const thrower = (field: string) =>
    Object.defineProperty(new Error('x'), field, {
      get() {
        throw new Error('getter');
      },
    });
  test.each([
    ['message', thrower('message')],
    ['stack', thrower('stack')],
    ['name', thrower('name')],
    ['cause', thrower('cause')],
    ['errors', thrower('errors')],
    ['a symbol as name', Object.assign(new Error('x'), { name: Symbol('n') })],
    ['a symbol as message', Object.assign(new Error('x'), { message: Symbol('n') })],
    ['an object that cannot be text', Object.assign(new Error('x'), { message: Object.create(null) })],
    [
      'a proxy',
      new Proxy(new Error('x'), {
        get() {
          throw new Error('trap');
        },
        getPrototypeOf() {
          throw new Error('trap');
        },
        ownKeys() {
          throw new Error('trap');
        },
      }),
    ],
    [
      'a throwing enumerable field',
      Object.defineProperty(new Error('x'), 'own', {
        enumerable: true,
        get() {
          throw new Error('getter');
        },
      }),
    ],
    [
      'a getter that throws something hostile',
      Object.defineProperty(new Error('x'), 'message', {
        get() {
          throw {
            toString() {
              throw 1;
            },
          };
        },
      }),
    ],
  ])('%s', (_name, thrown) => {
    const { ename, evalue, traceback } = describeError(thrown);
    expect([typeof ename, typeof evalue, Array.isArray(traceback)]).toEqual(['string', 'string', true]);
    expect(traceback.every(line => typeof line === 'string')).toBe(true);
  });

  test('a message of 10 MB does not make a traceback of 10 MB', () => {
    const { traceback } = describeError(new Error('x'.repeat(10_000_000)));
    expect(traceback.join('').length).toBeLessThan(12_000_000);
  });
});

describe('syntax errors', () => {
  const source = 'const a = 1;\nconst b = ;\nconst c = 3;\nconst d = 4;';

  test('a frame with lines around, and a marker under the place', () => {
    const text = plain(
      new CellSyntaxError(
        [{ message: 'Unexpected token', line: 2, column: 11, length: 1, hint: 'Write a value' }],
        source,
        'Cell[4]',
      ),
    );
    expect(text).toBe(
      [
        'SyntaxError: Unexpected token (Cell[4]:2:11)',
        '  ╭─ Cell[4]:2:11',
        '1 │ const a = 1;',
        '2 │ const b = ;',
        `  │ ${' '.repeat(10)}^`,
        '3 │ const c = 3;',
        'Write a value',
      ].join('\n'),
    );
  });

  test('only the first of several has a frame; at most five are named', () => {
    const problems = Array.from({ length: 9 }, (_, i) => ({
      message: `problem ${i}`,
      line: 1,
      column: i + 1,
      length: 1,
    }));
    const text = plain(new CellSyntaxError(problems, source, 'Cell[1]'));
    expect(text.match(/╭─/g)!.length).toBe(1);
    expect(text).toContain('problem 4');
    expect(text).not.toContain('problem 5');
  });

  test('a place beyond the end', () => {
    expect(
      plain(new CellSyntaxError([{ message: 'end', line: 99, column: 1, length: 1 }], source, 'Cell[1]')),
    ).toContain('end');
    expect(
      plain(new CellSyntaxError([{ message: 'end', line: 4, column: 900, length: 5 }], source, 'Cell[1]')),
    ).toContain('4 │ const d');
    expect(plain(new CellSyntaxError([], source, 'Cell[1]'))).toBeTypeOf('string');
  });

  test.each([
    [0, 5_000],
    [5_000, 5_000],
    [5_000, 0],
    [170, 20],
    [0, 0],
  ])(
    'in a long line the marker stands under the place: %i characters before, %i behind',
    (before, behind) => {
      const long = `${'x'.repeat(before)}!${'y'.repeat(behind)}`;
      const lines = plain(
        new CellSyntaxError([{ message: 'm', line: 1, column: before + 1, length: 1 }], long, 'Cell[1]'),
      ).split('\n');
      const [shown, marker] = [lines.at(-2)!, lines.at(-1)!];
      expect(shown.length).toBeLessThan(110);
      expect(marker.indexOf('^')).toBe(shown.indexOf('!'));
    },
  );

  test('a marker does not run beyond its line', () => {
    const text = plain(
      new CellSyntaxError([{ message: 'm', line: 1, column: 3, length: 9_999 }], 'short', 'Cell[1]'),
    );
    expect(Math.max(...text.split('\n').map(line => line.length))).toBeLessThan(40);
  });
});
