import { expect, test } from 'vitest';
import { UsageError } from '../../cli/errors.ts';
import { command, helpOf, parse, wholeNumber } from '../../cli/options.ts';

const bake = command({
  name: 'bake',
  summary: 'Bakes.',
  operands: 'CAKE...',
  flags: { hot: { help: 'hot' }, time: { value: 'MIN', help: 'minutes' } },
  run: async () => 0,
});

test('switches, values and operands in any order', () => {
  expect(parse(bake, ['a', '--time', '5', 'b', '--hot'])).toEqual({
    values: { hot: true, time: '5' },
    operands: ['a', 'b'],
  });
  expect(parse(bake, ['--time=5'])).toEqual({ values: { hot: false, time: '5' }, operands: [] });
  expect(parse(bake, ['--', '--hot'])).toEqual({
    values: { hot: false, time: undefined },
    operands: ['--hot'],
  });
});

test.each([
  [['--cold'], 'tunelab bake: there is no option --cold; it has --hot, --time'],
  [['-x'], 'tunelab bake: there is no option -x; it has --hot, --time'],
  [['--toString'], 'tunelab bake: there is no option --toString; it has --hot, --time'],
  [['--time'], 'tunelab bake: --time needs a value: --time MIN'],
  [['--time', '--hot'], 'tunelab bake: --time needs a value: --time MIN'],
  [['--hot=yes'], 'tunelab bake: --hot takes no value, got "yes"'],
])('%j gets one line', (args, message) => {
  expect(() => parse(bake, args)).toThrow(new UsageError(message));
});

test('an operand where none is taken', () => {
  const plain = { name: 'doctor', operands: '', flags: {} };
  expect(() => parse(plain, ['now'])).toThrow('tunelab doctor: what is "now"? it takes no options');
});

test.each(['x', '1.5', '-1', '0', '', '1e3', '99999999999999999999'])(
  '%j is no whole number of at least 1',
  text => {
    expect(() => wholeNumber('--timeout', text, 1)).toThrow(
      `--timeout must be a whole number of at least 1, got ${JSON.stringify(text)}`,
    );
  },
);

test('the help lists every option', () => {
  expect(helpOf(bake)).toBe(
    'tunelab bake CAKE... [options]\n\nBakes.\n\n  --hot       hot\n  --time MIN  minutes\n  --help      this text\n',
  );
});
